"""What a document may be: limits, Dutch errors that repeat nothing, bombs that are refused in bounded work."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from wijkwerk.plugins import Plugins
from wijkwerk_graphql import kern
from wijkwerk_graphql.engine.budget import MAX_COST
from wijkwerk_graphql.engine.documents import Documents
from wijkwerk_graphql.schema.schema import Schema

BSN = "999993653"
MEESTE_WERK = 500_000
"""Calls and returns in which a document must be ready. The heaviest of these takes 308,000; a bomb that goes off has no end."""


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema.of(Plugins([kern]))


def code(schema: Schema, text: str) -> str | None:
    errors = schema.documents.prepared(text).errors
    return errors[0]["extensions"]["code"] if errors else None


def fragments(levels: int) -> str:
    bomb = " ".join(f"fragment f{n} on Persoon {{...f{n + 1} ...f{n + 1}}}" for n in range(levels))
    return f"{{personen{{edges{{node{{...f0}}}}}}}} {bomb} fragment f{levels} on Persoon {{naam: roepnaam}}"


def aliases(levels: int) -> str:
    bomb = " ".join(
        f"fragment f{n} on Dossier {{a: persoon{{dossiers{{...f{n + 1}}}}} b: persoon{{dossiers{{...f{n + 1}}}}}}}" for n in range(levels)
    )
    return f"{{dossiers{{edges{{node{{...f0}}}}}}}} {bomb} fragment f{levels} on Dossier {{id}}"


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "}", "{persoon", "persoon", "{bestaatniet}", "{ik{bestaatniet}}", "query A{ik{rollen}} query A{ik{rollen}}", "{ik}",
        "{ik{rollen{x}}}", '{persoon(id:"x" id:"y"){id}}', "{persoon{id}}", "{personen(first:\"x\"){totalCount}}", "{...weg}",
        "subscription{ik{rollen}}", "query($x: Bestaat){ik{rollen}}", "{ik{rollen} ...on Persoon{id}}",
        "fragment a on Persoon{...a} {ik{...a}}",
        "{a:ik{rollen} a:personen{totalCount}}", "type Query{ik:Int}", "\x00", "{ik{rollen}}\ud800",
    ],
)  # fmt: skip
def test_what_is_no_valid_document_is_refused_in_dutch(schema: Schema, text: str) -> None:
    errors = schema.documents.prepared(text).errors
    assert errors
    for error in errors:
        assert error["extensions"]["code"] == "DOCUMENT_ONGELDIG"
        assert not any(word in error["message"] for word in ("Syntax", "Cannot", "Expected", "Unknown", "mean", "bestaatniet"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'{{personen(filter:{{bsn:"{BSN[:-1]}0"}}){{totalCount}}}}', "BSN_ONGELDIG"),
        (f'{{personen(filter:{{geboortedatum:"{BSN}"}}){{totalCount}}}}', "DATUM_ONGELDIG"),
        (f"{{personen(first:{BSN}000){{totalCount}}}}", "DOCUMENT_ONGELDIG"),
        (f'{{personen(filter:"{BSN}"){{totalCount}}}}', "DOCUMENT_ONGELDIG"),
        (f"{{personen(filter:{{x{BSN}:1}}){{totalCount}}}}", "DOCUMENT_ONGELDIG"),
    ],
)
def test_a_bad_literal_is_refused_with_its_own_code_and_never_repeated(schema: Schema, text: str, expected: str) -> None:
    [error, *_] = schema.documents.prepared(text).errors
    assert error["extensions"]["code"] == expected
    assert BSN[:-1] not in str(error)
    assert error["locations"]


def test_names_are_not_suggested(schema: Schema) -> None:
    for text in ("{persoen(id:1){id}}", "{ik{role}}", '{personen(filtre:{bsn:"x"}){totalCount}}', "query($x:PersoonFilter){ik{rollen}}"):
        assert "person" not in str(schema.documents.prepared(text).errors)


@pytest.mark.parametrize("text", ["{ik{rollen}}" + "#" * 21_000, "{ik{" + "rollen " * 2_500 + "}}", "#\n" * 60 + "{ik{rollen}}"])
def test_too_long_a_document_is_refused(schema: Schema, text: str) -> None:
    assert code(schema, text) in ("DOCUMENT_TE_ZWAAR", "DOCUMENT_ONGELDIG")


def test_too_deep_is_refused(schema: Schema) -> None:
    deep = "{dossiers{edges{node{" + "persoon{dossiers{" * 5 + "id" + "}}" * 5 + "}}}}"
    assert code(schema, deep) == "DOCUMENT_TE_ZWAAR"
    assert code(schema, "{dossiers{edges{node{persoon{dossiers{id}}}}}}") is None


def test_too_many_aliases_are_refused(schema: Schema) -> None:
    text = "{ik{" + " ".join(f"a{n}:rollen" for n in range(60)) + "}}"
    assert code(schema, text) == "DOCUMENT_TE_ZWAAR"
    assert code(schema, "{a:ik{b:rollen}}") is None


@pytest.mark.parametrize(
    "text",
    [
        fragments(20), fragments(60), aliases(10), aliases(25),
        "{ik{" + "rollen " * 1_990 + "}}",
        "{" + "ik{rollen} " * 450 + "}",
        "{ik{rollen}}" + "".join(f" fragment a{n} on Persoon{{...a{n + 1}}}" for n in range(200)) + " fragment a200 on Persoon{id}",
        "{personen{edges{node{" + "...a " * 300 + "}}}} fragment a on Persoon{" + "roepnaam voornamen " * 90 + "}",
        "{personen" + "(first:1)" + "{edges" * 900 + "}" * 900 + "}",
        "{" + "[" * 1_900 + "}",
        "{personen(filter:" + "[" * 900 + "]" * 900 + "){totalCount}}",
        "query(" + " ".join(f"$v{n}:ID" for n in range(300)) + "){ik{rollen}}",
        "{ik{rollen" + " @skip(if:false)" * 300 + "}}",
        "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}",
    ],
)  # fmt: skip
def test_a_bomb_is_handled_in_bounded_work(schema: Schema, text: str) -> None:
    documents = Documents(schema)
    events = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal events
        events += 1
        if events > MEESTE_WERK:
            raise AssertionError(f"more than {MEESTE_WERK} calls and returns")

    sys.setprofile(count)
    try:
        for operation in documents.prepared(text).operations.values():
            operation.facts.cost({})
    finally:
        sys.setprofile(None)
    assert events > 0


def test_a_bomb_of_aliases_is_refused_before_it_is_planned(schema: Schema) -> None:
    assert code(schema, aliases(10)) == "DOCUMENT_TE_ZWAAR"
    assert code(schema, fragments(20)) == "DOCUMENT_TE_ZWAAR"


@pytest.mark.parametrize(("first", "heavy"), [(1, False), (100, True)])
def test_cost_counts_the_page_sizes(schema: Schema, first: int, heavy: bool) -> None:
    text = "query($n:Int!){personen(first:$n){edges{node{notities(first:200){id soort versies{tekst}}}}}}"
    operation = schema.documents.prepared(text).operation(None)
    assert operation is not None
    assert (operation.facts.cost({"n": first}) > MAX_COST) is heavy


@pytest.mark.parametrize("given", [None, "x", -5, 10**30, True, [1], {}])
def test_cost_is_a_number_whatever_the_variable_holds(schema: Schema, given: object) -> None:
    operation = schema.documents.prepared("query($n:Int=3){personen(first:$n){edges{node{roepnaam}}}}").operation(None)
    assert operation is not None
    assert operation.facts.cost({"n": given}) > 0


def test_a_prepared_document_is_kept_and_the_oldest_is_forgotten(schema: Schema) -> None:
    documents = Documents(schema, size=2)
    first = documents.prepared("{ik{rollen}}")
    assert documents.prepared("{ik{rollen}}") is first
    for text in ("{ik{rechten}}", "{ik{doelen}}"):
        documents.prepared(text)
    assert documents.prepared("{ik{rollen}}") is not first


def test_the_operation_is_the_one_that_is_named(schema: Schema) -> None:
    prepared = schema.documents.prepared("query A{ik{rollen}} query B{personen{totalCount}}")
    assert prepared.operation(None) is None
    assert prepared.operation("C") is None
    found = prepared.operation("B")
    assert found is not None
    assert found.roots == "personen"


def test_root_names_come_through_fragments_too(schema: Schema) -> None:
    found = schema.documents.prepared("{...a ...on Query{x:tellingen{naam}}} fragment a on Query{ik{rollen}}").operation(None)
    assert found is not None
    assert found.roots == "ik,tellingen"
