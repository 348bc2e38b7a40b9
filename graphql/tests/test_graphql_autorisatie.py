"""Who lacks a right for any part of a document gets nothing of it, nothing is read, and the log says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)
from graphql.type import GraphQLEnumType

from wijkwerk.access.actor import Actor
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.schema.schema import Schema
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
ID = "01890000-0000-7000-8000-000000000000"
LITERALS = {"ID": f'"{ID}"', "Int": "1", "String": '"x"', "Boolean": "true", "DateTime": '"2027-01-01T00:00:00Z"', "Date": '"2027-01-01"',
            "OnvolledigeDatum": '"1956-11"', "BSN": '"999993653"', "Postcode": '"3043TD"'}  # fmt: skip


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def almighty(wijk: Wijk) -> Actor:
    """Somebody with every right there is, and so no excuse but the one a test takes away."""
    return replace(wijk.actor("REGISSEUR"), rechten=frozenset(wijk.wijkwerk.catalogue.permissions))


def literal(type_: Any) -> str:
    kind = get_nullable_type(type_)
    if is_list_type(kind):
        return f"[{literal(kind.of_type)}]"
    if isinstance(kind, GraphQLInputObjectType):
        given = [f"{name}:{literal(field.type)}" for name, field in kind.fields.items() if str(field.type).endswith("!")]
        return "{" + ",".join(given) + "}"
    return next(iter(kind.values)) if isinstance(kind, GraphQLEnumType) else LITERALS[kind.name]


def call(name: str, args: dict[str, GraphQLArgument], extra: str = "") -> str:
    given = [
        f"{arg}:{literal(found.type)}" for arg, found in args.items() if is_required_argument(found) and not extra.startswith(f"{arg}:")
    ]
    inside = ",".join([*given, extra] if extra else given)
    return f"{name}({inside})" if inside else name


def documents(schema: Schema) -> Iterator[tuple[str, str, str]]:
    """For each field of each type that can be reached: the type, the field, and a shortest document that selects it."""
    roots = {"query": schema.graphql.query_type, "mutation": schema.graphql.mutation_type}
    todo = deque((kind, root, ("{", "}")) for kind, root in roots.items() if root)
    seen = {root.name for root in roots.values() if root}
    while todo:
        kind, type_, (before, after) = todo.popleft()
        for name, field in type_.fields.items():
            start, below = before + call(name, field.args), get_named_type(field.type)
            yield type_.name, name, f"{kind}{start}{'' if is_leaf_type(below) else '{__typename}'}{after}"
            if not is_leaf_type(below) and below.name not in seen:
                seen.add(below.name)
                todo.append((kind, below, (start + "{", "}" + after)))


def assert_refused(answer: Answer, right: str) -> None:
    assert answer.data is None
    assert not answer.executed
    assert codes(answer) == ["GEEN_RECHT"]
    assert answer.errors[0]["extensions"]["recht"] == right
    assert answer.errors[0]["locations"]


async def test_every_field_is_refused_to_who_lacks_its_right_and_nothing_is_read(wijk: Wijk, vraag: Vrager) -> None:
    all_rights, tried = almighty(wijk), 0
    with count_statements(wijk.wijkwerk.database) as statements:
        for type_name, name, text in documents(vraag.schema):
            right = vraag.schema.velden[type_name, name].requires.naam
            answer = await vraag(replace(all_rights, rechten=all_rights.rechten - {right}), text)
            assert_refused(answer, right)
            tried += 1
    assert tried == len(vraag.schema.velden)
    assert not [statement for statement in statements if "log_" not in statement]
    log = await wijk.log()
    assert len(log) == tried
    assert {(regel["gebeurtenis"], regel["resultaat"], regel["code"]) for regel in log} == {
        ("VERZOEK_GEWEIGERD", "GEWEIGERD", "GEEN_RECHT")
    }


async def test_every_input_field_is_guarded_in_every_shape(wijk: Wijk, vraag: Vrager) -> None:
    for shape in ("literal", "variable", "nested variable", "default"):
        await guarded_in(wijk, vraag, shape)


async def guarded_in(wijk: Wijk, vraag: Vrager, shape: str) -> None:
    """Every input field, given in this shape, to who has every right but its own."""
    all_rights = almighty(wijk)
    users = {get_named_type(a.type).name: (kind, name, arg, field)
             for kind, root in (("query", vraag.schema.graphql.query_type), ("mutation", vraag.schema.graphql.mutation_type)) if root
             for name, field in root.fields.items() for arg, a in field.args.items()
             if isinstance(get_named_type(a.type), GraphQLInputObjectType)}  # fmt: skip
    tried = 0
    for (input_name, input_field), info in vraag.schema.guards.velden.items():
        kind, name, arg, field = users[input_name]
        if info.requires.naam == vraag.schema.velden[kind.capitalize(), name].requires.naam:
            continue
        type_: Any = vraag.schema.graphql.type_map[input_name]
        required = {n: literal(f.type) for n, f in type_.fields.items() if str(f.type).endswith("!")}
        value = literal(type_.fields[input_field].type)
        object_ = "{" + ",".join(f"{n}:{v}" for n, v in (required | {input_field: value}).items()) + "}"
        given = {n: v.strip('"') for n, v in (required | {input_field: value}).items()}
        many = str(field.args[arg].type).startswith("[")  # a variable of one does not fit an argument of many
        soort, een, standaard = (f"[{input_name}!]!", [given], f"[{object_}]") if many else (f"{input_name}!", given, object_)
        shapes: dict[str, tuple[str, dict[str, Any]]] = {
            "literal": ("", {}),
            "variable": (f"($v:{soort})", {"v": een}),
            "nested variable": (f"($v:{type_.fields[input_field].type})", {"v": value.strip('"')}),
            "default": (f"($v:{soort}={standaard})", {}),
        }
        head, variables = shapes[shape]
        nested = "{" + ",".join(f"{n}:{v}" for n, v in (required | {input_field: "$v"}).items()) + "}"
        inside = {"literal": object_, "nested variable": nested}.get(shape, "$v")
        text = f"{kind}{head}{{{call(name, field.args, f'{arg}:{inside}')}{{__typename}}}}"
        answer = await vraag(replace(all_rights, rechten=all_rights.rechten - {info.requires.naam}), text, **variables)
        assert_refused(answer, info.requires.naam)
        tried += 1
    assert tried > 0


async def test_searching_by_bsn_asks_its_own_right(wijk: Wijk, vraag: Vrager) -> None:
    text = "query($f:PersonenFilter){personen(filter:$f){totalCount}}"
    assert_refused(await vraag("WIJKTEAM", text, f={"bsn": "999993653"}), "persoon:bsn:zoeken")
    assert codes(await vraag("WIJKTEAM", text, f={"naam": "Mou"})) == []
    assert codes(await vraag("REGISSEUR", text, f={"bsn": "999993653"})) == []


async def test_one_refused_field_stops_the_whole_document_wherever_it_hides(wijk: Wijk, vraag: Vrager) -> None:
    await wijk.inwoner(bsn=None)
    for text in (
        "{personen{edges{node{roepnaam ... @include(if:false){bsn}}}}}",
        "query($x:Boolean=false){personen{edges{node{roepnaam bsn @include(if:$x)}}}}",
        "{personen{edges{node{...a}}}} fragment a on Persoon{...b} fragment b on Persoon{x:bsn}",
        "{ik{rollen} personen{edges{node{bsn}}}}",
        "{dossiers{edges{node{persoon{bsn}}}}}",
    ):
        assert_refused(await vraag("WIJKTEAM", text), "persoon:bsn:lezen")


async def test_a_refused_mutation_changes_nothing(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    before = (await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){versie roepnaam}}", id=str(persoon)))["persoon"]
    answer = await vraag("TEAMLEIDER", 'mutation($id:ID!){persoonWijzigen(id:$id,versie:1,persoon:{roepnaam:"Jo"}){id}}', id=str(persoon))
    assert_refused(answer, "persoon:schrijven")
    assert (await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){versie roepnaam}}", id=str(persoon)))["persoon"] == before


async def test_looking_at_the_schema_is_a_right_of_who_is_logged_in(wijk: Wijk, vraag: Vrager) -> None:
    for rol in wijk.wijkwerk.catalogue.rollen:
        if wijk.wijkwerk.catalogue.rollen[rol].activiteiten:
            data = await vraag.data(rol, '{__schema{queryType{name}} __type(name:"Persoon"){name}}')
            assert data == {"__schema": {"queryType": {"name": "Query"}}, "__type": {"name": "Persoon"}}
    nobody = replace(wijk.actor("FG"), rechten=frozenset())
    assert_refused(await vraag(nobody, "{__schema{queryType{name}}}"), "schema:introspectie")
    assert [regel["onderdeel"] for regel in await wijk.log()][-1] == "__schema"


async def test_each_right_is_named_once_with_all_its_places(wijk: Wijk, vraag: Vrager) -> None:
    answer = await vraag(replace(wijk.actor("FG"), rechten=frozenset()), "{personen{edges{node{bsn a:bsn}}}}")
    assert [(e["extensions"]["recht"], len(e["locations"])) for e in answer.errors] == [("persoon:bsn:lezen", 2), ("persoon:lezen", 3)]


async def test_a_document_that_costs_too_much_is_not_run(wijk: Wijk, vraag: Vrager) -> None:
    text = "query($n:Int!){personen(first:$n){edges{node{notities(first:200){versies(first:200){nummer}}}}}}"
    with count_statements(wijk.wijkwerk.database) as statements:
        assert codes(await vraag("WIJKTEAM", text, n=100)) == ["DOCUMENT_TE_ZWAAR"]
    assert statements == []
