"""Planned statements: one per kind of read, made once, the same for every actor (measurements.md III)."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause, Integer, Select, and_, bindparam, false, func, not_, or_, select

from wijkwerk.access import scope
from wijkwerk.access.purposes import Categorie
from wijkwerk.records.conditions import RANG, condition, rank
from wijkwerk.records.conditions import Filter as Filter
from wijkwerk.records.declare import PersonRecord, Record, subject_of
from wijkwerk.records.fields import Derived
from wijkwerk.storage.columns import among


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that decides the text of a read, and nothing of its values.

    `key`: rows whose column is in an array; `order`: columns (or RANG), `-` for descending, always closed by the id;
    `limit`: `None`, for the whole answer, or per value of `key`; `count`: only how many.
    `narrow`: the filters choose few rows by an index, so that a list need not start at all that the actor is let in to.
    `roster`: rows found by key that are shown as a list: who asked for secrecy is not in it for outsiders, as in every list without key.
    """

    record: type[Record]
    velden: tuple[str, ...] = ()
    key: str | None = None
    filters: tuple[Filter, ...] = ()
    order: tuple[str, ...] = ()
    after: bool = False
    limit: Literal["none", "all", "per_key"] = "none"
    count: bool = False
    roster: bool = False
    narrow: bool = False


@dataclass(slots=True)
class Plan:
    """A statement and where its columns stand: values, then levels per door, then what afscherming says, then ids of betrokkenheden;
    last, when the order asks for it, how badly the words fit."""

    shape: Shape
    statement: Select[Any]
    columns: tuple[str, ...]
    doors: tuple[Categorie, ...]
    related: tuple[str, ...]
    row: Any
    derived: tuple[Derived, ...]
    sealed: frozenset[str]
    required: tuple[tuple[str, str], ...]
    told: frozenset[str]
    masks: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @property
    def record(self) -> type[Record]:
        return self.shape.record

    @property
    def person(self) -> bool:
        """Whether its rows are behind the door of betrokkenheid."""
        return issubclass(self.shape.record, PersonRecord)


def needed(record: type[Record], velden: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that these fields (derived ones included) are made of, with the id."""
    names = [need for name in velden for need in (record.afgeleid[name].needs if name in record.afgeleid else (name,))]
    sealed = ["versie"] if any(record.velden[name].kind == "sealed" for name in names) else []
    return tuple(dict.fromkeys(["id", *names, *sealed]))


@lru_cache(maxsize=4096)
def plan(shape: Shape) -> Plan:
    """The plan for a shape; made once."""
    build = _Person(shape) if issubclass(shape.record, PersonRecord) else _Impersonal(shape)
    return build.plan()


class _Impersonal:
    """Builds the statement for a record that is about no known person."""

    doors: tuple[Categorie, ...] = ()
    related: tuple[str, ...] = ()

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.table: FromClause = shape.record.tabel().alias()
        _refuse_sealed(shape)
        self.columns = needed(shape.record, (*shape.velden, *([shape.key] if shape.key else []), *_ordering(shape)))
        self.rank = rank(shape.record, self.table, shape.filters).label(RANG) if RANG in shape.order else None

    def plan(self) -> Plan:
        derived = tuple(self.shape.record.afgeleid[name] for name in self.shape.velden if name in self.shape.record.afgeleid)
        names = tuple(dict.fromkeys([*self.columns, *self.shape.velden, "beperkt", "onleesbaar"]))
        row = namedtuple(self.shape.record.__name__, names)  # type: ignore[misc] # the names are known at run time only
        velden = {name: self.shape.record.velden[name] for name in self.columns}
        sealed = frozenset(name for name, veld in velden.items() if veld.kind == "sealed")
        required = tuple((name, veld.requires.naam) for name, veld in velden.items() if veld.requires is not None)
        return Plan(
            self.shape, self._limited(), self.columns, self.doors, self.related, row, derived, sealed, required, told_by(self.shape)
        )

    def _base(self) -> Select[Any]:
        ranked = [] if self.rank is None else [self.rank]
        extra = [] if self.shape.count else [*[self.table.c[name] for name in self.columns], *self._extra(), *ranked]
        chosen = select(func.count()) if self.shape.count else select(*extra)
        return self._scoped(chosen.select_from(self.table))

    def _limited(self) -> Select[Any]:
        statement = self._filtered(self._base())
        if self.shape.count:
            return statement
        order = [self._ordered(name) for name in (*self.shape.order, "id")]
        if self.shape.limit == "per_key":
            number = func.row_number().over(partition_by=self.table.c[str(self.shape.key)], order_by=order)
            inner = statement.add_columns(number.label("rij")).subquery()
            return select(*list(inner.c)[:-1]).where(inner.c.rij <= bindparam("limiet", type_=Integer())).order_by(inner.c.rij)
        statement = statement.order_by(*order)
        return statement.limit(bindparam("limiet", type_=Integer())) if self.shape.limit == "all" else statement

    def _filtered(self, statement: Select[Any]) -> Select[Any]:
        if self.shape.key:
            statement = statement.where(among(self.table.c[self.shape.key], "sleutels"))
        for item in self.shape.filters:
            statement = statement.where(condition(self.shape.record, self.table, item))
        for name in used_by(self.shape):
            statement = statement.where(*self._may_use(name))
        return statement.where(self._beyond()) if self.shape.after else statement

    def _beyond(self) -> ColumnElement[bool]:
        """Keyset: strictly after the last row of the page before; empty values come last, in both directions."""
        steps: list[ColumnElement[bool]] = []
        before: list[ColumnElement[bool]] = []
        for name in (*self.shape.order, "id"):
            column, nullable = self._column(name)
            value = bindparam(f"na_{_plain(name)}", type_=column.type)
            beyond = column < value if name.startswith("-") else column > value
            empty = and_(column.is_(None), value.is_not(None)) if nullable else false()
            steps.append(and_(*before, or_(beyond, empty)))
            before.append(column.is_not_distinct_from(value) if nullable else column == value)
        return or_(*steps)

    def _column(self, name: str) -> tuple[ColumnElement[Any], bool]:
        """What is ordered by, and whether it can be empty."""
        if name == RANG and self.rank is not None:
            return self.rank.element, False
        column = self.table.c[_plain(name)]
        return column, bool(column.nullable)

    def _ordered(self, name: str) -> ColumnElement[Any]:
        if name == RANG and self.rank is not None:
            return self.rank.asc()
        column, nullable = self._column(name)
        ordered = column.desc() if name.startswith("-") else column.asc()
        return ordered.nulls_last() if nullable else ordered

    def _extra(self) -> list[ColumnElement[Any]]:
        return []

    def _scoped(self, statement: Select[Any]) -> Select[Any]:
        return statement.where(scope.impersonal(self.shape.record, self.table))

    def _may_use(self, name: str) -> list[ColumnElement[bool]]:
        level = self.shape.record.velden[name].level
        return [int(level) <= scope.PLAFOND] if level is not None and self.shape.record.has_levels else []


class _Person(_Impersonal):
    """Builds the statement for a record about a person: doors, levels, afscherming."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.person: type[PersonRecord] = shape.record  # type: ignore[assignment] # plan() chose this class for a PersonRecord
        used = (*self.columns, *[item.veld for item in shape.filters])
        kinds = [self.person.velden[name].categorie for name in used]
        self.doors = tuple(dict.fromkeys([self.person.categorie, *[kind for kind in kinds if kind is not None]]))
        self.related = tuple(name for name in self.columns if self.person.velden[name].kind == "related")
        self.opened = {kind: scope.open_door(self.person, self.table, self._code(kind)) for kind in self.doors}

    def _code(self, kind: Categorie) -> str | ColumnElement[str]:
        return scope.row_category(self.person, self.table) if kind is self.person.categorie else kind.code

    def _extra(self) -> list[ColumnElement[Any]]:
        doors = [self.opened[kind] for kind in self.doors]
        return [
            *[door.niveau.label(f"niveau_{n}") for n, door in enumerate(doors)],
            scope.cap(self.person, self.table).label("afgeschermd"),
            scope.hidden(self.person, self.table).label("verborgen"),
            *[door.id.label(f"deur_{n}") for n, door in enumerate(doors)],
            *[scope.related_door(self.table, name).label(f"ander_{name}") for name in self.related],
            self.table.c[subject_of(self.person)].label("betrokkene"),
            self.table.c.gemeente_id.label("gemeente"),
        ]

    def _scoped(self, statement: Select[Any]) -> Select[Any]:
        first, *others = self.doors
        statement = statement.join(self.opened[first].winner, self.opened[first].join)
        for kind in others:
            statement = statement.outerjoin(self.opened[kind].winner, self.opened[kind].join)
        listed = self.shape.roster or self.shape.key is None
        statement = statement.where(scope.in_gemeente(self.table), *scope.there(self.person, self.table, self.opened[first], listed=listed))
        if self.person.groep_kolom is not None:
            statement = statement.where(scope.whole_group(self.person, self.table, self.person.groep_kolom, listed=listed))
        return statement if self.shape.key or self.shape.narrow else statement.where(scope.from_inside(self.person, self.table))

    def _may_use(self, name: str) -> list[ColumnElement[bool]]:
        veld = self.person.velden[name]
        if veld.level is None:
            return []
        door = self.opened[veld.categorie or self.person.categorie]
        seen = [scope.reaches(self.person, self.table, door, veld.level)]
        if veld.kind == "related":
            seen.append(or_(self.table.c[name].is_(None), scope.related_door(self.table, name).is_not(None)))
        return [*seen, not_(scope.hidden(self.person, self.table))] if veld.afschermbaar else seen


def used_by(shape: Shape) -> tuple[str, ...]:
    """The columns that decide which rows come: what a value of them tells, the actor must be allowed to see."""
    key = [] if shape.key is None else [shape.key]
    return tuple(dict.fromkeys([*key, *[item.veld for item in shape.filters], *_ordering(shape)]))


def told_by(shape: Shape) -> frozenset[str]:
    """The columns whose values can be learned from which rows come, and in what order: what a key or an index tells included."""
    record, used = shape.record, set(used_by(shape))
    if record.woordregister is not None and any(item.operator == "woord" for item in shape.filters):
        used |= set(record.woordregister.velden)
    return frozenset(used | {told for name in used for told in record.velden[name].tells})


def _refuse_sealed(shape: Shape) -> None:
    if sealed := [name for name in used_by(shape) if shape.record.velden[name].kind == "sealed"]:
        raise ValueError(f"{shape.record.__name__}.{sealed[0]} is sealed: nothing can be found or sorted by it")


def _ordering(shape: Shape) -> list[str]:
    """The columns of the order."""
    return [_plain(name) for name in shape.order if name != RANG]


def _plain(name: str) -> str:
    return name.removeprefix("-")
