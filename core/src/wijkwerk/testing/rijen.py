"""A row for every declared record, made from the declaration: what tests of merge, export and erasure fill the tables with.

A record that a plugin declares takes part by itself. A column of a type that is not known here stops with what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Enum, Integer, LargeBinary, Numeric, String, Uuid, select

from ..personen import Persoon
from ..records.declare import OpenRecord, PersonRecord, Record, kader_of
from ..records.opening import binding, to_plain
from ..records.types.bsn import Bsn
from ..records.types.datum import Datum, DatumType
from ..records.types.postcode import Postcode, PostcodeType
from ..storage.columns import Tijdstip, Uuid16, nieuw_id
from .wijk import BEGIN, Wijk

WAARDEN: dict[type[Any], Callable[[Column[Any], int], Any]] = {
    Uuid16: lambda column, n: nieuw_id(),
    Uuid: lambda column, n: nieuw_id(),
    Tijdstip: lambda column, n: BEGIN + timedelta(seconds=n),
    DatumType: lambda column, n: Datum.van(date(1950, 1, 1) + timedelta(days=n)),
    PostcodeType: lambda column, n: Postcode.lees(f"{1000 + n % 8000} AB"),
    Boolean: lambda column, n: n % 2 == 0,
    Integer: lambda column, n: n,
    Numeric: lambda column, n: Decimal(n % 672) / 4,
    Date: lambda column, n: date(2020, 1, 1) + timedelta(days=n),
    JSON: lambda column, n: [f"W{n}"],
    String: lambda column, n: f"{n}",
    LargeBinary: lambda column, n: n.to_bytes(16),
}
"""A value per type of column, another one for each number. A plugin with a type of its own adds it here in its conftest.py."""

SEALED: dict[type[Any], Callable[[int], Any]] = {str: lambda n: f"tekst {n}", Bsn: lambda n: Bsn.lees("999993653")}


class Rijen:
    """Makes rows for one made-up municipality. `keuze` decides which columns that may be empty are."""

    def __init__(self, wijk: Wijk, keuze: Random, vast: Mapping[type[Record], Mapping[str, Any]] | None = None) -> None:
        self.wijk, self.keuze, self.vast = wijk, keuze, vast or {}
        self._nummers = count(1 + keuze.randrange(1000))
        self._records = {record.__tablename__: record for record in wijk.wijkwerk.catalogue.records}
        self._bekend: dict[tuple[str, UUID | None], UUID] = {}

    def personenrecords(self) -> Iterator[type[PersonRecord]]:
        """Every declared record about persons but the resident."""
        return (record for record in self._records.values() if issubclass(record, PersonRecord) and record is not Persoon)

    def alles(self, connection: Connection, persoon: UUID, ander: UUID) -> dict[type[PersonRecord], UUID]:
        """A row of each of these about this resident, with `ander` as the other person in it."""
        return {record: self.rij(connection, record, persoon, ander) for record in self.personenrecords()}

    def rij(
        self, connection: Connection, record: type[Record], persoon: UUID | None = None, ander: UUID | None = None, **given: Any
    ) -> UUID:
        """A row of this record past every check, and its id."""
        id = given.pop("id", None) or nieuw_id()
        values = {**self.vast.get(record, {}), **given}
        columns = [column for column in record.tabel().columns if column.name not in ("id", "gemeente_id", "versie", *values)]
        for column in columns:
            if record.velden[column.name].kind != "sealed":
                values[column.name] = self._waarde(connection, record, column, persoon, ander)
        kader = kader_of(record)
        context = (id, persoon, (id if kader == "id" else values[kader]) if kader else None)
        for column in columns:
            if record.velden[column.name].kind == "sealed":
                values[column.name] = None if self._leeg(column) else self._verzegeld(connection, record, column.name, *context)
        self._bekend.setdefault((record.__tablename__, persoon), id)
        return self.wijk.put(connection, record, id=id, **values)

    def kader_van(self, persoon: UUID) -> UUID:
        """The case that the rows about this resident belong to."""
        return self.bekend("dossier", persoon)

    def bekend(self, tabel: str, persoon: UUID) -> UUID:
        """The row of this table that others about this resident point to."""
        return self._bekend[tabel, persoon]

    def _waarde(self, connection: Connection, record: type[Record], column: Column[Any], persoon: UUID | None, ander: UUID | None) -> Any:
        veld = record.velden[column.name]
        if veld.kind == "subject":
            return persoon
        if veld.kind == "related":
            return ander
        if self._leeg(column) and column.name != kader_of(record):
            return None
        if column.name == kader_of(record):
            return self._verwijzing(connection, veld.to or "dossier", persoon, ander)
        return self._gewoon(column, record) if veld.to is None else self._verwijzing(connection, veld.to, persoon, ander)

    def _leeg(self, column: Column[Any]) -> bool:
        return bool(column.nullable) and self.keuze.random() < 0.25

    def _verwijzing(self, connection: Connection, tabel: str, persoon: UUID | None, ander: UUID | None) -> UUID:
        """The row that is pointed to: of the municipality where it has one, else made, one per resident."""
        known = {"organisatie": self.wijk.stad, "team": self.wijk.team, "gebruiker": self.wijk.WIJKTEAM, "persoon": persoon}
        if (found := known.get(tabel)) is not None:
            return found
        if (tabel, persoon) not in self._bekend:
            there = self._is_er_al(connection, self._records[tabel])
            self._bekend[tabel, persoon] = there or self.rij(connection, self._records[tabel], persoon, ander)
        return self._bekend[tabel, persoon]

    def _is_er_al(self, connection: Connection, record: type[Record]) -> UUID | None:
        """A row about nobody that the municipality has already: one made for each resident could be the same twice."""
        t = record.tabel()
        if not issubclass(record, OpenRecord):
            return None
        return connection.execute(select(t.c.id).where(t.c.gemeente_id == self.wijk.gemeente).order_by(t.c.id).limit(1)).scalar()

    def _gewoon(self, column: Column[Any], record: type[Record]) -> Any:
        kind, n = column.type, next(self._nummers)
        if isinstance(kind, Enum) and kind.enum_class is not None:
            return self.keuze.choice(list(kind.enum_class))
        if column.name == getattr(record, "niveau_kolom", None):
            return 1 + n % 6
        for known, make in WAARDEN.items():
            if isinstance(kind, known):
                return make(column, n)
        raise TypeError(f"{record.__name__}.{column.name}: no value is known for {type(kind).__name__}; add one to WAARDEN.")

    def _verzegeld(
        self, connection: Connection, record: type[Record], name: str, id: UUID, persoon: UUID | None, kader: UUID | None
    ) -> bytes:
        if persoon is None:
            raise TypeError(f"{record.__name__}.{name} is sealed: say about whom the row is.")
        value = SEALED[record.velden[name].sealed_type or str](next(self._nummers))
        return self.zegel(connection, record.__tablename__, name, id, persoon, kader, value)

    def zegel(self, connection: Connection, tabel: str, naam: str, id: UUID, persoon: UUID, kader: UUID | None, waarde: Any) -> bytes:
        """A value as a sealed column of a row holds it."""
        ring, gemeente = self.wijk.wijkwerk.keyring, self.wijk.gemeente
        key = ring.data_key(connection, gemeente, persoon, kader)
        return ring.seal(connection, key, to_plain(waarde), binding(tabel, gemeente, id, naam, 1))
