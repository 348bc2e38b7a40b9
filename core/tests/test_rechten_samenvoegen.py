"""Merging two files of one resident, and undoing it: who may, what can't, which value wins, and what stays true (peers.md C.10, D 16)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.dossiers.dossier import Dossier, Dossierlid
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dubbelen import Dubbelreden, Dubbelstatus, Dubbelvermoeden
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.rights.opgegaan import sporen
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.rights.samenvoeging import Samenvoeging, samenvoegstap
from wijkwerk.rights.verplaatsen import SamenvoegenKanNiet
from wijkwerk.storage.base import Database
from wijkwerk.testing.samenvoegingen import inhoud, ongedaan, persoon, samen, wacht_op_een_ander
from wijkwerk.testing.wijk import Wijk, made

pytestmark = pytest.mark.anyio
BSN, ANDER_BSN = Bsn.lees("999993653"), Bsn.lees("999990019")


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.fixture
async def wijk_echt(database: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    """With real commits, for what happens at the same time."""
    async with made(database, tmp_path, []) as opened:
        yield opened


async def put(wijk: Wijk, record: type[Any], **values: Any) -> UUID:
    return await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, record, **values))


async def met(wijk: Wijk, work: Callable[[Connection], Any]) -> Any:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(work)


async def test_the_survivors_value_stays_unless_it_is_empty_and_an_address_goes_as_a_whole(wijk: Wijk) -> None:
    een = await wijk.inwoner("Moulin", roepnaam="E", straat="Boterdiep", huisnummer=1)
    ander = await wijk.inwoner("Molin", roepnaam="Suus", voornamen="Suzanne", straat="Kade", huisletter="B", geboortedatum=Datum(1956, 11))
    await samen(wijk, een, ander)
    row = await persoon(wijk, een)
    assert (row.geslachtsnaam, row.roepnaam, row.voornamen, row.geboortedatum) == ("Moulin", "E", "Suzanne", Datum(1956, 11))
    assert (row.straat, row.huisnummer, row.huisletter) == ("Boterdiep", 1, None)


async def test_a_chosen_field_is_the_others_with_all_that_goes_with_it(wijk: Wijk) -> None:
    een = await wijk.inwoner("Moulin", straat="Boterdiep", huisnummer=1)
    ander = await wijk.inwoner("Dam", voorvoegsel="van", straat="Kade", huisletter="B", geheim=True)
    await samen(wijk, een, ander, kies=("straat", "geslachtsnaam"))
    row = await persoon(wijk, een)
    assert (row.voorvoegsel, row.geslachtsnaam, row.sorteernaam, row.geheim) == ("van", "Dam", "dam", True)
    assert (row.straat, row.huisnummer, row.huisletter) == ("Kade", None, "B")


async def test_a_bsn_goes_along_and_comes_back(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(bsn=BSN)
    dossier = await wijk.dossier(een)
    index = (await persoon(wijk, ander)).bsn_index
    samenvoeging = await samen(wijk, een, ander)
    assert [(await persoon(wijk, id)).bsn_index for id in (een, ander)] == [index, None]
    shown: Any = await wijk.lees("REGISSEUR", lambda r: r.one(Persoon, ("bsn",), een))
    assert shown.bsn == BSN
    assert await wijk.inwoner(bsn=BSN) == een
    await ongedaan(wijk, samenvoeging)
    assert [(await persoon(wijk, id)).bsn_index for id in (een, ander)] == [None, index]
    assert await wijk.inwoner(bsn=BSN) == ander
    assert dossier


async def test_two_with_a_bsn_are_two(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(bsn=BSN), await wijk.inwoner(bsn=ANDER_BSN)
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet):
        await samen(wijk, een, ander)
    assert await inhoud(wijk) == before


@pytest.mark.parametrize("om", [False, True], ids=["one way", "the other way"])
async def test_who_stand_in_one_row_as_two_are_two(wijk: Wijk, om: bool) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    await put(wijk, Relatie, persoon_id=een, ander_id=ander, soort=Relatiesoort.KIND, gezag=False)
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="Relatie"):
        await samen(wijk, *((ander, een) if om else (een, ander)))
    assert await inhoud(wijk) == before


async def test_who_may_not_or_sees_too_little_merges_nobody(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    theirs = await wijk.inwoner(rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    laag = await wijk.inwoner()
    b = Betrokkenheid.tabel()
    await wijk.change(b.update().where(b.c.persoon_id == laag).values(niveau_tot=3))
    before = await inhoud(wijk)
    for rol, pair, error in (
        ("WIJKTEAM", (een, theirs), NietGevonden), ("WIJKTEAM", (theirs, een), NietGevonden), ("WIJKTEAM", (een, laag), NietGevonden),
        ("WIJKTEAM", (laag, een), NietGevonden), ("TEAMLEIDER", (een, ander), GeenRecht), ("KLANTMANAGER", (een, ander), GeenRecht),
    ):  # fmt: skip
        with pytest.raises(error):
            await samen(wijk, *pair, rol=rol)
    assert await inhoud(wijk) == before


@pytest.mark.parametrize(
    ("change", "veld"),
    [({"ander": "een"}, "gaat_op"), ({"reden": " "}, "reden"), ({"reden": "x" * 4001}, "reden"), ({"kies": ("bsn",)}, "kies"),
     ({"kies": ("versie",)}, "kies"), ({"kies": ("geheim",)}, "kies")],
    ids=["same", "no reason", "long reason", "bsn", "version", "secrecy"],
)  # fmt: skip
async def test_a_wrong_question_is_refused_by_field(wijk: Wijk, change: dict[str, Any], veld: str) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    before = await inhoud(wijk)
    given: dict[str, Any] = {"een": een, "ander": een if "ander" in change else ander} | {k: v for k, v in change.items() if k != "ander"}
    with pytest.raises(OngeldigeInvoer) as refused:
        await samen(wijk, **given)
    assert refused.value.veld == veld
    assert await inhoud(wijk) == before


async def test_residents_of_two_controllers_are_not_merged(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    for record in (Persoon, Betrokkenheid):
        t = record.tabel()
        await wijk.change(
            t.update().where((t.c.id if record is Persoon else t.c.persoon_id) == ander).values(verantwoordelijke_id=wijk.dock)
        )
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet):
        await samen(wijk, een, ander)
    assert await inhoud(wijk) == before


async def test_the_log_is_found_under_every_pseudonym_of_the_time(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    namen = await met(wijk, lambda c: pseudoniemen(c, wijk.gemeente, [een, ander]))
    samenvoeging = await samen(wijk, een, ander)
    assert {spoor.pseudoniem for spoor in await met(wijk, lambda c: sporen(c, wijk.gemeente, een))} == set(namen.values())
    await ongedaan(wijk, samenvoeging)
    assert [spoor.pseudoniem for spoor in await met(wijk, lambda c: sporen(c, wijk.gemeente, een))] == [namen[een]]
    s = Samenvoeging.tabel()
    [merged] = await wijk.rows(select(s.c.op, s.c.ongedaan_op))
    found = await met(wijk, lambda c: sporen(c, wijk.gemeente, ander))
    eigen, elders = found
    assert (eigen.pseudoniem, eigen.van, eigen.tot) == (namen[ander], None, None)
    assert (elders.pseudoniem, elders.van, elders.tot) == (namen[een], merged.op, merged.ongedaan_op)


async def test_the_log_names_both_and_says_what_it_was(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    namen = await met(wijk, lambda c: pseudoniemen(c, wijk.gemeente, [een, ander]))
    samenvoeging = await samen(wijk, een, ander, reden="Kanarie Moulin")
    await ongedaan(wijk, samenvoeging)
    last = (await wijk.log())[-2:]
    assert [entry["gebeurtenis"] for entry in last] == ["SAMENVOEGEN", "SPLITSEN"]
    for entry in last:
        assert {b["ref"] for b in entry["betrokkenen"]} == {naam.hex for naam in namen.values()}
    assert "Kanarie" not in str(await wijk.log())


async def test_of_two_hints_about_one_pair_one_stays_behind_and_undo_gives_both_back(wijk: Wijk) -> None:
    een, ander, derde = [await wijk.inwoner(naam) for naam in ("Aa", "Bee", "Cee")]
    reden = Dubbelreden.EMAIL
    for p, q in ((een, derde), (ander, derde), (een, ander)):
        op = wijk.klok.nu()
        await put(wijk, Dubbelvermoeden, persoon_id=p, ander_id=q, reden=reden, score=1, status=Dubbelstatus.OPEN, gevonden=op)
    before = (await inhoud(wijk))["Dubbelvermoeden"]
    samenvoeging = await samen(wijk, een, ander)
    during = (await inhoud(wijk))["Dubbelvermoeden"]
    assert [(row.persoon_id, row.ander_id, row.status.value) for row in during] == [
        (een, derde, "OPEN"), (ander, derde, "OPEN"), (een, een, "SAMENGEVOEGD"),
    ]  # fmt: skip
    await ongedaan(wijk, samenvoeging)
    assert (await inhoud(wijk))["Dubbelvermoeden"] == before


async def test_what_fails_half_way_leaves_nothing(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(bsn=BSN, roepnaam="Suus")
    await wijk.dossier(ander)
    before = await inhoud(wijk)

    def breuk(work: Any) -> None:
        voeg_samen(work, een, ander, (1, 1), "Zelfde inwoner")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await wijk.schrijf("WIJKTEAM", breuk)
    assert await inhoud(wijk) == before
    assert await wijk.rows(select(func.count()).select_from(samenvoegstap)) == [(0,)]


async def test_a_case_or_report_begun_while_they_are_merged_is_of_the_survivor_or_of_nobody(wijk_echt: Wijk) -> None:
    een, ander = await wijk_echt.inwoner("Moulin"), await wijk_echt.inwoner("Vink", bsn=BSN)
    vast, elders = Event(), wijk_echt.actor("WIJKTEAM", team=wijk_echt.ander_team)

    def voegt_samen(work: Work) -> UUID:
        done = voeg_samen(work, een, ander, (1, 1), "Zelfde inwoner")
        work.flush()
        vast.set()
        wacht_op_een_ander(work.core_connection)
        return done

    async def daarna(actor: Any, unit: Callable[[Work], UUID]) -> UUID:
        await asyncio.to_thread(vast.wait, 10)
        return await wijk_echt.schrijf(actor, unit)

    merged, dossier, melding = await asyncio.gather(
        wijk_echt.schrijf("WIJKTEAM", voegt_samen),
        daarna("WIJKTEAM", lambda w: open_dossier(w, [ander])),
        daarna(elders, lambda w: aanmelden(w, {"geslachtsnaam": "Vink", "bsn": BSN})),
        return_exceptions=True,
    )
    assert isinstance(merged, UUID)
    assert (type(dossier), melding) == (NietGevonden, een)
    for table in (record.tabel() for record in (Betrokkenheid, Dossier, Dossierlid, Aanmelding)):
        assert {row.persoon_id for row in await wijk_echt.rows(select(table.c.persoon_id))} <= {een}


async def test_of_two_merges_at_once_one_is_too_late(wijk_echt: Wijk) -> None:
    een, ander = await wijk_echt.inwoner(), await wijk_echt.inwoner()
    done = await asyncio.gather(*[samen(wijk_echt, een, ander) for _ in range(2)], return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["UUID", "VersieVerouderd"]
    assert await wijk_echt.rows(select(func.count()).select_from(Samenvoeging.tabel())) == [(1,)]
