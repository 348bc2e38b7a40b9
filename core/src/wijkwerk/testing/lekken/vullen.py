"""One dense made-up municipality, past every check: whatever can let somebody in or hold something back is there, now and then together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, String, select
from sqlalchemy.exc import IntegrityError

from ...access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from ...log.subjects import maak_pseudoniem
from ...personen import Persoon
from ...records.declare import PersonRecord, Record, kader_of, subject_of
from ...records.frozen import freeze
from ...records.history import Gegevensbron, Wijziging, Wijzigingssoort
from ...records.woorden import herbouw
from ...storage.columns import nieuw_id
from ..wijk import BEGIN, Wijk
from .buren import spiegel
from .kanaries import CODES, Cel, Kanarierijen, gevonden
from .rijen import Rij, Wereld

WIE = (
    ("team", "WMO_ONDERZOEK"), ("team", "WMO_ONDERZOEK"), ("stad", "WMO_ONDERZOEK"), ("WIJKTEAM", "WMO_ONDERZOEK"),
    ("REGISSEUR", "WMO_ONDERZOEK"), ("ander_team", "WMO_ONDERZOEK"), ("dock", "WMO_ALG_VOORZIENING"), ("DOCK", "WMO_ALG_VOORZIENING"),
    ("dock", "WMO_ONDERZOEK"), ("zorg", "ZORG_UITWISSELING"), ("stad", "PW_UITVOERING"), ("team", "PW_UITVOERING"),
    ("bewoners", "PW_DERDEN"), ("dock", "VRIJWILLIGER"), ("bewoners", "BUURTGROEP"), ("INWONER", "INZAGE"), ("VERTEGENWOORDIGER", "INZAGE"),
)  # fmt: skip
"""Which party is let in for which purpose: also for purposes that are not its own."""

INWONERS, ONBEKEND, RONDEN = 14, 2, 2
"""How many residents, how many of them nobody is let in to, and how many rows of each record about each."""
EIGEN = (Betrokkenheid, Afscherming, Wijziging, Persoon)


@dataclass(slots=True)
class Dorp:
    """What was put in: the rows of the municipality, and where each text in them comes from."""

    wijk: Wijk
    wereld: Wereld
    kanaries: Mapping[str, Sequence[Cel]]


@dataclass
class Vulling:
    """Makes it. `zaad` decides everything that is chosen."""

    wijk: Wijk
    zaad: int = 20270301
    oud: dict[str, list[Cel]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.kies = Random(self.zaad)
        self.rijen = Kanarierijen(self.wijk, self.kies)
        self.mensen: list[UUID] = []

    def vul(self, connection: Connection) -> Dorp:
        """Put it in, with a neighbour whose rows have the same numbers, and read it back as plain rows."""
        self.mensen = [self._inwoner(connection) for _ in range(INWONERS)]
        for nummer, persoon in enumerate(self.mensen):
            for _ in range(RONDEN):
                self._alles(connection, persoon, self.mensen[nummer - self.kies.randrange(1, 4)])
        self._zonder_personen(connection)
        for persoon in self.mensen:
            if persoon not in self.mensen[:ONBEKEND]:
                self._deuren(connection, persoon)
            self._afgeschermd(connection, persoon)
        self._eerder(connection)
        herbouw(connection, Persoon, self.wijk.gemeente)
        spiegel(connection, self.wijk)
        return self._dorp(connection)

    def _inwoner(self, connection: Connection) -> UUID:
        id = nieuw_id()
        self.rijen.rij(connection, Persoon, id, None, id=id)
        maak_pseudoniem(connection, self.wijk.gemeente, id)
        return id

    def _alles(self, connection: Connection, persoon: UUID, ander: UUID) -> None:
        """A row of every record; where there can be only one, one."""
        for record in self.rijen.personenrecords():
            if record not in EIGEN:
                self._probeer(connection, record, persoon, ander)

    def _zonder_personen(self, connection: Connection) -> None:
        for record in self.wijk.wijkwerk.catalogue.records:
            if not issubclass(record, PersonRecord):
                for _ in range(6):
                    self._probeer(connection, record, None, None)

    def _probeer(self, connection: Connection, record: type[Record], persoon: UUID | None, ander: UUID | None) -> None:
        try:
            with connection.begin_nested():
                self.rijen.rij(connection, record, persoon, ander)
        except IntegrityError:
            pass  # there is one already, and there can be only one

    def _periode(self) -> dict[str, Any]:
        """Mostly now; now and then it begins or ends at this very moment, is over or is still to come."""
        van = BEGIN + timedelta(hours=self.kies.choice([-900, -900, -900, -900, -900, 900]))
        return {"van": van, "tot": self.kies.choice([None, None, None, BEGIN + timedelta(hours=800), BEGIN, BEGIN - timedelta(hours=1)])}

    def _deuren(self, connection: Connection, persoon: UUID) -> None:
        """For each category a few parties, at any level, for any purpose, of either controller, in a kader or not."""
        kaders = self.rijen.bekend("dossier", persoon), self.rijen.bekend("dossier", self.kies.choice(self.mensen))
        for categorie in self.wijk.wijkwerk.catalogue.categorieen:
            for wie in self.kies.sample(WIE, 5):
                rol = self.kies.choice([None, None, None, "WIJKTEAM", "REGISSEUR", "DOCK"])
                self._deur(connection, persoon, wie, categorie, self.kies.choice([None, None, *kaders]), rol=rol, **self._periode())
        if self.mensen.index(persoon) % 2:
            self._wijd(connection, persoon)

    def _wijd(self, connection: Connection, persoon: UUID) -> None:
        """A few parties that see this resident in every category."""
        for wie in {WIE[0], *self.kies.sample(WIE, 4)}:
            for categorie in self.wijk.wijkwerk.catalogue.categorieen:
                for van in (self.wijk.stad, self.wijk.dock):
                    niveau = self.kies.choice([3, 5, 6, 7, 7, 7])
                    self._deur(connection, persoon, wie, categorie, None, niveau_tot=niveau, verantwoordelijke_id=van, van=BEGIN)

    def _deur(
        self, connection: Connection, persoon: UUID, wie: tuple[str, str], categorie: str, kader: UUID | None, **gegeven: Any
    ) -> None:
        naam, doel = wie
        gekozen = {
            "niveau_tot": self.kies.randrange(1, 8), "verantwoordelijke_id": self.kies.choice([self.wijk.stad] * 3 + [self.wijk.dock]),
            "bron": self.kies.choice([*Bron]), "bron_id": self.rijen.bekend("dossier", persoon),
            "toestemming_id": self.kies.choice([None, self.rijen.bekend("toestemming", persoon)]),
        }  # fmt: skip
        self.wijk.put(
            connection, Betrokkenheid, persoon_id=persoon, partij_id=self.wijk.ids[naam], partijsoort=Partijsoort.TEAM, doel=doel,
            categorie_code=categorie, kader_id=kader, grondslag=self.rijen.tekst(), **gekozen | gegeven,
        )  # fmt: skip

    def _afgeschermd(self, connection: Connection, persoon: UUID) -> None:
        for _ in range(self.kies.choice([0, 0, 1, 2])):
            voor = self.kies.choice([None, None, self.wijk.WIJKTEAM, self.wijk.REGISSEUR, self.wijk.team, self.wijk.dock])
            self.rijen.rij(
                connection, Afscherming, persoon, None, soort=self.kies.choice([*Afschermsoort]), partij_id=voor,
                niveau_tot=self.kies.choice([0, 1, 3, 5, 7, 7, 7]), verbergt=self.kies.random() < 0.6, **self._periode(),
            )  # fmt: skip

    def _eerder(self, connection: Connection) -> None:
        """Of every row that keeps versions one that was before it."""
        for record in self.rijen.personenrecords():
            if record.versioned:
                for row in self._gelezen(connection, record):
                    self._wijzigingen(connection, record, row)
        for row in self._gelezen(connection, Persoon):
            self._wijzigingen(connection, Persoon, row)

    def _wijzigingen(self, connection: Connection, record: type[PersonRecord], row: Rij) -> None:
        id, kader = nieuw_id(), kader_of(record)
        persoon, kader_id = row[subject_of(record)], row[kader] if kader else None
        eerst = self._eerst(record)
        bekend = {naam: freeze(record, naam, waarde) for naam, waarde in eerst.items()}
        oud = self.rijen.zegel(connection, Wijziging.__tablename__, "oud", id, persoon, kader_id, orjson.dumps(bekend).decode())
        lager = self.kies.choice([0, 0, 1])
        niveau = row[record.niveau_kolom] if record.niveau_kolom else int(record.niveau)
        codes = [row[record.categorie_kolom]] * 3 + ["BSN"] if record.categorie_kolom else [record.categorie.code]
        common = {
            "persoon_id": persoon, "tabelnaam": record.__tablename__, "rij_id": row["id"], "kader_id": kader_id,
            "rijniveau": min(7, niveau + lager), "categorie_code": self.kies.choice(codes), "bron": Gegevensbron.PROFESSIONAL,
            "door_id": self.wijk.WIJKTEAM, "organisatie_id": self.wijk.stad, "verantwoordelijke_id": row["verantwoordelijke_id"],
            "veldnamen": sorted(eerst),
        }  # fmt: skip
        op, soort = BEGIN - timedelta(days=9), Wijzigingssoort
        self.wijk.put(connection, Wijziging, **common | {"nummer": 1, "soort": soort.AANGEMAAKT, "op": op - timedelta(days=1), "oud": None})
        gewijzigd = common | {"nummer": 2, "soort": soort.GEWIJZIGD, "op": op, "oud": oud}
        self.wijk.put(connection, Wijziging, id=id, **gewijzigd)
        for naam, waarde in eerst.items():
            for kanarie in gevonden(waarde):
                self.oud[kanarie].append(Cel(record, row["id"], naam, gewijzigd))

    def _eerst(self, record: type[PersonRecord]) -> dict[str, Any]:
        """What stood in the columns of text and of other persons."""
        eerst: dict[str, Any] = {}
        for naam, veld in record.velden.items():
            if veld.kind == "related":
                eerst[naam] = self.kies.choice(self.mensen)
            elif veld.shown and (veld.sealed_type is str or (veld.kind == "field" and _is_tekst(record, naam))):
                eerst[naam] = self.rijen.tekst()
        return eerst

    def _gelezen(self, connection: Connection, record: type[Record]) -> list[dict[str, Any]]:
        """The plain rows of a record, of both municipalities, with what is sealed opened."""
        rows = [dict(row) for row in connection.execute(select(record.tabel())).mappings()]
        for row in rows:
            for naam, veld in record.velden.items():
                if veld.kind == "sealed":
                    row[naam] = None if row[naam] is None else self.rijen.verzegeld.get((record, row["id"], naam))
        return rows

    def _dorp(self, connection: Connection) -> Dorp:
        rijen = {record: self._gelezen(connection, record) for record in self.wijk.wijkwerk.catalogue.records}
        cellen: dict[str, list[Cel]] = defaultdict(list, {kanarie: list(found) for kanarie, found in self.oud.items()})
        for record, rows in rijen.items():
            for row in (row for row in rows if row["gemeente_id"] == self.wijk.gemeente):
                for naam, waarde in row.items():
                    for kanarie in gevonden(waarde):
                        cellen[kanarie].append(Cel(record, row["id"], naam))
        return Dorp(self.wijk, Wereld.van(rijen, self.wijk.gemeente), cellen)


def _is_tekst(record: type[Record], naam: str) -> bool:
    kolom = record.tabel().c[naam].type
    return type(kolom) is String and (kolom.length is None or kolom.length >= 8) and naam not in CODES


async def vul(wijk: Wijk, zaad: int = 20270301) -> Dorp:
    """Put the dense municipality in."""

    def alles(connection: Connection) -> Dorp:
        with wijk.wijkwerk.database.keys(connection):  # one transaction in the file of keys, not one per resident
            return Vulling(wijk, zaad).vul(connection)

    return await wijk.wijkwerk.database.transact(alles)
