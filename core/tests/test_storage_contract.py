"""What `Database` promises, on both engines (and the promises that matter most on every supported PostgreSQL)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, UniqueConstraint, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from wijkwerk.errors import DatabaseNietBeschikbaar, OpstartFout
from wijkwerk.storage.base import Database
from wijkwerk.storage.engine import open_database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.databases import count_statements, make_tables

pytestmark = pytest.mark.anyio

ROWS = MetaData()
DING = Table("ding", ROWS, Column("nr", Integer, primary_key=True), Column("naam", Text), UniqueConstraint("naam"), info={"owner": "core"})
SLEUTEL = Table("sleutel", ROWS, Column("nr", Integer, primary_key=True), Column("waarde", Text), info={"owner": "sleutels"})
WHO: ContextVar[str] = ContextVar("who", default="nobody")


@pytest.fixture(scope="module")
def migraties() -> list[Migraties]:
    return []


@pytest.fixture
async def store(database: Database) -> Database:
    await make_tables(database, [DING, SLEUTEL])
    return database


@pytest.fixture
async def store_each(database_each: Database) -> Database:
    await make_tables(database_each, [DING, SLEUTEL])
    return database_each


def _put(naam: str) -> Callable[[Connection], None]:
    def unit(connection: Connection) -> None:
        connection.execute(insert(DING).values(naam=naam))

    return unit


def _names(connection: Connection) -> list[str]:
    return [naam or "" for naam in connection.execute(select(DING.c.naam).order_by(DING.c.nr)).scalars()]


async def _all(database: Database) -> list[str]:
    async with database.snapshot() as snapshot:
        return await snapshot.run(_names)


async def test_a_unit_is_stored_when_it_returns_and_gives_its_result(store: Database) -> None:
    def unit(connection: Connection) -> int:
        _put("a")(connection)
        return 42

    assert await store.transact(unit) == 42
    assert await _all(store) == ["a"]


async def test_a_failing_unit_stores_nothing_and_raises_its_own_error(store: Database) -> None:
    def unit(connection: Connection) -> None:
        _put("a")(connection)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await store.transact(unit)
    assert await _all(store) == []


async def test_a_unit_that_fails_leaves_its_neighbours_alone(store: Database) -> None:
    await store.transact(_put("bezet"))
    done = await asyncio.gather(*(store.transact(_put("bezet" if nr % 3 == 0 else f"n{nr}")) for nr in range(30)), return_exceptions=True)
    assert [isinstance(one, IntegrityError) for one in done] == [nr % 3 == 0 for nr in range(30)]
    assert sorted(await _all(store)) == sorted(["bezet", *(f"n{nr}" for nr in range(30) if nr % 3)])


async def test_work_that_raises_stopiteration_is_told_and_nothing_hangs(store: Database) -> None:
    def unit(connection: Connection) -> None:
        _put("a")(connection)
        next(iter(()))

    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(store.transact(unit), 5)
    async with store.snapshot() as snapshot:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(snapshot.run(lambda _: next(iter(()))), 5)
    assert await _all(store) == []


async def test_two_hundred_at_once_are_all_stored(store: Database) -> None:
    await asyncio.gather(*(store.transact(_put(f"{nr:03}")) for nr in range(200)))
    assert sorted(await _all(store)) == [f"{nr:03}" for nr in range(200)]


async def test_a_snapshot_sees_nothing_of_later(store: Database) -> None:
    await store.transact(_put("eerder"))
    async with store.snapshot() as snapshot:
        assert await snapshot.run(_names) == ["eerder"]
        await store.transact(_put("later"))
        assert await snapshot.run(_names) == ["eerder"]
    assert await _all(store) == ["eerder", "later"]


async def test_a_snapshot_cannot_write(store: Database) -> None:
    async with store.snapshot() as snapshot:
        with pytest.raises(DBAPIError):
            await snapshot.run(_put("a"))
    assert await _all(store) == []


async def test_runs_of_a_snapshot_never_overlap(store: Database) -> None:
    running: list[int] = []

    def work(connection: Connection) -> int:
        running.append(1)
        connection.execute(select(func.count()).select_from(DING)).scalar_one()
        overlap = len(running)
        running.pop()
        return overlap

    async with store.snapshot() as snapshot:
        assert await asyncio.gather(*(snapshot.run(work) for _ in range(50))) == [1] * 50


async def test_more_snapshots_than_connections_wait_their_turn(store: Database) -> None:
    await store.transact(_put("a"))
    assert await asyncio.gather(*(_all(store) for _ in range(60))) == [["a"]] * 60


async def test_work_sees_the_context_of_who_asked(store: Database) -> None:
    WHO.set("vrager")
    assert await store.transact(lambda _: WHO.get()) == "vrager"
    async with store.snapshot() as snapshot:
        assert await snapshot.run(lambda _: WHO.get()) == "vrager"


async def test_a_cancelled_snapshot_leaves_the_database_usable(store: Database) -> None:
    await store.transact(_put("a"))
    slow = {
        "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
        "postgresql": "SELECT pg_sleep(60)",
    }[store.dialect]

    async def look() -> None:
        async with store.snapshot() as snapshot:
            await snapshot.run(lambda connection: connection.execute(text(slow)).all())

    tasks = [asyncio.create_task(look()) for _ in range(20)]
    await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    assert all(isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*tasks, return_exceptions=True))
    assert await asyncio.wait_for(asyncio.gather(*(_all(store) for _ in range(20))), 10) == [["a"]] * 20


async def test_cancelled_units_are_whole_or_absent_and_the_others_are_stored(store: Database) -> None:
    def unit(nr: int) -> Callable[[Connection], None]:
        def both(connection: Connection) -> None:
            _put(f"{nr}a")(connection)
            _put(f"{nr}b")(connection)

        return both

    tasks = [asyncio.create_task(store.transact(unit(nr))) for nr in range(60)]
    await asyncio.sleep(0.003)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await store.transact(_put("daarna"))
    names = await _all(store)
    assert {f"{nr}a" for nr in range(1, 60, 2)} <= set(names)
    assert {name[:-1] for name in names if name.endswith("a") and name != "daarna"} == {name[:-1] for name in names if name.endswith("b")}
    assert "daarna" in names


async def test_keys_written_in_a_unit_are_there_for_units_and_snapshots(store: Database) -> None:
    def unit(connection: Connection) -> None:
        with store.keys(connection) as keys:
            keys.execute(insert(SLEUTEL).values(waarde="k"))
            with store.keys(connection) as again:
                again.execute(insert(SLEUTEL).values(waarde="l"))

    def look(connection: Connection) -> list[Any]:
        with store.keys(connection) as keys:
            return list(keys.execute(select(SLEUTEL.c.waarde).order_by(SLEUTEL.c.nr)).scalars())

    await store.transact(unit)
    assert await store.transact(look) == ["k", "l"]
    async with store.snapshot() as snapshot:
        assert await snapshot.run(look) == ["k", "l"]


async def test_a_key_that_fails_half_way_is_not_kept_and_a_snapshot_cannot_write_one(store: Database) -> None:
    def unit(connection: Connection) -> None:
        with store.keys(connection) as keys:
            keys.execute(insert(SLEUTEL).values(waarde="k"))
            raise LookupError

    with pytest.raises(LookupError):
        await store.transact(unit)
    async with store.snapshot() as snapshot:
        with pytest.raises((DBAPIError, LookupError)) as caught:
            await snapshot.run(unit)
    assert isinstance(caught.value, DBAPIError)

    def count(connection: Connection) -> int:
        with store.keys(connection) as keys:
            return int(keys.execute(select(func.count()).select_from(SLEUTEL)).scalar_one())

    assert await store.transact(count) == 0


async def test_before_open_and_after_close_nothing_happens(store: Database) -> None:
    await store.open()
    await store.transact(_put("a"))
    await store.close()
    await store.close()
    with pytest.raises(DatabaseNietBeschikbaar):
        await store.transact(_put("b"))
    with pytest.raises(DatabaseNietBeschikbaar):
        await store.administer(_put("b"))
    with pytest.raises(DatabaseNietBeschikbaar):
        async with store.snapshot():
            pass
    await store.open()
    assert await _all(store) == ["a"]


async def test_statements_are_counted_the_same_on_both_engines(store: Database) -> None:
    with count_statements(store) as seen:
        await store.transact(_put("a"))
        await _all(store)
    assert [one.split()[0] for one in seen] == ["INSERT", "SELECT"]
    await _all(store)
    assert len(seen) == 2


async def test_administer_undoes_everything_when_it_fails(store: Database) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (nr integer)"))
        _put("a")(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await store.administer(work)
    assert await _all(store) == []
    await store.administer(lambda connection: connection.execute(text("CREATE TABLE half (nr integer)")).close())


async def test_every_postgresql_isolates_units_and_snapshots(store_each: Database) -> None:
    await store_each.transact(_put("a"))
    async with store_each.snapshot() as snapshot:
        assert await snapshot.run(_names) == ["a"]
        done = await asyncio.gather(*(store_each.transact(_put(n)) for n in "abc"), return_exceptions=True)
        assert [isinstance(one, IntegrityError) for one in done] == [True, False, False]
        assert await snapshot.run(_names) == ["a"]
        with pytest.raises(DBAPIError):
            await snapshot.run(_put("z"))
    assert sorted(await _all(store_each)) == ["a", "b", "c"]


def test_the_address_chooses_the_engine(tmp_path: Path) -> None:
    lite = open_database(f"sqlite:///{tmp_path}/w.db")
    assert isinstance(lite, SqliteDatabase)
    assert (lite.path, lite.keys_path) == (tmp_path / "w.db", tmp_path / "keys.db")
    apart = open_database(f"sqlite:///{tmp_path}/w.db", keys_url=f"sqlite:///{tmp_path}/k/s.db")
    assert isinstance(apart, SqliteDatabase)
    assert apart.keys_path == tmp_path / "k" / "s.db"
    assert isinstance(open_database("postgresql://w@localhost/w"), PostgresDatabase)
    assert isinstance(open_database("postgresql+asyncpg://w@localhost/w"), PostgresDatabase)


@pytest.mark.parametrize(
    ("url", "keys_url"),
    [
        ("mysql://jan:GEHEIM@x/y", None),
        ("", None),
        ("GEHEIM", None),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:////tmp/GEHEIM.db", "postgresql://jan:GEHEIM@x/y"),
        ("sqlite:////tmp/GEHEIM.db", "sqlite:////tmp/GEHEIM.db"),
        ("postgresql://jan:GEHEIM@x/y", "sqlite:////tmp/GEHEIM.db"),
    ],
)
def test_an_address_we_do_not_know_is_refused_without_repeating_it(url: str, keys_url: str | None) -> None:
    with pytest.raises(OpstartFout) as caught:
        open_database(url, keys_url=keys_url)
    assert "GEHEIM" not in str(caught.value)
