"""Entries are only ever added; after their term they go, and the log says so."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.klok import StaandeKlok
from wijkwerk.log import retention
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Logsoort, Resultaat
from wijkwerk.log.export import export
from wijkwerk.log.journal import Journal
from wijkwerk.log.partities import maand_van, zorg_vooruit
from wijkwerk.log.retention import Opdracht, Plek, Stap, verval
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


async def per_maand(database: Database, table: Any) -> dict[str, int]:
    """How many rows of each month."""
    async with database.snapshot() as snapshot:
        rows = await snapshot.run(lambda c: c.execute(select(table.c.tijdstip)).scalars().all())
    return Counter(maand_van(each) for each in rows)


async def gebeurtenissen(database: Database, maand: str) -> set[str]:
    async with database.snapshot() as snapshot:
        asked = select(log_regel.c.gebeurtenis).where(log_regel.c.periode == maand)
        return set(await snapshot.run(lambda c: c.execute(asked).scalars().all()))


async def vervallen(database: Database) -> list[tuple[str, int]]:
    """The kind and the term that the entries about it name."""
    async with database.snapshot() as snapshot:
        asked = select(log_regel.c.body).where(log_regel.c.gebeurtenis == "LOG_VERVALLEN")
        details = [json.loads(body)["details"] for body in await snapshot.run(lambda c: c.execute(asked).scalars().all())]
    return [(each["soort"], each["maanden"]) for each in details]


async def delen(database: Database) -> set[str]:
    async with database.snapshot() as snapshot:
        return await snapshot.run(
            lambda c: set(c.execute(text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")).scalars())
        )


def eenheid(
    opdracht: Opdracht, klok: StaandeKlok, vast_vanaf: str | None, na: Plek | None, connection: Connection
) -> tuple[Stap, list[Logregel]]:
    """One step, and the entry that says so."""
    step = verval(connection, opdracht, klok.nu(), vast_vanaf=vast_vanaf, na=na)
    regel = Logregel(
        gebeurtenis=Gebeurtenis.LOG_VERVALLEN, actie=Actie.DELETE, resultaat=Resultaat.GESLAAGD, tijdstip=klok.nu(),
        details=opdracht.bijzonderheden(step),
    )  # fmt: skip
    return step, [regel] if step.regels else []


async def laat_gaan(
    journal: Journal,
    klok: StaandeKlok,
    tot_en_met: str,
    soort: Logsoort = Logsoort.INZAGE,
    maanden: int = 60,
    *,
    vast_vanaf: str | None = None,
) -> int:
    """All steps; how many entries went."""
    opdracht, na, gone = Opdracht(soort=soort, tot_en_met=tot_en_met, maanden=maanden), None, 0
    while True:
        step: Stap = await journal.transact(partial(eenheid, opdracht, klok, vast_vanaf, na))
        gone, na = gone + step.regels, step.verder
        if na is None:
            return gone


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


async def test_months_whose_term_is_over_go_by_kind_and_the_log_still_verifies(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    notes = []
    for month in range(3):
        await zorg_vooruit(logboek, klok)
        await journal.record(*(regel(10 * month + number) for number in range(5)), regel(gebeurtenis=Gebeurtenis.AANMELDING_GESLAAGD))
        await journal.transact(lambda _: (None, [regel(99)]))
        notes.append(await journal.checkpoint())
        klok.moment += timedelta(days=31)
    klok.moment = datetime(2027, 10, 1, tzinfo=UTC)
    before = await per_maand(logboek, log_regel)
    gone = await laat_gaan(journal, klok, "2027-03", Logsoort.AANMELDING, 6)
    after = await per_maand(logboek, log_regel)
    assert 0 < gone == before["2027-03"] - after["2027-03"]
    assert await gebeurtenissen(logboek, "2027-03") == {"LEZEN", "STROOM_GEOPEND"}
    for statement in ("DELETE FROM log_regel", "DELETE FROM log_regel WHERE periode = '2027-03'"):  # the other kind is not open
        with pytest.raises(DBAPIError):
            await logboek.transact(lambda c: c.execute(text(statement)) and None)  # noqa: B023 - called at once
    assert await per_maand(logboek, log_regel) == after
    klok.moment = datetime(2032, 5, 1, tzinfo=UTC)
    assert await laat_gaan(journal, klok, "2027-04") == after["2027-03"] + after["2027-04"] - 3  # the login entries of April stay
    left = await per_maand(logboek, log_regel)
    assert ("2027-03" in left, left["2027-04"], left["2027-05"]) == (False, 3, after["2027-05"])
    assert set(await per_maand(logboek, log_betrokkene)) == {"2027-04", "2027-05"}
    rapport = await verified(logboek, identity, *notes)
    assert rapport.bevindingen == []
    assert "2027-04" in rapport.tekst()
    if logboek.dialect == "postgresql":
        assert {each for each in await delen(logboek) if each.startswith("log_regel")} == {
            "log_regel_rest", *(f"log_regel_2027_{month:02}" for month in range(4, 8))
        }  # fmt: skip


async def test_it_goes_in_steps_and_after_each_the_log_verifies(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.record(regel(gebeurtenis=Gebeurtenis.AANMELDING_GESLAAGD))  # so that on PostgreSQL too the month can't go at once
    for _ in range(3):
        await journal.record(regel(1))
        await journal.transact(lambda _: (None, [regel(2)]))
        await journal.checkpoint()
    there = (await per_maand(logboek, log_regel))["2027-03"]
    klok.moment = datetime(2032, 4, 1, tzinfo=UTC)
    monkeypatch.setattr(retention, "MEESTE_REGELS", 2)
    monkeypatch.setattr(retention, "MEESTE_SEGMENTEN", 3)
    opdracht, na, steps = Opdracht(soort=Logsoort.INZAGE, tot_en_met="2027-03", maanden=60), None, []
    while True:
        step = await journal.transact(partial(eenheid, opdracht, klok, None, na))
        assert (await verified(logboek, identity)).bevindingen == []
        steps.append(step.regels)
        if (na := step.verder) is None:
            break
        if len(steps) == 2:  # killed: the next run begins at the beginning, and finds what is left
            na = None
    assert (sum(steps), max(steps) <= 3, len(steps) > 3) == (there - 2, True, True)
    assert (await per_maand(logboek, log_regel))["2027-03"] == 2
    assert await laat_gaan(journal, klok, "2027-03") == 0
    assert (await counted(logboek, log_vervallen), await vervallen(logboek)) == (1, [("INZAGE", 60)] * sum(each > 0 for each in steps))


async def test_what_is_not_under_a_checkpoint_stays(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    await zorg_vooruit(logboek, klok)
    await journal.record(regel(1))
    await journal.checkpoint()
    await journal.transact(lambda _: (None, [regel(2)]))
    await journal.record(regel(3))
    klok.moment = datetime(2032, 4, 1, tzinfo=UTC)
    assert await laat_gaan(journal, klok, "2027-03") == 2
    assert (await per_maand(logboek, log_regel))["2027-03"] == 3
    assert (await verified(logboek, identity)).goed


async def test_nothing_goes_before_its_term_nor_while_it_is_held(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok
) -> None:
    await journal.record(regel(1))
    await journal.checkpoint()
    klok.moment = datetime(2032, 3, 31, 23, 59, tzinfo=UTC)
    for month in ("2027-03", "2033-01", "2027-3", "", "2026-13", "alles", "2026-01-01", "२०२६-०१"):
        with pytest.raises(OngeldigeInvoer):
            await laat_gaan(journal, klok, month)
    klok.moment += timedelta(minutes=1)
    for maanden, vast in ((0, None), (61, None), (60, "2027-03"), (60, "2020-01")):
        with pytest.raises(OngeldigeInvoer):
            await laat_gaan(journal, klok, "2027-03", maanden=maanden, vast_vanaf=vast)
    assert (await counted(logboek, log_regel), await counted(logboek, log_vervallen)) == (2, 0)
    assert await laat_gaan(journal, klok, "2027-03", vast_vanaf="2027-04") == 2


async def test_removing_entries_without_an_entry_that_says_so_is_found(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    """Someone opens the way for the triggers and deletes; the verifier misses the entry."""
    await journal.record(regel(1))
    await journal.checkpoint()
    opdracht = Opdracht(soort=Logsoort.INZAGE, tot_en_met="2027-03", maanden=60)
    await logboek.transact(lambda c: verval(c, opdracht, datetime(2032, 4, 1, tzinfo=UTC)) and None)
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
