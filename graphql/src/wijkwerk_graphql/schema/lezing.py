"""What a resolver reads with: the reader of this request, and what the document asked for below its field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from wijkwerk.access.actor import Actor
from wijkwerk.records.declare import Record
from wijkwerk.records.read import Reader

Row: TypeAlias = Any
"""A row of the reader: a named tuple with the columns that were asked, `id` and `beperkt`."""

Columns: TypeAlias = Mapping[type[Record], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Gekozen:
    """What the document selected below one field: columns per record, and names of the fields right below it."""

    kolommen: Columns
    velden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lezing:
    """Reads for one field of one request, under the actor's scope. What it reads is noted as shown.

    The methods read only the columns that the document asked for: nothing else is read, opened or logged.
    """

    reader: Reader
    gekozen: Gekozen

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.reader.actor

    def velden(self, record: type[Record]) -> tuple[str, ...]:
        """The columns and derived fields of `record` that the document asked for below this field."""
        return self.gekozen.kolommen.get(record, ())

    def een(self, record: type[Record], id: UUID) -> Row | None:
        """The row with this id; None when it is absent or out of reach, which look the same."""
        return self.reader.one(record, self.velden(record), id)

    def bij_id(self, record: type[Record], ids: Sequence[UUID | None], *, roster: bool = False) -> list[Row | None]:
        """For each id its row, or None. One statement. `roster`: for residents who are shown as a list (domain.md 1.10)."""
        found = {row.id: row for row in self._by_key(record, "id", {id for id in ids if id is not None}, roster=roster)}
        return [None if id is None else found.get(id) for id in ids]

    def per_ouder(
        self, record: type[Record], by: str, ids: Sequence[UUID], *, order: Sequence[str] = (), limit: int | None = None
    ) -> list[list[Row]]:
        """For each parent id the rows whose column `by` is that id; with `limit`, the first so many of each. One statement."""
        found: dict[UUID, list[Row]] = defaultdict(list)
        for row in self._by_key(record, by, set(ids), order, limit):
            found[getattr(row, by)].append(row)
        return [found.get(id, []) for id in ids]

    def _by_key(
        self,
        record: type[Record],
        key: str,
        ids: Collection[UUID],
        order: Sequence[str] = (),
        limit: int | None = None,
        *,
        roster: bool = False,
    ) -> list[Row]:
        return self.reader.by_key(record, self.velden(record), key, sorted(ids), order=order, limit=limit, roster=roster)
