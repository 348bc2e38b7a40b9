"""The breadth-first plan: a selection on n objects is a table, one column per response key, computed for all rows at once.

It covers the case in which nothing is wrong. For anything else it raises, and graphql-core's executor runs the operation instead:
that one decides what is wrong and where (measurements.md I.4). Collecting, coercion of arguments and of leaf values are graphql-core's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Protocol

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import VariableValues, get_argument_values

from wijkwerk.records.read import Reader
from wijkwerk_graphql.engine.budget import Budget
from wijkwerk_graphql.engine.resolve import answers
from wijkwerk_graphql.engine.selection import Collector, Grouped
from wijkwerk_graphql.schema.audit import BACKREF
from wijkwerk_graphql.schema.lezing import Lezing

_AS_IS: dict[Any, type] = {GraphQLString: str, GraphQLBoolean: bool}


class Afwijkend(Exception):
    """Something is not as the plan expects."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a plan."""

    reader: Reader
    variables: VariableValues
    budget: Budget = field(default_factory=Budget)


class Completer(Protocol):
    """Turns a column of values into a column of what is answered."""

    def column(self, run: Run, values: Sequence[Any]) -> Sequence[Any]: ...


class Leaf:
    """Scalars and enums."""

    def __init__(self, type_: Any, nullable: bool) -> None:
        self.coerce, self.nullable, self.as_is = type_.coerce_output_value, nullable, _AS_IS.get(type_)

    def column(self, run: Run, values: Sequence[Any]) -> Sequence[Any]:
        kinds = set(map(type, values))
        if kinds <= {self.as_is}:
            return values
        if not self.nullable and type(None) in kinds:
            raise Afwijkend
        return [None if value is None else self._one(value) for value in values]

    def _one(self, value: Any) -> Any:
        done = self.coerce(value)
        if done is None or done is Undefined:
            raise Afwijkend
        return done


class Lists:
    """A column of all items, then the lists again."""

    def __init__(self, item: Completer, nullable: bool) -> None:
        self.item, self.nullable = item, nullable

    def column(self, run: Run, values: Sequence[Any]) -> Sequence[Any]:
        if any(not isinstance(value, list | tuple) and (value is not None or not self.nullable) for value in values):
            raise Afwijkend
        flat = [item for value in values if value is not None for item in value]
        done = iter(self.item.column(run, flat))
        return [None if value is None else [next(done) for _ in value] for value in values]


class Objects:
    """Objects with a selection."""

    def __init__(self, selection: Selection, nullable: bool) -> None:
        self.selection, self.nullable = selection, nullable

    def column(self, run: Run, values: Sequence[Any]) -> Sequence[Any]:
        there = [value for value in values if value is not None]
        if len(there) < len(values) and not self.nullable:
            raise Afwijkend
        done = iter(self.selection.rows(run, there))
        return [None if value is None else next(done) for value in values]


class Column:
    """One response key: where its values come from, and how they are completed."""

    def __init__(self, collector: Collector, parent: GraphQLObjectType, details: list[FieldDetails]) -> None:
        self.node = details[0].node
        name = self.node.name.value
        self.typename = parent.name if name == "__typename" else None
        if self.typename is not None:
            return
        if name.startswith("__"):
            raise Afwijkend
        self.schema, self.field = collector.schema, parent.fields[name]
        self.declaratie = self.schema.velden[parent.name, name].declaratie
        self.get = attrgetter(self.field.extensions[BACKREF].python_name)
        self.gekozen = collector.gekozen(self.field.type, details)
        self.complete = _completer(collector, self.field.type, details)

    def column(self, run: Run, parents: list[Any]) -> Sequence[Any]:
        """The finished values of this key for all parents."""
        if self.typename is not None:
            return [self.typename] * len(parents)
        return self.complete.column(run, self._values(run, parents))

    def _values(self, run: Run, parents: list[Any]) -> list[Any]:
        if self.declaratie is None:
            return list(map(self.get, parents))
        given = {} if self.declaratie.muteert else self._given(run)
        arguments = self.schema.arguments(self.field, given)
        return answers(self.declaratie, parents, Lezing(run.reader, self.gekozen), arguments, run.budget)

    def _given(self, run: Run) -> dict[str, Any]:
        try:
            return get_argument_values(self.field, self.node, run.variables, hide_suggestions=True)
        except GraphQLError:
            raise Afwijkend from None


class Selection:
    """The plan of one selection set on one object type."""

    def __init__(self, collector: Collector, type_: GraphQLObjectType, grouped: Grouped) -> None:
        self.columns = {key: Column(collector, type_, details) for key, details in grouped.items()}

    def rows(self, run: Run, parents: list[Any], keys: Collection[str] | None = None) -> list[dict[str, Any]]:
        """An answer for each parent; with `keys`, of these response keys only."""
        if not parents:
            return []
        chosen = {key: column for key, column in self.columns.items() if keys is None or key in keys}
        table = [column.column(run, parents) for column in chosen.values()]
        return [dict(zip(chosen, row, strict=True)) for row in zip(*table, strict=True)] if table else [{} for _ in parents]


def _completer(collector: Collector, type_: GraphQLOutputType, details: list[FieldDetails], nullable: bool = True) -> Completer:
    if is_non_null_type(type_):
        return _completer(collector, type_.of_type, details, False)
    if is_list_type(type_):
        return Lists(_completer(collector, type_.of_type, details), nullable)
    if is_leaf_type(type_):
        return Leaf(type_, nullable)
    if not is_object_type(type_):
        raise Afwijkend
    return Objects(Selection(collector, type_, collector.below(type_, details)), nullable)
