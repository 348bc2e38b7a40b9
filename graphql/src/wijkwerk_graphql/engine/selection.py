"""What a document selects below a field: CollectFields is graphql-core's; what follows for columns is worked out here, once per plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from graphql import GraphQLObjectType, GraphQLOutputType, OperationDefinitionNode, get_named_type, is_composite_type, is_object_type
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from wijkwerk.records.declare import Record
from wijkwerk_graphql.schema.audit import BACKREF
from wijkwerk_graphql.schema.lezing import Gekozen

if TYPE_CHECKING:
    from wijkwerk_graphql.schema.schema import Schema

Grouped: TypeAlias = dict[str, list[FieldDetails]]
Needed: TypeAlias = dict[type[Record], dict[str, None]]


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects fields of one operation, for one set of values of its variables."""

    schema: Schema
    fragments: dict[str, FragmentDetails]
    operation: OperationDefinitionNode
    variables: VariableValues

    def root(self, type_: GraphQLObjectType) -> Grouped:
        """The root fields, by response key."""
        return collect_fields(self.schema.graphql, self.fragments, self.variables, type_, self.operation, True).grouped_field_set

    def below(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Grouped:
        """The fields of `type_` below these, by response key."""
        return collect_subfields(
            self.schema.graphql, self.fragments, self.variables, self.operation, type_, details, True
        ).grouped_field_set

    def gekozen(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Gekozen:
        """The columns of records, and the names of other fields, that are selected below a field of this type."""
        columns: Needed = {}
        names: set[str] = set()
        named = get_named_type(type_)
        if is_composite_type(named):
            possible = [named] if is_object_type(named) else self.schema.graphql.get_possible_types(named)  # type: ignore[arg-type]
            for each in possible:
                self._select(each, details, "", columns, names)
        return Gekozen({record: tuple(found) for record, found in columns.items()}, frozenset(names))

    def _select(
        self,
        type_: GraphQLObjectType,
        details: list[FieldDetails],
        prefix: str,
        columns: dict[type[Record], dict[str, None]],
        names: set[str],
    ) -> None:
        """Down to the first record: what is below that is read by the fields of the record themselves."""
        record = self.schema.by_type.get(type_.name)
        needed = columns.setdefault(record, {}) if record else {}
        for found in self.below(type_, details).values():
            name = found[0].node.name.value
            if name.startswith("__"):
                continue
            field = type_.fields[name]
            needed.update(dict.fromkeys(self.schema.velden[type_.name, name].nodig))
            python_name = prefix + field.extensions[BACKREF].python_name
            names.add(python_name)
            below = get_named_type(field.type)
            if record is None and isinstance(below, GraphQLObjectType):
                self._select(below, found, f"{python_name}.", columns, names)
