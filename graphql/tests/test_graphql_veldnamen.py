"""The field that an error is about has its name in the schema, whoever found the error: scalar, check of a column, or service."""

from __future__ import annotations

from typing import Any

import pytest

from wijkwerk.personen import Persoon
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager

pytestmark = pytest.mark.anyio
AANMELDEN = "mutation($p:PersoonInvoer!){aanmelden(persoon:$p){id versie}}"
WIJZIGEN = "mutation($id:ID!,$p:PersoonWijziging!){persoonWijzigen(id:$id,versie:1,persoon:$p){versie}}"
GEWEIGERD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"partnerVoorvoegsel": "v.d."}, "partnerVoorvoegsel"),
    ({"partnerGeslachtsnaam": "<b>"}, "partnerGeslachtsnaam"),
    ({"roepnaam": "<b>"}, "roepnaam"),
    ({"huisnummer": 0}, "huisnummer"),
    ({"geslachtsnaam": 5}, "geslachtsnaam"),
    ({"geboortedatum": "1956-13"}, "geboortedatum"),
    ({"postcode": "0000AA"}, "postcode"),
    ({"aanduidingNaamgebruik": "ANDERS"}, "aanduidingNaamgebruik"),
    ({"geboortedatum": "2099"}, "geboortedatum"),
    ({"geboortedatum": "1956-11-15", "overlijdensdatum": "1900"}, "overlijdensdatum"),
)


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_what_is_refused_names_the_field_of_the_schema_and_changes_nothing(wijk: Wijk) -> None:
    vraag = Vrager(wijk)
    persoon = (await vraag.data("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": "Moulin"}))["aanmelden"]["id"]
    before = await wijk.rows(Persoon.tabel().select())
    for gegevens, veld in GEWEIGERD:
        for text, given in ((AANMELDEN, {"p": {"geslachtsnaam": "Jansen"} | gegevens}), (WIJZIGEN, {"id": persoon, "p": gegevens})):
            [error] = (await vraag("WIJKTEAM", text, **given)).errors
            assert (error["extensions"].get("veld"), gegevens) == (veld, gegevens)
    assert await wijk.rows(Persoon.tabel().select()) == before


async def test_a_search_field_that_is_wrong_is_named(wijk: Wijk) -> None:
    vraag = Vrager(wijk)
    for veld, wrong in (("bsn", "999993654"), ("geboortedatum", "31-12-1956"), ("geboortedatum", None)):
        answer = await vraag("REGISSEUR", "query($f:PersonenFilter){personen(filter:$f){edges{node{id}}}}", f={veld: wrong})
        assert [error["extensions"]["veld"] for error in answer.errors] == [veld]
        assert "999993654" not in str(answer.as_dict())


async def test_an_error_of_a_whole_variable_names_no_field_and_no_value(wijk: Wijk) -> None:
    for given in ({}, {"geslachtsnaam": "Jansen", "at .bsn: ": "x' at .bsn: "}, "x at .bsn: "):
        [error] = (await Vrager(wijk)("WIJKTEAM", AANMELDEN, p=given)).errors
        assert error["extensions"] == {"code": "ONGELDIGE_INVOER"}
    assert await wijk.rows(Persoon.tabel().select()) == []
