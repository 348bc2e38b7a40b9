"""Nobody knows whether a commit happened, or it can't happen: no answer, no fork, no number twice, and then it goes on."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, select

from wijkwerk.errors import DatabaseNietBeschikbaar, LogNietBeschikbaar
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Logregel
from wijkwerk.log.export import export
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import log_kop
from wijkwerk.log.verify import verifieer
from wijkwerk.storage.base import Database
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.storage.sqlite_file import driver
from wijkwerk.testing.tussenpersoon import Breuk, Tussenpersoon, tussenpersoon

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


async def sporen(database: Database, identity: Ed25519PrivateKey) -> Counter[str]:
    """How often each trace is in the log, which verifies."""
    file = io.StringIO()
    await export(database, file)
    lines = file.getvalue().encode().splitlines()
    assert verifieer(lines, identity.public_key()).bevindingen == []
    bodies = [orjson.loads(line["body"]) for line in map(orjson.loads, lines) if line["soort"] == "regel"]
    return Counter(body["trace"] for body in bodies if "trace" in body)


@pytest.fixture
async def ertussen(database: PostgresDatabase) -> AsyncIterator[tuple[Tussenpersoon, PostgresDatabase]]:
    async with tussenpersoon(database.url) as (persoon, url):
        behind = PostgresDatabase(url)
        await behind.open()
        yield persoon, behind
        await behind.close()


@POSTGRESQL
@pytest.mark.parametrize("breuk", Breuk, ids=str)
async def test_a_commit_that_nobody_knows_of_is_no_answer_no_fork_and_no_number_twice(
    database: Database, ertussen: Any, regel: Maak, identity: Ed25519PrivateKey, klok: StaandeKlok, breuk: Breuk
) -> None:
    persoon, behind = ertussen
    async with Journal(behind, identity, klok, writers=1) as journal:

        async def writes(number: int) -> None:
            await journal.transact(lambda _: (None, [regel(number), regel(number)]))

        async def reads(number: int) -> None:
            await journal.record(regel(number), regel(number))

        for call in (reads, writes):
            for first in (True, False):  # the commit that opens the stream, and a later one
                persoon.breuk = breuk
                with pytest.raises((LogNietBeschikbaar, DatabaseNietBeschikbaar)):
                    await call(10 + first)
                await call(20 + first)
    found = await sporen(database, identity)
    kept = {} if breuk is Breuk.ERVOOR else {"spoor-10": 4, "spoor-11": 4}
    assert found == {"spoor-20": 4, "spoor-21": 4, **kept}


@POSTGRESQL
@pytest.mark.parametrize("breuk", Breuk, ids=str)
async def test_a_stream_of_which_nobody_knows_whether_it_was_closed_is_closed_once(
    database: Database, ertussen: Any, regel: Maak, identity: Ed25519PrivateKey, klok: StaandeKlok, breuk: Breuk
) -> None:
    persoon, behind = ertussen
    async with Journal(behind, identity, klok, writers=1) as journal:
        await journal.record(regel(1))
        klok.moment += timedelta(hours=24)
        persoon.breuk = breuk
        with pytest.raises(LogNietBeschikbaar):
            await journal.record(regel(2))
        await journal.record(regel(3))
    assert await sporen(database, identity) == {"spoor-1": 1, "spoor-3": 1}


@POSTGRESQL
async def test_connections_that_break_under_load_lose_no_answer(
    database: Database, ertussen: Any, regel: Maak, identity: Ed25519PrivateKey, klok: StaandeKlok
) -> None:
    persoon, behind = ertussen
    done: set[str] = set()

    async def someone(journal: Journal, number: int) -> None:
        for at in range(12):
            spoor = f"spoor-{number * 100 + at}"
            with suppress(LogNietBeschikbaar, DatabaseNietBeschikbaar):
                if number % 2:
                    await journal.record(regel(trace=spoor))
                else:
                    await journal.transact(lambda _: (None, [regel(trace=spoor)]))  # noqa: B023 - called at once
                done.add(spoor)
            persoon.breuk = (None, Breuk.ERVOOR, None, Breuk.ERNA)[at % 4]

    async with Journal(behind, identity, klok) as journal:
        await asyncio.gather(*(someone(journal, number) for number in range(8)))
        persoon.breuk = None
        await journal.record(regel(trace="daarna"))
    found = await sporen(database, identity)
    assert done <= set(found)
    assert set(found.values()) == {1}
    assert 8 < len(done) < 8 * 12
    assert "daarna" in found


@SQLITE
async def test_while_another_program_holds_the_file_there_is_no_log(
    database: SqliteDatabase, regel: Maak, identity: Ed25519PrivateKey, klok: StaandeKlok
) -> None:
    event.listen(database.engines[0], "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=20"))
    async with Journal(database, identity, klok) as journal:
        await journal.record(regel(1))
        with sqlite3.connect(database.path, isolation_level=None) as other:
            for at in range(2):
                other.execute("BEGIN IMMEDIATE")
                done = await asyncio.gather(journal.record(regel(2)), journal.transact(lambda _: (0, [regel(3)])), return_exceptions=True)
                assert {type(one) for one in done} <= {LogNietBeschikbaar, DatabaseNietBeschikbaar}
                other.execute("ROLLBACK")
                await journal.record(regel(10 + at))
        other.close()
    assert await sporen(database, identity) == {"spoor-1": 1, "spoor-10": 1, "spoor-11": 1}


@SQLITE
async def test_while_the_database_is_full_there_is_no_log(
    database: SqliteDatabase, regel: Maak, identity: Ed25519PrivateKey, klok: StaandeKlok
) -> None:
    full = False

    def limit(raw: sqlite3.Connection) -> None:
        raw.execute("PRAGMA max_page_count=1" if full else "PRAGMA max_page_count=1000000")  # never below what there is

    event.listen(database.engines[0], "connect", lambda raw, _: limit(raw))
    big = {"details": {"x": "x" * 20_000}}
    async with Journal(database, identity, klok) as journal:
        await journal.record(regel(1))
        for at in range(2):
            full = True
            await database.transact(lambda connection: limit(driver(connection)))
            done = await asyncio.gather(
                journal.record(regel(2, **big)), journal.transact(lambda _: (0, [regel(3, **big)])), return_exceptions=True
            )
            assert {type(one) for one in done} <= {LogNietBeschikbaar, DatabaseNietBeschikbaar}
            full = False
            await database.transact(lambda connection: limit(driver(connection)))
            await journal.record(regel(10 + at, **big))
    assert await sporen(database, identity) == {"spoor-1": 1, "spoor-10": 1, "spoor-11": 1}


@POSTGRESQL
async def test_several_processes_write_at_once_without_waiting_for_each_other(
    database: PostgresDatabase, regel: Maak, identity: Ed25519PrivateKey, klok: StaandeKlok
) -> None:
    """One of them is held up: somebody keeps its streams locked."""
    others = [PostgresDatabase(database.url, connections=3) for _ in range(3)]
    for each in others:
        await each.open()
    journals = [Journal(each, identity, klok, writers=2) for each in others]
    for journal in journals:
        await journal.open()
    await journals[0].record(regel(0))
    async with database._connection() as held:
        await held.run_sync(lambda connection: connection.execute(select(log_kop.c.seq).with_for_update()).all())
        stuck = asyncio.create_task(journals[0].record(regel(1)))
        await asyncio.gather(*(work(journal, regel, number) for number, journal in enumerate(journals[1:], start=1)))
        assert not stuck.done()
        await held.rollback()
    await stuck
    for journal, each in zip(journals, others, strict=True):
        await journal.close()
        await each.close()
    assert await sporen(database, identity) == {"spoor-0": 1, "spoor-1": 1, "spoor-100": 20, "spoor-200": 20}


async def work(journal: Journal, regel: Maak, number: int) -> None:
    """Ten reads and ten writes at the same time."""
    await asyncio.gather(
        *(journal.record(regel(number * 100)) for _ in range(10)),
        *(journal.transact(lambda _: (None, [regel(number * 100)])) for _ in range(10)),
    )
