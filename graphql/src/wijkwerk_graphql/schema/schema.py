"""One schema out of records and the parts of all plugins. Whatever clashes, or leaves a permission or a text unsaid, stops the build."""

from __future__ import annotations

import types
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Self, Union, get_args, get_origin

import strawberry
from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from wijkwerk.access.permissions import Permission
from wijkwerk.plugins import Plugins
from wijkwerk.records.declare import Record
from wijkwerk_graphql.engine.documents import Documents
from wijkwerk_graphql.engine.facts import pages
from wijkwerk_graphql.engine.guards import Guards
from wijkwerk_graphql.engine.reference import resolver
from wijkwerk_graphql.schema import fields
from wijkwerk_graphql.schema.audit import audit
from wijkwerk_graphql.schema.connection import Verbinding, connection_type, page_info_type
from wijkwerk_graphql.schema.fields import Declaratie, Mutation, Query, Uitbreiding
from wijkwerk_graphql.schema.inputs import read_ids
from wijkwerk_graphql.schema.inzending import repeatable
from wijkwerk_graphql.schema.outcomes import MARK, Uitkomst
from wijkwerk_graphql.schema.problems import SchemaFout
from wijkwerk_graphql.schema.scalars import SCALARS, is_value_type, value_type
from wijkwerk_graphql.schema.types import (
    INFO,
    Veldinfo,
    arguments_of,
    column_types,
    graphql_type,
    make_field,
    make_type,
    optional,
    record_type,
    relations,
    strip_optional,
)  # fmt: skip


def declared(plugins: Plugins) -> tuple[tuple[type[Any], ...], tuple[type[Record], ...], tuple[Permission, ...]]:
    """What the core and these plugins make a schema of: parts, records and permissions."""
    parts = tuple(part for _, found in plugins.answers("graphql_types", Sequence) for part in found)
    return parts, tuple(plugins.records()), tuple(plugins.permissions())


class Schema(strawberry.Schema):
    """The schema of one installation. Several live in one process: nothing of it is global.

    `parts` are classes made with `extend`; `records` may be used as types; `permissions` are all that exist.
    `velden` holds what the engine knows of each output field, by type and field name. Raises SchemaFout.
    """

    def __init__(self, parts: Iterable[type[Any]], records: Iterable[type[Record]], permissions: Iterable[Permission]) -> None:
        self._owners: dict[str, tuple[Any, str]] = {}
        self._made: dict[Any, type[Any]] = {}
        self._targets: dict[type[Any], type[Any]] = {}
        self._records = list(dict.fromkeys(records))
        self._extensions = self._gather(parts)
        self._page_info = page_info_type()
        for record in self._records:
            self._targets[self._named(record, record.__name__, record.__module__, record_type(record))] = record
        for root in (Query, Mutation):
            self._targets[self._named(root, root.__name__, root.__module__, make_type(root.__name__, str(root.__doc__), []))] = root
        self.by_type: dict[str, type[Record]] = {record.__name__: record for record in self._records}
        try:
            super().__init__(
                query=self._made[Query],
                mutation=self._made[Mutation] if Mutation in self._extensions else None,
                config=StrawberryConfig(disable_field_suggestions=True),
                scalar_overrides=self._scalars(),
            )
        except Exception as error:
            raise _reason(error) from error
        self.velden, invoervelden = audit(self._schema, {permission.naam for permission in permissions})
        self.guards = Guards(self._schema, invoervelden)
        self.pages = pages(self._schema)
        self.documents = Documents(self)
        self._use_functions()

    @classmethod
    def of(cls, plugins: Plugins) -> Self:
        """The schema of the core and these plugins. Raises OpstartFout when the parts don't fit."""
        return cls(*declared(plugins))

    @property
    def graphql(self) -> GraphQLSchema:
        """The schema as graphql-core knows it."""
        return self._schema

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """Strawberry asks its schema for the fields of each type: the one place to add some (measurements.md I.1)."""
        found: dict[str, tuple[StrawberryField, str]] = {}
        for name, made, owner in self._all_fields(type_definition):
            shown = self.config.name_converter.from_field(made)
            if shown in found:
                raise SchemaFout(
                    f"{owner} geeft {type_definition.name}.{name} aan, maar dat veld is al van {found[shown][1]}. Kies een andere naam."
                )
            found[shown] = (made, owner)
        return [made for made, _ in found.values()]

    def _all_fields(self, definition: StrawberryObjectDefinition) -> Iterator[tuple[str, StrawberryField, str]]:
        for own in definition.fields:
            info = own.metadata.get(INFO)
            yield own.python_name, own, info.van if isinstance(info, Veldinfo) else definition.origin.__module__
        target = self._targets.get(definition.origin)
        if isinstance(target, type) and issubclass(target, Record):
            by_table = {record.tabel().name: record for record in self._records}
            for name, declaratie in relations(target, by_table):
                yield name, self._declared(name, declaratie, target.__module__), target.__module__
        for extension in self._extensions.get(target, ()) if target else ():
            for name, declaratie in extension.velden.items():
                yield name, self._declared(name, declaratie, extension.naam), extension.naam

    def _declared(self, name: str, declaratie: Declaratie, owner: str) -> StrawberryField:
        geeft = self._closed(declaratie.geeft, owner)
        kind = optional(geeft) if declaratie.muteert else geeft
        info = Veldinfo(declaratie.requires, declaratie.nodig, declaratie, owner)
        return make_field(name, kind, declaratie.uitleg, info, arguments_of(declaratie))

    def _closed(self, kind: Any, owner: str) -> Any:
        """The type with records, answers and connections replaced by the types that this schema made of them."""
        if isinstance(kind, Verbinding):
            record = kind.record
            if kind not in self._made:
                made = connection_type(kind, self._closed(record, owner), self._page_info)
                self._named(kind, f"{record.__name__}Connection", __name__, made)
            return self._made[kind]
        if get_origin(kind) is Annotated:
            return self._closed(get_args(kind)[0], owner)
        if get_origin(kind) is list:
            return list[self._closed(get_args(kind)[0], owner)]  # type: ignore[misc] # made at run time
        if get_origin(kind) in (Union, types.UnionType):
            return optional(self._closed(strip_optional(kind), owner))
        if isinstance(kind, type) and issubclass(kind, Record):
            return self._known(kind, owner)
        return self._answer(kind, owner) if isinstance(getattr(kind, MARK, None), Uitkomst) else graphql_type(kind)

    def _known(self, record: type[Record], owner: str) -> type[Any]:
        if record not in self._made:
            raise SchemaFout(f"{owner} gebruikt het record {record.__name__}, maar geen plugin geeft dat aan.")
        return self._made[record]

    def _answer(self, kind: Any, owner: str) -> type[Any]:
        if kind not in self._made:
            known: Uitkomst = getattr(kind, MARK)
            info = Veldinfo(known.requires, van=kind.__module__)
            made = [make_field(name, self._closed(type_, owner), uitleg, info) for name, (type_, uitleg) in known.velden.items()]
            self._named(kind, known.naam, kind.__module__, make_type(known.naam, known.uitleg, made))
        return self._made[kind]

    def _named(self, source: Any, name: str, owner: str, made: type[Any]) -> type[Any]:
        known, first = self._owners.setdefault(name, (source, owner))
        if known is not source:
            raise SchemaFout(f"{owner} geeft het type {name} aan, maar dat is al van {first}. Kies een andere naam.")
        self._made[source] = made
        return made

    def _gather(self, parts: Iterable[type[Any]]) -> dict[type[Any], list[Uitbreiding]]:
        found: dict[type[Any], list[Uitbreiding]] = defaultdict(list)
        for part in parts:
            extension = part.__dict__.get(fields.MARK)
            if not isinstance(extension, Uitbreiding):
                raise SchemaFout(f"{part.__module__}.{part.__qualname__} is geen uitbreiding. Zet er @extend(...) boven.")
            if extension.target not in (Query, Mutation) and extension.target not in self._records:
                raise SchemaFout(f"{extension.naam} breidt {extension.target.__name__} uit, maar geen plugin geeft dat record aan.")
            if any(veld.muteert is not (extension.target is Mutation) for veld in extension.velden.values()):
                raise SchemaFout(f"{extension.naam}: gebruik mutation(...) in Mutation, en alleen daar.")
            if any(veld.batch is (extension.target in (Query, Mutation)) for veld in extension.velden.values()):
                raise SchemaFout(f"{extension.naam}: gebruik batch(...) of related(...) voor een record, en field(...) voor Query.")
            if not all(repeatable(veld) for veld in extension.velden.values() if veld.herhaalbaar):
                raise SchemaFout(
                    f"{extension.naam}: wat herhaalbaar is, geeft een record of een UUID, en heeft zelf geen argument inzending."
                )
            found[extension.target].append(extension)
        return found

    def _scalars(self) -> dict[Any, Any]:
        kinds = {kind for record in self._records for kind in column_types(record).values() if is_value_type(kind)}
        return {kind: value_type(kind) for kind in kinds} | SCALARS

    def _use_functions(self) -> None:
        """Fields with a function go to it by way of the reference executor; the plan calls it itself."""
        for (type_name, name), info in self.velden.items():
            if info.declaratie is not None:
                self._field(type_name, name).resolve = resolver(info.declaratie)

    def root(self, operation: OperationDefinitionNode) -> GraphQLObjectType:
        """The type of the root fields of a query or mutation."""
        found = self._schema.get_root_type(operation.operation)
        assert found is not None  # noqa: S101 - validation refuses an operation that the schema has not
        return found

    def declared(self, type_name: str, name: str) -> Declaratie:
        """The declaration of a field that has a function. Raises LookupError for another."""
        found = self.velden[type_name, name].declaratie
        if found is None:
            raise LookupError(f"{type_name}.{name} has no function")
        return found

    def given(self, type_name: str, node: FieldNode, variables: VariableValues) -> dict[str, Any]:
        """The arguments of a root field, coerced."""
        field = self._field(type_name, node.name.value)
        return self.arguments(field, get_argument_values(field, node, variables, hide_suggestions=True))

    def _field(self, type_name: str, name: str) -> GraphQLField:
        type_: Any = self._schema.type_map[type_name]
        found: GraphQLField = type_.fields[name]
        return found

    def arguments(self, field: GraphQLField, values: dict[str, Any]) -> dict[str, Any]:
        """Coerced arguments, as the function behind the field takes them: input objects as their classes, names as in Python."""
        declared = field.extensions[self.schema_converter.DEFINITION_BACKREF].arguments
        made = convert_arguments(values, declared, scalar_registry=self.schema_converter.scalar_registry, config=self.config)
        kinds = {argument.python_name: argument.type_annotation.annotation for argument in declared}
        return {name: read_ids(kinds[name], value, name) for name, value in made.items()}


def _reason(error: Exception) -> SchemaFout:
    """Why the schema was not built: graphql-core wraps what our own functions raise."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, SchemaFout):
        cause = cause.__cause__
    return cause or SchemaFout(f"Het schema kan niet worden gemaakt: {error}")
