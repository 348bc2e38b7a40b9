"""The work list: of all sources in one order, in pages that together are that order, for who may see each line."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert

from wijkwerk.aanmeldingen.aanmelding import Aanmelder, Aanmelding, Aanmeldstatus, Aanmeldwijze, Urgentie
from wijkwerk.access.actor import Actor, Vervangt
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.register import PLAN_EN_DOELEN, PLANNING, WMO_ONDERZOEK
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.klok import dag
from wijkwerk.log.subjects import maak_pseudoniem
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Filter
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.bron import Werkbron
from wijkwerk.taken.taak import AlgemeneTaak, Taak, Taakstatus
from wijkwerk.taken.werklijst import Plaats, Regel, Vraag, aantal, werklijst
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
BETAALD = Werkbron(
    "PROEF_SPOED", Taak, "herinneren_op", lambda actor: {Filter("voor_id"): actor.gebruiker, Filter("soort"): "DUBBEL"},
    lambda row, catalogue: "Nog eens",
)  # fmt: skip
"""A plugin's source over the same record: a row can stand on the list twice."""
DAGEN = [date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29), date(2027, 10, 31)]
"""Around the nights in which the clocks change: days of 23 and of 25 hours."""


@pytest.fixture
def plugins() -> list[Any]:
    """A plugin with a source of its own."""
    info, given = PluginInfo("proef", "Een werkbron.", "0.1.0"), Declaraties(werkbronnen=(BETAALD,))
    return [SimpleNamespace(__name__="proef", plugin_info=hookimpl(lambda: info), declaraties=hookimpl(lambda: given))]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@dataclass
class Wereld:
    """Rows past every check, and what of them must stand on the list of the casusregisseur, in order."""

    wijk: Wijk
    rng: random.Random

    def __post_init__(self) -> None:
        self.verwacht: list[tuple[datetime | None, UUID, str]] = []
        self.rows: dict[type[Any], list[dict[str, Any]]] = {}
        self.kaders = [nieuw_id() for _ in range(3)]
        self.kader_van: dict[tuple[UUID, str], UUID | None] = {}

    def put(self, record: type[Any], **values: Any) -> UUID:
        id = self.rng.choice([nieuw_id(), UUID(int=self.rng.getrandbits(128), version=4)])
        samen = {"id": id, "gemeente_id": self.wijk.gemeente, "versie": 1, "verantwoordelijke_id": self.wijk.stad}
        self.rows.setdefault(record, []).append(samen | values)
        return UUID(str((samen | values)["id"]))

    def fill(self, connection: Connection) -> None:
        bekend, vreemd = self.persoon(), self.persoon()
        for kader in self.kaders:
            for categorie in (PLAN_EN_DOELEN, PLANNING):
                self.put(
                    Betrokkenheid, persoon_id=bekend, partij_id=self.wijk.team, partijsoort=Partijsoort.TEAM, doel=WMO_ONDERZOEK.code,
                    categorie_code=categorie.code, kader_id=kader, niveau_tot=6, grondslag="x", bron=Bron.DOSSIER, bron_id=kader, van=BEGIN,
                )  # fmt: skip
        for _ in range(120):
            self.rng.choice([self.taak, self.taak, self.algemeen, self.aanmelding, self.afspraak])(
                self.rng.choice([bekend, bekend, vreemd]), bekend
            )
        for record, rows in sorted(self.rows.items(), key=lambda item: item[0] is not Persoon):
            for row in rows:
                connection.execute(insert(record.tabel()).values(row))
        for persoon in (bekend, vreemd):
            maak_pseudoniem(connection, self.wijk.gemeente, persoon)

    def persoon(self) -> UUID:
        return self.put(
            Persoon, geslachtsnaam="N", sorteernaam="n", aanduiding_naamgebruik=Naamgebruik.EIGEN, geslacht=Geslacht.ONBEKEND,
            geboortedatum=Datum.lees("1980"), geheim=False, veiligheidsvlag=False, gebied_gekozen=False,
        )  # fmt: skip

    def moment(self) -> datetime:
        """Often exactly the begin of a day, and often the same."""
        begin = begin_van(self.rng.choice(DAGEN))
        return begin + timedelta(microseconds=self.rng.choice([0, 0, 0, -1, 1, 3_600_000_000]))

    def noteer(self, code: str, id: UUID, wanneer: datetime | None, kader: UUID | None, telt: bool) -> None:
        if telt:
            self.verwacht.append((wanneer, id, code))
            self.kader_van[id, code] = kader

    def voor(self) -> tuple[dict[str, Any], UUID, bool]:
        partij = self.rng.choice([self.wijk.REGISSEUR, self.wijk.team, self.wijk.stad, self.wijk.WIJKTEAM, self.wijk.ander_team])
        rol, status = (
            self.rng.choice(["", "", "REGISSEUR", "WIJKTEAM"]),
            self.rng.choice([Taakstatus.OPEN, Taakstatus.OPEN, Taakstatus.GEDAAN]),
        )
        mine = partij in (self.wijk.REGISSEUR, self.wijk.team, self.wijk.stad) and rol in ("", "REGISSEUR") and status is Taakstatus.OPEN
        uiterlijk = self.rng.choice([None, *DAGEN])
        values = {"voor_soort": Partijsoort.TEAM, "voor_rol": rol, "status": status, "uiterlijk": uiterlijk, "gemaakt_op": BEGIN}
        return values, partij, mine

    def taak(self, persoon: UUID, bekend: UUID) -> None:
        values, partij, mine = self.voor()
        kader, dubbel = self.rng.choice([*self.kaders, nieuw_id()]), self.rng.random() < 0.3
        seen = persoon == bekend and kader in self.kaders
        herinneren = self.rng.choice([None, values["uiterlijk"], *DAGEN])
        id = self.put(
            Taak, **values, soort="DUBBEL" if dubbel else "TAAK", persoon_id=persoon, kader_id=kader, voor_id=partij,
            categorie_code=PLAN_EN_DOELEN.code, niveau_vanaf=4, herinneren_op=herinneren,
        )  # fmt: skip
        self.noteer("TAAK", id, _begin(values["uiterlijk"]), kader, mine and seen)
        self.noteer("PROEF_SPOED", id, _begin(herinneren), kader, dubbel and seen and partij == self.wijk.REGISSEUR)

    def algemeen(self, persoon: UUID, bekend: UUID) -> None:
        values, partij, mine = self.voor()
        self.noteer(
            "ALGEMENE_TAAK",
            self.put(AlgemeneTaak, **values, soort="TAAK", partij_id=partij, tekst="Ruim op"),
            _begin(values["uiterlijk"]),
            None,
            mine,
        )

    def aanmelding(self, persoon: UUID, bekend: UUID) -> None:
        status, team = (
            self.rng.choice([*Aanmeldstatus] + 4 * [Aanmeldstatus.NIEUW]),
            self.rng.choice([self.wijk.team, self.wijk.ander_team]),
        )
        kader = self.rng.choice([None, nieuw_id()]) if persoon != bekend else None
        id = nieuw_id()
        if kader is None and persoon == bekend:
            self.put(
                Betrokkenheid, persoon_id=persoon, partij_id=self.wijk.team, partijsoort=Partijsoort.TEAM, doel=WMO_ONDERZOEK.code,
                categorie_code=PLAN_EN_DOELEN.code, kader_id=id, niveau_tot=4, grondslag="x", bron=Bron.AANMELDING, bron_id=id, van=BEGIN,
            )  # fmt: skip
        behandelaar, wanneer = self.rng.choice([None, self.wijk.REGISSEUR, self.wijk.WIJKTEAM]), self.moment()
        self.put(
            Aanmelding, id=id, persoon_id=persoon, team_id=team, ontvangen=wanneer, door_id=self.wijk.WIJKTEAM, status=status,
            behandelaar_id=behandelaar, aanmelder=Aanmelder.ONBEKEND, wijze=Aanmeldwijze.ONBEKEND, urgentie=Urgentie.NORMAAL,
        )  # fmt: skip
        seen = persoon == bekend
        self.noteer("NIEUWE_AANMELDING", id, wanneer, id, seen and status is Aanmeldstatus.NIEUW and team == self.wijk.team)
        self.noteer("AANMELDING", id, wanneer, id, seen and status is Aanmeldstatus.IN_BEHANDELING and behandelaar == self.wijk.REGISSEUR)

    def afspraak(self, persoon: UUID, bekend: UUID) -> None:
        met, status, begin = (
            self.rng.choice([self.wijk.REGISSEUR, self.wijk.WIJKTEAM]),
            self.rng.choice([*Afspraakstatus] + 4 * [Afspraakstatus.GEPLAND]),
            self.moment(),
        )
        kader = self.rng.choice([*self.kaders, nieuw_id()])
        id = self.put(
            Afspraak, persoon_id=persoon, kader_id=kader, met_id=met, soort=Afspraaksoort.TELEFOON, begin=begin, einde=begin, status=status,
        )  # fmt: skip
        mine = met == self.wijk.REGISSEUR and status is Afspraakstatus.GEPLAND
        self.noteer("AFSPRAAK", id, begin, kader, mine and persoon == bekend and kader in self.kaders)

    def op_volgorde(self) -> list[tuple[datetime | None, UUID, str]]:
        return sorted(self.verwacht, key=lambda line: (line[0] is None, line[0] or BEGIN, line[1], line[2]))


def _begin(day: date | None) -> datetime | None:
    return None if day is None else begin_van(day)


def alle_bladzijden(reader: Reader, size: int, vraag: Vraag | None = None) -> list[Regel]:
    found: list[Regel] = []
    na: Plaats | None = None
    while True:
        page = werklijst(reader, size, na=na, vraag=vraag)
        found += page.regels
        assert len(page.regels) == size or not page.meer
        if not page.meer:
            return found
        na = page.regels[-1].plaats


def places(regels: Sequence[Regel]) -> list[Plaats]:
    return [regel.plaats for regel in regels]


@pytest.mark.parametrize("seed", range(3))
async def test_pages_together_are_the_sorted_union_of_the_sources_without_double_or_loss(wijk: Wijk, seed: int) -> None:
    wereld = Wereld(wijk, random.Random(seed))
    await wijk.wijkwerk.database.transact(wereld.fill)
    verwacht = wereld.op_volgorde()
    assert len(verwacht) > 10
    actor = wijk.actor("REGISSEUR")
    for size in (1, 2, 3, 7, 100):
        assert places(await wijk.lees(actor, lambda reader: alle_bladzijden(reader, size))) == verwacht, size  # noqa: B023
    assert await wijk.lees(actor, aantal) == len(verwacht)
    voor, kader = date(2027, 3, 28), wereld.kaders[0]
    gevraagd: tuple[tuple[Vraag, Callable[[Plaats], bool]], ...] = (
        (Vraag(voor=voor), lambda p: p[0] is not None and dag(p[0]) <= voor),
        (Vraag(bronnen=["TAAK", "AFSPRAAK"]), lambda p: p[2] in ("TAAK", "AFSPRAAK")),
        (Vraag(dossier=kader), lambda p: wereld.kader_van[p[1], p[2]] == kader),
        (
            Vraag(bronnen=["PROEF_SPOED"], voor=voor, dossier=kader),
            lambda p: p[2] == "PROEF_SPOED" and p[0] is not None and dag(p[0]) <= voor and wereld.kader_van[p[1], p[2]] == kader,
        ),
        (Vraag(bronnen=[]), lambda p: False),
    )
    for vraag, telt in gevraagd:
        wanted = [place for place in verwacht if telt(place)]
        assert places(await wijk.lees(actor, lambda reader: alle_bladzijden(reader, 2, vraag))) == wanted, vraag  # noqa: B023
        assert await wijk.lees(actor, lambda reader: aantal(reader, vraag)) == len(wanted), vraag  # noqa: B023


async def test_what_is_late_and_what_has_to_be_done(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(0))
    await wijk.wijkwerk.database.transact(wereld.fill)
    wijk.klok.moment = begin_van(date(2027, 3, 28)) + timedelta(minutes=30)  # still 27 March in UTC
    regels = await wijk.lees("REGISSEUR", lambda reader: alle_bladzijden(reader, 50))
    for regel in regels:
        due = regel.wanneer
        late = due is not None and (due < wijk.klok.moment if isinstance(due, datetime) else due < date(2027, 3, 28))
        assert regel.te_laat is (late and regel.bron.termijn)
    texts = {regel.bron.code: regel.omschrijving for regel in regels}
    assert (texts["ALGEMENE_TAAK"], texts["AFSPRAAK"], texts["NIEUWE_AANMELDING"]) == (
        "Ruim op",
        "Telefonische afspraak",
        "Nieuwe aanmelding bekijken",
    )
    assert {regel.omschrijving for regel in regels if regel.bron.code == "TAAK"} == {"Taak"}
    [entry] = [entry for entry in await wijk.log() if entry["gebeurtenis"] == "LEZEN"]
    assert len(entry["betrokkenen"]) == 1
    assert "gezocht" not in entry.get("details", {})


async def test_only_what_is_on_the_page_is_logged_as_shown(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(1))
    await wijk.wijkwerk.database.transact(wereld.fill)
    [first, *_] = await wijk.lees("REGISSEUR", lambda reader: werklijst(reader, 100, vraag=Vraag(bronnen=["TAAK", "AFSPRAAK"])).regels)
    before = len(await wijk.log())
    await wijk.lees("REGISSEUR", lambda reader: werklijst(reader, 1, vraag=Vraag(bronnen=["TAAK", "AFSPRAAK"]), velden=()))
    [entry] = (await wijk.log())[before:]
    [(soort, _, velden, _)] = entry["betrokkenen"][0]["getoond"]
    assert soort == first.bron.record.__name__
    assert first.bron.wanneer in velden
    assert "tekst" not in velden


async def test_who_may_not_read_a_source_has_none_of_it_and_a_stand_in_has_that_of_the_absent_one(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(2))
    await wijk.wijkwerk.database.transact(wereld.fill)
    assert {r.bron.code for r in await wijk.lees("DOCK", lambda reader: alle_bladzijden(reader, 50))} == set()
    taken: Actor = wijk.actor("REGISSEUR")
    object.__setattr__(taken, "rechten", frozenset({"taak:lezen"}))
    own = await wijk.lees(taken, lambda reader: alle_bladzijden(reader, 50))
    assert {regel.bron.code for regel in own} == {"TAAK", "ALGEMENE_TAAK", "PROEF_SPOED"} & {code for _, _, code in wereld.verwacht}
    functie = wijk.functie("REGISSEUR")
    stand_in = wijk.wijkwerk.toewijzer.actor(
        nieuw_id(),
        wijk.gemeente,
        [functie],
        "WMO_ONDERSTEUNING",
        wijk.klok.nu(),
        afwezigen=[Vervangt(wijk.REGISSEUR, wijk.stad, "REGISSEUR")],
    )
    verwacht = [place for place in wereld.op_volgorde() if place[2] != "PROEF_SPOED"]  # a plugin that asks for the user alone
    assert places(await wijk.lees(stand_in, lambda reader: alle_bladzijden(reader, 50))) == verwacht


async def test_one_statement_for_each_source_however_long_the_list(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(3))
    await wijk.wijkwerk.database.transact(wereld.fill)
    actor = wijk.actor("REGISSEUR")
    for size in (1, 3, 100):

        def ask(reader: Reader) -> int:
            with count_statements(wijk.wijkwerk.database) as statements:
                werklijst(reader, size)  # noqa: B023
            return len(statements)

        assert await wijk.lees(actor, ask) == len(wijk.wijkwerk.catalogue.werkbronnen)


async def test_what_can_not_be_asked_is_refused(wijk: Wijk) -> None:
    for vraag in (Vraag(bronnen=["NIETS"]), Vraag(voor=date(9999, 12, 31)), Vraag(voor=date(1, 1, 1))):
        with pytest.raises(OngeldigeInvoer):
            await wijk.lees("WIJKTEAM", lambda reader: werklijst(reader, 5, vraag=vraag))  # noqa: B023
    leeg = await wijk.lees("WIJKTEAM", lambda reader: werklijst(reader, 5, vraag=Vraag(dossier=nieuw_id())))
    assert (leeg.regels, leeg.meer) == ([], False)
    assert (await wijk.log())[-1]["resultaat"] == "GEEN_RESULTAAT"
    far = (datetime(2030, 1, 1, tzinfo=UTC), nieuw_id(), "TAAK")
    assert (await wijk.lees("WIJKTEAM", lambda reader: werklijst(reader, 5, na=far))).regels == []
