"""Break-glass is for looking: nothing is written through it, what is read says so in the log, and nothing outlasts it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Afschermsoort, Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N0
from wijkwerk.access.register import PLAN_EN_DOELEN
from wijkwerk.betrokkenheden import eigen_kader, scherm_af, sluit_deur
from wijkwerk.dossiers.leden import voeg_lid_toe
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import GeenRecht, NietGevonden, WijkwerkError
from wijkwerk.noodtoegang.crisisnotitie import schrijf_crisisnotitie
from wijkwerk.noodtoegang.noodtoegang import Noodreden, Noodtoegang
from wijkwerk.noodtoegang.openen import Geopend, open_noodtoegang
from wijkwerk.notities.notitie import Notitie, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.declare import PersonRecord, Record
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.noodtoegang import RACHID, UITLEG, in_nood
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.rijen import Rijen
from wijkwerk.testing.weigering import refused, rows_of
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


class Toneel:
    """Rachid, whom a casusregisseur of the other team looks at; that one has a resident and a case of their own."""

    def __init__(self, wijk: Wijk) -> None:
        self.wijk = wijk

    async def bouw(self) -> Toneel:
        wijk = self.wijk
        self.wie = await collega(wijk, "REGISSEUR", wijk.ander_team)
        self.rachid = await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2), contact=["0612345678"])
        self.dossier = await wijk.dossier(self.rachid)
        self.eigen = await wijk.inwoner("Molenaar", rol=self.ik())
        self.zaak = await wijk.schrijf(self.ik(), lambda w: open_dossier(w, [self.eigen]))
        nood = await in_nood(wijk, self.ik())
        assert isinstance(nood, Geopend)
        self.nood = nood
        return self

    def ik(self) -> Any:
        return self.wijk.actor("REGISSEUR", gebruiker=self.wie, team=self.wijk.ander_team)


@pytest.fixture
async def toneel(wijk_vlug: Wijk) -> Toneel:
    return await Toneel(wijk_vlug).bouw()


def alle_records(wijk: Wijk) -> list[type[Record]]:
    return [record for record in wijk.wijkwerk.catalogue.records if record.__name__ != "Jobloop"]


async def test_no_record_about_the_resident_is_changed_deleted_or_made_through_it(toneel: Toneel) -> None:
    """Every declared record about persons, with rights to all of them: only the door is in the way."""
    wijk, rijen = toneel.wijk, Rijen(toneel.wijk, Random(5))
    made = await wijk.wijkwerk.database.transact(lambda c: rijen.alles(c, toneel.rachid, toneel.eigen))
    made[Persoon] = toneel.rachid
    alles = frozenset(wijk.wijkwerk.catalogue.permissions)
    before, seen = await rows_of(wijk, alle_records(wijk)), 0

    def poging(work: Work, record: type[PersonRecord], id: UUID) -> None:
        seen_now = work.kijker.by_key(record, (), "id", [id])
        found.append(bool(seen_now))
        work.delete(work.get(record, id))

    for record, id in made.items():
        found: list[bool] = []
        machtig = replace(toneel.ik(), rechten=alles)
        with pytest.raises(NietGevonden):
            await wijk.schrijf(machtig, partial(poging, record=record, id=id))
        seen += found == [True]
    assert seen > len(made) // 2
    refusals = []
    for record, id in made.items():
        if not record.maakt_bereik:
            with pytest.raises(WijkwerkError) as refusal:
                await wijk.schrijf(replace(toneel.ik(), rechten=alles), partial(_nagemaakt, record=record, id=id))
            refusals.append(type(refusal.value))
    assert refusals.count(NietGevonden) > len(refusals) // 2  # the others have a made-up value that is refused before it comes to that
    assert await rows_of(wijk, alle_records(wijk)) == before


def _nagemaakt(work: Work, record: type[PersonRecord], id: UUID) -> None:
    """A copy of a row, as a new row about the same resident, granted as a core service does."""
    t = record.tabel()
    row = work.core_connection.execute(select(t).where(t.c.id == id)).one()
    values = {name: getattr(row, name) for name, veld in record.velden.items() if veld.kind != "sealed" and name not in ("id", "versie")}
    values |= {name: "tekst" for name, veld in record.velden.items() if veld.kind == "sealed" and veld.sealed_type is str}
    work.grant(record(id=nieuw_id(), **values))


async def test_no_service_writes_through_it(toneel: Toneel) -> None:
    t, wijk = toneel, toneel.wijk
    voor = Voor(wijk.REGISSEUR, Partijsoort.GEBRUIKER)
    b = Betrokkenheid.tabel()
    [(bron,)] = await wijk.rows(select(b.c.bron_id).where(b.c.bron == Bron.DOSSIER, b.c.persoon_id == t.rachid).distinct())
    pogingen: dict[str, Callable[[Work], Any]] = {
        "a case of one's own": lambda w: open_dossier(w, [t.rachid]),
        "a member of one's own case": lambda w: voeg_lid_toe(w, t.zaak, 1, t.rachid),
        "change the resident": lambda w: wijzig(w, t.rachid, 1, {"roepnaam": "Ra"}),
        "a task": lambda w: maak_taak(w, t.rachid, voor, kader=None, tekst="Bel"),
        "a task in the case": lambda w: maak_taak(w, t.rachid, voor, kader=t.dossier, tekst="Bel"),
        "a note": lambda w: schrijf(w, t.dossier, t.rachid, Notitiesoort.CONTACTVERSLAG, verteld("Tekst")),
        "merge into one's own": lambda w: voeg_samen(w, t.eigen, t.rachid, (1, 1), "Dezelfde"),
        "end a door": lambda w: sluit_deur(w, bron),
        "a kader": lambda w: eigen_kader(w, t.rachid, PLAN_EN_DOELEN),
        "hold something back": lambda w: scherm_af(w, t.rachid, Afschermsoort.VEILIGHEID),
    }
    for naam, poging in pogingen.items():
        error = await refused(wijk, t.ik(), NietGevonden, poging, records=alle_records(wijk))
        assert error.code == "NIET_GEVONDEN", naam
    assert await wijk.rows(select(Samenvoeging.tabel())) == []


async def test_what_is_read_names_the_break_glass_in_the_log_and_the_end_holds_on_the_next_page(toneel: Toneel) -> None:
    t, wijk = toneel, toneel.wijk
    page = await wijk.lees(t.ik(), lambda r: r.page(Persoon, ("geslachtsnaam",), order=("sorteernaam",), first=1))
    assert ([row.geslachtsnaam for row in page.rows], page.more) == (["Djibet"], True)
    regel = (await wijk.log())[-1]
    b = Betrokkenheid.tabel()
    deuren = {row.id.hex for row in await wijk.rows(select(b.c.id).where(b.c.bron_id == t.nood.noodtoegang))}
    [betrokkene] = regel["betrokkenen"]
    assert {id for getoond in betrokkene["getoond"] for id in getoond[3]} <= deuren
    geopend = next(r for r in await wijk.log() if r["gebeurtenis"] == "NOODTOEGANG_GEOPEND")
    assert geopend["details"]["noodtoegang"] == t.nood.noodtoegang.hex
    assert (geopend["gebruiker"], len(geopend["betrokkenen"])) == (t.wie.hex, 1)
    wijk.klok.moment = t.nood.tot
    last = page.rows[0]
    na = await wijk.lees(t.ik(), lambda r: r.page(Persoon, ("geslachtsnaam",), order=("-sorteernaam",), first=9, after=["zzz", nieuw_id()]))
    assert [row.geslachtsnaam for row in na.rows] == ["Molenaar"]
    assert await wijk.lees(t.ik(), lambda r: (r.one(Persoon, (), last.id), r.count(Persoon))) == (None, 1)


async def test_who_stands_in_for_them_sees_nothing_through_it(toneel: Toneel) -> None:
    wijk, vervanger = toneel.wijk, await collega(toneel.wijk, "REGISSEUR", toneel.wijk.ander_team)
    actor = wijk.actor("REGISSEUR", gebruiker=vervanger, team=wijk.ander_team)
    actor = replace(actor, vervangt=(toneel.wie,))
    assert toneel.wie in actor.partijen
    assert await wijk.lees(toneel.ik(), lambda r: r.one(Persoon, ("voornamen",), toneel.rachid)) is not None
    assert await wijk.lees(actor, lambda r: r.one(Persoon, ("voornamen",), toneel.rachid)) is None
    assert await wijk.lees(actor, lambda r: r.one(Persoon, ("voornamen",), toneel.eigen)) is not None


async def test_what_comes_between_holds_at_once(toneel: Toneel) -> None:
    t, wijk = toneel, toneel.wijk
    await wijk.schrijf("REGISSEUR", lambda w: scherm_af(w, t.rachid, Afschermsoort.BELANGENCONFLICT, partij=t.wie, niveau_tot=N0))
    assert await wijk.lees(t.ik(), lambda r: r.one(Persoon, (), t.rachid)) is None
    notitie = partial(schrijf_crisisnotitie, noodtoegang=t.nood.noodtoegang, tekst="Er deed niemand open")
    await refused(wijk, t.ik(), NietGevonden, notitie, records=[Notitie, Noodtoegang])
    await refused(wijk, "DOCK", GeenRecht, lambda w: open_noodtoegang(w, RACHID, Noodreden.CRISISDIENST, UITLEG), records=[Noodtoegang])


async def test_asked_twice_at_the_same_moment_it_is_one(wijk: Wijk) -> None:
    await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2))
    wie = [wijk.actor("CRISISDIENST") for _ in range(3)]
    found = await asyncio.gather(*(in_nood(wijk, one) for one in wie))
    assert len({one.noodtoegang for one in found if isinstance(one, Geopend)}) == 1
    assert len(await wijk.rows(select(Noodtoegang.tabel()))) == 1
    wijk.klok.moment += timedelta(minutes=61)
    assert isinstance(await in_nood(wijk, wijk.actor("CRISISDIENST")), Geopend)
