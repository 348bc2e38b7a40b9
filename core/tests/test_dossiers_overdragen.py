"""Handing a case over: what the other team sees beforehand, and that everything changes hands at once, or nothing does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.dossier import Dossier, Dossierstap, Statusreden
from wijkwerk.dossiers.overdracht import Overdracht, Overdrachtstatus
from wijkwerk.dossiers.overdragen import OverdrachtAfgehandeld, bied_aan, neem_aan, trek_in, weiger
from wijkwerk.dossiers.status import sluit
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.notities.notitie import Notitie, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.organisaties import Team
from wijkwerk.partners.koppelen import beeindig, koppel
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.dossiers import RECORDS, collega, doe, rij
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")
DOCK = ("WMO_ALG_VOORZIENING", ["IDENTITEIT"])


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


class Twee:
    """A case of the one team with a coupled partner, and somebody of the other team to offer it to."""

    def __init__(self, wijk: Wijk) -> None:
        self.wijk = wijk

    async def begin(self, *, categorieen: tuple[str, ...] = ()) -> Twee:
        self.persoon = await self.wijk.inwoner(bsn=BSN, straat="Boterdiep", huisnummer=31)
        self.dossier = await self.wijk.dossier(self.persoon, vraag="Hulp in huis")
        self.gebruiker = await collega(self.wijk, "WIJKTEAM", self.wijk.ander_team)
        await self.wijk.schrijf("REGISSEUR", lambda w: koppel(w, self.dossier, self.persoon, dock(self.wijk), *DOCK))
        await self.wijk.schrijf(
            "WIJKTEAM", lambda w: schrijf(w, self.dossier, self.persoon, Notitiesoort.CONTACTVERSLAG, verteld("Gesprek"))
        )
        self.aanbod = await doe(self.wijk, "WIJKTEAM", bied_aan, self.dossier, self.wijk.ander_team, "Verhuisd", categorieen)
        return self

    def ontvanger(self, rol: str = "WIJKTEAM") -> Actor:
        return self.wijk.actor(rol, gebruiker=self.gebruiker, team=self.wijk.ander_team)

    async def partijen(self) -> set[tuple[UUID, Bron, int]]:
        b = Betrokkenheid.tabel()
        where = (b.c.kader_id == self.dossier, b.c.tot.is_(None))
        rows = await self.wijk.rows(select(b.c.partij_id, b.c.bron, b.c.niveau_tot).where(*where))
        return {(row.partij_id, row.bron, row.niveau_tot) for row in rows}


@pytest.fixture
async def twee(wijk: Wijk) -> Twee:
    return await Twee(wijk).begin()


async def sees(wijk: Wijk, wie: str | Actor, persoon: UUID) -> bool:
    return await wijk.lees(wie, lambda r: r.one(Persoon, (), persoon)) is not None


async def test_what_is_offered_is_seen_beforehand_and_nothing_else(wijk: Wijk) -> None:
    twee = await Twee(wijk).begin(categorieen=("ADRES",))
    row: Any = await wijk.lees(twee.ontvanger(), lambda r: r.one(Persoon, ("geslachtsnaam", "straat", "bsn"), twee.persoon))
    assert (row.geslachtsnaam, row.straat, row.bsn) == ("Moulin", "Boterdiep", None)
    found: Any = await wijk.lees(twee.ontvanger(), lambda r: (r.one(Dossier, ("status", "vraag"), twee.dossier), r.count(Notitie)))
    assert (found[0].status, found[0].vraag, found[1]) == ("OPEN", None, 0)
    [taak] = await wijk.lees(twee.ontvanger(), lambda r: r.by_key(Taak, ("soort", "voor_id"), "kader_id", [twee.dossier]))
    assert (taak.soort, taak.voor_id) == ("OVERDRACHT_BEOORDELEN", wijk.ander_team)
    reden: Any = await wijk.lees(twee.ontvanger(), lambda r: r.one(Overdracht, ("reden", "categorieen"), twee.aanbod))
    assert (reden.reden, set(reden.categorieen)) == ("Verhuisd", {"ADRES", "IDENTITEIT", "PLAN_EN_DOELEN"})


async def test_who_accepts_has_the_case_and_who_had_it_sees_nothing_any_more(wijk: Wijk, twee: Twee) -> None:
    voor = [Voor(wijk.WIJKTEAM, Partijsoort.GEBRUIKER), Voor(wijk.team, Partijsoort.TEAM)]
    taken = [await wijk.schrijf("WIJKTEAM", lambda w, v=v: maak_taak(w, twee.persoon, v, kader=twee.dossier, tekst="Bel")) for v in voor]  # type: ignore[misc]
    nieuw = await collega(wijk, "REGISSEUR", wijk.ander_team)
    assert await doe(wijk, twee.ontvanger(), neem_aan, twee.aanbod, nieuw, record=Overdracht) == twee.dossier
    assert await twee.partijen() == {
        (wijk.ander_team, Bron.DOSSIER, 6), (nieuw, Bron.DOSSIER, 7), (wijk.dock, Bron.KOPPELING, 4),
    }  # fmt: skip
    row = await rij(wijk, Dossier, twee.dossier)
    assert (row.team_id, row.regisseur_id) == (wijk.ander_team, nieuw)
    for rol in ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"):
        assert await wijk.lees(rol, lambda r: (r.count(Dossier), r.count(Taak))) == (0, 0)
    assert await wijk.lees("REGISSEUR", lambda r: r.count(Notitie)) == 0
    assert await wijk.lees(twee.ontvanger(), lambda r: r.count(Notitie)) == 1
    assert [(found := await rij(wijk, Taak, taak)).voor_id == wijk.ander_team and found.status for taak in taken] == [Taakstatus.OPEN] * 2
    t = Taak.tabel()
    [[status]] = await wijk.rows(select(t.c.status).where(t.c.bron_id == twee.aanbod))
    assert status is Taakstatus.GEDAAN
    s = Dossierstap.tabel()
    assert "OVERGEDRAGEN" in {stap.soort for stap in await wijk.rows(select(s.c.soort))}


async def test_the_partner_stays_and_the_new_team_can_end_it(wijk: Wijk, twee: Twee) -> None:
    await doe(wijk, twee.ontvanger(), neem_aan, twee.aanbod, record=Overdracht)
    assert await sees(wijk, "DOCK", twee.persoon)
    [row] = await wijk.rows(select(Koppeling.tabel().c.id))
    await refused(wijk, "REGISSEUR", NietGevonden, lambda w: beeindig(w, row.id, 1), records=[Betrokkenheid, Koppeling])
    await doe(wijk, twee.ontvanger("REGISSEUR"), beeindig, row.id, record=Koppeling)
    assert not await sees(wijk, "DOCK", twee.persoon)


async def test_who_refuses_or_whose_offer_is_taken_back_sees_nothing_any_more(wijk: Wijk, twee: Twee) -> None:
    assert await doe(wijk, twee.ontvanger(), weiger, twee.aanbod, "Wij zijn vol", record=Overdracht) == twee.aanbod
    shown: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Overdracht, ("status", "antwoord", "besloten_door_id"), twee.aanbod))
    assert (shown.status, shown.antwoord, shown.besloten_door_id) == ("GEWEIGERD", "Wij zijn vol", twee.gebruiker)
    tweede = await doe(wijk, "WIJKTEAM", bied_aan, twee.dossier, wijk.ander_team, "Toch")
    assert await sees(wijk, twee.ontvanger(), twee.persoon)
    assert await doe(wijk, "WIJKTEAM", trek_in, tweede, record=Overdracht) == tweede
    assert not await sees(wijk, twee.ontvanger(), twee.persoon)
    assert (await rij(wijk, Dossier, twee.dossier)).team_id == wijk.team
    t = Taak.tabel()
    rows = await wijk.rows(select(t.c.status).order_by(t.c.gemaakt_op))
    assert [row.status for row in rows] == [Taakstatus.GEDAAN, Taakstatus.VERVALLEN]
    later: tuple[tuple[str | Actor, Callable[..., UUID], type[WijkwerkError]], ...] = (
        ("WIJKTEAM", trek_in, OverdrachtAfgehandeld), (twee.ontvanger(), neem_aan, NietGevonden),
    )  # fmt: skip
    for wie, service, fout in later:
        await refused(wijk, wie, fout, lambda w, service=service: service(w, tweede, 2), records=RECORDS)  # type: ignore[misc]


async def test_only_who_it_is_up_to_decides(wijk: Wijk, twee: Twee) -> None:
    derde = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.team), team=nieuw_id())
    units: list[tuple[str | Actor, type[WijkwerkError], Callable[[Work], Any]]] = [
        ("WIJKTEAM", GeenRecht, lambda w: neem_aan(w, twee.aanbod, 1)),
        ("WIJKTEAM", GeenRecht, lambda w: weiger(w, twee.aanbod, 1, "Nee")),
        (twee.ontvanger(), GeenRecht, lambda w: trek_in(w, twee.aanbod, 1)),
        (twee.ontvanger(), GeenRecht, lambda w: sluit(w, twee.dossier, 1, Statusreden.AFGEROND)),
        (twee.ontvanger("REGISSEUR"), GeenRecht, lambda w: koppel(w, twee.dossier, twee.persoon, dock(wijk), *DOCK)),
        (twee.ontvanger("TEAMLEIDER"), GeenRecht, lambda w: neem_aan(w, twee.aanbod, 1)),
        (derde, NietGevonden, lambda w: neem_aan(w, twee.aanbod, 1)),
        (twee.ontvanger(), VersieVerouderd, lambda w: neem_aan(w, twee.aanbod, 7)),
        (twee.ontvanger(), OngeldigeInvoer, lambda w: neem_aan(w, twee.aanbod, 1, twee.gebruiker)),
        (twee.ontvanger(), OngeldigeInvoer, lambda w: neem_aan(w, twee.aanbod, 1, wijk.REGISSEUR)),
        (twee.ontvanger(), OngeldigeInvoer, lambda w: weiger(w, twee.aanbod, 1, " ")),
        ("WIJKTEAM", OngeldigeInvoer, lambda w: sluit(w, twee.dossier, 1, Statusreden.AFGEROND)),
    ]
    for wie, fout, unit in units:
        await refused(wijk, wie, fout, unit, records=RECORDS)


def dock(wijk: Wijk) -> Partij:
    return Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)


async def test_what_can_not_be_offered(wijk: Wijk, twee: Twee) -> None:
    t = Team.tabel()
    vreemd, leeg = [
        await wijk.wijkwerk.database.transact(lambda c, o=o: wijk.put(c, Team, naam=f"team {o}", organisatie_id=o, gebied_id=None))  # type: ignore[misc]
        for o in (wijk.dock, wijk.stad)
    ]
    bied: Callable[..., Callable[[Work], UUID]] = lambda team, reden="Verhuisd", codes=(): (  # noqa: E731
        lambda w: bied_aan(w, twee.dossier, 1, team, reden, codes)
    )
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, bied(wijk.ander_team), records=RECORDS)  # offered already
    await doe(wijk, "WIJKTEAM", trek_in, twee.aanbod, record=Overdracht)
    wrong: list[tuple[type[WijkwerkError], Callable[[Work], UUID]]] = [
        (OngeldigeInvoer, bied(wijk.team)), (OngeldigeInvoer, bied(vreemd)), (OngeldigeInvoer, bied(leeg)),
        (NietGevonden, bied(nieuw_id())),
        (OngeldigeInvoer, bied(wijk.ander_team, " ")), (OngeldigeInvoer, bied(wijk.ander_team, "Verhuisd", ("UITKERING",))),
    ]  # fmt: skip
    for fout, unit in wrong:
        await refused(wijk, "WIJKTEAM", fout, unit, records=RECORDS)
    await wijk.change(update(t).where(t.c.id == wijk.ander_team).values(tot=wijk.klok.nu().date().replace(month=1)))
    await refused(wijk, "WIJKTEAM", NietGevonden, bied(wijk.ander_team), records=RECORDS)
    assert {row.status for row in await wijk.rows(select(Overdracht.tabel().c.status))} == {Overdrachtstatus.INGETROKKEN}
