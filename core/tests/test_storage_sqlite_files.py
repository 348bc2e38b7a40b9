"""The files of SQLite: private, safe settings, refused when they are no database, whole after a kill."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert, select, text

from wijkwerk.errors import DatabaseNietBeschikbaar, OpstartFout
from wijkwerk.storage.sqlite import SqliteDatabase
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


async def test_files_are_for_their_owner_only(store: SqliteDatabase) -> None:
    await store.transact(_put("a"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
    assert {"wijkwerk.db", "wijkwerk.db-wal", "keys.db"} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


async def test_settings_of_every_connection_are_the_safe_ones(store: SqliteDatabase) -> None:
    def settings(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only", "secure_delete")
        with store.keys(connection) as keys:
            return [place.execute(text(f"PRAGMA {name}")).scalar_one() for place in (connection, keys) for name in names]

    assert await store.transact(settings) == ["wal", 2, 1, 0, 1] * 2
    async with store.snapshot() as snapshot:
        assert await snapshot.run(settings) == ["wal", 2, 1, 1, 1] * 2


async def test_a_destroyed_key_is_in_no_file(store: SqliteDatabase) -> None:
    secret = "KANARIESLEUTEL" * 4

    def add(connection: Connection) -> None:
        with store.keys(connection) as keys:
            keys.execute(insert(SLEUTEL).values(waarde=secret))

    def destroy(connection: Connection) -> None:
        with store.keys(connection) as keys:
            keys.execute(SLEUTEL.delete())

    def on_disk() -> bool:
        return any(secret.encode() in path.read_bytes() for path in store.path.parent.iterdir())

    await store.transact(add)
    assert on_disk()
    await store.transact(destroy)
    assert not on_disk()


async def test_a_place_that_cannot_hold_a_database_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("")
    database = SqliteDatabase(tmp_path / "bestand" / "wijkwerk.db")
    with pytest.raises(OpstartFout, match="Controleer de map"):
        await database.open()
    with pytest.raises(DatabaseNietBeschikbaar):
        await database.transact(lambda _: None)


@pytest.mark.parametrize("name", ["wijkwerk.db", "keys.db"])
async def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("geen database " * 1_000)
    database = SqliteDatabase(tmp_path / "wijkwerk.db")
    with pytest.raises(OpstartFout, match="geen SQLite-database"):
        await database.open()
    with pytest.raises(DatabaseNietBeschikbaar):
        await database.transact(lambda _: None)
    assert (tmp_path / name).read_text() == "geen database " * 1_000


async def test_another_process_that_writes_is_waited_for(store: SqliteDatabase) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(store.transact(_put("a")))
    await asyncio.sleep(0.05)
    assert not task.done()
    other.execute("ROLLBACK")
    other.close()
    await task
    assert await _all(store) == ["a"]


async def test_a_file_that_cannot_be_opened_any_more_is_told_as_such(store: SqliteDatabase) -> None:
    await store.close()
    await store.open()
    for path in store.path.parent.iterdir():
        path.unlink()
    store.path.parent.rmdir()
    with pytest.raises(DatabaseNietBeschikbaar):
        await store.transact(_put("a"))
    with pytest.raises(DatabaseNietBeschikbaar):
        await _all(store)


async def test_keys_that_cannot_be_opened_refuse_rows_too(store: SqliteDatabase) -> None:
    await store.close()
    await store.open()
    store.keys_path.unlink()
    store.keys_path.mkdir()
    with pytest.raises(DatabaseNietBeschikbaar):
        await store.transact(_put("a"))
    with pytest.raises(DatabaseNietBeschikbaar):
        await _all(store)
    store.keys_path.rmdir()
    await store.transact(_put("daarna"))
    assert await _all(store) == ["daarna"]


def test_one_database_serves_several_event_loops_in_turn(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "wijkwerk.db")

    async def first() -> None:
        await database.open()
        await make_tables(database, [DING])
        await database.transact(_put("eerste lus"))

    async def second() -> list[str]:
        await database.transact(_put("tweede lus"))
        return await _all(database)

    asyncio.run(first())
    assert asyncio.run(second()) == ["eerste lus", "tweede lus"]
    asyncio.run(database.close())


_WRITE_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from sqlalchemy import text
from wijkwerk.storage.sqlite import SqliteDatabase

async def pair(database, nr):
    def unit(connection):
        for side in (1, 2):
            connection.execute(text("INSERT INTO paar VALUES (:nr, :side)"), {"nr": nr, "side": side})
    await database.transact(unit)
    print(nr, flush=True)

async def main():
    database = SqliteDatabase(Path(sys.argv[1]))
    await database.open()
    await database.administer(lambda c: c.execute(text("CREATE TABLE paar (nr integer, kant integer)")).close())
    nr = 0
    while True:
        await asyncio.gather(*(pair(database, nr + i) for i in range(20)))
        nr += 20

asyncio.run(main())
"""


def test_killed_amid_writes_every_unit_is_whole_and_what_was_told_is_there(tmp_path: Path) -> None:
    path = tmp_path / "wijkwerk.db"
    with subprocess.Popen([sys.executable, "-c", _WRITE_UNTIL_KILLED, str(path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [int(child.stdout.readline()) for _ in range(500)]
        child.send_signal(signal.SIGKILL)
        told += [int(line) for line in child.stdout.read().split("\n")[:-1]]
    sides, sound = asyncio.run(_found(path))
    assert set(sides.values()) == {2}
    assert set(told) <= set(sides)
    assert sound == "ok"


async def _found(path: Path) -> tuple[dict[int, int], str]:
    def look(connection: Connection) -> tuple[dict[int, int], str]:
        sides: dict[int, int] = {row.nr: row.n for row in connection.execute(text("SELECT nr, count(*) AS n FROM paar GROUP BY nr"))}
        return sides, connection.execute(text("PRAGMA integrity_check")).scalar_one()

    database = SqliteDatabase(path)
    await database.open()
    try:
        async with database.snapshot() as snapshot:
            return await snapshot.run(look)
    finally:
        await database.close()
