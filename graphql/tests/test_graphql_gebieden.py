"""The tree of areas over GraphQL, keeping it, and where a resident lives."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select

from wijkwerk.gebieden import Gebied, gebied_postcode
from wijkwerk.personen import Persoon
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
MAKEN = "mutation($g:GebiedInvoer!){gebiedMaken(gebied:$g){id versie code naam soort herkomst van tot bovenliggend{code}}}"
WIJZIGEN = "mutation($i:ID!,$v:Int!,$g:GebiedWijziging!){gebiedWijzigen(id:$i,versie:$v,gebied:$g){naam versie}}"
BEEINDIGEN = "mutation($i:ID!,$v:Int!,$t:Date!){gebiedBeeindigen(id:$i,versie:$v,tot:$t){tot}}"
BOOM = "{gebieden{code bovenliggend{code} onderliggend{code onderliggend{naam}}}}"
AANMELDEN = "mutation($p:PersoonInvoer!){aanmelden(persoon:$p){id versie gebied{code naam bovenliggend{code}} gebiedGekozen}}"
KIEZEN = "mutation($p:ID!,$v:Int!,$g:ID){gebiedKiezen(persoon:$p,versie:$v,gebied:$g){versie gebied{code} gebiedGekozen}}"
AREAS = {
    "GM0599": ("Rotterdam", "GEMEENTE", None),
    "WK059904": ("Overschie", "WIJK", "GM0599"),
    "BU05990451": ("Kleinpolder", "BUURT", "WK059904"),
    "BU05990456": ("Overschie", "BUURT", "WK059904"),
}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.fixture
async def boom(vraag: Vrager) -> dict[str, str]:
    """The ids by code."""
    ids: dict[str, str] = {}
    for code, (naam, soort, boven) in AREAS.items():
        invoer = {
            "code": code,
            "naam": naam,
            "soort": soort,
            "herkomst": "CBS",
            "van": "2020-01-01",
            "bovenliggendId": ids.get(boven or ""),
        }
        ids[code] = (await vraag.data("BEHEER", MAKEN, g=invoer))["gebiedMaken"]["id"]
    return ids


async def test_the_tree_is_shown_to_everybody_and_read_level_by_level(wijk: Wijk, vraag: Vrager, boom: dict[str, str]) -> None:
    with count_statements(wijk.wijkwerk.database) as seen:
        gebieden = (await vraag.data("DOCK", BOOM))["gebieden"]
    assert len([text for text in seen if "FROM gebied" in text]) == 4
    own = {row["code"]: row for row in gebieden if row["code"] in AREAS}
    assert [row["code"] for row in gebieden if row["code"] in AREAS] == sorted(AREAS)
    assert {code: (row["bovenliggend"] or {}).get("code") for code, row in own.items()} == {
        code: boven for code, (_, _, boven) in AREAS.items()
    }
    assert [row["code"] for row in own["GM0599"]["onderliggend"]] == ["WK059904"]
    assert own["GM0599"]["onderliggend"][0]["onderliggend"] == [{"naam": "Kleinpolder"}, {"naam": "Overschie"}]


async def test_as_many_statements_for_a_large_tree_as_for_a_small_one(wijk: Wijk, vraag: Vrager, boom: dict[str, str]) -> None:
    counts = []
    for extra in (0, 30):
        for number in range(extra):
            invoer = {"code": f"X{number}", "naam": "X", "soort": "BUURT", "herkomst": "GEMEENTE", "van": "2020-01-01"}
            await vraag.data("BEHEER", MAKEN, g=invoer | {"bovenliggendId": boom["WK059904"]})
        with count_statements(wijk.wijkwerk.database) as seen:
            await vraag.data("WIJKTEAM", BOOM)
        counts.append(len([text for text in seen if "FROM gebied" in text]))
    assert counts[0] == counts[1]


async def test_areas_by_level_by_day_and_by_code(vraag: Vrager, boom: dict[str, str]) -> None:
    await vraag.data("BEHEER", BEEINDIGEN, i=boom["BU05990456"], v=1, t="2027-02-28")
    by_level = "query($o:Date){gebieden(soort:BUURT,op:$o){code}}"
    assert [row["code"] for row in (await vraag.data("FG", by_level))["gebieden"]] == ["BU05990451"]
    assert [row["code"] for row in (await vraag.data("FG", by_level, o="2027-02-28"))["gebieden"]] == ["BU05990451", "BU05990456"]
    assert (await vraag.data("FG", by_level, o="2019-12-31"))["gebieden"] == []
    een = "query($c:String!){gebied(code:$c){naam onderliggend{code}}}"
    assert (await vraag.data("FG", een, c="WK059904"))["gebied"] == {"naam": "Overschie", "onderliggend": [{"code": "BU05990451"}]}
    for code in ("BU05990456", "WK0599", "", "%", "wk059904"):
        assert (await vraag.data("FG", een, c=code))["gebied"] is None


async def test_keeping_an_area(vraag: Vrager, boom: dict[str, str]) -> None:
    new = (await vraag.data("BEHEER", WIJZIGEN, i=boom["BU05990451"], v=1, g={"naam": "Klein Polder"}))["gebiedWijzigen"]
    assert new == {"naam": "Klein Polder", "versie": 2}
    assert codes(await vraag("BEHEER", WIJZIGEN, i=boom["BU05990451"], v=1, g={"naam": "Te laat"})) == ["VERSIE_VEROUDERD"]
    assert codes(await vraag("BEHEER", WIJZIGEN, i=boom["BU05990451"], v=2, g={"naam": None})) == ["ONGELDIGE_INVOER"]


async def test_nobody_else_keeps_areas_and_a_refusal_changes_nothing(wijk: Wijk, vraag: Vrager, boom: dict[str, str]) -> None:
    g = Gebied.tabel()
    voor = await wijk.rows(select(g).order_by(g.c.id))
    invoer = {"code": "X", "naam": "X", "soort": "BUURT", "herkomst": "GEMEENTE", "van": "2020-01-01"}
    for rol in ("WIJKTEAM", "REGISSEUR", "DOCK", "FG"):
        assert codes(await vraag(rol, MAKEN, g=invoer)) == ["GEEN_RECHT"]
        assert codes(await vraag(rol, WIJZIGEN, i=boom["BU05990451"], v=1, g={"naam": "X"})) == ["GEEN_RECHT"]
        assert codes(await vraag(rol, BEEINDIGEN, i=boom["BU05990451"], v=1, t="2027-02-28")) == ["GEEN_RECHT"]
    assert codes(await vraag("BEHEER", MAKEN, g=invoer | {"herkomst": "CBS"})) == ["ONGELDIGE_INVOER"]
    assert await wijk.rows(select(g).order_by(g.c.id)) == voor


async def test_the_neighbourhood_of_a_resident_follows_or_is_chosen(wijk: Wijk, vraag: Vrager, boom: dict[str, str]) -> None:
    g = Gebied.tabel()
    [(buurt,)] = await wijk.rows(select(g.c.id).where(g.c.code == "BU05990451"))
    await wijk.change(insert(gebied_postcode).values(gemeente_id=wijk.gemeente, postcode="3043TD", gebied_id=buurt))
    made = (await vraag.data("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": "Molenaar", "postcode": "3043 td"}))["aanmelden"]
    assert made["gebied"] == {"code": "BU05990451", "naam": "Kleinpolder", "bovenliggend": {"code": "WK059904"}}
    assert made["gebiedGekozen"] is False
    chosen = (await vraag.data("WIJKTEAM", KIEZEN, p=made["id"], v=1, g=boom["BU05990456"]))["gebiedKiezen"]
    assert chosen == {"versie": 2, "gebied": {"code": "BU05990456"}, "gebiedGekozen": True}
    undone = (await vraag.data("WIJKTEAM", KIEZEN, p=made["id"], v=2))["gebiedKiezen"]
    assert undone == {"versie": 3, "gebied": {"code": "BU05990451"}, "gebiedGekozen": False}


async def test_a_choice_that_is_refused_changes_nothing(wijk: Wijk, vraag: Vrager, boom: dict[str, str]) -> None:
    persoon = (await vraag.data("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": "Molenaar"}))["aanmelden"]["id"]
    assert codes(await vraag("WIJKTEAM", KIEZEN, p=persoon, v=1, g=boom["WK059904"])) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("WIJKTEAM", KIEZEN, p=persoon, v=1, g=persoon)) == ["NIET_GEVONDEN"]
    assert codes(await vraag("WIJKTEAM", KIEZEN, p=boom["WK059904"], v=1, g=boom["BU05990451"])) == ["NIET_GEVONDEN"]
    assert codes(await vraag("DOCK", KIEZEN, p=persoon, v=1, g=boom["BU05990451"])) == ["GEEN_RECHT"]
    p = Persoon.tabel()
    assert (await wijk.rows(select(func.count()).where(p.c.gebied_id.is_not(None) | p.c.gebied_gekozen)))[0][0] == 0
