"""The only way rows about people leave the database: planned, scoped, levelled, and noted as shown (design.md 2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Row

from wijkwerk.access import scope
from wijkwerk.access.actor import Actor, Toewijzer
from wijkwerk.access.catalogue import NIETS, Catalogue
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.errors import GeenRecht
from wijkwerk.records import conditions
from wijkwerk.records.conditions import RANG, Filter
from wijkwerk.records.declare import Record
from wijkwerk.records.masks import is_seen, needs, visible_columns
from wijkwerk.records.opening import open_column
from wijkwerk.records.plan import Plan, Shape, plan, used_by
from wijkwerk.records.shown import Shown
from wijkwerk.records.woordgeheugen import Woordgeheugen
from wijkwerk.settings import Grenzen

Patch: TypeAlias = Callable[[UUID, dict[str, Any], frozenset[str]], tuple[dict[str, Any], frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: its rows, whether more follow, and (in an order with RANG) how badly the words fit each row."""

    rows: list[Any]
    more: bool
    ranks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows of a list before they are shown: in scope, in order, unopened and not noted. `Reader.show` shows those that are wanted."""

    made: Plan
    rows: Sequence[Row[Any]]
    more: bool


@dataclass(slots=True)
class Reader:
    """Reads for one actor on one connection; `shown` holds what it showed, `woorden` what a word may be a typing error of,
    `catalogue`, `grenzen` and `toewijzer` what the installation knows besides the actor (nothing, unless it is given).
    `schrijvend`: what is read is about to be written, or was: doors that are only for looking don't count.

    Rows are named tuples with the asked fields, `id`, `beperkt` (true when something in the row was held back) and `onleesbaar` (true
    when something that was asked can't be opened any more, because its key was destroyed).
    """

    connection: Connection
    actor: Actor
    keyring: Keyring
    shown: Shown = field(default_factory=Shown)
    woorden: Woordgeheugen = field(default_factory=Woordgeheugen)
    catalogue: Catalogue = NIETS
    schrijvend: bool = False
    grenzen: Grenzen = field(default_factory=Grenzen)
    toewijzer: Toewijzer | None = None

    def __post_init__(self) -> None:
        self.catalogue = self.catalogue.op(self.actor.vandaag)

    def by_key(
        self,
        record: type[Record],
        velden: Sequence[str],
        key: str,
        values: Collection[Any],
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        roster: bool = False,
    ) -> list[Any]:
        """All rows whose column `key` is one of `values`; with `limit`, the first so many for each value. One statement.

        `roster`: the rows are shown as a list, in which nobody with secrecy stands for outsiders (domain.md 1.10).
        """
        if not values:
            return []
        shape = Shape(record, tuple(velden), key, order=tuple(order), limit="none" if limit is None else "per_key", roster=roster)
        return self._rows(plan(shape), {"sleutels": list(values)} | ({} if limit is None else {"limiet": limit}))

    def one(self, record: type[Record], velden: Sequence[str], id: UUID) -> Any | None:
        """The row with this id, or None: absent and refused look the same, and both are noted as a miss."""
        rows = self.by_key(record, velden, "id", [id])
        if not rows:
            self.shown.miss(id)
        return rows[0] if rows else None

    def page(
        self,
        record: type[Record],
        velden: Sequence[str],
        *,
        order: Sequence[str] = (),
        filters: Mapping[Filter, Any] | None = None,
        first: int,
        after: Sequence[Any] | None = None,
    ) -> Page:
        """The first so many rows in this order, after the row whose order columns and id are `after`."""
        found = self.candidates(record, velden, order=order, filters=filters, first=first, after=after)
        self._searched(filters or {}, bool(found.rows) or after is not None)
        ranks = tuple(row.rang for row in found.rows) if RANG in order else ()
        return Page(self.show(found, found.rows), found.more, ranks)

    def candidates(
        self,
        record: type[Record],
        velden: Sequence[str],
        *,
        order: Sequence[str] = (),
        filters: Mapping[Filter, Any] | None = None,
        first: int,
        after: Sequence[Any] | None = None,
        narrow: bool = False,
    ) -> Candidates:
        """The rows of such a page before they are shown, for a list that is put together of several (`merged.py`).

        `narrow`: the filters choose few rows, by an index.
        """
        filters = filters or {}
        made = plan(Shape(record, tuple(velden), None, tuple(filters), tuple(order), after is not None, "all", narrow=narrow))
        keys = [f"na_{name.removeprefix('-')}" for name in (*order, "id")]
        values = conditions.parameters(filters) | dict(zip(keys, after or (), strict=False)) | {"limiet": first + 1}
        found = self._fetch(made, values)
        return Candidates(made, found[:first], len(found) > first)

    def show(self, found: Candidates, rows: Sequence[Row[Any]]) -> list[Any]:
        """These rows of `found`, opened and noted as shown."""
        return self._shape_rows(found.made, rows)

    def count(self, record: type[Record], filters: Mapping[Filter, Any] | None = None, *, order: Sequence[str] = ()) -> int:
        """How many rows `page` would give in all with this order, under the same predicate."""
        filters = filters or {}
        shape = Shape(record, filters=tuple(filters), order=tuple(order), count=True)
        counted = int(self._fetch(plan(shape), conditions.parameters(filters))[0][0])
        self._searched(filters, counted > 0)
        return counted

    def _searched(self, filters: Mapping[Filter, Any], found: bool) -> None:
        self.shown.search(item.veld for item in filters)
        for item, value in filters.items():
            if not found:
                self.shown.miss(conditions.asked(item, value))

    def editable(self, record: type[Record], id: UUID) -> tuple[int, frozenset[str]] | None:
        """The version of a row and which of its columns the actor sees, sealed ones unopened; None (and a miss) when out of reach."""
        found = replace(self, schrijvend=True).visible(record, [id])
        if not found:
            self.shown.miss(id)
        return found.get(id)

    def visible(self, record: type[Record], ids: Sequence[UUID]) -> dict[UUID, tuple[int, frozenset[str]]]:
        """The rows in reach: of each its version and which of its columns the actor sees. One statement; nothing sealed is opened."""
        made = plan(Shape(record, tuple(record.velden), "id"))
        rows: dict[UUID, tuple[int, frozenset[str]]] = {}
        for row in self._fetch(made, {"sleutels": list(ids)}):
            seen, others = self._seen(made, row) if made.person else (self._impersonal(made), {})
            if made.person:
                self._note(made, row, seen - made.sealed, others)
            rows[row.id] = row.versie, seen
        return rows

    def sighted(
        self,
        made: Plan,
        values: dict[str, Any],
        load: Callable[[Sequence[UUID]], None] = lambda ids: None,
        patch: Patch = lambda id, values, visible: (values, visible),
    ) -> list[tuple[Any, frozenset[str]]]:
        """For history: rows of a person record, each with the columns that the actor sees of it.

        `load` is told which rows are in reach; `patch` may then give other values for the columns seen, and hide more of them.
        """
        found = self._fetch(made, values)
        load([row.id for row in found])
        opened = self._opened(made, found)
        patched = [
            patch(row.id, dict(zip(made.columns, values, strict=True)), visible)
            for row, (values, visible, _) in zip(found, opened, strict=True)
        ]
        return [(self._finish(made, [values[name] for name in made.columns], visible), visible) for values, visible in patched]

    def _rows(self, made: Plan, values: dict[str, Any]) -> list[Any]:
        return self._shape_rows(made, self._fetch(made, values))

    def _fetch(self, made: Plan, values: dict[str, Any]) -> Sequence[Row[Any]]:
        needed = [made.record.lezen, *(p for name in used_by(made.shape) if (p := made.record.velden[name].requires) is not None)]
        if not all(self.actor.may(permission.naam) for permission in needed) or self._refused(made.record, made.told):
            raise GeenRecht
        who = scope.parameters(self.actor, schrijvend=self.schrijvend)
        return self.connection.execute(made.statement, who | values).all()

    def _shape_rows(self, made: Plan, found: Sequence[Row[Any]]) -> list[Any]:
        if not made.person:
            seen = self._impersonal(made)
            return [self._finish(made, [row[at] if name in seen else None for at, name in enumerate(made.columns)], seen) for row in found]
        return [self._finish(made, values, visible, gone) for values, visible, gone in self._opened(made, found)]

    def _opened(self, made: Plan, found: Sequence[Row[Any]]) -> list[tuple[list[Any], frozenset[str], bool]]:
        """The values of each row, sealed ones opened, what is hidden replaced by None; with the columns that are not hidden, and whether
        the key of one of them was destroyed."""
        masked = [self._masked(made, row) for row in found]
        table = [list(values) for values, _ in masked]
        gone: set[int] = set()
        for name in made.sealed:
            gone |= open_column(self, made, found, table, made.columns.index(name))
        return [(values, visible, at in gone) for at, (values, (_, visible)) in enumerate(zip(table, masked, strict=True))]

    def _masked(self, made: Plan, row: Row[Any]) -> tuple[Sequence[Any], frozenset[str]]:
        """The values of a row with what its level hides replaced by None; what is left is noted as shown."""
        n = len(made.columns)
        seen, others = self._seen(made, row)
        values = row[:n] if len(seen) == n else [value if name in seen else None for name, value in zip(made.columns, row[:n], strict=True)]
        self._note(made, row, seen, others)
        return values, seen

    def _impersonal(self, made: Plan) -> frozenset[str]:
        """The columns that the actor sees of rows about no known person: the same for all of them."""
        levels = {name: made.record.velden[name].level for name in made.columns} if made.record.has_levels else {}
        too_high = {name for name, level in levels.items() if level is not None and level > self.actor.plafond}
        return frozenset(made.columns) - too_high - self._denied(made)

    def _denied(self, made: Plan) -> frozenset[str]:
        lacking = frozenset(name for name, permission in made.required if not self.actor.may(permission))
        return lacking | self._refused(made.record, made.columns)

    def _refused(self, record: type[Record], names: Iterable[str]) -> frozenset[str]:
        """Which of these fields the policy refuses the actor, whatever the level (`weiger`)."""
        if not self.actor.geweigerd:
            return frozenset()
        return frozenset(name for name in names if self.actor.never_sees(record.__name__, name))

    def _seen(self, made: Plan, row: Row[Any]) -> tuple[frozenset[str], Mapping[str, UUID | None]]:
        """The columns of a row that the actor sees, and what lets the actor see each related person."""
        n, doors = len(made.columns), len(made.doors)
        denied = self._denied(made)
        key = (self.actor.plafond, denied, *row[n : n + doors + 2])
        if (visible := made.masks.get(key)) is None:
            visible = made.masks[key] = visible_columns(made, int(self.actor.plafond), key[2:]) - denied
        others = dict(zip(made.related, row[n + 2 * doors + 2 :], strict=False))
        blocked = {name for name, door in others.items() if door is None and getattr(row, name) is not None}
        return visible - blocked, others

    def _note(self, made: Plan, row: Row[Any], seen: frozenset[str], others: Mapping[str, UUID | None]) -> None:
        shape, soort = made.shape, made.record.__name__
        confirmed = dict.fromkeys(item.veld for item in shape.filters if item.veld not in shape.velden)
        names = (*(name for name in shape.velden if is_seen(made, name, seen)), *confirmed)
        kinds = {made.record.velden[need].categorie for name in names for need in needs(made, name)}
        n, doors = len(made.columns), len(made.doors)
        used = [(kind.code, row[n + doors + 2 + at]) for at, kind in enumerate(made.doors) if kind in kinds or at == 0]
        categorieen, ids = zip(*used, strict=True)
        self.shown.add(row.betrokkene, soort, tuple(sorted(categorieen)), names, tuple(i for i in ids if i is not None))
        for name, door in others.items():
            if door is not None and name in seen and name in shape.velden:
                self.shown.add(getattr(row, name), soort, (IDENTITEIT.code,), (name,), (door,))

    def _finish(self, made: Plan, values: Sequence[Any], seen: frozenset[str], onleesbaar: bool = False) -> Any:
        by_name = dict(zip(made.columns, values, strict=True))
        for item in made.derived:
            by_name[item.name] = self._compute(item, by_name) if seen.issuperset(item.needs) else None
        shown = {name for name in made.columns if made.record.velden[name].level is not None}
        return made.row(**by_name, beperkt=not seen >= shown, onleesbaar=onleesbaar)

    def _compute(self, item: Any, by_name: dict[str, Any]) -> Any:
        values = [by_name[need] for need in item.needs]
        return item.compute(*values, self.actor.vandaag) if item.vandaag else item.compute(*values)
