"""One walk over a valid document, memoised per fragment and type, linear in its size: what it needs and what it costs.

Conservative: what @skip or @include may leave out counts as included (measurements.md I.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from wijkwerk.log.entry import Gebeurtenis
from wijkwerk_graphql.engine.guards import Rights
from wijkwerk_graphql.schema.connection import PAGE
from wijkwerk_graphql.schema.fields import Declaratie
from wijkwerk_graphql.schema.introspection import INTROSPECTIE

if TYPE_CHECKING:
    from wijkwerk_graphql.schema.schema import Schema

CEILING = 1 << 40
INTROSPECTION = ("__schema", "__type")
SEARCH_READS = 10
"""A search compares what was typed with every name of a municipality (records/woordgeheugen.py): so many reads it counts for."""

_PAGING = ("first", "after")
_WEIGHT = (Gebeurtenis.LEZEN, Gebeurtenis.ZOEKEN, Gebeurtenis.UITLEG, Gebeurtenis.EIGEN_INZAGE, Gebeurtenis.LOG_BEKEKEN)


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a field gives: a number, or a variable that is known when the request comes."""

    number: int
    variable: str | None = None

    def of(self, variables: Mapping[str, Any]) -> int:
        """The number for these variables, coerced: a client may also write 100 as 100.0. Never less than one."""
        given = variables.get(self.variable) if self.variable else None
        return max(1, given if isinstance(given, int) else self.number)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a part of a document is, written out in full."""

    depth: int = 0
    aliases: int = 0
    reads: int = 0

    def beside(self, other: Size) -> Size:
        """Two parts next to each other."""
        total = (min(CEILING, self.aliases + other.aliases), min(CEILING, self.reads + other.reads))
        return Size(max(self.depth, other.depth), *total)


@dataclass(slots=True)
class Facts:
    """What one operation needs (rights, by name, with the places that need them), how large it is, and a program for its cost.

    Each step of the program is (own fields, rows, earlier steps): cost = own + rows × the sum of those steps.
    """

    rights: Rights = field(default_factory=dict)
    size: Size = field(default_factory=Size)
    program: list[tuple[int, Rows, tuple[int, ...]]] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    gebeurtenis: Gebeurtenis = Gebeurtenis.LEZEN

    def cost(self, variables: Mapping[str, Any]) -> int:
        """How many field values the answer can have at most, for these coerced variables."""
        done: list[int] = []
        for own, rows, steps in self.program:
            done.append(min(CEILING, own + min(CEILING, rows.of(variables)) * sum(done[step] for step in steps)))
        return done[-1]


class Walk:
    """Collects the facts of one operation."""

    def __init__(self, schema: Schema, fragments: Mapping[str, FragmentDefinitionNode], operation: OperationDefinitionNode) -> None:
        self.schema, self.fragments, self.facts = schema, fragments, Facts()
        self.memo: dict[tuple[str, str], tuple[int, Size]] = {}
        self.root = schema.root(operation)
        _, self.facts.size = self._selection(operation.selection_set, self.root)

    def _selection(self, selection_set: SelectionSetNode, type_: Any) -> tuple[int, Size]:
        own, steps, size = 0, [], Size()
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                step, part = self._field(node, type_)
                own += 1
            else:
                step, part = self._fragment(node, type_)
            steps += [] if step is None else [step]
            size = size.beside(part)
        return self._step(own, Rows(1), steps), size

    def _field(self, node: FieldNode, type_: Any) -> tuple[int | None, Size]:
        name = node.name.value
        alias = 1 if node.alias is not None else 0
        if name.startswith("__"):
            self._introspection(node)
            return None, Size(aliases=alias)
        definition = type_.fields[name]
        self._guard(node, type_, definition)
        if type_ is self.root:
            self._note_root(name)
        read = _reads(node, self.schema.velden[type_.name, name].declaratie)
        if node.selection_set is None:
            return None, Size(1, alias, read)
        step, below = self._selection(node.selection_set, get_named_type(definition.type))
        size = Size(below.depth + 1, below.aliases + alias, below.reads + read)
        return self._step(0, self._rows(node, type_, definition), [step]), size

    def _fragment(self, node: Any, type_: Any) -> tuple[int, Size]:
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return self._selection(node.selection_set, self.schema.graphql.get_type(condition.name.value) if condition else type_)
        assert isinstance(node, FragmentSpreadNode)  # noqa: S101 - the only other kind of selection there is
        key = (node.name.value, type_.name)
        if key not in self.memo:
            fragment = self.fragments[node.name.value]
            self.memo[key] = self._selection(fragment.selection_set, self.schema.graphql.get_type(fragment.type_condition.name.value))
        return self.memo[key]

    def _guard(self, node: FieldNode, type_: Any, definition: GraphQLField) -> None:
        kinds = [type_] if isinstance(type_, GraphQLObjectType) else [type_, *self.schema.graphql.get_possible_types(type_)]
        for kind in kinds:
            self._need(self.schema.velden[kind.name, node.name.value].requires.naam, node)
        for argument in node.arguments or ():
            self.schema.guards.literal(definition.args[argument.name.value].type, argument.value, self.facts.rights)

    def _note_root(self, name: str) -> None:
        """What the log says: the names of root fields, and the event that asks most attention."""
        self.facts.roots.add(name)
        asked = self.schema.declared(self.root.name, name).gebeurtenis
        self.facts.gebeurtenis = max(self.facts.gebeurtenis, asked, key=_WEIGHT.index)

    def _introspection(self, node: FieldNode) -> None:
        if node.name.value in INTROSPECTION:
            self.facts.roots.add(node.name.value)
            self._need(INTROSPECTIE.naam, node)

    def _need(self, right: str, node: FieldNode) -> None:
        self.facts.rights.setdefault(right, []).append(node)

    def _rows(self, node: FieldNode, type_: Any, definition: GraphQLField) -> Rows:
        first = definition.args.get("first")
        if first is None:
            # the rows of a page were counted where it was asked
            return Rows(1 if type_.name in self.schema.pages or not _is_list(definition.type) else PAGE)
        given = next((argument.value for argument in node.arguments or () if argument.name.value == "first"), None)
        if isinstance(given, IntValueNode):
            return Rows(int(given.value))
        number = first.default_value if isinstance(first.default_value, int) else PAGE
        return Rows(number, given.name.value if isinstance(given, VariableNode) else None)

    def _step(self, own: int, rows: Rows, steps: list[int]) -> int:
        self.facts.program.append((own, rows, tuple(steps)))
        return len(self.facts.program) - 1


def _reads(node: FieldNode, declaratie: Declaratie | None) -> int:
    if declaratie is None:
        return 0
    narrowed = any(argument.name.value not in _PAGING for argument in node.arguments or ())
    return SEARCH_READS if narrowed and declaratie.gebeurtenis is Gebeurtenis.ZOEKEN else 1


def pages(schema: GraphQLSchema) -> frozenset[str]:
    """The types that are one page of a list: what a field gives that is asked for its `first` rows, and is no list itself."""
    types = [type_ for type_ in schema.type_map.values() if isinstance(type_, GraphQLObjectType)]
    found = [field for type_ in types for field in type_.fields.values() if "first" in field.args and not _is_list(field.type)]
    return frozenset(get_named_type(field.type).name for field in found)


def _is_list(type_: Any) -> bool:
    return is_list_type(type_.of_type if is_non_null_type(type_) else type_)
