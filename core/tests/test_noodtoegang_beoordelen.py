"""Break-glass judged: by somebody else, once, with reasons; what follows; and who hears of one that nobody judges (domain.md 3.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.dossiers.dossier import Statusreden
from wijkwerk.dossiers.status import sluit as sluit_dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.noodtoegang import escaleren
from wijkwerk.noodtoegang.beoordelen import beoordeel
from wijkwerk.noodtoegang.escaleren import NAKIJKEN
from wijkwerk.noodtoegang.noodtoegang import Noodoordeel, Noodreden, Noodtoegang
from wijkwerk.noodtoegang.openen import Geopend
from wijkwerk.personen import Persoon
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.declare import Record
from wijkwerk.records.types.datum import Datum
from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.testing.dossiers import collega, rij
from wijkwerk.testing.noodtoegang import elders, in_nood
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
RECORDS: list[type[Record]] = [Noodtoegang, Betrokkenheid, Notificatie, Taak, AlgemeneTaak]
TERECHT = partial(beoordeel, oordeel=Noodoordeel.TERECHT, omdat="Er was gevaar")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def geopend(wijk: Wijk, *, dossier: bool = True, reden: Noodreden = Noodreden.ACUUT_GEVAAR) -> Geopend:
    """Somebody of the other team looks at a resident, who has a case with the team or only a report that ran out."""
    persoon = await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2))
    if dossier:
        await wijk.dossier(persoon)
    else:
        b = Betrokkenheid.tabel()
        await wijk.change(update(b).where(b.c.persoon_id == persoon).values(tot=wijk.klok.nu()))
    found = await in_nood(wijk, elders(wijk), reden=reden)
    assert isinstance(found, Geopend)
    return found


async def berichten(wijk: Wijk, gebruiker: UUID) -> list[str]:
    n = Notificatie.tabel()
    return sorted(row.soort for row in await wijk.rows(select(n.c.soort).where(n.c.partij_id == gebruiker)))


async def test_the_team_leader_judges_it_once_and_the_task_is_over(wijk: Wijk) -> None:
    nood = await geopend(wijk)
    velden = ("toelichting", "reden", "gebruiker_id", "rol", "beoordeeld")
    [gezien] = await wijk.lees("TEAMLEIDER", lambda r: r.by_key(Noodtoegang, velden, "id", [nood.noodtoegang]))
    assert (gezien.toelichting[:8], gezien.gebruiker_id, gezien.beoordeeld) == ("De buren", wijk.WIJKTEAM, False)
    for omdat in ("", " ", "x" * 5000):
        unit = partial(TERECHT, id=nood.noodtoegang, versie=1, omdat=omdat)
        await refused(wijk, "TEAMLEIDER", OngeldigeInvoer, unit, records=RECORDS)
    await refused(wijk, "TEAMLEIDER", VersieVerouderd, partial(TERECHT, id=nood.noodtoegang, versie=2), records=RECORDS)
    await wijk.schrijf("TEAMLEIDER", partial(TERECHT, id=nood.noodtoegang, versie=1))
    velden = ("oordeel", "oordeel_omdat", "toelichting", "beoordeeld_door_id", "tot")
    [na] = await wijk.lees("REGISSEUR", lambda r: r.by_key(Noodtoegang, (*velden, "versie"), "id", [nood.noodtoegang]))
    assert (na.oordeel, na.oordeel_omdat, na.beoordeeld_door_id, na.versie) == ("TERECHT", "Er was gevaar", wijk.TEAMLEIDER, 2)
    assert (na.toelichting[:8], na.tot) == ("De buren", nood.tot)
    t = Taak.tabel()
    assert [row.status for row in await wijk.rows(select(t.c.status).where(t.c.bron_id == nood.noodtoegang))] == ["VERVALLEN"]
    regel = next(r for r in await wijk.log() if r["gebeurtenis"] == "NOODTOEGANG_BEOORDEELD")
    assert (regel["gebruiker"], regel["details"]) == (wijk.TEAMLEIDER.hex, {"noodtoegang": nood.noodtoegang.hex, "oordeel": "TERECHT"})
    for rol in ("TEAMLEIDER", "REGISSEUR"):
        await refused(wijk, rol, OngeldigeInvoer, partial(TERECHT, id=nood.noodtoegang, versie=2), records=RECORDS)
    assert await berichten(wijk, wijk.FG) == []
    assert await wijk.lees(elders(wijk), lambda r: r.one(Persoon, (), nood.persoon)) is not None


async def test_nobody_judges_ones_own_nor_that_of_who_is_stood_in_for_nor_through_break_glass(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2))
    await wijk.dossier(persoon)
    gebruiker = await collega(wijk, "REGISSEUR", wijk.ander_team)
    eerste = await in_nood(wijk, wijk.actor("REGISSEUR", gebruiker=gebruiker, team=wijk.ander_team))
    assert isinstance(eerste, Geopend)
    ik = partial(wijk.actor, "REGISSEUR", gebruiker=gebruiker, team=wijk.ander_team)
    unit = partial(TERECHT, id=eerste.noodtoegang, versie=1)
    await refused(wijk, ik(), GeenRecht, unit, records=RECORDS)
    ander = await collega(wijk, "REGISSEUR", wijk.ander_team)
    zij = partial(wijk.actor, "REGISSEUR", gebruiker=ander, team=wijk.ander_team)
    await refused(wijk, zij(), NietGevonden, unit, records=RECORDS)
    assert isinstance(await in_nood(wijk, zij()), Geopend)
    await refused(wijk, zij(), GeenRecht, unit, records=RECORDS)
    for rol in ("WIJKTEAM", "CRISISDIENST", "FG", "PRIVACY_OFFICER", "BEHEER", "DOCK", "KLANTMANAGER"):
        await refused(wijk, rol, GeenRecht, unit, records=RECORDS)
    invaller = replace(wijk.actor("REGISSEUR"), vervangt=(gebruiker,))
    await refused(wijk, invaller, GeenRecht, unit, records=RECORDS)
    await wijk.schrijf("REGISSEUR", unit)


async def test_one_that_was_not_justified_ends_at_once_and_the_fg_hears_of_a_possible_breach(wijk: Wijk) -> None:
    nood = await geopend(wijk)
    await wijk.schrijf("TEAMLEIDER", partial(beoordeel, id=nood.noodtoegang, versie=1, oordeel=Noodoordeel.ONTERECHT, omdat="Nieuwsgierig"))
    assert await wijk.lees(elders(wijk), lambda r: r.one(Persoon, (), nood.persoon)) is None
    for wie in (wijk.FG, wijk.PRIVACY_OFFICER):
        assert await berichten(wijk, wie) == ["NOODTOEGANG_ONTERECHT"]
    [bericht] = (await wijk.lees("FG", lambda r: r.page(Notificatie, ("soort", "over_id"), first=5))).rows
    assert bericht.over_id == nood.noodtoegang
    row = await rij(wijk, Noodtoegang, nood.noodtoegang)
    assert row.gemeld_aan_fg_op == row.beoordeeld_op == row.tot < nood.tot
    for rol in ("FG", "PRIVACY_OFFICER"):
        with pytest.raises(GeenRecht):
            await wijk.lees(rol, lambda r: r.one(Noodtoegang, (), nood.noodtoegang))


async def test_without_a_case_the_leader_of_the_users_own_team_judges_and_sees_nothing_else(wijk: Wijk) -> None:
    eigen = await collega(wijk, "TEAMLEIDER", wijk.ander_team)
    nood = await geopend(wijk, dossier=False)
    leider = partial(wijk.actor, "TEAMLEIDER", gebruiker=eigen, team=wijk.ander_team)
    assert (await rij(wijk, Noodtoegang, nood.noodtoegang)).beoordeel_team_id == wijk.ander_team
    assert await berichten(wijk, eigen) == ["NOODTOEGANG_GEOPEND"]
    assert await berichten(wijk, wijk.TEAMLEIDER) == await berichten(wijk, wijk.FG) == []
    t = AlgemeneTaak.tabel()
    [taak] = await wijk.rows(select(t).where(t.c.bron_id == nood.noodtoegang))
    assert (taak.partij_id, taak.voor_rol, taak.status) == (wijk.ander_team, "TEAMLEIDER", "OPEN")
    assert await wijk.lees(leider(), lambda r: (r.count(Persoon), r.count(Noodtoegang))) == (0, 1)
    await refused(wijk, leider(), NietGevonden, lambda w: w.get(Noodtoegang, nood.noodtoegang), records=RECORDS)
    await wijk.schrijf(leider(), partial(TERECHT, id=nood.noodtoegang, versie=1))
    assert await wijk.lees(leider(), lambda r: r.count(Noodtoegang)) == 0
    assert [row.status for row in await wijk.rows(select(t.c.status))] == ["VERVALLEN"]


async def test_without_anybody_to_judge_who_oversees_hears_it_at_once(wijk: Wijk) -> None:
    nood = await geopend(wijk, dossier=False)
    for wie in (wijk.FG, wijk.PRIVACY_OFFICER):
        assert await berichten(wijk, wie) == ["NOODTOEGANG_ZONDER_TEAM"]
    assert await wijk.rows(select(AlgemeneTaak.tabel())) == await wijk.rows(select(Taak.tabel())) == []
    assert (await rij(wijk, Noodtoegang, nood.noodtoegang)).beoordeel_team_id is None


async def test_without_a_team_leader_the_casusregisseur_judges(wijk: Wijk) -> None:
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.rol == "TEAMLEIDER").values(tot=date(2026, 12, 31)))
    nood = await geopend(wijk)
    t = Taak.tabel()
    [taak] = await wijk.rows(select(t).where(t.c.bron_id == nood.noodtoegang))
    assert taak.voor_id == wijk.REGISSEUR
    await wijk.schrijf("REGISSEUR", partial(TERECHT, id=nood.noodtoegang, versie=1))


async def test_a_case_that_closes_in_between_takes_the_judge_nothing(wijk: Wijk) -> None:
    nood = await geopend(wijk, reden=Noodreden.VEILIGHEID_KIND)
    b = Betrokkenheid.tabel()
    [(dossier,)] = await wijk.rows(select(b.c.kader_id).where(b.c.bron == Bron.DOSSIER).distinct())
    await wijk.change(update(b).where(b.c.bron == Bron.AANMELDING).values(tot=wijk.klok.nu()))
    await wijk.schrijf("WIJKTEAM", lambda w: sluit_dossier(w, dossier, 1, Statusreden.AFGEROND))
    assert await wijk.lees("WIJKTEAM", lambda r: r.count(Noodtoegang)) == 0
    await wijk.schrijf("TEAMLEIDER", partial(TERECHT, id=nood.noodtoegang, versie=1))


async def test_after_five_working_days_the_fg_hears_of_it_once_also_when_a_run_is_stopped(
    wijk: Wijk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1 March 2027 is a Monday: the fifth working day is Monday the 8th, and the 9th is after it."""
    monkeypatch.setattr(escaleren, "PER_STAP", 1)
    nood = await geopend(wijk)
    tweede = await in_nood(wijk, wijk.actor("CRISISDIENST", team=wijk.ander_team))
    assert isinstance(tweede, Geopend)

    async def loop(dag: str) -> Afloop:
        return (await draai(wijk.wijkwerk, NAKIJKEN, wijk.gemeente, dag)).afloop

    wijk.klok.moment += timedelta(days=7)
    assert await loop("2027-03-08") is Afloop.KLAAR
    assert await berichten(wijk, wijk.FG) == []
    wijk.klok.moment += timedelta(days=1)
    assert await loop("2027-03-09") is Afloop.KLAAR
    assert await berichten(wijk, wijk.FG) == ["NOODTOEGANG_TE_LAAT"] * 2
    assert await berichten(wijk, wijk.PRIVACY_OFFICER) == []
    wijk.klok.moment += timedelta(days=1)
    assert await loop("2027-03-10") is Afloop.KLAAR
    assert await berichten(wijk, wijk.FG) == ["NOODTOEGANG_TE_LAAT"] * 2
    row = await rij(wijk, Noodtoegang, nood.noodtoegang)
    assert (row.gemeld_aan_fg_op is not None, row.versie) == (True, 1)
    await wijk.schrijf("TEAMLEIDER", partial(TERECHT, id=nood.noodtoegang, versie=1))


async def test_without_an_fg_nothing_is_marked_and_it_is_tried_again(wijk: Wijk) -> None:
    nood = await geopend(wijk)
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.rol == "FG").values(tot=date(2026, 12, 31)))
    wijk.klok.moment += timedelta(days=9)
    await draai(wijk.wijkwerk, NAKIJKEN, wijk.gemeente, "2027-03-10")
    assert (await rij(wijk, Noodtoegang, nood.noodtoegang)).gemeld_aan_fg_op is None
    await wijk.change(update(a).where(a.c.rol == "FG").values(tot=None))
    wijk.klok.moment += timedelta(days=1)
    await draai(wijk.wijkwerk, NAKIJKEN, wijk.gemeente, "2027-03-11")
    assert await berichten(wijk, wijk.FG) == ["NOODTOEGANG_TE_LAAT"]
    await refused(wijk, "FG", GeenRecht, partial(escaleren.stap, periode="2027-03-12", plek=None), records=RECORDS)
