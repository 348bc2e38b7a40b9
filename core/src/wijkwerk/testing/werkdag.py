"""A made-up day of work for a casusregisseur: random rows of every source of the work list, and what of them must stand on it, in order."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert

from ..aanmeldingen.aanmelding import Aanmelder, Aanmelding, Aanmeldstatus, Aanmeldwijze, Urgentie
from ..access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from ..access.register import PLAN_EN_DOELEN, PLANNING, WMO_ONDERZOEK
from ..afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus
from ..kalender.termijnen import begin_van
from ..log.subjects import maak_pseudoniem
from ..personen import Persoon
from ..records.types.datum import Datum
from ..records.types.naam import Geslacht, Naamgebruik
from ..storage.columns import nieuw_id
from ..taken.taak import AlgemeneTaak, Taak, Taakstatus
from .wijk import BEGIN, Wijk

DAGEN = [date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29), date(2027, 10, 31)]
"""Around the nights in which the clocks change: days of 23 and of 25 hours."""


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
