"""Every field says what it requires, and what it is in Dutch. There is no default: what leaves it unsaid stops the build (design.md 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema
from graphql.type import GraphQLScalarType, is_specified_scalar_type

from wijkwerk_graphql.schema.problems import SchemaFout
from wijkwerk_graphql.schema.types import INFO, Veldinfo

BACKREF = "strawberry-definition"
Velden: TypeAlias = dict[tuple[str, str], Veldinfo]


def audit(schema: GraphQLSchema, permissions: Collection[str]) -> tuple[Velden, Velden]:
    """What each output field and each input field requires. Raises SchemaFout with every field that does not say, or says nonsense."""
    outputs: Velden = {}
    inputs: Velden = {}
    wrong: list[str] = []
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if not type_.description and not (isinstance(type_, GraphQLScalarType) and is_specified_scalar_type(type_)):
            wrong.append(f"{type_.name}: geen uitleg")
        found = inputs if isinstance(type_, GraphQLInputObjectType) else outputs
        for name, field in _fields(type_):
            info = _info(field)
            wrong += [f"{type_.name}.{name}: {fault}" for fault in _faults(info, field, permissions)]
            if info is not None:
                found[type_.name, name] = info
    if wrong:
        raise SchemaFout("Het schema is niet compleet:\n" + "\n".join(sorted(wrong)))
    return outputs, inputs


def _fields(type_: GraphQLNamedType) -> Iterator[tuple[str, Any]]:
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        yield from type_.fields.items()
    elif not isinstance(type_, GraphQLScalarType | GraphQLEnumType):
        raise SchemaFout(f"{type_.name}: gebruik een interface in plaats van een union.")


def _info(field: Any) -> Veldinfo | None:
    info = field.extensions[BACKREF].metadata.get(INFO)
    return info if isinstance(info, Veldinfo) else None


def _faults(info: Veldinfo | None, field: Any, permissions: Collection[str]) -> Iterator[str]:
    if info is None:
        yield "geen recht aangegeven"
    elif info.requires.naam not in permissions:
        yield f"het recht {info.requires.naam!r} bestaat niet"
    if not field.description:
        yield "geen uitleg"
