"""Filters and inputs are guarded like fields: searching by a BSN is reading BSNs (measurements.md I.2, hole 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    get_nullable_type,
    is_list_type,
    type_from_ast,
)

from wijkwerk_graphql.schema.audit import Velden

Rights: TypeAlias = dict[str, list[Node]]
"""Rights by name, with the places in the document that need them."""


class Guards:
    """Which rights the given input fields need, in literals and in the values of variables."""

    def __init__(self, schema: GraphQLSchema, velden: Velden) -> None:
        self.schema, self.velden = schema, velden

    def literal(self, type_: GraphQLInputType, value: ValueNode, into: Rights) -> None:
        """Add what a literal needs."""
        kind = get_nullable_type(type_)
        if is_list_type(kind):
            for item in value.values if isinstance(value, ListValueNode) else (value,):
                self.literal(kind.of_type, item, into)
        elif isinstance(kind, GraphQLInputObjectType) and isinstance(value, ObjectValueNode):
            for given in value.fields:
                name = given.name.value
                into.setdefault(self.velden[kind.name, name].requires.naam, []).append(given)
                self.literal(kind.fields[name].type, given.value, into)

    def variables(self, operation: OperationDefinitionNode, values: Mapping[str, Any]) -> Rights:
        """What the values of variables need: the keys that are there count, whatever the document does with them."""
        found: Rights = {}
        for node in operation.variable_definitions or ():
            type_: Any = type_from_ast(self.schema, node.type)
            name = node.variable.name.value
            if name in values:
                self._value(type_, values[name], node, found)
            elif node.default_value is not None:
                self.literal(type_, node.default_value, found)
        return found

    def _value(self, type_: Any, value: Any, node: Node, into: Rights) -> None:
        kind = get_nullable_type(type_)
        if is_list_type(kind):
            for item in value if isinstance(value, Sequence) and not isinstance(value, str) else (value,):
                self._value(kind.of_type, item, node, into)
        elif isinstance(kind, GraphQLInputObjectType) and isinstance(value, Mapping):
            for name in kind.fields.keys() & value.keys():
                into.setdefault(self.velden[kind.name, name].requires.naam, []).append(node)
                self._value(kind.fields[name].type, value[name], node, into)
