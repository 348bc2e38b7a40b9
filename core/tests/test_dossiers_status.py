"""Where a case stands: what may follow what, what closing ends, when the retention clock runs, and what opening again brings back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.dossier import Dossier, Dossierstap, Dossierstapsoort, Dossierstatus, Statusreden
from wijkwerk.dossiers.leden import voeg_lid_toe
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.overdragen import bied_aan
from wijkwerk.dossiers.regisseur import wijs_regisseur_aan
from wijkwerk.dossiers.status import NogAfspraken, OvergangKanNiet, heropen, hervat, houd_aan, mogelijk, sluit
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.meewerken import DossierGesloten
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.partners.koppelen import koppel
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.dossiers import RECORDS, collega, doe, rij
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.intrekken import trek_in
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemmingstatus, Wijze

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")
STAPPEN: dict[str, Callable[..., UUID]] = {
    "aanhouden": partial(houd_aan, reden=Statusreden.WACHTLIJST),
    "hervatten": hervat,
    "sluiten": partial(sluit, reden=Statusreden.AFGEROND),
    "heropenen": partial(heropen, reden=Statusreden.NIEUWE_VRAAG),
}
KAN = {
    "OPEN": {"aanhouden": "AANGEHOUDEN", "sluiten": "GESLOTEN"},
    "AANGEHOUDEN": {"hervatten": "OPEN", "sluiten": "GESLOTEN"},
    "GESLOTEN": {"heropenen": "HEROPEND"},
    "HEROPEND": {"aanhouden": "AANGEHOUDEN", "sluiten": "GESLOTEN"},
}
HEEN = {"OPEN": (), "AANGEHOUDEN": ("aanhouden",), "GESLOTEN": ("sluiten",), "HEROPEND": ("sluiten", "heropenen")}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.mark.parametrize("status", list(Dossierstatus))
async def test_what_may_follow_is_done_and_told_and_the_rest_is_refused_with_what_can(wijk: Wijk, status: Dossierstatus) -> None:
    persoon = await wijk.inwoner()
    for woord, stap in STAPPEN.items():
        dossier = await wijk.dossier(persoon)
        for heen in HEEN[status]:
            await doe(wijk, "WIJKTEAM", STAPPEN[heen], dossier)
        if (naar := KAN[status].get(woord)) is not None:
            assert await doe(wijk, "WIJKTEAM", stap, dossier) == dossier
            assert (await rij(wijk, Dossier, dossier)).status == naar
            continue
        versie = (await rij(wijk, Dossier, dossier)).versie
        error = await refused(wijk, "WIJKTEAM", OvergangKanNiet, partial(stap, dossier=dossier, versie=versie), records=RECORDS)
        assert error.code == "OVERGANG_KAN_NIET"
        assert {kan for kan in STAPPEN if kan in error.melding} == set(KAN[status])
    assert len(mogelijk(status)) == len(KAN[status])


async def test_every_step_is_told_with_its_reason_and_going_on_after_opening_again_stays_so(wijk: Wijk) -> None:
    dossier = await wijk.dossier(await wijk.inwoner())
    uitleg = "Mevrouw is op reis"
    await doe(wijk, "WIJKTEAM", houd_aan, dossier, Statusreden.ANDERS, uitleg)
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("status", "reden"), dossier))
    assert (row.status, row.reden) == ("AANGEHOUDEN", "ANDERS")
    for naam in ("hervatten", "sluiten", "heropenen", "aanhouden", "hervatten"):
        await doe(wijk, "WIJKTEAM", STAPPEN[naam], dossier)
    row = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("status", "reden"), dossier))
    assert (row.status, row.reden) == ("HEROPEND", None)
    velden = ("soort", "reden", "toelichting", "door_id")
    stappen = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Dossierstap, velden, "dossier_id", [dossier], order=("op",)))
    soorten = ["GEOPEND", "AANGEHOUDEN", "HERVAT", "GESLOTEN", "HEROPEND", "AANGEHOUDEN", "HERVAT"]
    assert [stap.soort for stap in stappen] == soorten
    assert (stappen[1].reden, stappen[1].toelichting, stappen[1].door_id) == ("ANDERS", uitleg, wijk.WIJKTEAM)
    assert uitleg not in str(await wijk.log())


async def test_a_reason_has_to_fit_and_another_one_has_to_be_told(wijk: Wijk) -> None:
    dossier = await wijk.dossier(await wijk.inwoner())
    wrong: list[tuple[Callable[..., UUID], Any, str | None, str]] = [
        (houd_aan, Statusreden.AFGEROND, None, "reden"), (sluit, Statusreden.WACHTLIJST, None, "reden"), (sluit, None, None, "reden"),
        (sluit, Statusreden.ANDERS, None, "toelichting"), (sluit, Statusreden.ANDERS, "  ", "toelichting"),
        (houd_aan, Statusreden.WACHTLIJST, "x" * 4001, "toelichting"),
    ]  # fmt: skip
    for service, reden, tekst, veld in wrong:
        unit = partial(service, dossier=dossier, versie=1, reden=reden, toelichting=tekst)
        assert (await refused(wijk, "WIJKTEAM", OngeldigeInvoer, unit, records=RECORDS)).veld == veld


async def partner(wijk: Wijk, dossier: UUID, persoon: UUID) -> UUID:
    """A coupling of dock, a consent for zorg, a note and a task; the consent."""
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT"]))
    await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld("Gesprek")))
    await wijk.schrijf("WIJKTEAM", lambda w: maak_taak(w, persoon, Voor(wijk.WIJKTEAM, Partijsoort.GEBRUIKER), kader=dossier, tekst="Bel"))
    given = (
        [Ontvanger(wijk.zorg)],
        "ZORG_UITWISSELING",
        ["IDENTITEIT", "ADL"],
        Wijze.SCHRIFTELIJK,
        "v1",
        BEGIN.date() + timedelta(days=90),
    )
    return await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, dossier, persoon, *given))


async def sees(wijk: Wijk, rol: str, persoon: UUID) -> bool:
    return await wijk.lees(rol, lambda r: r.one(Persoon, (), persoon)) is not None


async def test_closing_ends_all_but_a_little_for_the_team_and_opening_again_brings_no_partner_back(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(bsn=BSN, geboortedatum=Datum(1956, 11, 2))
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: open_met_aanmelding(w, wijk, persoon))
    toestemming = await partner(wijk, dossier, persoon)
    assert [await sees(wijk, rol, persoon) for rol in ("DOCK", "ZORG", "REGISSEUR")] == [True, True, True]
    await doe(wijk, "WIJKTEAM", STAPPEN["sluiten"], dossier)
    assert [await sees(wijk, rol, persoon) for rol in ("DOCK", "ZORG", "WIJKTEAM")] == [False, False, True]
    for rol in ("WIJKTEAM", "REGISSEUR"):
        assert await wijk.lees(rol, lambda r: (r.count(Dossier), r.count(Notitie), r.count(Notitieversie))) == (1, 0, 0)
        row: Any = await wijk.lees(rol, lambda r: r.one(Persoon, ("bsn", "geslachtsnaam", "straat"), persoon))
        assert (row.bsn, row.straat, row.beperkt, row.geslachtsnaam) == (None, None, True, "Moulin")
    assert {taak.status for taak in await wijk.rows(select(Taak.tabel().c.status))} == {Taakstatus.VERVALLEN}
    assert (await rij(wijk, Toestemming, toestemming)).status is Toestemmingstatus.GEGEVEN  # the resident did not withdraw it
    await doe(wijk, "WIJKTEAM", STAPPEN["heropenen"], dossier)
    assert [await sees(wijk, rol, persoon) for rol in ("DOCK", "ZORG")] == [False, False]
    shown: Any = await wijk.lees("REGISSEUR", lambda r: (r.one(Persoon, ("bsn",), persoon), r.count(Notitie)))
    assert (shown[0].bsn.waarde, shown[1]) == (BSN.waarde, 1)
    row = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("gesloten", "bewaren_tot", "regisseur_id"), dossier))
    assert (row.gesloten, row.bewaren_tot, row.regisseur_id) == (None, None, wijk.REGISSEUR)
    await wijk.schrijf("WIJKTEAM", lambda w: trek_in(w, toestemming))
    assert (await rij(wijk, Toestemming, toestemming)).status is Toestemmingstatus.INGETROKKEN


def open_met_aanmelding(work: Work, wijk: Wijk, persoon: UUID) -> UUID:
    [melding] = work.reader.by_key(Aanmelding, (), "persoon_id", [persoon])
    return open_dossier(work, [persoon], regisseur=wijk.REGISSEUR, aanmeldingen=[melding.id])


async def test_in_a_closed_case_nobody_is_let_in_added_appointed_or_offered_anything(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(persoon)
    await doe(wijk, "WIJKTEAM", STAPPEN["sluiten"], dossier)
    versie = (await rij(wijk, Dossier, dossier)).versie
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    given = ([Ontvanger(wijk.zorg)], "ZORG_UITWISSELING", ["ADL"], Wijze.SCHRIFTELIJK, "v1", BEGIN.date())
    units: list[tuple[str, Callable[[Work], UUID]]] = [
        ("REGISSEUR", lambda w: koppel(w, dossier, persoon, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT"])),
        ("WIJKTEAM", lambda w: leg_vast(w, dossier, persoon, *given)),
        ("WIJKTEAM", lambda w: voeg_lid_toe(w, dossier, versie, ander)),
        ("WIJKTEAM", lambda w: wijs_regisseur_aan(w, dossier, versie, None)),
        ("WIJKTEAM", lambda w: bied_aan(w, dossier, versie, wijk.ander_team, "Verhuisd")),
    ]
    for rol, unit in units:
        error = await refused(wijk, rol, DossierGesloten, unit, records=(*RECORDS, Toestemming))
        assert error.code == "DOSSIER_GESLOTEN"


@pytest.mark.parametrize(
    ("moment", "bewaren_tot"),
    [
        (datetime(2026, 1, 31, 12, tzinfo=UTC), date(2041, 1, 31)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), date(2043, 2, 28)),
        (datetime(2029, 12, 31, 23, 30, tzinfo=UTC), date(2045, 1, 1)),
        (datetime(2029, 6, 30, 22, 30, tzinfo=UTC), date(2044, 7, 1)),
    ],
    ids=["domain.md 4.3", "schrikkeldag", "in Amsterdam al 1 januari", "zomertijd"],
)
async def test_the_retention_clock_starts_on_the_day_of_closing_in_amsterdam(wijk: Wijk, moment: datetime, bewaren_tot: date) -> None:
    wijk.klok.moment = moment - timedelta(seconds=1)
    dossier = await wijk.dossier(await wijk.inwoner())
    wijk.klok.moment = moment
    await doe(wijk, "WIJKTEAM", STAPPEN["sluiten"], dossier)
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("bewaren_tot",), dossier))
    assert row.bewaren_tot == bewaren_tot


async def test_with_an_appointment_to_come_a_case_is_not_closed(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier, a = await wijk.dossier(persoon), Afspraak.tabel()
    begin, einde = BEGIN + timedelta(days=1), BEGIN + timedelta(days=1, hours=1)
    values = {"persoon_id": persoon, "kader_id": dossier, "met_id": wijk.WIJKTEAM, "begin": begin, "einde": einde}
    await wijk.wijkwerk.database.transact(
        lambda c: wijk.put(c, Afspraak, soort=Afspraaksoort.HUISBEZOEK, status=Afspraakstatus.GEPLAND, **values) and None
    )
    error = await refused(wijk, "WIJKTEAM", NogAfspraken, lambda w: STAPPEN["sluiten"](w, dossier, 1), records=RECORDS)
    assert (error.code, "Zeg die eerst af" in error.melding) == ("NOG_AFSPRAKEN", True)
    await wijk.change(update(a).values(status=Afspraakstatus.AFGEZEGD))
    assert await doe(wijk, "WIJKTEAM", STAPPEN["sluiten"], dossier) == dossier


async def test_a_casusregisseur_who_is_one_no_longer_does_not_come_back(wijk: Wijk) -> None:
    dossier = await wijk.dossier(await wijk.inwoner())
    await doe(wijk, "WIJKTEAM", STAPPEN["sluiten"], dossier)
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.REGISSEUR).values(tot=date(2027, 2, 1)))
    await doe(wijk, "WIJKTEAM", STAPPEN["heropenen"], dossier)
    assert (await rij(wijk, Dossier, dossier)).regisseur_id is None
    b, s = Betrokkenheid.tabel(), Dossierstap.tabel()
    open_doors = await wijk.rows(select(b.c.partij_id).where(b.c.bron_id == dossier, b.c.tot.is_(None)).distinct())
    assert [row.partij_id for row in open_doors] == [wijk.team]
    assert Dossierstapsoort.ZONDER_REGISSEUR in {row.soort for row in await wijk.rows(select(s.c.soort))}


async def test_who_does_not_hold_the_case_or_all_of_it_changes_nothing(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(een, ander)
    elders = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.ander_team), team=wijk.ander_team)
    sluiten = partial(STAPPEN["sluiten"], dossier=dossier, versie=1)
    for rol, fout in ((elders, NietGevonden), ("TEAMLEIDER", GeenRecht), ("DOCK", GeenRecht), ("KLANTMANAGER", GeenRecht)):
        await refused(wijk, rol, fout, sluiten, records=RECORDS)
    await refused(wijk, "WIJKTEAM", VersieVerouderd, partial(STAPPEN["sluiten"], dossier=dossier, versie=2), records=RECORDS)
    conflict = {"soort": Afschermsoort.BELANGENCONFLICT, "partij_id": wijk.WIJKTEAM, "niveau_tot": 0, "verbergt": True, "van": BEGIN}
    await wijk.wijkwerk.database.transact(lambda c: wijk.put(c, Afscherming, persoon_id=ander, **conflict) and None)
    await refused(wijk, "WIJKTEAM", NietGevonden, sluiten, records=RECORDS)
    assert await doe(wijk, "REGISSEUR", STAPPEN["sluiten"], dossier) == dossier
