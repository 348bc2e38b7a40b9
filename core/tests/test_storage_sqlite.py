"""What only SQLite needs: group commit, failing commits, cancellation."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, event, insert, select, text
from sqlalchemy.exc import IntegrityError

from wijkwerk.errors import DatabaseNietBeschikbaar, OpstartFout
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.storage.sqlite_readers import SqliteReaders
from wijkwerk.testing.databases import make_tables

pytestmark = pytest.mark.anyio

ROWS = MetaData()
DING = Table("ding", ROWS, Column("nr", Integer, primary_key=True), Column("naam", Text, unique=True), info={"owner": "core"})
SLEUTEL = Table("sleutel", ROWS, Column("nr", Integer, primary_key=True), Column("waarde", Text), info={"owner": "sleutels"})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "map" / "wijkwerk.db", readers=2)
    await database.open()
    await make_tables(database, [DING, SLEUTEL])
    yield database
    await database.close()


def _put(naam: str) -> Callable[[Connection], None]:
    def unit(connection: Connection) -> None:
        connection.execute(insert(DING).values(naam=naam))

    return unit


async def _all(database: SqliteDatabase) -> list[str]:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: list(connection.execute(select(DING.c.naam).order_by(DING.c.nr)).scalars()))


class _Held:
    """Holds the writer's thread until `release`, so that what comes meanwhile forms one batch."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._release = threading.Event()
        self._task = asyncio.create_task(database.administer(lambda _: self._release.wait(10)))

    async def release(self) -> None:
        self._release.set()
        await self._task


def _note(database: SqliteDatabase, name: str) -> list[str]:
    seen: list[str] = []
    event.listen(database.engines[0], name, lambda *_: seen.append(name))
    return seen


async def _waiting(database: SqliteDatabase, units: list[Callable[[Connection], None]]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(database.transact(unit)) for unit in units]
    await asyncio.sleep(0.02)
    return tasks


async def test_units_that_wait_share_one_commit_and_keep_their_order(store: SqliteDatabase) -> None:
    held = _Held(store)
    tasks = await _waiting(store, [_put(f"{nr:03}") for nr in range(200)])
    commits, savepoints = _note(store, "commit"), _note(store, "savepoint")
    await held.release()
    await asyncio.gather(*tasks)
    assert (len(commits), len(savepoints)) == (2, 200)  # the first commit is that of `held`
    assert await _all(store) == [f"{nr:03}" for nr in range(200)]


async def test_nobody_is_told_before_the_commit(store: SqliteDatabase, tmp_path: Path) -> None:
    async def put_and_look(nr: int) -> bool:
        await store.transact(_put(str(nr)))
        with sqlite3.connect(tmp_path / "map" / "wijkwerk.db") as other:
            found = other.execute("SELECT 1 FROM ding WHERE naam = ?", [str(nr)]).fetchone()
        other.close()
        return found is not None

    assert all(await asyncio.gather(*(put_and_look(nr) for nr in range(50))))


async def test_when_begin_fails_every_unit_is_refused_and_the_next_one_works(store: SqliteDatabase, tmp_path: Path) -> None:
    held = _Held(store)
    tasks = await _waiting(store, [_put(str(nr)) for nr in range(5)])

    def refuse(connection: Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    event.listen(store.engines[0], "begin", refuse)
    await held.release()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    event.remove(store.engines[0], "begin", refuse)
    assert [type(one) for one in outcomes] == [DatabaseNietBeschikbaar] * 5
    await store.transact(_put("daarna"))
    assert await _all(store) == ["daarna"]


async def test_when_the_commit_fails_every_unit_is_refused_and_nothing_is_stored(store: SqliteDatabase) -> None:
    await store.administer(
        lambda c: c.execute(text("CREATE TABLE kind (ouder integer REFERENCES ding (nr) DEFERRABLE INITIALLY DEFERRED)")).close()
    )
    held = _Held(store)
    orphan = text("INSERT INTO kind VALUES (999)")
    tasks = await _waiting(store, [_put("voor"), lambda c: c.execute(orphan).close(), _put("na")])
    await held.release()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in outcomes] == [DatabaseNietBeschikbaar] * 3
    assert await _all(store) == []
    await store.transact(_put("daarna"))
    assert await _all(store) == ["daarna"]


async def test_a_full_disk_in_one_unit_makes_nothing_of_its_batch_durable(store: SqliteDatabase) -> None:
    def fill(connection: Connection) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))
        connection.execute(insert(DING).values(naam="x" * 1_000_000))

    held = _Held(store)
    tasks = await _waiting(store, [_put("voor"), fill, _put("na")])
    await held.release()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    stored = await _all(store)
    told = [naam for naam, one in zip(["voor", "vol", "na"], outcomes, strict=True) if one is None]
    assert stored == told
    assert "vol" not in told
    await store.transact(_put("daarna"))


def _roll_back_in_sql(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK")


@pytest.mark.parametrize("end", [Connection.commit, Connection.rollback, Connection.close, _roll_back_in_sql])
async def test_a_unit_that_ends_the_transaction_is_refused_with_its_batch(store: SqliteDatabase, end: Callable[[Connection], None]) -> None:
    held = _Held(store)
    tasks = await _waiting(store, [_put("voor"), end, _put("na")])
    await held.release()
    assert [type(one) for one in await asyncio.gather(*tasks, return_exceptions=True)] == [DatabaseNietBeschikbaar] * 3
    assert await _all(store) == []
    await store.transact(_put("daarna"))
    assert await _all(store) == ["daarna"]


async def test_a_unit_cancelled_before_its_turn_never_runs(store: SqliteDatabase) -> None:
    held = _Held(store)
    first, second = await _waiting(store, [_put("weg"), _put("blijft")])
    first.cancel()
    await asyncio.sleep(0)
    await held.release()
    await second
    assert first.cancelled()
    assert await _all(store) == ["blijft"]


async def test_a_unit_cancelled_during_its_turn_does_not_harm_the_writer(store: SqliteDatabase) -> None:
    started, go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        started.set()
        go.wait(10)
        _put("traag")(connection)

    task = asyncio.create_task(store.transact(slow))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    go.set()
    await store.transact(_put("daarna"))
    assert await _all(store) == ["traag", "daarna"]


async def test_who_waits_for_a_reader_can_be_cancelled_or_refused(store: SqliteDatabase) -> None:
    async def look() -> None:
        async with store.snapshot():
            pass

    async with store.snapshot(), store.snapshot():
        gone, refused = asyncio.create_task(look()), asyncio.create_task(look())
        await asyncio.sleep(0.01)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        await store.close()
        with pytest.raises(DatabaseNietBeschikbaar):
            await refused
    await store.open()
    assert await _all(store) == []


async def test_cancelling_a_run_that_waits_does_not_stop_the_one_that_runs(store: SqliteDatabase) -> None:
    count = text("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT count(*) FROM n")
    async with store.snapshot() as snapshot:
        running = asyncio.create_task(snapshot.run(lambda c: int(c.execute(count).scalar_one())))
        waiting = asyncio.create_task(snapshot.run(lambda _: None))
        await asyncio.sleep(0.005)
        waiting.cancel()
        assert await running == 300_000


async def test_who_waits_too_long_for_a_reader_is_refused(store: SqliteDatabase) -> None:
    readers = SqliteReaders(lambda: store.engines[0].connect(), 1, patience=0.02)
    held = await readers.borrow()
    with pytest.raises(DatabaseNietBeschikbaar):
        await readers.borrow()
    readers.give_back(held)
    readers.give_back(await asyncio.wait_for(readers.borrow(), 5))
    await asyncio.gather(*map(asyncio.wrap_future, readers.close()))


async def test_a_snapshot_of_a_closed_database_is_refused(store: SqliteDatabase) -> None:
    async with store.snapshot() as snapshot:
        await store.close()
        with pytest.raises(DatabaseNietBeschikbaar):
            await snapshot.run(lambda _: None)


async def test_closing_finishes_what_waits(store: SqliteDatabase) -> None:
    tasks = await _waiting(store, [_put(f"{nr:03}") for nr in range(100)])
    await store.close()
    await asyncio.gather(*tasks)
    await store.open()
    assert len(await _all(store)) == 100


async def test_a_foreign_key_is_enforced_in_units(store: SqliteDatabase) -> None:
    await store.administer(lambda c: c.execute(text("CREATE TABLE kind (ouder integer REFERENCES ding (nr))")).close())
    with pytest.raises(IntegrityError):
        await store.transact(lambda c: c.execute(text("INSERT INTO kind VALUES (999)")).close())


async def test_administer_names_the_tables_of_orphaned_rows_and_undoes_all(store: SqliteDatabase) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE kind (ouder integer REFERENCES ding (nr))"))
        connection.execute(text("INSERT INTO kind VALUES (999)"))

    with pytest.raises(OpstartFout, match="Rijen zonder ouder in kind:"):
        await store.administer(work)
    assert await store.administer(lambda c: c.execute(text("SELECT name FROM sqlite_schema WHERE name = 'kind'")).all()) == []
