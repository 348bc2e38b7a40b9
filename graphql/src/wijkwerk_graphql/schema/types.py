"""The GraphQL type of a record follows from its declaration alone: nothing about a field is written twice (design.md 1, idea 1)."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry
from sqlalchemy.orm import Mapped
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema_directive import Location
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.records.declare import Record
from wijkwerk.records.fields import Veld
from wijkwerk_graphql.schema.fields import Declaratie, relation
from wijkwerk_graphql.schema.outcomes import described
from wijkwerk_graphql.schema.problems import SchemaFout

INFO = "wijkwerk"
RELATIONS = ("subject", "related", "kader", "reference")
BEPERKT = "Of er gegevens zijn weggelaten die u niet mag zien"
ONLEESBAAR = "Of iets wat u vroeg voorgoed onleesbaar is, omdat de sleutel is vernietigd. Het is dan leeg"


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.INPUT_FIELD_DEFINITION], name="recht", description="Welk recht nodig is"
)
class Recht:
    """The permission of a field, printed in the schema; what is checked is in `Veldinfo`."""

    naam: str


@dataclass(frozen=True, slots=True)
class Veldinfo:
    """What the engine knows of a field: its permission, the columns of the parent it needs, the function behind it, the record it is of."""

    requires: Permission
    nodig: tuple[str, ...] = ()
    declaratie: Declaratie | None = None
    van: str = ""


def make_field(
    name: str, type_: Any, uitleg: str | None, info: Veldinfo, arguments: list[StrawberryArgument] | None = None
) -> StrawberryField:
    """A field with its permission, in memory and as a directive in the printed schema."""
    made = StrawberryField(
        python_name=name,
        type_annotation=StrawberryAnnotation(type_),
        description=uitleg,
        metadata={INFO: info},
        directives=[Recht(naam=info.requires.naam)],
    )
    made.arguments = arguments or []
    return made


def make_type(name: str, uitleg: str, fields: list[StrawberryField]) -> type[Any]:
    """A strawberry type with these fields."""
    namespace: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for made in fields:
        namespace[made.python_name] = made
        namespace["__annotations__"][made.python_name] = made.type_annotation.annotation if made.type_annotation else None
    return strawberry.type(type(name, (), namespace), name=name, description=uitleg)


def record_type(record: type[Record]) -> type[Any]:
    """The type of a record: its own columns and derived fields. Relations are added by the schema, which knows the other records."""
    return make_type(record.__name__, record.uitleg, list(_own_fields(record)))


def _own_fields(record: type[Record]) -> Iterator[StrawberryField]:
    hints = column_types(record)
    lezen, van = record.lezen, record.__module__
    yield make_field("id", UUID, "Het nummer van dit gegeven", Veldinfo(lezen, van=van))
    yield make_field("beperkt", bool, BEPERKT, Veldinfo(lezen, van=van))
    if any(veld.kind == "sealed" and veld.shown for veld in record.velden.values()):
        yield make_field("onleesbaar", bool, ONLEESBAAR, Veldinfo(lezen, van=van))
    for name, veld in record.velden.items():
        if veld.kind in ("field", "sealed") and veld.shown:
            yield make_field(name, optional(hints[name]), veld.uitleg, Veldinfo(veld.requires or lezen, (name,), van=van))
    for name, afgeleid in record.afgeleid.items():
        yield make_field(
            name, optional(_returned(afgeleid.compute)), afgeleid.uitleg, Veldinfo(_derived_guard(record, name), (name,), van=van)
        )


def _derived_guard(record: type[Record], name: str) -> Permission:
    """A derived field tells what it is made of: it takes the permission that one of its columns asks for."""
    extra = {veld.requires for need in record.afgeleid[name].needs if (veld := record.velden[need]).requires is not None}
    if len(extra) > 1:
        raise TypeError(f"{record.__name__}.{name} is made of columns with different permissions: split it.")
    return extra.pop() if extra else record.lezen


def relations(record: type[Record], by_table: Mapping[str, type[Record]]) -> Iterator[tuple[str, Declaratie]]:
    """The fields of columns that refer to a record of the schema: `persoon_id` gives `persoon`."""
    for column, veld in record.velden.items():
        target = by_table.get(veld.to or "")
        if veld.kind in RELATIONS and target is not None and column.endswith("_id"):
            yield column.removesuffix("_id"), relation(column, target, veld.uitleg or target.uitleg)


@lru_cache(maxsize=1024)
def column_types(record: type[Record]) -> Mapping[str, Any]:
    """The Python type of each column, without `None`."""
    hints = get_type_hints(record)
    return {name: strip_optional(get_args(hint)[0]) for name, hint in hints.items() if get_origin(hint) is Mapped}


def input_type(record: type[Record], name: str) -> tuple[Any, Veld]:
    """The type and declaration of a column that can be given. Raises KeyError for one that nobody may give."""
    veld = record.velden[name]
    if veld.kind == "machinery":
        raise KeyError(name)
    return graphql_type(column_types(record)[name]), veld


def graphql_type(kind: Any) -> Any:
    """The same, with Python enums as GraphQL enums; their classes are left alone."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return enum_type(kind)
    if get_origin(kind) is list:
        return list[graphql_type(get_args(kind)[0])]  # type: ignore[misc] # a type made at run time
    if is_optional(kind):
        return optional(strip_optional(kind))
    return kind


@lru_cache(maxsize=1024)
def enum_type(kind: type[Enum]) -> StrawberryEnumDefinition:
    """A closed list as a GraphQL enum, one definition per list."""
    values = [EnumValue(member.name, member.value) for member in kind]
    return StrawberryEnumDefinition(
        wrapped_cls=kind, name=kind.__name__, values=values, description=f"De mogelijke waarden van {kind.__name__}"
    )


def optional(kind: Any) -> Any:
    """The type, with null."""
    return Union[graphql_type(kind), None]  # noqa: UP007 - a strawberry definition has no `|`


def is_optional(kind: Any) -> bool:
    """Whether a type allows None."""
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


def strip_optional(kind: Any) -> Any:
    """The type without None; another type as it is."""
    rest = [arg for arg in get_args(kind) if arg is not type(None)] if is_optional(kind) else []
    return rest[0] if len(rest) == 1 else kind


def arguments_of(declaratie: Declaratie) -> list[StrawberryArgument]:
    """The arguments of a declared field, from the signature of its function. Raises SchemaFout for one that a client may leave out while
    the function can't do without.
    """
    made = []
    for parameter in declaratie.parameters():
        kind, uitleg = described(parameter.annotation)
        if is_optional(kind) and parameter.default is parameter.empty:
            raise SchemaFout(f"{declaratie.werk.__qualname__}: {parameter.name} mag leeg zijn. Geef het een beginwaarde, zoals None.")
        annotation = StrawberryAnnotation(graphql_type(kind))
        default = UNSET if parameter.default in (None, parameter.empty) else parameter.default
        made.append(StrawberryArgument(parameter.name, None, annotation, description=uitleg, default=default))
    return made


def public_field(name: str, type_: Any, uitleg: str) -> StrawberryField:
    """A field that tells nothing of anybody."""
    return make_field(name, type_, uitleg, Veldinfo(PUBLIC, van=__name__))


def _returned(compute: Any) -> Any:
    return strip_optional(get_type_hints(compute)["return"])
