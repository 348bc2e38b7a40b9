"""Drafts: for the author alone by whatever way, changed without a trace, made into a note once, and gone in time (domain.md 9.4)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.access.actor import Actor, Vervangt
from wijkwerk.dossiers.dossier import Statusreden
from wijkwerk.dossiers.leden import voeg_lid_toe
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.status import heropen, sluit
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.notities.aantekenen import PER_STAP, VERDWIJNEN, gooi_weg, laat_verdwijnen, maak_definitief, schrijf, wijzig
from wijkwerk.notities.inhoud import MAX_TEKENS, TekstTeLang
from wijkwerk.notities.notitie import Informatiebron, Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.werkaantekening import Werkaantekening
from wijkwerk.records.history import Wijziging
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.versions import history
from wijkwerk.rights.verplaatsen import kolommen
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.dossiers import collega, doe
from wijkwerk.testing.noodtoegang import in_nood
from wijkwerk.testing.samenvoegingen import ongedaan, samen
from wijkwerk.testing.weigering import refused, rows_of
from wijkwerk.testing.wijk import BEGIN, Wijk, made
from wijkwerk.uitleggen import waarom_beheerder

pytestmark = pytest.mark.anyio
CONTACTVERSLAG, BRON = Notitiesoort.CONTACTVERSLAG, Informatiebron.EIGEN_WAARNEMING
ALLES = (Werkaantekening, Notitie, Notitieversie, Wijziging)
VELDEN = ("tekst", "oordeel", "soort", "versie", "geschreven", "verloopt")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.fixture
async def wijk_echt(database: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    """With real commits: for what happens at the same time."""
    async with made(database, tmp_path, []) as opened:
        yield opened


async def zaak(wijk: Wijk) -> tuple[UUID, UUID]:
    persoon = await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2))
    return persoon, await wijk.dossier(persoon)


async def kladje(wijk: Wijk, persoon: UUID, dossier: UUID, rol: Any = "WIJKTEAM", tekst: str = "Klonk moe", **rest: Any) -> UUID:
    return await wijk.schrijf(rol, lambda w: schrijf(w, dossier, persoon, tekst=tekst, **rest))


async def gezien(wijk: Wijk, wie: Any) -> list[str]:
    """The texts of all drafts that somebody is shown; each way of reading shows the same."""
    alle = [row.id for row in await rows_of(wijk, [Werkaantekening])]

    def lees(reader: Reader) -> list[str]:
        page = reader.page(Werkaantekening, VELDEN, order=("verloopt",), first=100)
        by_id = reader.by_key(Werkaantekening, VELDEN, "id", alle, order=("verloopt",))
        assert page.rows == by_id == [row for id in alle if (row := reader.one(Werkaantekening, VELDEN, id))]
        assert reader.count(Werkaantekening) == len(by_id)
        assert set(reader.visible(Werkaantekening, alle)) == {row.id for row in by_id}
        if reader.actor.may(Wijziging.lezen.naam):
            assert history(reader, Werkaantekening, alle).keys() == {row.id for row in by_id}
        return [row.tekst for row in by_id]

    return await wijk.lees(wie, lees)


async def geen_toegang(wijk: Wijk, wie: Any, id: UUID) -> None:
    """Who is not the author does nothing with a draft, and it stays as it was."""
    for unit in (
        partial(wijzig, id=id, versie=1, gegevens={"tekst": "Anders"}),
        partial(gooi_weg, id=id, versie=1),
        partial(maak_definitief, id=id, versie=1, soort=CONTACTVERSLAG, bron=BRON),
    ):
        await refused(wijk, wie, NietGevonden, unit, records=ALLES)


async def test_a_draft_is_changed_in_place_and_leaves_no_trace_of_what_stood_there(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    id = await kladje(wijk, persoon, dossier, oordeel="Ik maak me zorgen")
    assert await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, id, 1, {"tekst": "Sliep slecht", "soort": Notitiesoort.BESLUIT})) == id
    [row] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Werkaantekening, VELDEN, "id", [id]))
    assert (row.tekst, row.oordeel, row.soort, row.versie) == ("Sliep slecht", "Ik maak me zorgen", Notitiesoort.BESLUIT, 2)
    assert row.verloopt - row.geschreven < timedelta(days=42)
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, id, 2, {"oordeel": None, "soort": None}))
    [later] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Werkaantekening, VELDEN, "id", [id]))
    assert (later.oordeel, later.soort, later.verloopt) == (None, None, row.verloopt)
    assert [row for row in await rows_of(wijk, [Wijziging]) if row.tabelnaam == "werkaantekening"] == []
    regel = (await wijk.log())[-2]
    assert [list(b["getoond"][0]) for b in regel["betrokkenen"]]
    assert "Sliep" not in str(await wijk.log())
    for versie, gegevens, fout in (
        (2, {"tekst": "Te laat"}, VersieVerouderd), (3, {"tekst": " "}, OngeldigeInvoer), (3, {"tekst": None}, OngeldigeInvoer),
        (3, {"oordeel": ""}, OngeldigeInvoer), (3, {"tekst": "x" * (MAX_TEKENS + 1)}, TekstTeLang),
        (3, {"persoon_id": persoon}, OngeldigeInvoer), (3, {"auteur_id": wijk.REGISSEUR}, OngeldigeInvoer),
    ):  # fmt: skip
        await refused(wijk, "WIJKTEAM", fout, partial(wijzig, id=id, versie=versie, gegevens=gegevens), records=ALLES)


async def test_a_draft_is_about_a_resident_of_ones_own_case(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    ander = await wijk.inwoner("Jansen")
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team, gebruiker=await collega(wijk, "WIJKTEAM", wijk.ander_team))
    for wie, kader, over in (("WIJKTEAM", dossier, ander), ("WIJKTEAM", nieuw_id(), persoon), (elders, dossier, persoon)):
        await refused(wijk, wie, NietGevonden, partial(schrijf, dossier=kader, persoon=over, tekst="x"), records=ALLES)
    for tekst in ("", "a\x00b"):
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, partial(schrijf, dossier=dossier, persoon=persoon, tekst=tekst), records=ALLES)

    def voor_een_ander(work: Any) -> None:
        made = {"tekst": "x", "geschreven": work.actor.moment, "verloopt": work.actor.moment, "auteur_id": wijk.REGISSEUR}
        work.add(Werkaantekening(dossier_id=dossier, persoon_id=persoon, **made))

    await refused(wijk, "WIJKTEAM", NietGevonden, voor_een_ander, records=ALLES)


async def test_nobody_but_the_author_sees_a_draft_whatever_lets_them_in(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    id = await kladje(wijk, persoon, dossier)
    await kladje(wijk, persoon, dossier, rol="REGISSEUR", tekst="Van de regisseur")
    naast = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.team))
    waarnemer = wijk.wijkwerk.toewijzer.actor(
        naast.gebruiker, wijk.gemeente, [wijk.functie("WIJKTEAM")], naast.activiteit, wijk.klok.nu(),
        afwezigen=[Vervangt(wijk.WIJKTEAM, wijk.stad, "WIJKTEAM")],
    )  # fmt: skip
    assert wijk.WIJKTEAM in waarnemer.partijen
    crisis = wijk.actor("REGISSEUR", gebruiker=await collega(wijk, "REGISSEUR", wijk.ander_team), team=wijk.ander_team)
    await in_nood(wijk, crisis)
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, persoon, wijk.INWONER, Vaststelling.DIGID))
    for wie in (naast, waarnemer, crisis):
        assert await gezien(wijk, wie) == []
        await geen_toegang(wijk, wie, id)
    for rol in ("INWONER", "ZORG", "TEAMLEIDER"):
        with pytest.raises(GeenRecht):
            await wijk.lees(rol, lambda r: r.count(Werkaantekening))
    mag = wijk.actor("INWONER")
    assert await gezien(wijk, replace(mag, rechten=mag.rechten | {Werkaantekening.lezen.naam})) == []
    assert (await gezien(wijk, "WIJKTEAM"), await gezien(wijk, "REGISSEUR")) == (["Klonk moe"], ["Van de regisseur"])
    await geen_toegang(wijk, "REGISSEUR", id)
    twee = ("WIJKTEAM", str(naast.gebruiker))
    ja, nee = [await waarom_beheerder(wijk.wijkwerk, een, persoon, "Werkaantekening.tekst", "gemeente") for een in twee]
    assert (ja.mag, nee.mag, nee.zinnen[0]) == (True, False, "Mag niet, want alleen wie dit schreef, ziet het.")


async def test_a_draft_becomes_a_note_and_is_gone(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    ander = await wijk.inwoner("Jansen")
    await doe(wijk, "WIJKTEAM", voeg_lid_toe, dossier, ander)
    id = await kladje(wijk, persoon, dossier, oordeel="Zorgelijk", soort=CONTACTVERSLAG)
    notitie = await wijk.schrijf(
        "WIJKTEAM", lambda w: maak_definitief(w, id, 1, bron=Informatiebron.NAASTE, bron_naam="Dochter", ook_over=[ander])
    )
    velden = ("tekst", "oordeel", "bron", "bron_naam", "nummer", "auteur_id", "persoon_id")
    [versie] = await wijk.lees("REGISSEUR", lambda r: r.by_key(Notitieversie, velden, "notitie_id", [notitie]))
    assert (versie.tekst, versie.oordeel, versie.bron, versie.bron_naam) == ("Klonk moe", "Zorgelijk", Informatiebron.NAASTE, "Dochter")
    assert (versie.nummer, versie.auteur_id, versie.persoon_id) == (1, wijk.WIJKTEAM, persoon)
    assert {row.persoon_id for row in await rows_of(wijk, [Notitie])} == {persoon, ander}
    assert await rows_of(wijk, [Werkaantekening]) == []
    await refused(wijk, "WIJKTEAM", NietGevonden, partial(maak_definitief, id=id, versie=1, bron=BRON), records=ALLES)


async def test_what_can_not_be_a_note_stays_a_draft(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    id = await kladje(wijk, persoon, dossier)
    pogingen: tuple[tuple[type[WijkwerkError], dict[str, Any]], ...] = (
        (OngeldigeInvoer, {"bron": BRON}),  # of no kind
        (VersieVerouderd, {"bron": BRON, "versie": 2, "soort": CONTACTVERSLAG}),
        (NietGevonden, {"bron": BRON, "soort": Notitiesoort.STRIKT}),
        (NietGevonden, {"bron": BRON, "soort": CONTACTVERSLAG, "ook_over": [nieuw_id()]}),
        (OngeldigeInvoer, {"bron": Informatiebron.ONBEKEND, "soort": CONTACTVERSLAG}),
    )
    for fout, rest in pogingen:
        await refused(wijk, "WIJKTEAM", fout, partial(maak_definitief, **{"id": id, "versie": 1, **rest}), records=ALLES)
    mag = wijk.actor("WIJKTEAM")
    zonder = replace(mag, rechten=mag.rechten - {Notitie.schrijven.naam})
    definitief = partial(maak_definitief, id=id, versie=1, bron=BRON, soort=CONTACTVERSLAG)
    await refused(wijk, zonder, GeenRecht, definitief, records=ALLES)
    assert await wijk.schrijf("WIJKTEAM", lambda w: gooi_weg(w, id, 1)) == dossier
    assert await rows_of(wijk, [Werkaantekening, Notitie]) == []


async def test_who_does_not_reach_the_case_any_more_can_do_nothing_with_a_draft(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    id = await kladje(wijk, persoon, dossier, soort=CONTACTVERSLAG)
    weg = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    assert (weg.gebruiker, await gezien(wijk, weg)) == (wijk.WIJKTEAM, [])
    await geen_toegang(wijk, weg, id)
    await doe(wijk, "REGISSEUR", sluit, dossier, Statusreden.AFGEROND)
    assert await gezien(wijk, "WIJKTEAM") == []
    await geen_toegang(wijk, "WIJKTEAM", id)
    await doe(wijk, "REGISSEUR", heropen, dossier, Statusreden.TE_VROEG_GESLOTEN)
    await wijk.schrijf("WIJKTEAM", lambda w: maak_definitief(w, id, 1, bron=BRON))
    assert await rows_of(wijk, [Werkaantekening]) == []


async def test_a_job_removes_what_is_over_whoever_wrote_it(wijk: Wijk) -> None:
    """Written at 10:00 on 1 March 2027, in winter: gone from 12 April in summer, when that day begins in Amsterdam."""
    persoon, dossier = await zaak(wijk)
    vertrokken = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.team))
    id = await kladje(wijk, persoon, dossier, rol=vertrokken)
    [row] = await rows_of(wijk, [Werkaantekening])
    assert row.verloopt == datetime(2027, 4, 11, 22, tzinfo=UTC)
    wijk.klok.moment = BEGIN + timedelta(days=1)
    await kladje(wijk, persoon, dossier)
    for dag, over in (("2027-04-11", 2), ("2027-04-12", 1), ("2027-04-13", 0)):
        wijk.klok.moment = datetime.fromisoformat(f"{dag}T01:00:00+00:00")
        nu = replace(vertrokken, moment=wijk.klok.moment)
        assert await gezien(wijk, nu) == (["Klonk moe"] if over == 2 else [])
        if over < 2:
            await geen_toegang(wijk, nu, id)  # also on the day that the job has yet to run
        uitslag = await draai(wijk.wijkwerk, VERDWIJNEN, wijk.gemeente, dag)
        assert (uitslag.afloop, len(await rows_of(wijk, [Werkaantekening]))) == (Afloop.KLAAR, over)
    regels = [regel for regel in await wijk.log() if regel["onderdeel"] == f"job:{VERDWIJNEN.naam}" and "betrokkenen" in regel]
    assert [(len(regel["betrokkenen"]), regel["rollen"]) for regel in regels] == [(1, ["JOBS"])] * 2
    await refused(wijk, "BEHEER", GeenRecht, partial(laat_verdwijnen, periode="2027-04-13", plek=None), records=ALLES)


async def test_the_job_goes_step_by_step(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    for n in range(3):
        await kladje(wijk, persoon, dossier, tekst=str(n))
    [row, *_] = await rows_of(wijk, [Werkaantekening])
    same = [{**row._mapping, "id": nieuw_id()} for _ in range(PER_STAP)]
    await wijk.change(Werkaantekening.tabel().insert().values(same))
    wijk.klok.moment += timedelta(days=60)
    uitslag = await draai(wijk.wijkwerk, VERDWIJNEN, wijk.gemeente, wijk.klok.nu().date().isoformat())
    assert (uitslag.gedaan, await rows_of(wijk, [Werkaantekening])) == (PER_STAP + 3, [])


async def test_drafts_go_along_when_residents_turn_out_to_be_one_and_back(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(roepnaam="Suus")
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [ander]))
    await kladje(wijk, ander, dossier)
    assert Werkaantekening in {kolom.record for kolom in kolommen(wijk.wijkwerk.catalogue.records)}
    samenvoeging = await samen(wijk, een, ander, rol="REGISSEUR")
    assert [row.persoon_id for row in await rows_of(wijk, [Werkaantekening])] == [een]
    assert (await gezien(wijk, "WIJKTEAM"), await gezien(wijk, "REGISSEUR")) == (["Klonk moe"], [])
    await kladje(wijk, een, dossier, tekst="Sindsdien")
    await ongedaan(wijk, samenvoeging)
    assert [row.persoon_id for row in await rows_of(wijk, [Werkaantekening])] == [ander, ander]
    assert sorted(await gezien(wijk, "WIJKTEAM")) == ["Klonk moe", "Sindsdien"]


async def test_of_several_at_once_one_becomes_a_note(wijk_echt: Wijk) -> None:
    wijk = wijk_echt
    persoon, dossier = await zaak(wijk)
    id = await kladje(wijk, persoon, dossier, soort=CONTACTVERSLAG)
    actors: list[Actor] = [wijk.actor("WIJKTEAM") for _ in range(3)]
    outcomes = await asyncio.gather(
        *(wijk.schrijf(actor, lambda w: maak_definitief(w, id, 1, bron=BRON)) for actor in actors), return_exceptions=True
    )
    assert len([outcome for outcome in outcomes if isinstance(outcome, UUID)]) == 1
    assert {type(o) for o in outcomes} <= {UUID, NietGevonden, VersieVerouderd}
    assert len(await rows_of(wijk, [Notitie])) == len(await rows_of(wijk, [Notitieversie])) == 1
    assert await rows_of(wijk, [Werkaantekening]) == []
