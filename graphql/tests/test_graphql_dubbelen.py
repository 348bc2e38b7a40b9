"""Hints before registering, the work list, merging and undoing through the API: as who has a role, with what that one may see."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from wijkwerk.dubbelen import Dubbelvermoeden
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
MOULIN = {"geslachtsnaam": "Moulin", "voornamen": "Suzanne", "geboortedatum": "1956-11-15"}
AANMELDEN = "mutation($p:PersoonInvoer!){aanmelden(persoon:$p){id versie}}"
MOGELIJK = "query($p:PersoonInvoer!){mogelijkeDubbelen(persoon:$p){reden score persoon{id geslachtsnaam}}}"
LIJST = "{dubbelvermoedens(filter:{status:OPEN}){totalCount edges{node{id versie status persoon{id} ander{id}}}}}"
SAMENVOEGEN = """mutation($a:ID!,$b:ID!,$v:Int!,$kies:[String!]){
    personenSamenvoegen(blijft:$a,versieBlijft:$v,gaatOp:$b,versieGaatOp:1,reden:"Zelfde inwoner",kies:$kies){
        id versie reden ongedaanOp persoon{id roepnaam samenvoegingen{id}}}}"""
ONGEDAAN = "mutation($s:ID!,$v:Int!){samenvoegingOngedaanMaken(samenvoeging:$s,versie:$v){id ongedaanOp}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def paar(vraag: Vrager) -> tuple[str, str]:
    made = [(await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN | {"roepnaam": naam}))["aanmelden"]["id"] for naam in ("Suus", "Suzan")]
    return made[0], made[1]


async def test_a_hint_before_registering_shows_the_resident_and_says_so_in_the_log(wijk: Wijk, vraag: Vrager) -> None:
    persoon = (await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN))["aanmelden"]["id"]
    [hint] = (await vraag.data("WIJKTEAM", MOGELIJK, p=MOULIN))["mogelijkeDubbelen"]
    assert hint == {"reden": "NAAM_EN_GEBOORTEDATUM", "score": 100, "persoon": {"id": persoon, "geslachtsnaam": "Moulin"}}
    entry = (await wijk.log())[-1]
    assert (entry["gebeurtenis"], len(entry["betrokkenen"])) == ("ZOEKEN", 1)
    assert (await vraag.data("WIJKTEAM", MOGELIJK, p=MOULIN | {"geslachtsnaam": "."}))["mogelijkeDubbelen"] == []
    assert set(codes(await vraag("ZORG", MOGELIJK, p=MOULIN))) == {"GEEN_RECHT"}


@pytest.mark.parametrize(
    "fout", [{"voornamen": "Jan " * 25_000}, {"roepnaam": "x" * 201}, {"geboortedatum": "2099-01-01"}], ids=["huge", "long", "tomorrow"]
)
async def test_a_hint_is_not_looked_for_with_what_could_not_be_registered(wijk: Wijk, vraag: Vrager, fout: dict[str, str]) -> None:
    await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN)
    assert codes(await vraag("WIJKTEAM", MOGELIJK, p=MOULIN | fout)) == ["ONGELDIGE_INVOER"]
    assert "betrokkenen" not in (await wijk.log())[-1]


async def test_from_work_list_to_merge_and_back(wijk: Wijk, vraag: Vrager) -> None:
    een, ander = await paar(vraag)
    [edge] = (await vraag.data("WIJKTEAM", LIJST))["dubbelvermoedens"]["edges"]
    assert {edge["node"]["persoon"]["id"], edge["node"]["ander"]["id"]} == {een, ander}
    merged = (await vraag.data("WIJKTEAM", SAMENVOEGEN, a=een, b=ander, v=1, kies=["roepnaam"]))["personenSamenvoegen"]
    assert (merged["reden"], merged["ongedaanOp"]) == ("Zelfde inwoner", None)
    assert merged["persoon"] == {"id": een, "roepnaam": "Suzan", "samenvoegingen": [{"id": merged["id"]}]}
    assert (await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){id}}", id=ander))["persoon"] is None
    assert (await vraag.data("WIJKTEAM", LIJST))["dubbelvermoedens"]["totalCount"] == 0
    undone = await vraag.data("WIJKTEAM", ONGEDAAN, s=merged["id"], v=merged["versie"])
    assert undone["samenvoegingOngedaanMaken"]["ongedaanOp"] is not None
    assert (await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){roepnaam}}", id=ander))["persoon"] == {"roepnaam": "Suzan"}
    assert (await vraag.data("WIJKTEAM", LIJST))["dubbelvermoedens"]["totalCount"] == 1
    assert {"SAMENVOEGEN", "SPLITSEN"} <= {entry["gebeurtenis"] for entry in await wijk.log()}


async def test_the_state_before_a_merge_is_in_no_answer(vraag: Vrager) -> None:
    een, ander = await paar(vraag)
    await vraag.data("WIJKTEAM", SAMENVOEGEN, a=een, b=ander, v=1)
    text = "query($p:ID!){persoon(id:$p){samenvoegingen{reden %s}}}"
    assert (await vraag.data("WIJKTEAM", text % "", p=een))["persoon"]["samenvoegingen"] == [{"reden": "Zelfde inwoner"}]
    for rol in ("WIJKTEAM", "REGISSEUR"):
        assert set(codes(await vraag(rol, text % "toestand", p=een))) == {"DOCUMENT_ONGELDIG"}


async def test_not_a_double_leaves_the_work_list(wijk: Wijk, vraag: Vrager) -> None:
    await paar(vraag)
    [edge] = (await vraag.data("WIJKTEAM", LIJST))["dubbelvermoedens"]["edges"]
    text = "mutation($d:ID!,$v:Int!){nietDubbel(dubbelvermoeden:$d,versie:$v){status}}"
    done = await vraag.data("WIJKTEAM", text, d=edge["node"]["id"], v=edge["node"]["versie"])
    assert done["nietDubbel"] == {"status": "NIET_DUBBEL"}
    assert (await vraag.data("WIJKTEAM", LIJST))["dubbelvermoedens"]["totalCount"] == 0
    assert codes(await vraag("WIJKTEAM", text, d=edge["node"]["id"], v=2)) == ["ONGELDIGE_INVOER"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"v": 7}, "VERSIE_VEROUDERD"), ({"b": "01890000-0000-7000-8000-000000000000"}, "NIET_GEVONDEN"),
     ({"kies": ["bsn"]}, "ONGELDIGE_INVOER"), ({"kies": ["x" * 500]}, "ONGELDIGE_INVOER")],
    ids=["old version", "nobody", "a field that is not chosen", "no field"],
)  # fmt: skip
async def test_what_is_refused_changes_nothing(wijk: Wijk, vraag: Vrager, change: dict[str, Any], code: str) -> None:
    een, ander = await paar(vraag)
    before = await wijk.rows(select(Dubbelvermoeden.tabel()))
    assert codes(await vraag("WIJKTEAM", SAMENVOEGEN, **({"a": een, "b": ander, "v": 1} | change))) == [code]
    assert set(codes(await vraag("DOCK", SAMENVOEGEN, a=een, b=ander, v=1))) == {"GEEN_RECHT"}
    assert await wijk.rows(select(Samenvoeging.tabel())) == []
    assert await wijk.rows(select(Dubbelvermoeden.tabel())) == before
