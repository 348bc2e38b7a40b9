"""The schema as a map: which types lead to which, what a field takes, and what an actor may ask."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_list_type, is_non_null_type, is_required_argument

from wijkwerk.access.actor import Actor
from wijkwerk.records.declare import Record
from wijkwerk_graphql.schema.fields import Leest
from wijkwerk_graphql.schema.schema import Schema

QUERY, MUTATION = "Query", "Mutation"


EEN_VAN: Mapping[str, str] = MappingProxyType({"Query.vernietigingBekijken": "dossier"})
"""Fields that ask one of two arguments, which a schema can't say: the one that is given here."""


@dataclass(frozen=True, slots=True)
class Stap:
    """A field of a type."""

    type_: str
    naam: str

    def __str__(self) -> str:
        return f"{self.type_}.{self.naam}"


@dataclass(slots=True)
class Kaart:
    """Looks things up in one schema."""

    schema: Schema
    _paden: dict[str, tuple[Stap, ...]] = field(default_factory=dict)

    def velden(self, type_: str) -> dict[str, GraphQLField]:
        """The fields of a type."""
        found: Any = self.schema.graphql.type_map[type_]
        return dict(found.fields)

    def veld(self, stap: Stap) -> GraphQLField:
        return self.velden(stap.type_)[stap.naam]

    def naar(self, stap: Stap) -> str:
        """The type that a field leads to: of pages, of what is on them."""
        named = get_named_type(self.veld(stap).type).name
        return get_named_type(self.velden(f"{named.removesuffix('Connection')}Edge")["node"].type).name if self.bladzijden(stap) else named

    def blad(self, stap: Stap) -> bool:
        """Whether it is a value, with nothing below it."""
        return is_leaf_type(get_named_type(self.veld(stap).type))

    def bladzijden(self, stap: Stap) -> bool:
        """Whether it gives pages."""
        named = get_named_type(self.veld(stap).type)
        return isinstance(named, GraphQLObjectType) and {"edges", "pageInfo"} <= named.fields.keys()

    def lijst(self, stap: Stap) -> bool:
        kind: Any = self.veld(stap).type
        return is_list_type(kind.of_type if is_non_null_type(kind) else kind)

    def record(self, type_: str) -> type[Record] | None:
        """The record that a type is of; None for an answer that is none."""
        return self.schema.by_type.get(type_)

    def leest(self, stap: Stap) -> Leest | None:
        """What the field reads, where that follows from its declaration alone."""
        info = self.schema.velden[stap.type_, stap.naam]
        return info.declaratie.leest if info.declaratie else None

    def mag(self, actor: Actor, stap: Stap) -> bool:
        """Whether the actor may ask it at all; of pages also what is around the rows."""
        rechten = {self.schema.velden[stap.type_, stap.naam].requires.naam}
        if self.bladzijden(stap):
            around = get_named_type(self.veld(stap).type).name
            rechten.add(self.schema.velden[around, "edges"].requires.naam)
        return all(actor.may(recht) for recht in rechten)

    def verplicht(self, stap: Stap) -> dict[str, Any]:
        """The arguments that it can't do without, with their types."""
        ook = EEN_VAN.get(str(stap))
        return {naam: arg.type for naam, arg in self.veld(stap).args.items() if is_required_argument(arg) or naam == ook}

    def types(self) -> list[str]:
        """Every type that a question leads to, but what is around the rows of pages."""
        return [QUERY, *self.paden()]

    def stappen(self, type_: str) -> Iterator[Stap]:
        """Every field of a type."""
        return (Stap(type_, naam) for naam in self.velden(type_))

    def paden(self) -> dict[str, tuple[Stap, ...]]:
        """The shortest way from a question to each type: if there is one, a way by which nothing has to be known."""
        if not self._paden:
            for vrij in (True, False):
                todo = deque([(QUERY, ()), *self._paden.items()])
                while todo:
                    type_, pad = todo.popleft()
                    for stap in self._wegen(type_):
                        naar = self.naar(stap)
                        if naar not in self._paden and not (vrij and self.verplicht(stap)):
                            self._paden[naar] = (*pad, stap)
                            todo.append((naar, (*pad, stap)))
        return self._paden

    def _wegen(self, type_: str) -> list[Stap]:
        """The fields that lead on: pages first, they give the most rows."""
        wegen = [stap for stap in self.stappen(type_) if not self.blad(stap)]
        return sorted(wegen, key=lambda stap: (not self.bladzijden(stap), not self.lijst(stap)))
