"""What was known when, by whom it was changed, and where it came from; always as the actor may see it today (domain.md 1.11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Integer, Row, Select, bindparam, func, select

from wijkwerk.access.register import IDENTITEIT
from wijkwerk.errors import GeenRecht
from wijkwerk.records.declare import PersonRecord, Record
from wijkwerk.records.frozen import thaw
from wijkwerk.records.history import Gegevensbron, Wijziging, Wijzigingssoort
from wijkwerk.records.opening import binding
from wijkwerk.records.plan import Shape, plan
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import among


@dataclass(frozen=True, slots=True)
class Veldwijziging:
    """A field before and after a change."""

    veld: str
    oud: Any
    nieuw: Any


@dataclass(frozen=True, slots=True)
class Versie:
    """A change of one row, with the fields of it that the actor may see. `door` and `organisatie`: who made it."""

    rij: UUID
    nummer: int
    soort: Wijzigingssoort
    bron: Gegevensbron
    op: datetime
    door: UUID
    organisatie: UUID
    velden: tuple[Veldwijziging, ...]


@dataclass(frozen=True, slots=True)
class Herkomst:
    """Who the value of a field came from, and since when it is there."""

    bron: Gegevensbron
    op: datetime


@dataclass(slots=True)
class _Verleden:
    """The changes of some rows of one record, newest first, each with what stood there; `bereik` are the related persons in reach."""

    reader: Reader
    record: type[PersonRecord]
    first: int | None = None
    changes: dict[UUID, list[tuple[Row[Any], dict[str, Any]]]] = field(default_factory=dict)
    bereik: frozenset[UUID] = frozenset()

    def load(self, ids: Sequence[UUID]) -> None:
        """Read them for these rows: one statement, the keys, and one for related persons where the record has them."""
        changes = defaultdict(list)
        rows = self.reader.connection.execute(*_statement(self.reader, self.record, ids, Wijziging.tabel().columns, self.first)).all()
        for row, oud in zip(rows, _opened(self.reader, rows), strict=True):
            values = dict.fromkeys(row.veldnamen) if oud is None else orjson.loads(oud)
            known = {name: thaw(self.record, name, value) for name, value in values.items() if name in self.record.velden}
            changes[row.rij_id].append((row, known))
        self.changes = dict(changes)
        self.bereik = self._bereik()

    def may_show(self, change: Row[Any], now: Mapping[str, Any], name: str, value: Any) -> bool:
        """Whether an old value may be shown to who sees the field today: not from behind a higher level or another category than the
        row has now, and not another person who is out of reach."""
        niveau, categorie = self.record.niveau_kolom, self.record.categorie_kolom
        if (niveau and change.rijniveau > (now.get(niveau) or 0)) or (categorie and change.categorie_code != now.get(categorie)):
            return False
        return self.record.velden[name].kind != "related" or value is None or value in self.bereik

    def _bereik(self) -> frozenset[UUID]:
        """Which other persons that stood in these rows the actor may see today; noted as shown."""
        related = [name for name, veld in self.record.velden.items() if veld.kind == "related"]
        persoon = next(m.class_ for m in Record.registry.mappers if m.class_.__tablename__ == "persoon")
        if not related or not self.reader.actor.may(persoon.lezen.naam):
            return frozenset()
        stood = {oud[name]: name for changes in self.changes.values() for _, oud in changes for name in related if oud.get(name)}
        seen = frozenset(row.id for row in self.reader.by_key(persoon, (), "id", sorted(stood)))
        for id in seen:
            self.reader.shown.add(id, self.record.__name__, (IDENTITEIT.code,), (stood[id],), ())
        return seen


def history(reader: Reader, record: type[PersonRecord], ids: Sequence[UUID], first: int | None = None) -> dict[UUID, list[Versie]]:
    """Per row its changes (the newest `first`), newest first, with what the actor may see of them today. Rows out of reach are not in it.

    Two statements, the keys, and one more for a record with related persons. Raises GeenRecht.
    """
    _allowed(reader)
    guards = tuple(name for name in (record.niveau_kolom, record.categorie_kolom) if name)
    made = plan(Shape(record, (*_readable(reader, record), *guards), "id"))
    verleden = _Verleden(reader, record, first)
    seen = reader.sighted(made, {"sleutels": list(ids)}, verleden.load)
    return {row.id: list(_versies(verleden, row, visible)) for row, visible in seen}


def known_at(reader: Reader, record: type[PersonRecord], velden: Sequence[str], ids: Sequence[UUID], moment: datetime) -> list[Any | None]:
    """The rows as they were known at a moment, under today's scope, in the order of `ids`; None for one that was not there yet
    or is out of reach. What follows from today's date (an age) is still that of today. Raises GeenRecht.
    """
    _allowed(reader)
    guards = tuple(name for name in (record.niveau_kolom, record.categorie_kolom) if name)
    made = plan(Shape(record, (*velden, *guards), "id"))
    verleden = _Verleden(reader, record)

    def back(id: UUID, values: dict[str, Any], visible: frozenset[str]) -> tuple[dict[str, Any], frozenset[str]]:
        return _back(verleden, id, values, visible, moment)

    rows = {row.id: row for row, _ in reader.sighted(made, {"sleutels": list(ids)}, verleden.load, back)}
    made_at = {id: changes[-1][0] for id, changes in verleden.changes.items()}
    absent = {id for id, row in made_at.items() if row.soort is Wijzigingssoort.AANGEMAAKT and row.op > moment}
    return [None if id in absent else rows.get(id) for id in ids]


def herkomst(reader: Reader, record: type[PersonRecord], ids: Sequence[UUID]) -> dict[UUID, dict[str, Herkomst]]:
    """Per row, of each field that the actor may see: who its value came from, and since when. A field that was never written is not
    in it, nor a row out of reach. Two statements; nothing sealed is opened. Raises GeenRecht.
    """
    _allowed(reader)
    readable = frozenset(_readable(reader, record))
    visible = {id: seen & readable for id, (_, seen) in reader.visible(record, ids).items()}
    found: dict[UUID, dict[str, Herkomst]] = {id: {} for id in visible}
    w = Wijziging.tabel().c
    for row in reader.connection.execute(*_statement(reader, record, list(visible), (w.rij_id, w.veldnamen, w.bron, w.op))):
        for name in visible[row.rij_id].intersection(row.veldnamen):
            found[row.rij_id].setdefault(name, Herkomst(row.bron, row.op))
    return found


def _allowed(reader: Reader) -> None:
    if not reader.actor.may(Wijziging.lezen.naam):
        raise GeenRecht


def _readable(reader: Reader, record: type[PersonRecord]) -> tuple[str, ...]:
    """The fields that history tells about: those with a level, shown, and not behind a permission that the actor lacks,
    nor refused by the policy."""
    return tuple(
        name for name, veld in record.velden.items()
        if veld.level is not None and veld.shown and name != "versie" and (veld.requires is None or reader.actor.may(veld.requires.naam))
        and not reader.actor.never_sees(record.__name__, name)
    )  # fmt: skip


def _statement(
    reader: Reader, record: type[PersonRecord], ids: Sequence[UUID], columns: Iterable[Any], first: int | None = None
) -> tuple[Select[Any], dict[str, Any]]:
    """The changes of these rows, newest first; who asks has looked first whether the rows are in reach."""
    w = Wijziging.tabel()
    found = select(*columns).where(
        w.c.gemeente_id == bindparam("gemeente"), w.c.tabelnaam == bindparam("tabel"), among(w.c.rij_id, "rijen")
    )
    values = {"gemeente": reader.actor.gemeente, "tabel": record.__tablename__, "rijen": list(ids)}
    if first is None:
        return found.order_by(w.c.rij_id, w.c.nummer.desc()), values
    number = func.row_number().over(partition_by=w.c.rij_id, order_by=w.c.nummer.desc()).label("hoeveelste")
    inner = found.add_columns(number).subquery()
    newest = select(*list(inner.c)[:-1]).where(inner.c.hoeveelste <= bindparam("eerste", type_=Integer()))
    return newest.order_by(inner.c.rij_id, inner.c.nummer.desc()), values | {"eerste": first}


def _opened(reader: Reader, rows: Sequence[Any]) -> Iterator[bytes | None]:
    blobs = [(row.oud, binding(Wijziging.__tablename__, row.gemeente_id, row.id, "oud", 1)) for row in rows if row.oud is not None]
    plain = iter(reader.keyring.open(reader.connection, blobs))
    return (None if row.oud is None else next(plain) for row in rows)


def _versies(verleden: _Verleden, row: Any, visible: frozenset[str]) -> Iterator[Versie]:
    """The changes of one row, walked back from what stands there now. A change shows a field when both its values may be shown."""
    today = {name: getattr(row, name) for name in visible}
    now, hidden = dict(today), set[str]()
    for change, oud in verleden.changes.get(row.id, ()):
        fields = []
        for name in visible.intersection(change.veldnamen):
            before = oud.get(name)
            if (may := verleden.may_show(change, today, name, before)) and name not in hidden:
                fields.append(Veldwijziging(name, before, now[name]))
            now[name] = before
            (hidden.discard if may else hidden.add)(name)
        yield Versie(
            change.rij_id, change.nummer, change.soort, change.bron, change.op, change.door_id, change.organisatie_id,
            tuple(sorted(fields, key=lambda each: each.veld)),
        )  # fmt: skip


def _back(
    verleden: _Verleden, id: UUID, values: dict[str, Any], visible: frozenset[str], moment: datetime
) -> tuple[dict[str, Any], frozenset[str]]:
    """The values of one row as they were known at a moment, and which of them may be shown."""
    today, hidden = dict(values), set[str]()
    for change, oud in verleden.changes.get(id, ()):
        if change.op <= moment:
            values["versie"] = change.nummer
            break
        if change.soort is Wijzigingssoort.AANGEMAAKT:
            break  # it was not there yet: `known_at` leaves it out, and nothing can be derived from a row without values
        for name in visible.intersection(oud):
            values[name] = oud[name]
            (hidden.discard if verleden.may_show(change, today, name, oud[name]) else hidden.add)(name)
    return values | dict.fromkeys(hidden), visible - hidden
