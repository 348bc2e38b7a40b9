"""Entries are only ever added; after their term they go, and the log says so."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Logregel
from wijkwerk.log.export import export
from wijkwerk.log.journal import Journal
from wijkwerk.log.retention import verval
from wijkwerk.log.tables import TABLES, log_betrokkene, log_regel, log_vervallen
from wijkwerk.log.verify import Rapport, verifieer
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import make_tables

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


async def counted(database: Database, table: Any) -> int:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda c: c.execute(select(func.count()).select_from(table)).scalar_one())


async def verified(database: Database, identity: Ed25519PrivateKey, *notes: str) -> Rapport:
    file = io.StringIO()
    await export(database, file)
    return verifieer(file.getvalue().encode().splitlines(), identity.public_key(), notes)


async def test_an_entry_cant_be_changed_or_removed(journal: Journal, logboek: Database, regel: Maak) -> None:
    await journal.record(regel(1))
    truncate = ["TRUNCATE log_regel"] if logboek.dialect == "postgresql" else []
    for statement in ("UPDATE log_regel SET resultaat = 'FOUT'", "DELETE FROM log_regel", "DELETE FROM log_regel WHERE seq = 1", *truncate):
        with pytest.raises(DBAPIError):
            await logboek.transact(lambda c: c.execute(text(statement)) and None)  # noqa: B023
    assert await counted(logboek, log_regel) == 2


async def test_a_month_whose_term_is_over_goes_and_the_log_still_verifies(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    notes = []
    for month in range(4):
        await journal.record(*(regel(10 * month + number) for number in range(5)))
        await journal.transact(lambda _: (None, [regel(99)]))
        notes.append(await journal.checkpoint())
        klok.moment += timedelta(days=31)
    gone = await journal.transact(partial(verval, tot_en_met="2027-04", klok=klok))
    assert gone == 15
    assert await counted(logboek, log_regel) == 29 - 15 + 1
    assert await counted(logboek, log_betrokkene) == 12
    rapport = await verified(logboek, identity, *notes)
    assert rapport.bevindingen == []
    assert rapport.vervallen == "2027-04"
    assert "2027-04" in rapport.tekst()


async def test_a_later_run_covers_the_entry_of_an_earlier_one(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    for month in ("2027-03", "2027-04", "2027-05"):
        await journal.record(regel(1))
        await journal.checkpoint()
        klok.moment += timedelta(days=31)
        await journal.transact(partial(verval, tot_en_met=month, klok=klok))
    assert (await verified(logboek, identity)).goed
    assert await journal.transact(partial(verval, tot_en_met="2027-04", klok=klok)) == 0
    assert await counted(logboek, log_vervallen) == 3
    assert (await verified(logboek, identity)).goed


async def test_what_is_not_under_a_checkpoint_stays(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    await journal.record(regel(1))
    klok.moment += timedelta(days=31)
    assert await journal.transact(partial(verval, tot_en_met="2027-03", klok=klok)) == 0
    assert await counted(logboek, log_regel) == 4


async def test_only_a_month_in_the_past_can_go(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    await journal.record(regel(1))
    await journal.checkpoint()
    for month in ("2027-03", "2028-01", "2027-3", "", "2026-13", "alles", "2026-01-01", "२०२६-०१"):
        with pytest.raises(OngeldigeInvoer):
            await journal.transact(partial(verval, tot_en_met=month, klok=klok))
    assert await counted(logboek, log_regel) == 2
    assert await counted(logboek, log_vervallen) == 0


async def test_removing_entries_without_an_entry_that_says_so_is_found(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    """Someone opens the way for the triggers and deletes; the verifier misses the entry."""
    await journal.record(regel(1))
    await journal.checkpoint()
    await logboek.transact(lambda c: verval(c, "2027-03", StaandeKlok(klok.nu() + timedelta(days=31))) and None)
    rapport = await verified(logboek, identity)
    assert "regels van 2027-03 zijn weg" in rapport.tekst()


async def test_the_export_marks_what_the_auditors_search_would_miss(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    await journal.record(regel(1), regel(2))
    assert (await verified(logboek, identity)).goed
    await logboek.transact(lambda c: c.execute(text("DELETE FROM log_betrokkene WHERE seq = 2")) and None)
    rapport = await verified(logboek, identity)
    assert [finding.plaats.rpartition(", ")[2] for finding in rapport.bevindingen] == ["regel 2"]
    assert "zoekindex" in rapport.tekst()


async def test_an_export_larger_than_a_chunk_is_whole_and_the_same_twice(
    journal: Journal, logboek: Database, regel: Maak, identity: Ed25519PrivateKey
) -> None:
    await journal.record(*(regel(number) for number in range(1500)))
    await journal.checkpoint()
    await journal.record(*(regel(number) for number in range(499, 1499)))
    await journal.checkpoint()
    files = [io.StringIO(), io.StringIO()]
    tellingen = [await export(logboek, file) for file in files]
    assert files[0].getvalue() == files[1].getvalue()
    assert (tellingen[0].regels, tellingen[0].segmenten, tellingen[0].checkpoints) == (2501, 2, 2)
    assert json.loads(files[0].getvalue().splitlines()[-1])["regels"] == 2501
    assert (await verified(logboek, identity)).goed


async def test_a_body_that_is_no_entry_and_a_stream_without_a_row_are_exported_and_found(
    journal: Journal, logboek: Database, regel: Maak, identity: Ed25519PrivateKey
) -> None:
    await journal.record(regel(1))
    for trigger in ("log_regel_vast", "log_regel_blijft"):
        on = " ON log_regel" if logboek.dialect == "postgresql" else ""
        await logboek.administer(lambda c: c.execute(text(f"DROP TRIGGER {trigger}{on}")))  # noqa: B023
    await logboek.transact(lambda c: c.execute(log_regel.update().where(log_regel.c.seq == 1).values(body=b"\xff[1]")) and None)
    await logboek.transact(lambda c: c.execute(text("DELETE FROM log_stroom")) and None)
    rapport = await verified(logboek, identity)
    assert "niet door dit log uitgegeven" in rapport.tekst()
    assert "regel 1: is veranderd" in rapport.tekst()
    assert "regel 1: wordt niet goed gevonden" in rapport.tekst()
