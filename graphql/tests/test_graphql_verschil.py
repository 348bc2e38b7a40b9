"""The plan and graphql-core's own executor answer the same: on generated documents, with failing fields and refused rows among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wijkwerk.access.permissions import PUBLIC
from wijkwerk.errors import NietGevonden
from wijkwerk.hookspecs import PluginInfo, hookimpl
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql import Lezing, Query, Row, batch, extend, field, kern
from wijkwerk_graphql.engine import reference
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.testing import Vrager

pytestmark = pytest.mark.anyio


@extend(Persoon)
class Grillig:
    """Fields that fail, each in its own way."""

    @batch(str | None, requires=Persoon.lezen, uitleg="Faalt altijd")
    @staticmethod
    def kapot(personen: list[Row], lezer: Lezing) -> list[str | None]:
        raise RuntimeError("999993653")

    @batch(str, requires=Persoon.lezen, uitleg="Is soms leeg, en mag dat niet", nodig=("roepnaam",))
    @staticmethod
    def soms(personen: list[Row], lezer: Lezing) -> list[str | None]:
        return [persoon.roepnaam for persoon in personen]

    @batch(int | None, requires=Persoon.lezen, uitleg="Een getal dat niet in GraphQL past")
    @staticmethod
    def groot(personen: list[Row], lezer: Lezing) -> list[int | None]:
        return [2**40 for _ in personen]


@extend(Query)
class Grilligevragen:
    """Root fields that fail."""

    @field(str | None, requires=PUBLIC, uitleg="Faalt zoals verwacht")
    @staticmethod
    def niets(lezer: Lezing) -> str | None:
        raise NietGevonden


@hookimpl
def plugin_info() -> PluginInfo:
    return PluginInfo("grillig", "Velden die falen.", "0.1.0")


@pytest.fixture
def plugins() -> list[Any]:
    return [kern, SimpleNamespace(__name__="grillig", plugin_info=plugin_info, graphql_types=hookimpl(lambda: [Grillig, Grilligevragen]))]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


LEAVES = {
    "Persoon": [
        "id",
        "beperkt",
        "versie",
        "roepnaam",
        "geslachtsnaam",
        "volledigeNaam",
        "geboortedatum",
        "leeftijd",
        "postcode",
        "__typename",
    ],
    "Dossier": ["id", "status", "geopend", "vraag", "beperkt", "__typename"],
    "Notitie": ["id", "soort", "geschreven", "laatste", "__typename"],
    "Notitieversie": ["nummer", "tekst", "soort"],
    "Betrokkenheid": ["doel", "bron", "niveauTot", "van", "partijId"],
}
FAILING = {"Persoon": ["kapot", "soms", "groot"]}
BRANCHES = {
    "Persoon": [("notities", "Notitie"), ("notities(first:1)", "Notitie"), ("dossiers", "Dossier"), ("huisgenoten", "Persoon"),
                ("betrokkenheden(first:3)", "Betrokkenheid")],
    "Dossier": [("persoon", "Persoon"), ("leden", "Persoon"), ("notities", "Notitie"), ("regisseur{naam}", ""),
                ("team{naam organisatie{naam}}", "")],
    "Notitie": [("versies", "Notitieversie"), ("persoon", "Persoon"), ("auteur{naam}", ""), ("dossier{status}", "")],
    "Notitieversie": [("notitie{laatste}", "")],
    "Betrokkenheid": [("persoon", "Persoon")],
}  # fmt: skip
VARIABLES = {"id": "ID!", "ja": "Boolean=true", "nee": "Boolean=false"}
CONDITIONS = ["", "", "", " @skip(if:$ja)", " @include(if:$ja)", " @include(if:$nee)"]


@st.composite
def selections(draw: st.DrawFn, type_: str, depth: int, failing: bool) -> str:
    """Fields of a type: leaves, branches, aliases, inline fragments, conditions."""
    leaves = LEAVES[type_] + (FAILING.get(type_, []) if failing else [])
    chosen = [
        f"{leaf}{draw(st.sampled_from(CONDITIONS))}"
        for leaf in draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=4, unique=True))
    ]
    if depth:
        for number, (name, below) in enumerate(draw(st.lists(st.sampled_from(BRANCHES[type_]), max_size=2, unique=True))):
            inner = "{" + draw(selections(below, depth - 1, failing)) + "}" if below else ""
            condition = "" if "{" in name else draw(st.sampled_from(CONDITIONS))
            chosen.append(f"b{depth}{number}:{name}{condition}{inner}")
    if draw(st.booleans()):
        chosen.append(f"...on {type_}{draw(st.sampled_from(CONDITIONS))}{{{draw(st.sampled_from(LEAVES[type_]))}}}")
    return " ".join(chosen)


@st.composite
def documents(draw: st.DrawFn, failing: bool) -> str:
    """A query that validates."""
    persoon = draw(selections("Persoon", 2, failing))
    roots = [
        f"personen(first:{draw(st.integers(1, 5))}){{totalCount edges{{cursor node{{{persoon}}}}} pageInfo{{hasNextPage}}}}",
        f"dossiers{{edges{{node{{{draw(selections('Dossier', 2, failing))}}}}}}}",
        f"persoon(id:$id){{{draw(selections('Persoon', 1, failing))}}}",
        "ik{activiteit rollen}",
    ] + (["niets", "personen(first:0){totalCount}", 'persoon(id:"x"){id}'] if failing else [])
    chosen = draw(st.lists(st.sampled_from(roots), min_size=1, max_size=3, unique=True))
    fields = " ".join(f"r{number}:{root}" for number, root in enumerate(chosen))
    body = f"{{__typename {fields} ...on Query @include(if:$ja){{ik{{doelen}}}}}}"
    declared = [f"${name}:{type_}" for name, type_ in VARIABLES.items() if f"${name}" in body]
    return f"query({','.join(declared)}){body}"


@dataclass
class Two:
    """Runs a document by the plan (falling back as it does) and by the reference executor alone."""

    vraag: Vrager
    persoon: str
    executed: int = 0
    fallbacks: int = 0

    async def compare(self, rol: str, text: str) -> Answer:
        planned = await self.vraag(rol, text, id=self.persoon)
        prepared = self.vraag.schema.documents.prepared(text)
        assert not prepared.errors, text
        [operation] = prepared.operations.values()
        kept, operation.plans = operation.plans, dict.fromkeys(operation.plans)
        referred = await self.vraag(rol, text, id=self.persoon)
        operation.plans = kept
        assert without_cursors(planned.data) == without_cursors(referred.data), text
        assert plain(planned) == plain(referred), text
        assert bool(planned.errors) == bool(referred.errors), text
        self.executed += planned.executed
        return planned


def plain(answer: Answer) -> list[Any]:
    """The errors at places that are in the answer. Of what lies below an emptied place any may be told (specification, 6.4.4)."""
    told = [error for error in answer.errors if in_sight(answer.data, error.get("path", ())[:-1])]
    return sorted((error["extensions"]["code"], str(error.get("path")), str(error.get("locations"))) for error in told)


def in_sight(data: Any, path: Sequence[str | int]) -> bool:
    """Whether nothing on the way to this place was emptied."""
    for step in path:
        if data is None:
            return False
        data = data[step]
    return data is not None


def without_cursors(data: Any) -> Any:
    """A cursor is sealed with a nonce: two are never equal."""
    if isinstance(data, dict):
        return {key: "cursor" if key == "cursor" else without_cursors(value) for key, value in data.items()}
    return [without_cursors(item) for item in data] if isinstance(data, list) else data


@pytest.fixture
async def two(wijk: Wijk) -> Two:
    """Three residents, two cases and a few notes."""
    first = await wijk.inwoner("Moulin", roepnaam="Jo", geboortedatum=Datum(1956, 11))
    second = await wijk.inwoner("Visser")
    await wijk.inwoner("Aarts", roepnaam="Bo")
    for personen in ((first, second), (second,)):
        dossier = await wijk.dossier(*personen, vraag="Hulp in huis")
        for rol, soort in (("WIJKTEAM", Notitiesoort.CONTACTVERSLAG), ("REGISSEUR", Notitiesoort.STRIKT)):
            await wijk.schrijf(rol, partial(schrijf, dossier=dossier, persoon=second, soort=soort, inhoud=verteld("Een gesprek")))
    return Two(Vrager(wijk), str(first))


@pytest.mark.parametrize("failing", [False, True], ids=["goed", "grillig"])
async def test_the_plan_and_the_reference_answer_the_same(
    two: Two, failing: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    executed = reference.execute

    async def counted(*given: Any) -> Any:
        two.fallbacks += 1
        return await executed(*given)

    monkeypatch.setattr(reference, "execute", counted)

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(documents(failing), st.sampled_from(["WIJKTEAM", "REGISSEUR"]))
    def check(text: str, rol: str) -> None:
        anyio.from_thread.run(two.compare, rol, text)

    await anyio.to_thread.run_sync(check)
    assert two.executed > 30
    assert two.fallbacks > two.executed if failing else two.fallbacks == two.executed
    if failing:
        the_plan_failed(caplog)


def the_plan_failed(caplog: pytest.LogCaptureFixture) -> None:
    """As it was meant to, and the log says so without saying what the error said."""
    assert "het plan faalde: " in caplog.text
    assert "999993653" not in caplog.text
    caplog.clear()


async def test_one_failing_field_in_the_middle_takes_nothing_else_along(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    text = "{personen{edges{node{geslachtsnaam kapot dossiers{status persoon{kapot roepnaam}}}}} ik{activiteit}}"
    answer = await two.vraag("WIJKTEAM", text)
    assert answer.data is not None
    nodes = [edge["node"] for edge in answer.data["personen"]["edges"]]
    assert [node["geslachtsnaam"] for node in nodes] == ["Aarts", "Moulin", "Visser"]
    assert all(node["kapot"] is None for node in nodes)
    assert nodes[1]["dossiers"] == [{"status": "OPEN", "persoon": {"kapot": None, "roepnaam": "Jo"}}]
    assert answer.data["ik"] == {"activiteit": "WMO_ONDERSTEUNING"}
    assert {error["extensions"]["code"] for error in answer.errors} == {"INTERNE_FOUT"}
    [regel] = [regel for regel in await two.vraag.wijk.log() if regel["onderdeel"] == "ik,personen"]
    assert (regel["resultaat"], regel["code"], len(regel["betrokkenen"])) == ("GESLAAGD", "INTERNE_FOUT", 3)
    the_plan_failed(caplog)


async def test_an_unexpected_error_shows_a_reference_and_never_its_text(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    answer = await two.vraag("WIJKTEAM", "{personen(first:1){edges{node{kapot}}}}")
    [error] = answer.errors
    assert "kenmerk" in error["message"]
    assert "999993653" not in str(answer.as_dict()) + caplog.text
    assert "RuntimeError" in caplog.text
    assert error["message"].rstrip(".").split()[-1] in caplog.text
    the_plan_failed(caplog)


async def test_null_where_there_must_be_a_value_empties_what_is_above(two: Two) -> None:
    answer = await two.compare("WIJKTEAM", "query($id:ID!){persoon(id:$id){soms} dossiers{edges{node{leden{soms}}}}}")
    assert answer.data is None
    assert answer.errors[0]["path"][0] == "dossiers"
