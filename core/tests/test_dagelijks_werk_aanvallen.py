"""Daily work attacked: a worry that nobody would see, an address by way of an appointment, tasks of a case that is only offered."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Afhandelreden
from wijkwerk.aanmeldingen.triage import wijs_af
from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Afschermsoort, Partijsoort
from wijkwerk.access.levels import N0, N4, N7, Niveau
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus, Afzegger
from wijkwerk.afspraken.plannen import maak, zeg_af
from wijkwerk.betrokkenheden import Partij, scherm_af
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus, Statusreden
from wijkwerk.dossiers.leden import lid_vertrekt
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.overdragen import bied_aan, neem_aan
from wijkwerk.dossiers.status import NogSignalen, sluit
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.meewerken import DossierGesloten
from wijkwerk.partners.koppelen import koppel
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.verzending import Verzendstatus
from wijkwerk.records.conditions import Filter
from wijkwerk.records.declare import Record
from wijkwerk.records.types.datum import Datum
from wijkwerk.signalen.afhandelen import leg_informeren_vast, onderzoek, rond_af
from wijkwerk.signalen.melden import Wie, meld
from wijkwerk.signalen.signaal import Melder, Signaal, Signaalstatus
from wijkwerk.taken.afronden import gedaan, geef_door, herplan, niet_gedaan
from wijkwerk.taken.herinneren import HERINNEREN
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.soorten import PARTNERTAAK
from wijkwerk.taken.taak import Taak
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.aanmeldingen import aanmelding_van
from wijkwerk.testing.dossiers import RECORDS, collega, doe, rij
from wijkwerk.testing.postvak import post
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.toestemming import Wijze

pytestmark = pytest.mark.anyio
BUUR = Wie(soort=Melder.NETWERK, naam="Buurvrouw De Wit")
MORGEN = BEGIN + timedelta(days=1)
GEBRUIKER, TEAM, ORGANISATIE = Partijsoort.GEBRUIKER, Partijsoort.TEAM, Partijsoort.ORGANISATIE


async def afgehandeld(wijk: Wijk, signaal: UUID) -> None:
    await wijk.schrijf("WIJKTEAM", lambda w: onderzoek(w, signaal, 1))
    await wijk.schrijf("WIJKTEAM", lambda w: leg_informeren_vast(w, signaal, 2, omdat="Veiligheid"))
    await wijk.schrijf("WIJKTEAM", lambda w: rond_af(w, signaal, 3, Signaalstatus.OPGEPAKT, "Gesproken"))


@pytest.mark.parametrize("wat", ["sluiten", "vertrekken"])
async def test_no_case_is_closed_and_no_member_leaves_while_a_worry_waits_that_nobody_would_see_any_more(wijk_vlug: Wijk, wat: str) -> None:
    wijk = wijk_vlug
    een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(een, ander)
    signaal = await wijk.schrijf("WIJKTEAM", lambda w: meld(w, dossier, ander, "Hoort 's nachts geschreeuw", BUUR))
    stap = partial(sluit, reden=Statusreden.AFGEROND) if wat == "sluiten" else partial(lid_vertrekt, persoon=ander)
    error = await refused(wijk, "WIJKTEAM", NogSignalen, lambda w: stap(w, dossier, 1), records=[*RECORDS, Signaal])
    assert error.code == "NOG_SIGNALEN"
    await afgehandeld(wijk, signaal)
    assert await wijk.schrijf("WIJKTEAM", lambda w: stap(w, dossier, 1)) == dossier


async def test_a_worry_and_closing_at_the_same_moment_leave_no_worry_behind_a_closed_door(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    for _ in range(4):
        dossier = await wijk.dossier(persoon)
        melden = wijk.schrijf("REGISSEUR", lambda w, d=dossier: meld(w, d, persoon, "Geschreeuw", BUUR))  # type: ignore[misc]
        sluiten = wijk.schrijf("WIJKTEAM", lambda w, d=dossier: sluit(w, d, 1, Statusreden.AFGEROND))  # type: ignore[misc]
        await asyncio.gather(melden, sluiten, return_exceptions=True)
        dicht = (await rij(wijk, Dossier, dossier)).status is Dossierstatus.GESLOTEN
        signalen = await wijk.rows(select(Signaal.tabel()).where(Signaal.tabel().c.kader_id == dossier))
        assert len(signalen) == (0 if dicht else 1)


async def afgeschermd(wijk: Wijk, persoon: UUID, niveau: Niveau) -> None:
    """The colleague of the same team is held back from this resident."""
    await wijk.schrijf(
        "REGISSEUR", lambda w: scherm_af(w, persoon, Afschermsoort.BELANGENCONFLICT, niveau_tot=niveau, partij=wijk.WIJKTEAM) and None
    )


async def test_where_an_appointment_is_stays_hidden_as_the_address_does_and_it_can_still_be_called_off(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"], straat="Boterdiep", huisnummer=31)
    given = {"soort": Afspraaksoort.HUISBEZOEK, "begin": MORGEN, "einde": MORGEN + timedelta(hours=1), "plaats": "Boterdiep 31"}
    gemaakt = await wijk.schrijf("REGISSEUR", lambda w: maak(w, persoon, given, bericht=True))
    await afgeschermd(wijk, persoon, N7)
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Afspraak, ("plaats", "begin"), gemaakt.id))
    assert (row.plaats, row.begin) == (None, MORGEN)
    row = await wijk.lees("REGISSEUR", lambda r: r.one(Afspraak, ("plaats",), gemaakt.id))
    assert row.plaats == "Boterdiep 31"
    assert await wijk.lees("WIJKTEAM", lambda r: r.by_key(Bericht, (), "persoon_id", [persoon])) == []
    await wijk.schrijf("WIJKTEAM", lambda w: zeg_af(w, gemaakt.id, 1, Afzegger.INWONER, "Ziek"))
    assert (await rij(wijk, Afspraak, gemaakt.id)).status is Afspraakstatus.AFGEZEGD
    assert [mail.status for mail in await post(wijk)] == [Verzendstatus.INGETROKKEN]


async def test_who_is_held_back_from_a_worry_does_not_bury_it_with_the_report_or_case_that_it_is_in(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    dossier, melding = await wijk.dossier(persoon), await aanmelding_van(wijk, persoon)
    for kader in (dossier, melding):
        await wijk.schrijf("REGISSEUR", lambda w, k=kader: meld(w, k, persoon, "Geschreeuw", BUUR))  # type: ignore[misc]
    await afgeschermd(wijk, persoon, N4)
    assert await wijk.lees("WIJKTEAM", lambda r: r.by_key(Signaal, (), "persoon_id", [persoon])) == []
    records: list[type[Record]] = [*RECORDS, Signaal, Aanmelding]
    await refused(wijk, "WIJKTEAM", NogSignalen, lambda w: sluit(w, dossier, 1, Statusreden.AFGEROND), records=records)
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: wijs_af(w, melding, 1, Afhandelreden.GEEN_HULPVRAAG), records=records)


async def aangeboden(wijk: Wijk) -> tuple[UUID, UUID, UUID, UUID, Actor]:
    """A resident, a case with a task of its own team, the offer to another team, and somebody of that team."""
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    taak = await wijk.schrijf("WIJKTEAM", lambda w: maak_taak(w, persoon, Voor(wijk.team, TEAM), kader=dossier, tekst="Bel"))
    gebruiker = await collega(wijk, "WIJKTEAM", wijk.ander_team)
    aanbod = await doe(wijk, "WIJKTEAM", bied_aan, dossier, wijk.ander_team, "Verhuisd", ("PLANNING",))
    return persoon, dossier, taak, aanbod, wijk.actor("WIJKTEAM", gebruiker=gebruiker, team=wijk.ander_team)


async def test_a_team_that_a_case_is_offered_to_does_nothing_with_its_tasks_and_appointments_before_it_accepts(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier, taak, aanbod, ander = await aangeboden(wijk)
    begin = datetime(2027, 3, 8, 10, tzinfo=UTC)
    bezoek = {"soort": Afspraaksoort.TELEFOON, "begin": begin, "einde": begin + timedelta(hours=1)}
    hun = Voor(wijk.ander_team, TEAM)
    for unit in (
        lambda w: geef_door(w, taak, 1, hun),
        lambda w: gedaan(w, Taak, taak, 1),
        lambda w: niet_gedaan(w, Taak, taak, 1, "Niet nodig"),
        lambda w: herplan(w, Taak, taak, 1, {"uiterlijk": date(2030, 1, 1)}),
        lambda w: maak_taak(w, persoon, hun, kader=dossier, tekst="Bel"),
        lambda w: maak_taak(w, persoon, hun, kader=None, tekst="Bel"),
        lambda w: maak(w, persoon, bezoek, kader=dossier),
        lambda w: maak(w, persoon, bezoek),
        lambda w: open_dossier(w, [persoon], team=wijk.ander_team),
    ):
        await refused(wijk, ander, GeenRecht, unit, records=[*RECORDS, Afspraak])
    await wijk.schrijf(ander, lambda w: neem_aan(w, aanbod, 1))
    assert await wijk.schrijf(ander, lambda w: gedaan(w, Taak, taak, 2)) == taak


async def test_nothing_is_planned_in_a_closed_case(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    aanmelding = await aanmelding_van(wijk, persoon)
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [persoon], aanmeldingen=[aanmelding]))
    await wijk.schrijf("WIJKTEAM", lambda w: sluit(w, dossier, 1, Statusreden.AFGEROND))
    eigen = Voor(wijk.team, TEAM)
    for kader in (dossier, aanmelding, None):
        unit = partial(maak_taak, persoon=persoon, voor=eigen, kader=kader, tekst="Bel")
        await refused(wijk, "WIJKTEAM", DossierGesloten, unit, records=[*RECORDS, Afspraak])
    assert await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [persoon]))


async def test_nobody_is_reminded_of_a_task_about_somebody_they_are_held_back_from(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    team = Voor(wijk.team, TEAM)
    await wijk.schrijf("REGISSEUR", lambda w: maak_taak(w, persoon, team, kader=dossier, tekst="Bel", uiterlijk=MORGEN.date()))
    await afgeschermd(wijk, persoon, N0)
    wijk.klok.moment = MORGEN
    assert (await draai(wijk.wijkwerk, HERINNEREN, wijk.gemeente, "2027-03-02")).afloop is Afloop.KLAAR
    n = Notificatie.tabel()
    assert {row.partij_id for row in await wijk.rows(select(n.c.partij_id))} == {wijk.REGISSEUR, wijk.TEAMLEIDER}


async def met_partners(wijk: Wijk) -> tuple[UUID, dict[UUID, UUID]]:
    """A resident with whom dock is coupled and zorg has a consent, and a task in the case for each, by whom it is for."""
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 2))
    dossier = await wijk.dossier(persoon)
    dock, samen = Partij(wijk.dock, ORGANISATIE, N4), ["IDENTITEIT", "PLANNING"]
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, dock, "WMO_ALG_VOORZIENING", samen))
    consent = ([Ontvanger(wijk.zorg)], "ZORG_UITWISSELING", samen, Wijze.SCHRIFTELIJK, "v1", MORGEN.date())
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, dossier, persoon, *consent))
    taken = {}
    for voor in (Voor(wijk.DOCK, GEBRUIKER), Voor(wijk.dock, ORGANISATIE), Voor(wijk.zorg, ORGANISATIE)):
        unit = partial(maak_taak, persoon=persoon, voor=voor, soort=PARTNERTAAK, kader=dossier, tekst="Pillen")
        taken[voor.id] = await wijk.schrijf("WIJKTEAM", unit)
    return persoon, taken


async def test_a_partner_neither_sees_nor_finds_out_what_another_partner_has_to_do_for_a_resident(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, taken = await met_partners(wijk)
    mijn, ander = taken[wijk.DOCK], taken[wijk.zorg]
    seen = {"DOCK": {mijn, taken[wijk.dock]}, "BUURTCOACH": {mijn, taken[wijk.dock]}, "ZORG": {ander}, "WIJKTEAM": set(taken.values())}
    for rol, ids in seen.items():
        for filters in ({}, {Filter("kader_id"): (await rij(wijk, Taak, mijn)).kader_id}):
            rows = await wijk.lees(rol, lambda r, f=filters: r.page(Taak, ("tekst",), filters=f, first=10).rows)  # type: ignore[misc]
            assert {row.id for row in rows} == ids
    # whether another organisation or team works with the resident is not found out by giving it a task
    elders = [Voor(wijk.zorg, ORGANISATIE), Voor(wijk.bewoners, ORGANISATIE), Voor(wijk.team, TEAM), Voor(wijk.ander_team, TEAM)]
    for voor in elders:
        for unit in (
            partial(geef_door, id=mijn, versie=1, naar=voor),
            partial(maak_taak, persoon=persoon, voor=voor, soort=PARTNERTAAK, kader=None, tekst="Bel"),
        ):
            await refused(wijk, "DOCK", NietGevonden, unit, records=RECORDS)
    await refused(wijk, "DOCK", NietGevonden, lambda w: gedaan(w, Taak, ander, 1), records=RECORDS)
    await wijk.schrijf("DOCK", lambda w: geef_door(w, mijn, 1, Voor(wijk.BUURTCOACH, GEBRUIKER)))
    assert await wijk.schrijf("BUURTCOACH", lambda w: gedaan(w, Taak, mijn, 2)) == mijn


async def test_a_partner_goes_on_with_what_it_has_to_do_when_the_case_goes_to_another_team(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    _, taken = await met_partners(wijk)
    dossier = (await rij(wijk, Taak, taken[wijk.DOCK])).kader_id
    gebruiker = await collega(wijk, "WIJKTEAM", wijk.ander_team)
    aanbod = await doe(wijk, "WIJKTEAM", bied_aan, dossier, wijk.ander_team, "Verhuisd")
    await wijk.schrijf(wijk.actor("WIJKTEAM", gebruiker=gebruiker, team=wijk.ander_team), lambda w: neem_aan(w, aanbod, 1))
    assert {voor: (await rij(wijk, Taak, id)).voor_id for voor, id in taken.items()} == {voor: voor for voor in taken}


KAN_NIET = {"kaal": MORGEN.replace(tzinfo=None), "jaar 1": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))}


@pytest.mark.parametrize("moment", KAN_NIET.values(), ids=KAN_NIET)
@pytest.mark.parametrize("veld", ["begin", "einde"])
async def test_no_appointment_at_a_moment_that_can_not_be(wijk_vlug: Wijk, moment: datetime, veld: str) -> None:
    persoon = await wijk_vlug.inwoner()
    given = {"soort": Afspraaksoort.TELEFOON, "begin": MORGEN, "einde": MORGEN + timedelta(hours=1)} | {veld: moment}
    error = await refused(wijk_vlug, "WIJKTEAM", OngeldigeInvoer, lambda w: maak(w, persoon, given), records=[Afspraak])
    assert error.veld == veld


@pytest.mark.parametrize("vraag", ["", "\x00", "x" * 4001], ids=["leeg", "nul", "lang"])
async def test_the_question_of_a_case_is_a_text(wijk_vlug: Wijk, vraag: str) -> None:
    persoon = await wijk_vlug.inwoner()
    error = await refused(wijk_vlug, "WIJKTEAM", OngeldigeInvoer, lambda w: open_dossier(w, [persoon], vraag=vraag), records=RECORDS)
    assert error.veld == "vraag"
