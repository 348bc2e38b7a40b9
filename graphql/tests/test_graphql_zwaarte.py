"""How much one request may ask: counted on what the fields get, whatever way it was written; and nothing happens when it is too much."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import parse, specified_rules, validate
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol, Huishoudsoort
from wijkwerk.plugins import Plugins
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql import kern
from wijkwerk_graphql.engine.budget import Budget
from wijkwerk_graphql.engine.documents import Operation
from wijkwerk_graphql.engine.repeats import MAX_SAME_NAME, repeats
from wijkwerk_graphql.kern.inzagelog import MAX_REGELS
from wijkwerk_graphql.schema.inputs import MAX_ITEMS, read_ids
from wijkwerk_graphql.schema.schema import Schema
from wijkwerk_graphql.testing import Vrager, codes

anyio = pytest.mark.anyio
ZWAAR = "query($n:Int%s){personen(first:$n){edges{node{notities(first:200){id soort versies{tekst}}}}}}"


@cache
def schema() -> Schema:
    return Schema.of(Plugins([kern]))


@pytest.fixture
def vraag(wijk_vlug: Wijk) -> Vrager:
    return Vrager(wijk_vlug)


@anyio
@pytest.mark.parametrize("first", [100, 100.0])
async def test_a_page_size_counts_however_it_is_written(vraag: Vrager, first: float) -> None:
    answer = await vraag("WIJKTEAM", ZWAAR % "!", n=first)
    assert (codes(answer), answer.data, await vraag.wijk.log()) == (["DOCUMENT_TE_ZWAAR"], None, [])
    assert codes(await vraag("WIJKTEAM", ZWAAR % "!", n=1.0)) == []


@anyio
async def test_the_default_of_a_variable_or_of_the_argument_counts_too(vraag: Vrager) -> None:
    assert codes(await vraag("WIJKTEAM", ZWAAR % "=100")) == ["DOCUMENT_TE_ZWAAR"]
    assert codes(await vraag("WIJKTEAM", ZWAAR % "=1")) == []
    facts = schema().documents.prepared("query($n:Int=50){personen(first:1){edges{node{notities(first:$n){id}}}}}")
    absent = schema().documents.prepared("query($n:Int){personen(first:1){edges{node{notities(first:$n){id}}}}}")
    [one], [other] = facts.operations.values(), absent.operations.values()
    assert one.facts.cost({"n": 50}) == other.facts.cost({})


DETAILS = """query($n:Int!){inzagelog(van:"2027-01-01T00:00:00Z",tot:"2027-06-01T00:00:00Z",first:$n){volgende regels{
    tijdstip gebeurtenis resultaat gebruiker organisatie rollen activiteit doelen onderdeel code trace
    betrokkenen{pseudoniem getoond{soort categorieen velden betrokkenheden}}}}}"""


@anyio
async def test_a_list_without_a_length_is_counted_as_long_as_it_is(vraag: Vrager) -> None:
    leden = [await vraag.wijk.inwoner(f"Vink {letter}") for letter in "abcdefghijklmnopqrstuvwxyzäëïö"]
    wonen = {"huishouden_id": uuid4(), "rol": Huishoudrol.MEDEBEWONER, "soort": Huishoudsoort.PARTICULIER, "van": date(2020, 1, 1)}

    def samen(connection: Connection) -> None:
        for lid in leden:
            vraag.wijk.put(connection, Huishoudlid, persoon_id=lid, **wonen)

    await vraag.wijk.wijkwerk.database.transact(samen)
    genest = ["id"]
    for _ in range(4):
        genest.append(f"id geslachtsnaam huisgenoten{{{genest[-1]}}}")
    for n, code in ((3, []), (4, ["DOCUMENT_TE_ZWAAR"])):
        before = len(await vraag.wijk.log())
        answer = await vraag("WIJKTEAM", f"query($id:ID!){{persoon(id:$id){{{genest[n]}}}}}", id=str(leden[0]))
        assert (codes(answer), answer.data is None) == (code, bool(code))
        assert len(await vraag.wijk.log()) == before + 1


@anyio
async def test_too_long_an_answer_is_refused_by_the_reference_too(vraag: Vrager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Operation, "plan", lambda *_: None)
    monkeypatch.setattr(Budget.__init__, "__defaults__", (3,))
    persoon = await vraag.wijk.inwoner()
    assert codes(await vraag("WIJKTEAM", "query($id:ID!){persoon(id:$id){id}}", id=str(persoon))) == []
    text = "query($id:ID!){persoon(id:$id){id betrokkenheden{id}}}"
    assert codes(await vraag("WIJKTEAM", text, id=str(persoon))) == ["DOCUMENT_TE_ZWAAR"]


@anyio
async def test_a_document_searches_ten_times_and_reads_a_hundred(vraag: Vrager) -> None:
    def document(times: int, filter: str) -> str:
        return "{" + " ".join(f"v{n}:personen(first:1{filter}){{edges{{cursor}}}}" for n in range(times)) + "}"

    for times, filter, found in ((11, "", []), (10, ',filter:{naam:"Vink"}', []), (11, ',filter:{naam:"Vink"}', ["DOCUMENT_TE_ZWAAR"])):
        assert codes(await vraag("WIJKTEAM", document(times, filter))) == found


@anyio
async def test_the_auditor_may_ask_the_largest_page_with_all_its_details(vraag: Vrager) -> None:
    await vraag.wijk.inwoner()
    found = (await vraag.data("FG", DETAILS, n=MAX_REGELS))["inzagelog"]
    assert found["regels"][-1]["betrokkenen"][0]["getoond"]


def test_the_rows_of_a_page_are_counted_once_and_a_list_below_them_is() -> None:
    def cost(text: str) -> int:
        [operation] = schema().documents.prepared(text).operations.values()
        return operation.facts.cost({})

    log = 'inzagelog(van:"2027-01-01T00:00:00Z",tot:"2027-06-01T00:00:00Z",first:%d)'
    assert cost(f"{{{log % 50}{{regels{{trace code}}}}}}") == 50 * (2 + 1) + 1
    assert cost("{personen(first:50){edges{node{id versie}}}}") == 50 * (2 + 1 + 1) + 1
    assert cost(f"{{{log % 1}{{regels{{betrokkenen{{pseudoniem}}}}}}}}") == 20 + 1 + 1 + 1


async def dossiers(wijk: Wijk) -> int:
    [(number,)] = await wijk.rows(select(func.count()).select_from(Dossier.tabel()))
    return int(number)


@anyio
async def test_a_list_has_a_longest_length_in_variables_and_in_the_document(vraag: Vrager) -> None:
    persoon = await vraag.wijk.inwoner()
    openen = "mutation($p:[ID!]!){dossierOpenen(personen:$p){id}}"
    answers = [
        await vraag("WIJKTEAM", openen, p=[str(persoon)] + [str(uuid4())] * MAX_ITEMS),
        await vraag("WIJKTEAM", openen.replace("$p:[ID!]!", "$x:ID!").replace("$p", "[$x " + '"x"' * MAX_ITEMS + "]"), x=str(persoon)),
    ]
    for answer in answers:
        assert (codes(answer), answer.data) == (["ONGELDIGE_INVOER"], {"dossierOpenen": None})
        assert answer.errors[0]["extensions"]["veld"] == "personen"
    assert await dossiers(vraag.wijk) == 0
    assert codes(await vraag("WIJKTEAM", openen, p=[str(persoon)])) == []


@pytest.mark.parametrize("kind", [list[UUID], list[UUID] | None, list[str], list[list[str]]], ids=str)
def test_lists_in_lists_have_it_too(kind: Any) -> None:
    values: list[Any] = ["01890000-0000-7000-8000-000000000000"] * (MAX_ITEMS + 1)
    with pytest.raises(OngeldigeInvoer, match=str(MAX_ITEMS)) as caught:
        read_ids(kind, [values] if kind == list[list[str]] else values, "ids")
    assert caught.value.veld == "ids"
    assert len(read_ids(kind, [values[1:]] if kind == list[list[str]] else values[1:], "ids")) in (1, MAX_ITEMS)


INLINE = "{personen{edges{" + " ".join("...{" + "node{ id } " * 29 + "}" for _ in range(15)) + "}}}"
NAMED = (
    "{personen{edges{" + " ".join(f"...f{n}" for n in range(15)) + "}}}"
    + "".join(f" fragment f{n} on PersoonEdge{{" + "node{ id } " * 29 + "}" for n in range(15))
)  # fmt: skip
NESTED = "{personen{edges{" + "...{" * 10 + "node{ id } " * 29 + "}" * 9 + "node{ id } " * 29 + "}}}}"
MERGED = "{personen{edges{" + "node{ id id } " * 29 + "}}}"
CYCLE = "{...a} fragment a on Query{...b ...b} fragment b on Query{...a " + "ik{rollen} " * 31 + "}"
TWICE = "{ik{...a}} fragment a on Ik{" + "rollen " * 31 + "} fragment a on Ik{rollen}"


@pytest.mark.parametrize(
    "text", [INLINE, NAMED, NESTED, MERGED, CYCLE, TWICE], ids=["inline", "named", "nested", "merged", "cycle", "twice"]
)
def test_a_name_that_is_repeated_in_fragments_is_counted_where_they_are_used(text: str) -> None:
    [error] = schema().documents.prepared(text).errors
    assert error["extensions"]["code"] == "DOCUMENT_TE_ZWAAR"


def paths(levels: int) -> str:
    """Fragments under which each path down is a set of selections of its own: 2 to the power of the number of levels."""
    parts = [f"fragment f{n} on Persoon{{a:x{{...f{n + 1} ...f0}} b:x{{...f0}}}}" for n in range(levels)]
    return "{x{...f0}}" + "".join(parts) + f" fragment f{levels} on Persoon{{id}}"


def test_counting_has_an_end() -> None:
    assert repeats(parse(paths(40)))
    assert not repeats(parse(paths(3)))


@given(st.integers(1, 40), st.integers(0, 5), st.booleans())
def test_what_is_just_allowed_is_allowed_wherever_it_is_written(times: int, depth: int, named: bool) -> None:
    inside = "...{" * depth + "rollen " * times + "}" * depth
    text = f"{{ik{{...a}}}} fragment a on Ik{{{inside}}}" if named else f"{{ik{{{inside}}}}}"
    assert repeats(parse(text)) is (times > MAX_SAME_NAME)
    assert not validate(schema().graphql, parse(text), specified_rules)
