"""Entries of another kind go to streams of their own, which nobody can pass off as the other kind."""

from __future__ import annotations

import logging
from collections.abc import Callable

import orjson
import pytest
from sqlalchemy import select, text

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.entry import Gebeurtenis, Logregel
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import TABLES, log_regel, log_segment, log_stroom
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import make_tables

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
AANMELDING = Gebeurtenis.AANMELDING_GEWEIGERD


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


async def per_soort(database: Database) -> dict[str, list[str]]:
    """The events in the streams of each kind, in order."""
    joined = select(log_stroom.c.soort, log_regel.c.body).join(log_stroom, log_stroom.c.id == log_regel.c.stroom)
    async with database.snapshot() as snapshot:
        rows = await snapshot.run(lambda c: c.execute(joined.order_by(log_regel.c.stroom, log_regel.c.seq)).all())
    found: dict[str, list[str]] = {}
    for soort, body in rows:
        found.setdefault(soort, []).append(orjson.loads(body)["gebeurtenis"])
    return found


async def test_each_entry_goes_to_a_stream_of_its_kind(journal: Journal, logboek: Database, regel: Maak) -> None:
    await journal.record(regel(1))
    assert await per_soort(logboek) == {"INZAGE": ["STROOM_GEOPEND", "LEZEN"]}
    await journal.record(regel(2), regel(3, gebeurtenis=AANMELDING), regel(4))
    await journal.record(regel(5, gebeurtenis=AANMELDING))
    assert await per_soort(logboek) == {
        "INZAGE": ["STROOM_GEOPEND", "LEZEN", "LEZEN", "LEZEN"],
        "AANMELDING": ["STROOM_GEOPEND", AANMELDING, AANMELDING],
    }


STUK = {
    "sqlite": "CREATE TRIGGER stuk BEFORE INSERT ON log_regel WHEN NEW.gebeurtenis = '{}' BEGIN SELECT RAISE(ABORT, 'stuk'); END",
    "postgresql": "ALTER TABLE log_regel ADD CONSTRAINT stuk CHECK (gebeurtenis <> '{}') NOT VALID",
}


@pytest.mark.parametrize("fails", [Gebeurtenis.LEZEN, AANMELDING])
async def test_when_one_of_two_kinds_cant_be_written_the_caller_is_refused(
    journal: Journal, logboek: Database, regel: Maak, fails: Gebeurtenis
) -> None:
    """Nothing may be shown, whichever of the two it is."""
    await logboek.administer(lambda c: c.execute(text(STUK[logboek.dialect].format(fails))))
    with pytest.raises(LogNietBeschikbaar):
        await journal.record(regel(1), regel(2, gebeurtenis=AANMELDING))
    assert not [events for events in (await per_soort(logboek)).values() if fails in events]


async def test_a_write_with_an_entry_of_another_kind_is_a_fault_and_did_not_happen(
    journal: Journal, logboek: Database, regel: Maak
) -> None:
    with pytest.raises(ValueError, match="INZAGE, not of AANMELDING"):
        await journal.transact(lambda _: (None, [regel(1), regel(2, gebeurtenis=AANMELDING)]))
    assert await per_soort(logboek) == {}


@pytest.mark.parametrize("other", ["INZAGE", "IETS"])
async def test_a_stream_that_is_said_to_be_of_another_kind_is_not_signed_for(
    journal: Journal,
    logboek: Database,
    regel: Maak,
    other: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await journal.record(regel(1, gebeurtenis=AANMELDING))
    await logboek.transact(lambda c: c.execute(text("UPDATE log_stroom SET soort = :other"), {"other": other}) and None)
    with caplog.at_level(logging.CRITICAL):
        await journal.checkpoint()
    assert "handtekening" in caplog.text
    async with logboek.snapshot() as snapshot:
        assert not await snapshot.run(lambda c: c.execute(select(log_segment)).all())
