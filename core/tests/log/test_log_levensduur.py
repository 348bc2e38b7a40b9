"""A stream lives for a day at most: then it is closed, its key is forgotten, and a fresh one goes on, also while there is work."""

from __future__ import annotations

import asyncio
import gc
import io
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import NoReturn

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select, text

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Gebeurtenis, Logregel
from wijkwerk.log.export import export
from wijkwerk.log.journal import Journal
from wijkwerk.log.stream import Stroom
from wijkwerk.log.tables import TABLES, log_stroom
from wijkwerk.log.verify import verifieer
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.wachten import tot

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
DAG = timedelta(hours=24)


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


@pytest.fixture
async def journal(logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok) -> AsyncIterator[Journal]:
    async with Journal(logboek, identity, klok, writers=1) as opened:
        yield opened


async def stromen(database: Database) -> list[tuple[str, bool]]:
    """Kind of each stream, the first one first, and whether it is closed."""
    rows = select(log_stroom.c.soort, log_stroom.c.gesloten).order_by(log_stroom.c.id)
    async with database.snapshot() as snapshot:
        return [(row.soort, row.gesloten) for row in await snapshot.run(lambda c: c.execute(rows).all())]


async def klopt(database: Database, identity: Ed25519PrivateKey) -> int:
    """The log verifies; how many entries it has."""
    file = io.StringIO()
    await export(database, file)
    rapport = verifieer(file.getvalue().encode().splitlines(), identity.public_key())
    assert rapport.bevindingen == []
    return rapport.regels


async def werk(journal: Journal, regel: Maak, nummer: int) -> None:
    """One entry by reading, one by writing."""
    await journal.record(regel(nummer))
    await journal.transact(lambda _: (None, [regel(nummer + 1000)]))


async def test_after_its_day_each_stream_is_closed_and_a_fresh_one_goes_on(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    await werk(journal, regel, 1)
    klok.moment += DAG - timedelta(microseconds=1)
    await werk(journal, regel, 2)
    assert await stromen(logboek) == [("INZAGE", False)] * 2
    klok.moment += timedelta(microseconds=1)
    await werk(journal, regel, 3)
    assert sorted(await stromen(logboek)) == [("INZAGE", False)] * 2 + [("INZAGE", True)] * 2
    assert await klopt(logboek, identity) == 6 + 4 + 2


async def test_a_clock_that_is_set_back_gives_no_key_a_longer_life(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok
) -> None:
    await werk(journal, regel, 1)
    klok.moment -= DAG
    await werk(journal, regel, 2)
    assert [gesloten for _, gesloten in await stromen(logboek)].count(True) == 2


async def test_the_key_of_a_closed_stream_is_forgotten(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    await werk(journal, regel, 1)
    async with logboek.snapshot() as snapshot:
        old = set(await snapshot.run(lambda c: c.execute(select(log_stroom.c.id)).scalars()))
    klok.moment += DAG
    await journal.vernieuw()
    gc.collect()
    there = {one.id for one in gc.get_objects() if type(one) is Stroom}
    assert (len(old), len(there & old)) == (2, 0)
    assert there


async def test_streams_that_nobody_writes_to_end_at_the_interval(
    logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    """And those that never had an entry leave no trace then either."""
    async with Journal(logboek, identity, klok, interval=0.01) as journal:
        await werk(journal, regel, 1)
        klok.moment += DAG
        await tot(lambda: alle_gesloten(logboek))
        assert await stromen(logboek) == [("INZAGE", True)] * 2
    assert await klopt(logboek, identity) == 6


async def alle_gesloten(database: Database) -> bool:
    return all(gesloten for _, gesloten in await stromen(database))


async def test_streams_are_renewed_while_there_is_work(
    database: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    """Hours go by, and then everybody works at the same time."""
    await make_tables(database, TABLES)

    async def someone(journal: Journal, number: int) -> None:
        for _ in range(3):
            await journal.record(regel(number), regel(number, gebeurtenis=Gebeurtenis.AANMELDING_GESLAAGD))
            await journal.transact(lambda _: (None, [regel(number)]))

    async with Journal(database, identity, klok, writers=3, interval=0.01) as journal:
        for _ in range(4):
            await asyncio.gather(*(someone(journal, number) for number in range(8)))
            klok.moment += timedelta(hours=13)
    found = await stromen(database)
    assert len(found) == 2 * 5
    assert all(gesloten for _, gesloten in found)
    assert await klopt(database, identity) == 4 * 8 * 3 * 3 + 2 * len(found)


async def test_while_an_old_stream_cant_be_closed_there_is_no_log_and_then_it_goes_on(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    """Nobody writes on with a key that is too old. The clock that is right again makes it no younger."""
    await werk(journal, regel, 1)
    klok.moment += DAG
    await logboek.administer(lambda c: c.execute(text("ALTER TABLE log_kop RENAME TO weg")))
    for call in (journal.record(regel(2)), journal.transact(never), journal.vernieuw()):
        with pytest.raises(LogNietBeschikbaar):
            await call
    klok.moment -= DAG
    await logboek.administer(lambda c: c.execute(text("ALTER TABLE weg RENAME TO log_kop")))
    await werk(journal, regel, 4)
    assert [gesloten for _, gesloten in await stromen(logboek)].count(True) == 2
    assert await klopt(logboek, identity) == 4 + 2 + 2 + 2


def never(_connection: Connection) -> NoReturn:
    pytest.fail("nothing is changed while there is no log")
