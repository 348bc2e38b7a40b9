"""The days of the municipality through the API: for who keeps them, by page, and none of a neighbour."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from wijkwerk.kalender.vrijedag import Vrijedag
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
VASTLEGGEN = "mutation($d:Date!,$n:String!,$v:Boolean!){vrijedagVastleggen(dag:$d,naam:$n,vrij:$v){id versie dag vrij naam}}"
VERWIJDEREN = "mutation($i:ID!,$v:Int!){vrijedagVerwijderen(id:$i,versie:$v)}"
LIJST = "query($n:Int!,$a:String){vrijedagen(first:$n,after:$a){totalCount pageInfo{hasNextPage endCursor} edges{node{dag vrij naam}}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def stand(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(Vrijedag.tabel()).order_by("id")))


async def test_from_recording_to_removing_and_the_list_by_page(wijk: Wijk, vraag: Vrager) -> None:
    brug = (await vraag.data("BEHEER", VASTLEGGEN, d="2027-05-07", n=" Brugdag ", v=True))["vrijedagVastleggen"]
    assert (brug["dag"], brug["vrij"], brug["naam"], brug["versie"]) == ("2027-05-07", True, "Brugdag", 1)
    await vraag.data("BEHEER", VASTLEGGEN, d="2027-05-08", n="Open dag", v=False)
    eerste = (await vraag.data("WIJKTEAM", LIJST, n=1))["vrijedagen"]
    assert (eerste["totalCount"], eerste["pageInfo"]["hasNextPage"], eerste["edges"][0]["node"]["naam"]) == (2, True, "Open dag")
    tweede = (await vraag.data("WIJKTEAM", LIJST, n=1, a=eerste["pageInfo"]["endCursor"]))["vrijedagen"]
    assert (tweede["pageInfo"]["hasNextPage"], tweede["edges"][0]["node"]["dag"]) == (False, "2027-05-07")
    assert (await vraag.data("BEHEER", VERWIJDEREN, i=brug["id"], v=1))["vrijedagVerwijderen"] == "2027-05-07"
    assert [row.naam for row in await stand(wijk)] == ["Open dag"]


async def test_others_and_bad_input_are_refused_and_nothing_happened(wijk: Wijk, vraag: Vrager) -> None:
    brug = (await vraag.data("BEHEER", VASTLEGGEN, d="2027-05-07", n="Brugdag", v=True))["vrijedagVastleggen"]
    before = await stand(wijk)
    for rol in ("WIJKTEAM", "TEAMLEIDER", "PARTNER_BEHEER", "FG"):
        assert set(codes(await vraag(rol, VASTLEGGEN, d="2027-05-10", n="Vrij", v=True))) == {"GEEN_RECHT"}
        assert set(codes(await vraag(rol, VERWIJDEREN, i=brug["id"], v=1))) == {"GEEN_RECHT"}
    assert set(codes(await vraag("ZORG", LIJST, n=5))) == {"GEEN_RECHT"}
    fout = [
        ("2027-05-07", "Nog eens"), ("2027-02-26", "Voorbij"), ("9999-12-31", "Ver"), ("2027-05-10", "x" * 100_000), ("2027-05-10", ""),
        ("2027-05-05", "Bevrijdingsdag"),
    ]  # fmt: skip
    for dag, naam in fout:
        assert codes(await vraag("BEHEER", VASTLEGGEN, d=dag, n=naam, v=True)) == ["ONGELDIGE_INVOER"]
    for geen in ("2027-02-30", "2027", "onbekend"):  # a part of a date will do for a date of birth, not here
        answer = await vraag("BEHEER", VASTLEGGEN, d=geen, n="Vrij", v=True)
        assert codes(answer) == ["DATUM_ONGELDIG"]
        assert "hele datum" in str(answer)
    assert codes(await vraag("BEHEER", VERWIJDEREN, i=brug["id"], v=7)) == ["VERSIE_VEROUDERD"]
    assert await stand(wijk) == before
