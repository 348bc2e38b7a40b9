"""Whom a case is about and who directs it: residents and casusregisseurs come and go, and with them who is let in to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.access.register import WMO_ONDERZOEK
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstap, Statusreden, leden_van
from wijkwerk.dossiers.leden import MAX_LEDEN, lid_vertrekt, voeg_lid_toe
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.overdragen import bied_aan
from wijkwerk.dossiers.regisseur import wijs_regisseur_aan
from wijkwerk.dossiers.status import NogAfspraken, houd_aan
from wijkwerk.errors import NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol, voeg_toe
from wijkwerk.notities.notitie import Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.partners.koppelen import koppel
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.dossiers import RECORDS, collega, doe, rij
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.samenvoegingen import ongedaan, samen
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def elders(wijk: Wijk, rol: str = "WIJKTEAM") -> Actor:
    """Somebody of the other team."""
    return wijk.actor(rol, gebruiker=await collega(wijk, rol, wijk.ander_team), team=wijk.ander_team)


async def deuren(wijk: Wijk, kader: UUID) -> set[tuple[UUID, UUID]]:
    """Which party is let in to whom within a case, now."""
    b = Betrokkenheid.tabel()
    rows = await wijk.rows(select(b.c.partij_id, b.c.persoon_id).where(b.c.kader_id == kader, b.c.tot.is_(None)))
    return {(row.partij_id, row.persoon_id) for row in rows}


async def test_a_case_of_a_household_is_about_its_members_of_today_in_reach(wijk: Wijk) -> None:
    moeder, kind, ex = [await wijk.inwoner(naam) for naam in ("Moulin", "Moulin", "Vink")]
    huis = (await rij(wijk, Huishoudlid, await wijk.schrijf("WIJKTEAM", lambda w: in_huis(w, moeder, None)))).huishouden_id
    await wijk.schrijf("WIJKTEAM", lambda w: in_huis(w, kind, huis))
    await wijk.schrijf("WIJKTEAM", lambda w: in_huis(w, ex, huis, BEGIN.date() - timedelta(days=1)))
    buiten = await wijk.inwoner("Elders", rol=await elders(wijk))
    values = {"huishouden_id": huis, "rol": Huishoudrol.MEDEBEWONER, "soort": "PARTICULIER", "van": date(2026, 1, 1)}
    await wijk.wijkwerk.database.transact(lambda c: wijk.put(c, Huishoudlid, persoon_id=buiten, **values) and None)
    leeg = (await rij(wijk, Huishoudlid, await wijk.schrijf("WIJKTEAM", lambda w: in_huis(w, ex, None)))).huishouden_id
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [], huishouden=huis))
    assert set(await wijk.schrijf("WIJKTEAM", lambda w: leden_van(w, dossier))) == {moeder, kind}
    row = await rij(wijk, Dossier, dossier)
    assert (row.huishouden_id, row.domein) == (huis, WMO_ONDERZOEK.domein)
    await refused(wijk, "WIJKTEAM", NietGevonden, lambda w: open_dossier(w, [], huishouden=dossier), records=RECORDS)
    await refused(wijk, await elders(wijk), NietGevonden, lambda w: open_dossier(w, [], huishouden=leeg), records=RECORDS)


def in_huis(work: Work, persoon: UUID, huis: UUID | None, tot: date | None = None) -> UUID:
    return voeg_toe(work, persoon, huis, Huishoudrol.HOOFD, date(2026, 1, 1), tot=tot)


async def test_a_report_of_another_team_about_the_same_resident_is_not_taken_along(wijk: Wijk) -> None:
    persoon, actor = await wijk.inwoner(bsn=BSN), await elders(wijk)
    assert await wijk.schrijf(actor, lambda w: aanmelden(w, {"geslachtsnaam": "Moulin", "bsn": BSN})) == persoon
    a = Aanmelding.tabel()
    [[theirs]] = await wijk.rows(select(a.c.id).where(a.c.team_id == wijk.ander_team))
    unit: Callable[[Work], UUID] = lambda w: open_dossier(w, [persoon], aanmeldingen=[theirs])  # noqa: E731
    await refused(wijk, "WIJKTEAM", NietGevonden, unit, records=(*RECORDS, Aanmelding))


async def test_a_resident_who_is_added_is_seen_by_team_and_offered_team_and_not_by_partners(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier, ontvanger = await wijk.dossier(een), await elders(wijk)
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, een, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT"]))
    await doe(wijk, "WIJKTEAM", bied_aan, dossier, wijk.ander_team, "Verhuisd")
    assert await doe(wijk, "WIJKTEAM", voeg_lid_toe, dossier, ander) == dossier
    seen = await deuren(wijk, dossier)
    assert {partij for partij, persoon in seen if persoon == ander} == {wijk.team, wijk.REGISSEUR, wijk.ander_team}
    assert await wijk.lees("DOCK", lambda r: r.one(Persoon, (), ander)) is None
    nu = replace(ontvanger, moment=wijk.klok.nu())
    assert await wijk.lees(nu, lambda r: r.one(Persoon, (), ander)) is not None
    versie = (await rij(wijk, Dossier, dossier)).versie
    unknown = await wijk.inwoner("Elders", rol=nu)
    for persoon, fout in ((ander, OngeldigeInvoer), (unknown, NietGevonden), (dossier, NietGevonden)):
        await refused(wijk, "WIJKTEAM", fout, lambda w, p=persoon: voeg_lid_toe(w, dossier, versie, p), records=RECORDS)  # type: ignore[misc]
    await refused(wijk, "WIJKTEAM", VersieVerouderd, lambda w: voeg_lid_toe(w, dossier, versie - 1, ander), records=RECORDS)


async def test_who_leaves_is_seen_by_nobody_through_the_case_and_their_tasks_lapse(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(een, ander)
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda w: [koppel(w, dossier, p, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT"]) for p in (een, ander)])
    voor = Voor(wijk.team, Partijsoort.TEAM)
    taken = [await wijk.schrijf("WIJKTEAM", lambda w, p=p: maak_taak(w, p, voor, kader=dossier, tekst="Bel")) for p in (een, ander)]  # type: ignore[misc]
    note = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, ander, Notitiesoort.CONTACTVERSLAG, verteld("Gesprek")))
    assert await doe(wijk, "WIJKTEAM", lid_vertrekt, dossier, ander) == dossier
    assert {persoon for _, persoon in await deuren(wijk, dossier)} == {een}
    assert [(await rij(wijk, Taak, taak)).status for taak in taken] == [Taakstatus.OPEN, Taakstatus.VERVALLEN]
    assert await wijk.lees("REGISSEUR", lambda r: r.by_key(Notitieversie, (), "notitie_id", [note])) == []
    assert await wijk.lees("DOCK", lambda r: (r.one(Persoon, (), een) is None, r.one(Persoon, (), ander) is None)) == (False, True)
    assert await wijk.schrijf("WIJKTEAM", lambda w: leden_van(w, dossier)) == [een]
    versie = (await rij(wijk, Dossier, dossier)).versie
    for persoon, fout in ((een, OngeldigeInvoer), (ander, NietGevonden)):
        await refused(wijk, "WIJKTEAM", fout, lambda w, p=persoon: lid_vertrekt(w, dossier, versie, p), records=RECORDS)  # type: ignore[misc]
    await doe(wijk, "WIJKTEAM", voeg_lid_toe, dossier, ander)
    assert {partij for partij, persoon in await deuren(wijk, dossier) if persoon == ander} == {wijk.team, wijk.REGISSEUR}
    d = Dossierlid.tabel()
    assert len(await wijk.rows(select(d.c.id).where(d.c.persoon_id == ander))) == 2


async def test_who_has_an_appointment_to_come_does_not_leave(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(een, ander)
    tijd = {"begin": BEGIN + timedelta(days=1), "einde": BEGIN + timedelta(days=1, hours=1)}
    wie = {"persoon_id": ander, "kader_id": dossier, "met_id": wijk.WIJKTEAM, "soort": Afspraaksoort.TELEFOON}
    await wijk.wijkwerk.database.transact(lambda c: wijk.put(c, Afspraak, status=Afspraakstatus.GEPLAND, **tijd, **wie) and None)
    await refused(wijk, "WIJKTEAM", NogAfspraken, lambda w: lid_vertrekt(w, dossier, 1, ander), records=RECORDS)


async def test_a_case_is_full_at_twenty(wijk: Wijk) -> None:
    personen = [await wijk.inwoner() for _ in range(MAX_LEDEN + 1)]
    dossier = await wijk.dossier(*personen[:-1])
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: voeg_lid_toe(w, dossier, 1, personen[-1]), records=RECORDS)


async def test_of_two_members_who_were_one_the_last_door_ends_too(wijk: Wijk) -> None:
    begin, een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen"), await wijk.inwoner("Janssen")
    dossier = await wijk.dossier(begin, een, ander)
    await samen(wijk, een, ander)
    assert {persoon for _, persoon in await deuren(wijk, dossier)} == {begin, een}
    await doe(wijk, "WIJKTEAM", lid_vertrekt, dossier, een)
    assert {persoon for _, persoon in await deuren(wijk, dossier)} == {begin}


async def test_a_member_who_comes_back_by_undoing_a_merge_is_let_in_with_the_next_change(wijk: Wijk) -> None:
    een, ander, nieuw = await wijk.inwoner("Jansen"), await wijk.inwoner("Janssen"), await collega(wijk, "REGISSEUR", wijk.team)
    dossier = await wijk.dossier(een, ander)
    samenvoeging = await samen(wijk, een, ander)
    await doe(wijk, "WIJKTEAM", wijs_regisseur_aan, dossier, nieuw)
    await ongedaan(wijk, samenvoeging)
    await doe(wijk, "WIJKTEAM", houd_aan, dossier, Statusreden.WACHTLIJST)
    partijen = {wijk.team, nieuw}
    assert await deuren(wijk, dossier) == {(partij, persoon) for partij in partijen for persoon in (een, ander)}


async def test_another_casusregisseur_takes_over_door_and_tasks_and_none_leaves_them_to_the_team(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(bsn=BSN)
    dossier, nieuw = await wijk.dossier(persoon), await collega(wijk, "REGISSEUR", wijk.team)
    voor = Voor(wijk.REGISSEUR, Partijsoort.GEBRUIKER)
    taak = await wijk.schrijf("WIJKTEAM", lambda w: maak_taak(w, persoon, voor, kader=dossier, tekst="Bel"))
    assert await doe(wijk, "WIJKTEAM", wijs_regisseur_aan, dossier, nieuw) == dossier
    assert await deuren(wijk, dossier) == {(wijk.team, persoon), (nieuw, persoon)}
    row: Any = await wijk.lees("REGISSEUR", lambda r: r.one(Persoon, ("bsn",), persoon))
    assert (row.bsn, (await rij(wijk, Taak, taak)).voor_id) == (None, nieuw)
    zelf = wijk.actor("REGISSEUR", gebruiker=nieuw)
    shown: Any = await wijk.lees(zelf, lambda r: r.one(Persoon, ("bsn",), persoon))
    assert shown.bsn == BSN
    versie = (await rij(wijk, Dossier, dossier)).versie
    before = await wijk.rows(select(Dossierstap.tabel()))
    await wijk.schrijf("WIJKTEAM", lambda w: wijs_regisseur_aan(w, dossier, versie, nieuw))  # already so
    assert await wijk.rows(select(Dossierstap.tabel())) == before
    for rol, wie in (("REGISSEUR", wijk.REGISSEUR), ("WIJKTEAM", wijk.KLANTMANAGER), ("WIJKTEAM", dossier)):
        unit: Callable[[Work], UUID] = lambda w, wie=wie: wijs_regisseur_aan(w, dossier, versie, wie)  # type: ignore[misc] # noqa: E731
        assert (await refused(wijk, rol, OngeldigeInvoer, unit, records=RECORDS)).veld == "regisseur"
    await doe(wijk, zelf, wijs_regisseur_aan, dossier, None)
    found = await rij(wijk, Taak, taak)
    assert (found.voor_id, found.voor_soort) == (wijk.team, Partijsoort.TEAM)
    assert await deuren(wijk, dossier) == {(wijk.team, persoon)}
