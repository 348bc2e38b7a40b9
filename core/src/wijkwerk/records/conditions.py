"""What a list is narrowed by: a value, one of some values, none, a beginning, a range, or a word of the names; and how well words fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Boolean, ColumnElement, FromClause, Integer, and_, bindparam, case, exists, func, literal, or_, select

from wijkwerk.records.declare import Record
from wijkwerk.records.geldigheid import waar_loopt
from wijkwerk.records.woorden import Woordregister
from wijkwerk.storage.columns import among

Operator = Literal["gelijk", "een_van", "begint_met", "tussen", "woord", "geldig_op", "leeg", "index"]
RANG = "rang"
"""Stands in an order for how well the words fit: the best first."""

_BEGIN, _FOUT = 1, 100
"""A word that is a beginning weighs less than one with a typing error, however many there are."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a field; it adds the field's level and afscherming to the scope. `nummer`: which of several words."""

    veld: str
    operator: Operator = "gelijk"
    nummer: int = 0

    @property
    def naam(self) -> str:
        """The parameter of its value."""
        return f"is_{self.veld}_{self.nummer}" if self.operator == "woord" else f"is_{self.veld}"


@dataclass(frozen=True, slots=True)
class Woord:
    """The value of a condition `woord`: what was typed, and the words that it may be a typing error of."""

    woord: str
    lijkt: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.woord


@dataclass(frozen=True, slots=True, repr=False)
class Indexwaarde:
    """The value of a condition `index`: what stands for something sealed, under each key that there is. `gevraagd`: for the log, the same
    under any key."""

    waarden: tuple[bytes, ...]
    gevraagd: bytes


def condition(record: type[Record], table: FromClause, item: Filter) -> ColumnElement[bool]:
    """The condition in SQL on an alias of the record's table."""
    if item.operator == "woord":
        t, fits = _terms(record, table, item)
        return exists(select(t.c.term).where(fits).correlate(table))
    column = table.c[item.veld]
    if item.operator == "leeg":
        return column.is_(None) == bindparam(item.naam, type_=Boolean())
    value, upto = bindparam(item.naam, type_=column.type), bindparam(f"{item.naam}_tot", type_=column.type)
    if item.operator == "gelijk":
        return column == value
    if item.operator == "index":
        return or_(*(each == one for each in (column, table.c[f"{item.veld}_nieuw"]) for one in (value, upto)))
    if item.operator == "een_van":
        return among(column, item.naam)
    if item.operator == "geldig_op":
        return and_(column <= value, waar_loopt(table, value))
    return and_(column >= value, column <= upto if item.operator == "tussen" else column < upto)


def rank(record: type[Record], table: FromClause, filters: Iterable[Filter]) -> ColumnElement[int]:
    """How badly the words fit, added up: 0 when each is exactly a word of the names."""
    total: ColumnElement[int] = literal(0, Integer)
    for item in filters:
        if item.operator == "woord":
            t, fits = _terms(record, table, item)
            kind = case((t.c.term == bindparam(item.naam, type_=t.c.term.type), 0), (_begins(t, item), _BEGIN), else_=_FOUT)
            total = total + select(func.min(kind)).where(fits).correlate(table).scalar_subquery()
    return total


def parameters(filters: Mapping[Filter, Any]) -> dict[str, Any]:
    """The values of the conditions, as their statements name them."""
    values: dict[str, Any] = {}
    for item, value in filters.items():
        if item.operator == "tussen":
            values[item.naam], values[f"{item.naam}_tot"] = value
        elif item.operator == "woord":
            values |= {item.naam: value.woord, f"{item.naam}_tot": _end(value.woord), f"{item.naam}_lijkt": list(value.lijkt)}
        elif item.operator == "index":
            values[item.naam], values[f"{item.naam}_tot"] = value.waarden[0], value.waarden[-1]
        else:
            values[item.naam] = value
            if item.operator == "begint_met":
                values[f"{item.naam}_tot"] = _end(value)
    return values


def asked(item: Filter, value: Any) -> bytes:
    """What was asked for, for a keyed pseudonym of it in the log: never written down itself."""
    if isinstance(value, Indexwaarde):
        return value.gevraagd
    if isinstance(value, bytes):
        return value
    return f"{item.veld}={' '.join(map(str, value)) if isinstance(value, tuple) else value}".encode()


def _terms(record: type[Record], table: FromClause, item: Filter) -> tuple[FromClause, ColumnElement[bool]]:
    """The words of a row of `table` that fit."""
    register = _register(record)
    t = register.termen.alias()
    fits = or_(_begins(t, item), among(t.c.term, f"{item.naam}_lijkt"))
    return t, and_(t.c.gemeente_id == table.c.gemeente_id, t.c.persoon_id == table.c.id, fits)


def _begins(t: FromClause, item: Filter) -> ColumnElement[bool]:
    value, upto = bindparam(item.naam, type_=t.c.term.type), bindparam(f"{item.naam}_tot", type_=t.c.term.type)
    return and_(t.c.term >= value, t.c.term < upto)


def _register(record: type[Record]) -> Woordregister:
    if record.woordregister is None:
        raise ValueError(f"{record.__name__} is not found by words: it declares no woordregister")
    return record.woordregister


def _end(begin: str) -> str:
    """Past everything that begins so, by code point."""
    return begin + "\U0010ffff"
