"""Searching residents, and asking whether somebody is known, through the whole engine."""

from __future__ import annotations

from typing import Any

import pytest

from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.testing.wijk import OP_SQLITE, Wijk
from wijkwerk.zoeken.bekendheid import Bekendheidsvraag
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
ZOEKEN = """query($f:PersonenFilter!,$n:Int,$a:String){personen(filter:$f,first:$n,after:$a){
    totalCount pageInfo{hasNextPage endCursor} edges{cursor node{id geslachtsnaam}}}}"""
IS_BEKEND = """mutation($n:String,$d:OnvolledigeDatum,$p:Postcode,$h:Int,$b:BSN){
    isBekend(geslachtsnaam:$n,geboortedatum:$d,postcode:$p,huisnummer:$h,bsn:$b){uitkomst melding team telefoonnummer opnieuw}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_a_search_finds_by_name_birth_date_address_and_bsn_the_best_first(wijk: Wijk, vraag: Vrager) -> None:
    thuis: dict[str, Any] = {"straat": "Kerkstraat", "postcode": Postcode("3043TD"), "woonplaats": "Rotterdam"}
    first = await wijk.inwoner("Visser", voorvoegsel="de", geboortedatum=Datum(1956, 11), bsn=Bsn("999993653"), huisnummer=1, **thuis)
    await wijk.inwoner("Vissers", geboortedatum=Datum(1960), huisnummer=3, **thuis)
    await wijk.inwoner("Bakker")
    await wijk.dossier(first)
    for given, found in (
        ({"naam": "VISS"}, ["Visser", "Vissers"]),
        ({"naam": "de visser"}, ["Visser", "Vissers"]),
        ({"naam": "Vissers"}, ["Vissers", "Visser"]),
        ({"naam": "Visserss"}, ["Visser", "Vissers"]),
        ({"naam": "Timmer"}, []),
        ({"geboortedatum": "1956-11"}, ["Visser"]),
        ({"geboortedatum": "1956"}, ["Visser"]),
        ({"naam": "viss", "geboortedatum": "1960"}, ["Vissers"]),
        ({"postcode": "3043 td", "huisnummer": 3}, ["Vissers"]),
        ({"postcode": "3043TD"}, ["Visser", "Vissers"]),
        ({"bsn": "999993653"}, ["Visser"]),
        ({"bsn": "999990019"}, []),
    ):
        data = (await vraag.data("REGISSEUR" if "bsn" in given else "WIJKTEAM", ZOEKEN, f=given))["personen"]
        assert [edge["node"]["geslachtsnaam"] for edge in data["edges"]] == found, given
        assert data["totalCount"] == len(found)


async def test_the_pages_of_a_search_follow_each_other(wijk: Wijk, vraag: Vrager) -> None:
    for naam in ("Visser", "Vissers", "Visser", "Visjer", "Visserman", "Bakker"):
        await wijk.inwoner(naam)
    seen: list[str] = []
    after, more = None, True
    while more:
        page = (await vraag.data("WIJKTEAM", ZOEKEN, f={"naam": "visser"}, n=2, a=after))["personen"]
        assert page["totalCount"] == 5
        seen += [edge["node"]["geslachtsnaam"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == ["Visser", "Visser", "Visserman", "Vissers", "Visjer"]
    list_cursor = (await vraag.data("WIJKTEAM", "{personen(first:1){pageInfo{endCursor}}}"))["personen"]["pageInfo"]["endCursor"]
    assert codes(await vraag("WIJKTEAM", ZOEKEN, f={"naam": "visser"}, a=list_cursor)) == ["CURSOR_ONGELDIG"]
    assert codes(await vraag("WIJKTEAM", "query($a:String){personen(after:$a){totalCount}}", a=after)) == ["CURSOR_ONGELDIG"]


@OP_SQLITE
@pytest.mark.parametrize(
    ("given", "veld"),
    [
        ({}, None),
        ({"naam": ""}, "naam"),
        ({"naam": "van de"}, "naam"),
        ({"naam": None}, "naam"),
        ({"naam": "x" * 5_000}, "naam"),
        ({"huisnummer": 12}, "postcode"),
        ({"geboortedatum": "onbekend"}, "geboortedatum"),
    ],
    ids=["nothing", "empty", "voorvoegsel", "null", "huge", "number", "unknown"],
)
async def test_a_question_that_says_too_little_is_refused_and_named(
    wijk: Wijk, vraag: Vrager, given: dict[str, Any], veld: str | None
) -> None:
    await wijk.inwoner("Moulin")
    answer = await vraag("WIJKTEAM", ZOEKEN, f=given)
    assert codes(answer) == ["ONGELDIGE_INVOER"]
    assert answer.errors[0]["extensions"].get("veld") == veld


async def test_an_out_of_scope_search_finds_nothing_and_is_logged(wijk: Wijk, vraag: Vrager) -> None:
    await wijk.inwoner("Kanarie")
    data = (await vraag.data("DOCK", ZOEKEN, f={"naam": "Kanarie"}))["personen"]
    assert (data["totalCount"], data["edges"]) == (0, [])
    regel = (await wijk.log())[-1]
    assert (regel["gebeurtenis"], regel["resultaat"], len(regel["gevraagd"])) == ("ZOEKEN", "GEEN_RESULTAAT", 1)
    assert "anarie" not in str(await wijk.log()).lower()


async def test_whether_somebody_is_known_is_answered_with_a_team_and_nothing_else(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner("Kanarie", geboortedatum=Datum(1956, 11, 15))
    known = (await vraag.data("DOCK", IS_BEKEND, n="Kanarie", d="1956-11-15"))["isBekend"]
    assert known == {
        "uitkomst": "BEKEND", "melding": "Neem contact op met team.", "team": "team", "telefoonnummer": None, "opnieuw": None,
    }  # fmt: skip
    assert str(persoon) not in str(known)
    unknown = (await vraag.data("DOCK", IS_BEKEND, n="Kanarie", d="1956-11-16"))["isBekend"]
    assert (unknown["uitkomst"], unknown["team"]) == ("NIET_BEKEND", None)
    assert [regel["resultaat"] for regel in await wijk.log() if regel["gebeurtenis"] == "ZOEKEN"] == ["GESLAAGD", "GEEN_RESULTAAT"]


async def test_asking_too_often_is_an_answer_that_says_when_to_ask_again(wijk: Wijk, vraag: Vrager) -> None:
    for _ in range(10):
        assert (await vraag.data("DOCK", IS_BEKEND, n="Kanarie", d="1956-11-15"))["isBekend"]["uitkomst"] == "NIET_BEKEND"
    refused = (await vraag.data("DOCK", IS_BEKEND, n="Kanarie", d="1956-11-15"))["isBekend"]
    assert refused["uitkomst"] == "TE_VAAK_GEVRAAGD"
    assert refused["opnieuw"] > wijk.klok.nu().isoformat()
    text = "mutation{" + " ".join(f'a{n}:isBekend(geslachtsnaam:"Kanarie",geboortedatum:"1956-11-15"){{uitkomst}}' for n in range(3)) + "}"
    assert {found["uitkomst"] for found in (await vraag.data("DOCK", text)).values()} == {"TE_VAAK_GEVRAAGD"}
    assert len(await wijk.rows(Bekendheidsvraag.tabel().select())) == 14


async def test_who_may_not_ask_and_who_asks_too_little_are_refused_and_nothing_is_counted(wijk: Wijk, vraag: Vrager) -> None:
    assert codes(await vraag("PEERCOACH", IS_BEKEND, n="Kanarie", d="1956-11-15")) == ["GEEN_RECHT"]
    assert codes(await vraag("DOCK", IS_BEKEND, n="Kanarie", d="1956-11-15", b="999993653")) == ["GEEN_RECHT"]
    [error] = (await vraag("DOCK", IS_BEKEND, n="Kanarie")).errors
    assert (error["extensions"]["code"], error["extensions"]["veld"]) == ("ONGELDIGE_INVOER", "geboortedatum")
    assert codes(await vraag("DOCK", IS_BEKEND)) == ["ONGELDIGE_INVOER"]
    assert await wijk.rows(Bekendheidsvraag.tabel().select()) == []
