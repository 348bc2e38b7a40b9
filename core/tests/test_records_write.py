"""Every new, changed and deleted record is checked when it is written; what is refused leaves nothing behind but its log entry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, cast, func, select, text, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import object_session

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.personen import Persoon
from wijkwerk.records.guard import OmzeilingGeweigerd
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.storage.metadata import metadata
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
T = TypeVar("T")
BSN, ANDER_BSN = Bsn.lees("999993653"), Bsn.lees("999990019")
GEHEIM = "Suzanne is bang voor haar broer"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def everything(wijk: Wijk) -> dict[str, list[Any]]:
    """All rows of all tables but those of the log."""
    tables = [t for t in metadata.sorted_tables if t.info.get("owner") == "core" and not t.name.startswith("log_")]
    return {table.name: sorted(map(repr, await wijk.rows(select(table)))) for table in tables}


def raw_files(folder: Path) -> bytes:
    """What who holds the disk can read; on PostgreSQL only the root key is here."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def refused(wijk: Wijk, error: type[Exception], work: Awaitable[T]) -> BaseException:
    """The work is refused with this error, nothing of it is stored, and the log says that it was refused."""
    before, entries = await everything(wijk), await wijk.log()
    with pytest.raises(error) as raised:
        await work
    assert await everything(wijk) == before
    last = [entry for entry in await wijk.log() if entry not in entries]
    assert [(entry["resultaat"], entry["code"]) for entry in last] == [("GEWEIGERD", getattr(error, "code", "INTERNE_FOUT"))]
    return raised.value


def lid(persoon: UUID, **extra: Any) -> Huishoudlid:
    return Huishoudlid(persoon_id=persoon, huishouden_id=nieuw_id(), rol=Huishoudrol.HOOFD, van=date(2027, 1, 1), **extra)


async def test_a_record_about_a_resident_within_reach_is_written(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    made = await wijk.schrijf("WIJKTEAM", lambda w: w.add(lid(persoon)).id)
    [row] = await wijk.rows(select(Huishoudlid.tabel()))
    assert (row.id, row.gemeente_id, row.verantwoordelijke_id, row.versie) == (made, wijk.gemeente, wijk.stad, 1)


@pytest.mark.parametrize("rol", ["ZORG", "TEAMLEIDER", "FG", "BEHEER"])
async def test_who_lacks_the_permission_writes_nothing(wijk: Wijk, rol: str) -> None:
    persoon = await wijk.inwoner()
    await refused(wijk, GeenRecht, wijk.schrijf(rol, lambda w: w.add(lid(persoon)) and None))


async def test_a_resident_out_of_reach_and_one_who_does_not_exist_are_refused_alike(wijk: Wijk) -> None:
    persoon, stranger = await wijk.inwoner(), wijk.actor("WIJKTEAM", team=wijk.ander_team)
    first = await refused(wijk, NietGevonden, wijk.schrijf(stranger, lambda w: w.add(lid(persoon)) and None))
    second = await refused(wijk, NietGevonden, wijk.schrijf(stranger, lambda w: w.add(lid(nieuw_id())) and None))
    assert str(first) == str(second)


async def test_a_record_can_not_be_put_in_another_municipality(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()

    def unit(work: Work) -> None:
        work.add(lid(persoon)).gemeente_id = wijk.buurgemeente

    await refused(wijk, NietGevonden, wijk.schrijf("WIJKTEAM", unit))


async def test_the_controller_of_a_record_is_the_writers_organisation(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.schrijf("WIJKTEAM", lambda w: w.add(lid(persoon, verantwoordelijke_id=wijk.dock)) and None)
    assert [row.verantwoordelijke_id for row in await wijk.rows(select(Huishoudlid.tabel()))] == [wijk.stad]


async def test_an_organisation_keeps_the_controller_that_beheer_gives_it(wijk: Wijk) -> None:
    nieuw = nieuw_id()
    await wijk.schrijf(
        "BEHEER",
        lambda w: (
            w.add(Organisatie(id=nieuw, naam="Nieuw", soort=Organisatiesoort.ZORG, openbaar=True, verantwoordelijke_id=nieuw)) and None
        ),
    )
    o = Organisatie.tabel()
    assert [row.verantwoordelijke_id for row in await wijk.rows(select(o).where(o.c.id == nieuw))] == [nieuw]


@pytest.mark.parametrize("column", ["persoon_id", "verantwoordelijke_id"])
async def test_whose_record_it_is_never_changes(wijk: Wijk, column: str) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    made = await wijk.schrijf("WIJKTEAM", lambda w: w.add(lid(persoon)).id)
    value = {"persoon_id": ander, "verantwoordelijke_id": wijk.dock}[column]
    await refused(wijk, OngeldigeInvoer, wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Huishoudlid, made), column, value)))


async def test_a_note_never_moves_to_another_case(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    een, twee = await wijk.dossier(persoon), await wijk.dossier(persoon)
    notitie = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, een, persoon, Notitiesoort.CONTACTVERSLAG, verteld("x")))
    await refused(wijk, OngeldigeInvoer, wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Notitie, notitie), "dossier_id", twee)))


@pytest.mark.parametrize("bsn", [BSN, None], ids=["filled", "empty"])
async def test_what_the_writer_may_not_read_it_may_not_set_whether_it_is_filled_or_not(wijk: Wijk, bsn: Bsn | None) -> None:
    persoon = await wijk.inwoner(bsn=bsn)
    await refused(wijk, GeenRecht, wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon), "bsn", ANDER_BSN)))
    await refused(wijk, GeenRecht, wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon), "bsn_index", b"x" * 16)))
    with pytest.raises(InvalidRequestError):
        await wijk.schrijf("WIJKTEAM", lambda w: w.get(Persoon, persoon).bsn_index)
    assert (await wijk.log())[-1]["resultaat"] == "FOUT"


async def test_who_may_read_it_may_set_it(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(bsn=BSN)
    await wijk.dossier(persoon)
    await wijk.schrijf("REGISSEUR", lambda w: setattr(w.get(Persoon, persoon), "bsn", ANDER_BSN))
    row: Any = await wijk.lees("REGISSEUR", lambda r: r.one(Persoon, ("bsn",), persoon))
    assert row.bsn.waarde == ANDER_BSN.waarde


async def test_a_field_that_is_empty_and_seen_can_be_filled_and_checked(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon), "taal", " NL "))
    assert [row.taal for row in await wijk.rows(select(Persoon.tabel()))] == ["nl"]
    bad = wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon), "taal", "geen taal"))
    assert "geen taal" not in str(await refused(wijk, OngeldigeInvoer, bad))


@pytest.mark.parametrize(
    "values", [{"geslacht": "Suzanne"}, {"geboortedatum": None}, {"aanduiding_naamgebruik": 7}], ids=["enum", "not null", "type"]
)
async def test_a_value_that_can_not_be_stored_is_an_error_of_ours_without_the_value(wijk: Wijk, values: dict[str, Any]) -> None:
    persoon = await wijk.inwoner()

    def unit(work: Work) -> None:
        record = work.get(Persoon, persoon)
        for name, value in values.items():
            setattr(record, name, value)

    error = await refused(wijk, OngeldigeInvoer, wijk.schrijf("WIJKTEAM", unit))
    assert "Suzanne" not in f"{error}{error.__cause__}"


async def test_only_core_services_make_betrokkenheid_and_afscherming(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    held = Afscherming(persoon_id=persoon, soort=Afschermsoort.GEHEIM, niveau_tot=0, verbergt=True, van=BEGIN)
    for record in (Betrokkenheid(persoon_id=persoon), held):
        await refused(wijk, OmzeilingGeweigerd, wijk.schrijf("WIJKTEAM", lambda w, record=record: w.add(record) and None))  # type: ignore[misc]


BYPASSES: dict[str, Callable[[Any], Any]] = {
    "raw SQL": lambda s: s.execute(text("SELECT 1")),
    "select": lambda s: s.scalars(select(Persoon)).all(),
    "bulk update": lambda s: s.execute(update(Persoon).values(geheim=False)),
    "query": lambda s: s.query(Persoon).all(),
    "get": lambda s: s.get(Persoon, (nieuw_id(), nieuw_id())),
    "refresh": lambda s: s.refresh(next(iter(s))),
    "connection": lambda s: s.connection(),
    "bulk save": lambda s: s.bulk_save_objects([]),
    "bulk insert": lambda s: s.bulk_insert_mappings(Persoon, []),
    "bulk change": lambda s: s.bulk_update_mappings(Persoon, []),
    "merge": lambda s: s.merge(Persoon()),
}


@pytest.mark.parametrize("way", BYPASSES)
async def test_the_session_of_a_record_is_no_way_around_the_checks(wijk: Wijk, way: str) -> None:
    persoon = await wijk.inwoner()

    def unit(work: Work) -> None:
        record = work.get(Persoon, persoon)
        BYPASSES[way](object_session(record))

    await refused(wijk, OmzeilingGeweigerd, wijk.schrijf("WIJKTEAM", unit))


async def test_who_read_an_older_version_is_refused(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon, 1), "roepnaam", "Suus"))
    await refused(wijk, VersieVerouderd, wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon, 1), "roepnaam", "Su")))


async def test_a_change_past_the_session_between_get_and_flush_is_refused(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()

    def unit(work: Work) -> None:
        work.get(Persoon, persoon).roepnaam = "Suus"
        work.core_connection.execute(update(Persoon.tabel()).values(versie=7))

    await refused(wijk, VersieVerouderd, wijk.schrijf("WIJKTEAM", unit))


async def test_absent_and_out_of_reach_are_the_same_to_who_wants_to_change_it(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    for asked in (persoon, nieuw_id()):
        await refused(wijk, NietGevonden, wijk.schrijf("ZORG", lambda w, asked=asked: w.get(Persoon, asked) and None))  # type: ignore[misc]


async def test_a_record_that_is_deleted_is_gone_and_checked(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    made = await wijk.schrijf("WIJKTEAM", lambda w: w.add(lid(persoon)).id)

    def unit(work: Work) -> None:
        work.delete(work.get(Huishoudlid, made))

    await refused(wijk, GeenRecht, wijk.schrijf("TEAMLEIDER", unit))
    await wijk.schrijf("WIJKTEAM", unit)
    assert await wijk.rows(select(Huishoudlid.tabel())) == []


async def test_what_a_unit_made_it_may_still_change(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()

    def unit(work: Work) -> None:
        made = work.add(lid(persoon))
        work.flush()
        made.tot = date(2027, 2, 1)

    await wijk.schrijf("WIJKTEAM", unit)
    assert [(row.tot, row.versie) for row in await wijk.rows(select(Huishoudlid.tabel()))] == [(date(2027, 2, 1), 2)]


async def test_a_unit_that_fails_half_way_leaves_nothing(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()

    def unit(work: Work) -> None:
        work.add(lid(persoon))
        work.flush()
        raise RuntimeError(GEHEIM)

    before = await everything(wijk)
    with pytest.raises(RuntimeError):
        await wijk.schrijf("WIJKTEAM", unit)
    assert await everything(wijk) == before
    last = (await wijk.log())[-1]
    assert (last["resultaat"], last["code"]) == ("FOUT", "INTERNE_FOUT")
    assert GEHEIM not in repr(last)


async def test_what_is_sealed_is_nowhere_in_the_database_as_it_was_written(wijk: Wijk, tmp_path: Path) -> None:
    persoon = await wijk.inwoner(bsn=BSN)
    dossier = await wijk.dossier(persoon, vraag=GEHEIM)
    notitie = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld(GEHEIM)))
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, verteld(GEHEIM + "!")))
    stored = repr(await everything(wijk)) + repr(await wijk.log())
    on_disk = raw_files(tmp_path)
    for canary in (GEHEIM, BSN.waarde):
        assert canary not in stored
        assert canary.encode() not in on_disk
    rows = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst",), "notitie_id", [notitie]))
    assert {row.tekst for row in rows} == {GEHEIM, GEHEIM + "!"}


async def test_a_sealed_value_that_is_moved_to_another_row_is_not_opened(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    een, twee = await wijk.dossier(persoon, vraag=GEHEIM), await wijk.dossier(persoon, vraag="Iets anders")
    d = Dossier.tabel()
    [(blob,)] = await wijk.rows(select(cast(d.c.vraag, LargeBinary)).where(d.c.id == een))
    await wijk.change(update(d).where(d.c.id == twee).values(vraag=blob))
    with pytest.raises(Vervalst) as forged:
        await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), twee))
    assert GEHEIM not in str(forged.value)
    assert (await wijk.log())[-1]["resultaat"] != "GESLAAGD"
    with pytest.raises(Vervalst):
        await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, twee), "status", Dossierstatus.GESLOTEN))


async def test_an_older_sealed_value_that_is_put_back_is_not_opened(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon, vraag=GEHEIM)
    [(old,)] = await wijk.rows(select(Dossier.tabel().c.vraag))
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier), "status", Dossierstatus.GESLOTEN))
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag", "status"), dossier))
    assert (row.vraag, row.status) == (GEHEIM, Dossierstatus.GESLOTEN)
    await wijk.change(update(Dossier.tabel()).values(vraag=old))
    with pytest.raises(Vervalst):
        await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), dossier))


async def test_a_sealed_value_of_another_record_can_not_be_taken_over(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    een, twee = await wijk.dossier(persoon, vraag=GEHEIM), await wijk.dossier(persoon, vraag="Iets anders")

    def unit(work: Work) -> None:
        work.get(Dossier, twee).vraag = work.get(Dossier, een).vraag

    await refused(wijk, Vervalst, wijk.schrijf("WIJKTEAM", unit))


async def test_a_record_whose_key_is_destroyed_shows_nothing_sealed_and_the_rest_of_it_can_still_be_written(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon, vraag=GEHEIM)
    keyring, database = wijk.wijkwerk.keyring, wijk.wijkwerk.database
    assert await database.transact(lambda c: keyring.destroy(c, wijk.gemeente, persoon)) >= 1
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), dossier))
    assert (row.vraag, row.onleesbaar) == (None, True)
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier), "status", Dossierstatus.GESLOTEN))
    row = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag", "status"), dossier))
    assert (row.vraag, row.onleesbaar, row.status) == (None, True, Dossierstatus.GESLOTEN)
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier), "vraag", "Opnieuw"))
    row = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), dossier))
    assert (row.vraag, row.onleesbaar) == ("Opnieuw", False)


async def test_ids_are_unique_and_a_second_record_with_the_same_one_is_refused(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    made = await wijk.schrijf("WIJKTEAM", lambda w: w.add(lid(persoon)).id)
    await refused(wijk, VersieVerouderd, wijk.schrijf("WIJKTEAM", lambda w: w.add(lid(persoon, id=made)) and None))
    assert [row[0] for row in await wijk.rows(select(func.count()).select_from(Huishoudlid.tabel()))] == [1]


async def test_no_error_of_the_checks_repeats_what_was_written(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    with suppress(WijkwerkError):
        await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon), "roepnaam", GEHEIM * 20))
    assert GEHEIM not in repr(await wijk.log())
