"""Rows whose every text is found back in an answer: which cell it came from is known, and so is who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Date, Enum, String

from ...records.declare import PersonRecord, Record
from ...records.types.bsn import Bsn
from ...storage.columns import Tijdstip, nieuw_id
from ..rijen import Rijen
from ..wijk import BEGIN, Wijk

KANARIE = re.compile(r"[qr]\d{6}z")
"""Of a row of the municipality itself (`q`) or of its neighbour (`r`)."""

CODES = ("doel", "rol", "voor_rol", "categorie_code", "grondslag")
"""Columns whose text means something to the rules: it is taken from the closed lists."""

PARTIJEN = ("team", "team", "ander_team", "stad", "dock", "zorg", "WIJKTEAM", "REGISSEUR", "DOCK", "ZORG")
"""For whom something is: more often the team."""


@dataclass(frozen=True, slots=True)
class Cel:
    """Where a text comes from: a column of a row, as it is now or as it was before a change (`wijziging`, its row)."""

    record: type[Record]
    rij: UUID
    kolom: str
    wijziging: Mapping[str, Any] | None = None


def gevonden(waarde: Any) -> Iterator[str]:
    """The canaries in an answer, wherever they are."""
    if isinstance(waarde, str):
        yield from KANARIE.findall(waarde)
    elif isinstance(waarde, Mapping):
        for each in waarde.values():
            yield from gevonden(each)
    elif isinstance(waarde, list | tuple):
        for each in waarde:
            yield from gevonden(each)


class Kanarierijen(Rijen):
    """Rows with a text of its own in every column of text; `verzegeld` is what sealed columns hold."""

    def __init__(self, wijk: Wijk, keuze: Random) -> None:
        super().__init__(wijk, keuze)
        self.verzegeld: dict[tuple[type[Record], UUID, str], Any] = {}
        self.groepen = [nieuw_id() for _ in range(20)]
        self.huishoudens = [nieuw_id() for _ in range(3)]
        self.partijen = [wijk.ids[naam] for naam in PARTIJEN]

    def tekst(self) -> str:
        """A text that stands nowhere else."""
        return f"q{next(self._nummers):06d}z"

    def _gewoon(self, column: Column[Any], record: type[Record]) -> Any:
        kind, voor = column.type, getattr(record, "voor_kolom", None)
        tekst = kind if isinstance(kind, String) and not isinstance(kind, Enum) else None
        if column.name in CODES and tekst is not None:
            return self._code(column.name)
        if column.name == getattr(record, "categorie_kolom", None):
            return self._code("categorie_code")
        if column.name == voor or (column.name == "partij_id" and not issubclass(record, PersonRecord)):
            return self.keuze.choice(self.partijen)
        if column.name in ("van", "tot") and isinstance(kind, Date):
            return BEGIN.date() + timedelta(days=self.keuze.choice([-900, -90, -9, 0, 900]) * (1 if column.name == "van" else -1))
        if column.name == getattr(record, "groep_kolom", None):
            return self.keuze.choice([*self.groepen, *[nieuw_id()] * 60])  # most rows are about one resident
        if column.name == "huishouden_id":
            return self.keuze.choice(self.huishoudens)
        if isinstance(kind, Tijdstip):
            return BEGIN + timedelta(minutes=self.keuze.randrange(-3000, 3000))
        if tekst is not None:
            return self._passend(tekst.length)
        return super()._gewoon(column, record)

    def _leeg(self, column: Column[Any]) -> bool:
        return bool(column.nullable) and self.keuze.random() < (0.5 if column.name == "tot" else 0.2)

    def _passend(self, lengte: int | None) -> str:
        tekst = self.tekst()
        return tekst if lengte is None or lengte >= len(tekst) else str(next(self._nummers))[-lengte:]

    def _code(self, naam: str) -> str:
        catalogue = self.wijk.wijkwerk.catalogue
        if naam == "voor_rol":
            return self.keuze.choice(["", "", "", *catalogue.rollen])
        lijst = {"doel": catalogue.doelen, "categorie_code": catalogue.categorieen, "grondslag": catalogue.grondslagen}
        return self.keuze.choice(sorted(lijst.get(naam, catalogue.rollen)))

    def _geheim(self, record: type[Record], name: str) -> Any:
        kind = record.velden[name].sealed_type or str
        return bsn(next(self._nummers)) if kind is Bsn else self.tekst()

    def _verzegeld(
        self, connection: Connection, record: type[Record], name: str, id: UUID, persoon: UUID | None, kader: UUID | None
    ) -> bytes:
        self.verzegeld[record, id, name] = value = self._geheim(record, name)
        return self.zegel(connection, record.__tablename__, name, id, persoon or id, kader, value)

    def rij(
        self, connection: Connection, record: type[Record], persoon: UUID | None = None, ander: UUID | None = None, **given: Any
    ) -> UUID:
        """As any row, of one organisation or another."""
        if "verantwoordelijke_id" in record.velden:
            given.setdefault("verantwoordelijke_id", self.keuze.choice([self.wijk.stad] * 3 + [self.wijk.dock]))
        if "openbaar" in record.velden:
            given.setdefault("openbaar", self.keuze.random() < 0.5)
        if (eigen := getattr(record, "eigen_kolom", None)) is not None:
            given.setdefault(eigen, self.wijk.ids[self.keuze.choice(record.lezen.rollen or ("WIJKTEAM", "REGISSEUR"))])
        return super().rij(connection, record, persoon, ander, **given)


def bsn(nummer: int) -> Bsn:
    """A made-up BSN that passes the eleven-proof (domain.md 1.5)."""
    for laatste in range(100):
        cijfers = f"9999{nummer % 1000:03d}{laatste:02d}"
        som = sum(int(c) * w for c, w in zip(cijfers, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
        if som % 11 == 0:
            return Bsn.lees(cijfers)
    raise AssertionError
