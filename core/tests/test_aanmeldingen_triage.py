"""What comes of a report: somebody looks at it, a case, an end without one, or its opening again (domain.md 9.1)."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import Aanmelder, Aanmelding, Aanmeldstatus, Aanmeldwijze, Afhandelreden, Urgentie
from wijkwerk.aanmeldingen.triage import breek_af, heropen, kreeg_vervolg, neem_in_behandeling, verwijs, wijs_af, wijzig
from wijkwerk.access.betrokkenheid import Betrokkenheid, Partijsoort
from wijkwerk.dossiers.dossier import Dossier, Dossierlid
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.organisaties import Organisatie
from wijkwerk.personen import Persoon
from wijkwerk.records.history import Wijziging
from wijkwerk.signalen.melden import Wie, meld
from wijkwerk.signalen.signaal import Melder
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.aanmeldingen import aanmelding_van
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
RECORDS = [Aanmelding, Persoon, Dossier, Dossierlid, Betrokkenheid, Taak, Wijziging]
REDEN = Afhandelreden.GEEN_HULPVRAAG


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gelezen(wijk: Wijk, id: UUID, *velden: str, rol: Any = "WIJKTEAM") -> Any:
    return await wijk.lees(rol, lambda r: r.one(Aanmelding, velden, id))


async def test_a_report_says_who_reported_how_for_whom_and_what_was_not_asked_is_still_to_be_asked(wijk: Wijk) -> None:
    dochter = await wijk.inwoner("Bakker")
    over = {
        "aanmelder": Aanmelder.FAMILIE_OF_NETWERK, "aanmelder_persoon_id": dochter, "aanmelder_naam": " Anna ", "urgentie": Urgentie.SPOED,
        "aanmelder_bereikbaar": "0612345678", "wijze": Aanmeldwijze.TELEFOON, "vraag": "Hulp in huis", "client_op_de_hoogte": None,
    }  # fmt: skip
    persoon = await wijk.schrijf("WIJKTEAM", lambda w: aanmelden(w, {"geslachtsnaam": "Moulin"}, melding=over))
    id = await aanmelding_van(wijk, persoon)
    row = await gelezen(wijk, id, *over, "nog_te_vragen", "status")
    assert {name: getattr(row, name) for name in over} == over | {"aanmelder_naam": "Anna"}
    assert (row.nog_te_vragen, row.status) == (True, Aanmeldstatus.NIEUW)
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, id, 1, {"client_op_de_hoogte": False, "vraag": None}))
    row = await gelezen(wijk, id, "client_op_de_hoogte", "nog_te_vragen", "vraag", "aanmelder_naam")
    assert (row.client_op_de_hoogte, row.nog_te_vragen, row.vraag, row.aanmelder_naam) == (False, False, None, "Anna")
    lead = await gelezen(wijk, id, "urgentie", "aanmelder_naam", rol="TEAMLEIDER")
    assert (lead.urgentie, lead.aanmelder_naam) == (Urgentie.SPOED, None)


async def test_who_is_out_of_reach_is_not_named_as_the_one_who_reported(wijk: Wijk) -> None:
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    onbekend = [await wijk.inwoner("Elders", rol=elders), nieuw_id()]
    id = await aanmelding_van(wijk, await wijk.inwoner())
    for ander in onbekend:
        over = {"aanmelder_persoon_id": ander}
        units = (partial(aanmelden, gegevens={"geslachtsnaam": "Kok"}, melding=over), partial(wijzig, id=id, versie=1, gegevens=over))
        for unit in units:
            with pytest.raises(WijkwerkError) as found:
                await wijk.schrijf("WIJKTEAM", unit)
            assert found.value.code == "NIET_GEVONDEN"
    assert (await gelezen(wijk, id, "aanmelder_persoon_id", "versie")).versie == 1
    for leeg in ({"urgentie": None}, {"vraag": ""}, {"status": Aanmeldstatus.VERVOLG}):
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, partial(wijzig, id=id, versie=1, gegevens=leeg), records=RECORDS)


async def test_somebody_of_the_team_takes_a_report_on_and_it_can_be_given_to_a_colleague(wijk: Wijk) -> None:
    id = await aanmelding_van(wijk, await wijk.inwoner())
    for wie in (wijk.KLANTMANAGER, wijk.TEAMLEIDER, nieuw_id()):
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, partial(neem_in_behandeling, id=id, versie=1, behandelaar=wie), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: neem_in_behandeling(w, id, 1))
    await wijk.schrijf("WIJKTEAM", lambda w: neem_in_behandeling(w, id, 2, wijk.REGISSEUR))
    row = await gelezen(wijk, id, "status", "behandelaar_id")
    assert (row.status, row.behandelaar_id) == (Aanmeldstatus.IN_BEHANDELING, wijk.REGISSEUR)
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.REGISSEUR).values(team_id=wijk.ander_team))
    await refused(
        wijk, "WIJKTEAM", OngeldigeInvoer, partial(neem_in_behandeling, id=id, versie=3, behandelaar=wijk.REGISSEUR), records=RECORDS
    )


@pytest.mark.parametrize("einde", [wijs_af, breek_af, verwijs], ids=["afwijzen", "afbreken", "verwijzen"])
async def test_an_end_without_a_case_has_a_reason_and_only_an_open_report_of_the_own_team_gets_one(wijk: Wijk, einde: Any) -> None:
    persoon = await wijk.inwoner()
    id = await aanmelding_van(wijk, persoon)
    wie = Wie(soort=Melder.NETWERK)
    taak = await wijk.schrijf("WIJKTEAM", lambda w: maak_taak(w, persoon, Voor(wijk.team, Partijsoort.TEAM), kader=id))
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    ok = partial(einde, id=id, versie=1, reden=REDEN, toelichting="Redt het zelf")
    wrong: list[tuple[Any, type[WijkwerkError], Any]] = [
        ("TEAMLEIDER", GeenRecht, ok), (elders, NietGevonden, ok), ("WIJKTEAM", VersieVerouderd, partial(ok, versie=2)),
        ("WIJKTEAM", OngeldigeInvoer, partial(ok, reden=Afhandelreden.ANDERS, toelichting=None)),
        ("WIJKTEAM", OngeldigeInvoer, partial(ok, toelichting="")), ("WIJKTEAM", NietGevonden, partial(ok, id=nieuw_id())),
    ]  # fmt: skip
    for rol, error, unit in wrong:
        await refused(wijk, rol, error, unit, records=RECORDS)
    await wijk.schrijf("WIJKTEAM", ok)
    velden = ("status", "reden", "toelichting", "afgehandeld_op", "vervalt_op")
    row = await gelezen(wijk, id, *velden)
    status = {wijs_af: "AFGEWEZEN", breek_af: "AFGEBROKEN", verwijs: "VERWEZEN"}[einde]
    assert (row.status, row.reden, row.toelichting) == (status, REDEN, "Redt het zelf")
    assert str(row.vervalt_op) == "2027-04-12"  # 1 March 2027 + P42D
    t = Taak.tabel()
    assert [row.status for row in await wijk.rows(select(t.c.status).where(t.c.id == taak))] == [Taakstatus.VERVALLEN]
    for again in (ok, partial(neem_in_behandeling, id=id), partial(wijzig, id=id, gegevens={"vraag": "x"})):
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, partial(again, versie=2), records=RECORDS)
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: kreeg_vervolg(w, id, nieuw_id(), [persoon]), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: heropen(w, id, 2))
    row = await gelezen(wijk, id, *velden)
    assert tuple(getattr(row, name) for name in velden) == (Aanmeldstatus.NIEUW, None, None, None, None)
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: heropen(w, id, 3), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: meld(w, id, persoon, "Zorg", wie))
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, partial(ok, versie=3), records=RECORDS)


async def test_a_resident_is_referred_to_an_organisation_that_is_there_or_elsewhere_in_words(wijk: Wijk) -> None:
    ids = [await aanmelding_van(wijk, await wijk.inwoner()) for _ in range(2)]
    weg = partial(verwijs, id=ids[0], versie=1, reden=Afhandelreden.NIET_VOOR_WIJKTEAM)
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, weg, records=RECORDS)
    await refused(wijk, "WIJKTEAM", NietGevonden, partial(weg, naar=nieuw_id()), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", partial(weg, naar=wijk.zorg))
    assert (await gelezen(wijk, ids[0], "verwezen_naar_id")).verwezen_naar_id == wijk.zorg
    o = Organisatie.tabel()
    await wijk.change(update(o).where(o.c.id == wijk.dock).values(tot=wijk.klok.moment.date().replace(month=1)))
    await refused(wijk, "WIJKTEAM", NietGevonden, partial(weg, id=ids[1], naar=wijk.dock), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", partial(weg, id=ids[1], toelichting="De huisarts"))
    assert (await gelezen(wijk, ids[1], "toelichting")).toelichting == "De huisarts"


async def test_the_door_of_a_report_ends_when_a_case_comes_of_it_and_the_report_goes_along(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    id = await aanmelding_van(wijk, persoon)
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: open_dossier(w, [ander], aanmeldingen=[id]), records=RECORDS)
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    theirs = await wijk.inwoner("Elders", rol=elders)
    await refused(wijk, elders, NietGevonden, lambda w: open_dossier(w, [theirs], aanmeldingen=[id]), records=RECORDS)
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [persoon], aanmeldingen=[id]))
    row = await gelezen(wijk, id, "status", "dossier_id", "afgehandeld_op")
    assert (row.status, row.dossier_id, row.afgehandeld_op is None) == (Aanmeldstatus.VERVOLG, dossier, False)
    b = Betrokkenheid.tabel()
    assert await wijk.rows(select(b.c.id).where(b.c.bron_id == id, b.c.tot.is_(None))) == []
    for unit in (partial(kreeg_vervolg, aanmelding=id, dossier=dossier, personen=[persoon]), partial(heropen, id=id, versie=2)):
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, unit, records=RECORDS)
