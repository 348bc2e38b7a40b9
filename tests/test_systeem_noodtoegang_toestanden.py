"""Random steps of opening, ending, waiting, judging and telling: never seen outside its time, never judged by its user, never above N5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.klok import dag
from wijkwerk.noodtoegang.beoordelen import beoordeel
from wijkwerk.noodtoegang.eigen import sluit
from wijkwerk.noodtoegang.escaleren import stap
from wijkwerk.noodtoegang.noodtoegang import Noodoordeel, Noodtoegang
from wijkwerk.noodtoegang.openen import Geopend
from wijkwerk.personen import Persoon
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiers import collega, rij
from wijkwerk.testing.noodtoegang import in_nood
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.kenmerken import Kenmerken

pytestmark = pytest.mark.anyio
GEBOREN = Datum(1951, 4, 2)
WERKDAG = timedelta(days=1)


@dataclass
class Nood:
    """What the model knows of one."""

    id: UUID
    wie: int
    persoon: UUID
    van: datetime
    tot: datetime
    oordeel: Noodoordeel | None = None
    gemeld: bool = False


@dataclass
class Model:
    """Two residents of the team, and three who look: two of the other team, and who leads the team (and is on duty as well)."""

    wijk: Wijk
    kijkers: list[tuple[str, UUID, UUID]]
    personen: list[tuple[str, UUID]]
    noden: list[Nood] = field(default_factory=list)

    def wie(self, nummer: int) -> Actor:
        rol, gebruiker, team = self.kijkers[nummer % len(self.kijkers)]
        return self.wijk.actor(rol, gebruiker=gebruiker, team=team)

    def loopt(self, wie: int, persoon: UUID) -> Nood | None:
        nu = self.wijk.klok.nu()
        return next((n for n in self.noden if (n.wie, n.persoon) == (wie, persoon) and n.tot > nu), None)

    async def openen(self, keuze: int) -> None:
        wie, (naam, persoon) = keuze % len(self.kijkers), self.personen[keuze % 2]
        actor = self.wie(wie)
        al = self.loopt(wie, persoon)
        found = await in_nood(self.wijk, actor, Kenmerken(geslachtsnaam=naam, geboortedatum=GEBOREN))
        assert isinstance(found, Geopend)
        assert (found.liep_al, found.tot) == ((True, al.tot) if al else (False, actor.moment + timedelta(minutes=60)))
        if al is None:
            self.noden.append(Nood(found.noodtoegang, wie, persoon, actor.moment, found.tot))

    async def sluiten(self, keuze: int) -> None:
        if not self.noden:
            return
        nood, actor = self.noden[keuze % len(self.noden)], self.wie(keuze)
        versie = (await rij(self.wijk, Noodtoegang, nood.id)).versie
        unit = partial(sluit, id=nood.id, versie=versie)
        if keuze % len(self.kijkers) == nood.wie and nood.tot > actor.moment:
            await self.wijk.schrijf(actor, unit)
            nood.tot = actor.moment
        else:
            await refused(self.wijk, actor, NietGevonden, unit, records=[Noodtoegang, Betrokkenheid])

    async def wachten(self, keuze: int) -> None:
        self.wijk.klok.moment += timedelta(minutes=(1, 31, 61)[keuze % 3]) if keuze % 5 else timedelta(days=4)

    async def oordelen(self, keuze: int) -> None:
        if not self.noden:
            return
        nood, oordeel = self.noden[keuze % len(self.noden)], list(Noodoordeel)[keuze % 3]
        actor = self.wijk.actor("TEAMLEIDER") if keuze % 2 else self.wie(nood.wie)
        versie = (await rij(self.wijk, Noodtoegang, nood.id)).versie
        unit = partial(beoordeel, id=nood.id, versie=versie, oordeel=oordeel, omdat="Daarom")
        if keuze % 2 and nood.oordeel is None:
            await self.wijk.schrijf(actor, unit)
            nood.oordeel = oordeel
            if oordeel is Noodoordeel.ONTERECHT:
                nood.tot, nood.gemeld = min(nood.tot, actor.moment), True
            return
        with pytest.raises((GeenRecht, NietGevonden, OngeldigeInvoer)):
            await self.wijk.schrijf(actor, unit)

    async def nakijken(self, keuze: int) -> None:
        actor = self.wijk.actor("JOBS")
        await self.wijk.schrijf(actor, partial(stap, periode=actor.vandaag.isoformat(), plek=None))
        for nood in self.noden:
            nood.gemeld |= nood.oordeel is None and _vijfde(dag(nood.van)) < actor.vandaag

    async def controleer(self) -> None:
        """What is so after every step."""
        for wie in range(len(self.kijkers)):
            ids = [id for _, id in self.personen]
            rijen = await self.wijk.lees(self.wie(wie), partial(Reader.by_key, record=Persoon, velden=(), key="id", values=ids))
            gezien = {row.id for row in rijen}
            assert gezien == {id for id in ids if self.loopt(wie, id)}
        b, n, m = Betrokkenheid.tabel(), Noodtoegang.tabel(), Notificatie.tabel()
        [(hoogst,)] = await self.wijk.rows(select(func.coalesce(func.max(b.c.niveau_tot), 0)).where(b.c.bron == Bron.NOODTOEGANG))
        assert hoogst <= 5
        alle = await deuren(self.wijk)
        assert alle.staand() == alle.herbouwd()
        rows = {row.id: row for row in await self.wijk.rows(select(n)) if row.id in {nood.id for nood in self.noden}}
        te_laat = [row.bron_id for row in await self.wijk.rows(select(m.c.bron_id).where(m.c.soort == "NOODTOEGANG_TE_LAAT"))]
        for nood in self.noden:
            row = rows[nood.id]
            assert (row.tot, row.oordeel, row.beoordeeld) == (nood.tot, nood.oordeel, nood.oordeel is not None)
            assert row.beoordeeld_door_id not in (row.gebruiker_id,)
            assert (row.gemeld_aan_fg_op is not None, te_laat.count(nood.id) <= 1) == (nood.gemeld, True)


def _vijfde(begin: date) -> date:
    """The fifth working day after it, counted by hand: March 2027 has Good Friday on the 26th and Easter Monday on the 29th."""
    telt = 0
    while telt < 5:
        begin += WERKDAG
        telt += begin.weekday() < 5 and (begin.month, begin.day) not in {(3, 26), (3, 29), (4, 27), (5, 5), (5, 6), (5, 17)}
    return begin


STAPPEN: dict[str, Callable[[Model, int], Any]] = {
    "openen": Model.openen, "sluiten": Model.sluiten, "wachten": Model.wachten, "oordelen": Model.oordelen, "nakijken": Model.nakijken,
}  # fmt: skip


@pytest.fixture
async def kijkers(wijk_vlug: Wijk) -> list[tuple[str, UUID, UUID]]:
    wijk = wijk_vlug
    wijk.wijkwerk.settings.grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"nood_per_uur": 999, "nood_per_dag": 999})
    return [
        ("WIJKTEAM", await collega(wijk, "WIJKTEAM", wijk.ander_team), wijk.ander_team),
        ("REGISSEUR", await collega(wijk, "REGISSEUR", wijk.ander_team), wijk.ander_team),
        ("CRISISDIENST", wijk.CRISISDIENST, wijk.ander_team),
    ]


@settings(
    max_examples=6, deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(stappen=st.lists(st.tuples(st.sampled_from(sorted(STAPPEN)), st.integers(0, 29)), min_size=6, max_size=14))
async def test_whatever_is_done_it_is_for_its_time_at_most_n5_and_judged_by_another(
    wijk_vlug: Wijk, kijkers: list[tuple[str, UUID, UUID]], stappen: list[tuple[str, int]]
) -> None:
    wijk, personen = wijk_vlug, []
    for _ in range(2):
        naam = f"Djibet{''.join(chr(97 + int(cijfer)) for cijfer in str(len(await wijk.rows(select(Persoon.tabel().c.id)))))}"
        id = await wijk.inwoner(naam, geboortedatum=GEBOREN)
        await wijk.dossier(id)
        personen.append((naam, id))
    model = Model(wijk, kijkers, personen)
    for naam, keuze in [("openen", stappen[0][1]), *stappen]:
        await STAPPEN[naam](model, keuze)
        await model.controleer()
    assert model.noden
