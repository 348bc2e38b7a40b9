"""Tasks over GraphQL: made, found in the case and with the resident, finished; and refused in words a client can show."""

from __future__ import annotations

from typing import Any

import pytest

from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
MAKEN = """mutation($p:ID!,$v:VoorInvoer!,$d:ID,$t:String="Bel terug",$s:String="TAAK",$w:Int){
    taakMaken(persoon:$p,voor:$v,kader:$d,tekst:$t,soort:$s,werkdagen:$w){
        id versie status soort tekst uiterlijk voorSoort voorRol persoon{geslachtsnaam} dossier{id}}}"""
BEIDE = "{personen{edges{node{taken{tekst}}}} dossiers{edges{node{taken(first:1){tekst dossier{id}}}}}}"
GEDAAN = "mutation($t:ID!,$v:Int!){taakGedaan(taak:$t,versie:$v){status versie afgerondDoor{naam}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def voor(id: Any, soort: str = "TEAM", **rest: Any) -> dict[str, Any]:
    return {"voorId": str(id), "voorSoort": soort, **rest}


async def test_from_making_to_done(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    given = {"p": str(persoon), "d": str(dossier), "v": voor(wijk.team, voorRol="REGISSEUR"), "w": 10}
    made = (await vraag.data("WIJKTEAM", MAKEN, **given))["taakMaken"]
    taak = made.pop("id")
    assert made == {
        "versie": 1, "status": "OPEN", "soort": "TAAK", "tekst": "Bel terug", "uiterlijk": "2027-03-15", "voorSoort": "TEAM",
        "voorRol": "REGISSEUR", "persoon": {"geslachtsnaam": "Moulin"}, "dossier": {"id": str(dossier)},
    }  # fmt: skip
    text = 'mutation($t:ID!){taakPlannen(taak:$t,versie:1,planning:{herinnerenOp:"2027-03-10"}){versie uiterlijk herinnerenOp}}'
    assert (await vraag.data("WIJKTEAM", text, t=taak))["taakPlannen"] == {
        "versie": 2,
        "uiterlijk": "2027-03-15",
        "herinnerenOp": "2027-03-10",
    }
    text = "mutation($t:ID!,$n:VoorInvoer!){taakDoorgeven(taak:$t,versie:2,naar:$n){versie voorId voorRol}}"
    passed = (await vraag.data("WIJKTEAM", text, t=taak, n=voor(wijk.REGISSEUR, "GEBRUIKER")))["taakDoorgeven"]
    assert passed == {"versie": 3, "voorId": str(wijk.REGISSEUR), "voorRol": ""}
    done = (await vraag.data("REGISSEUR", GEDAAN, t=taak, v=3))["taakGedaan"]
    assert (done["status"], done["versie"]) == ("GEDAAN", 4)
    assert codes(await vraag("REGISSEUR", GEDAAN, t=taak, v=4)) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("REGISSEUR", GEDAAN, t=taak, v=3)) == ["VERSIE_VEROUDERD"]
    text = 'mutation($t:ID!){taakNietGedaan(taak:$t,versie:1,reden:"Hij belde zelf"){status reden}}'
    ander = (await vraag.data("WIJKTEAM", MAKEN, **given))["taakMaken"]["id"]
    assert (await vraag.data("WIJKTEAM", text, t=ander))["taakNietGedaan"] == {"status": "NIET_GEDAAN", "reden": "Hij belde zelf"}


async def test_a_task_that_can_not_be_is_refused_naming_its_argument(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    given: dict[str, Any] = {"p": str(persoon), "v": voor(wijk.team)}
    for rest, code, veld in (
        ({"v": voor(wijk.dock, "ORGANISATIE")}, "ONGELDIGE_INVOER", "voor"),
        ({"v": {"voorId": str(wijk.team)}}, "ONGELDIGE_INVOER", None),
        ({"v": voor(wijk.team, voorRol=None)}, "ONGELDIGE_INVOER", "voorRol"),
        ({"v": voor("x")}, "ONGELDIGE_INVOER", "voorId"),
        ({"s": "ONZIN"}, "ONGELDIGE_INVOER", "soort"),
        ({"t": ""}, "ONGELDIGE_INVOER", "tekst"),
        ({"w": -1}, "ONGELDIGE_INVOER", "werkdagen"),
        ({"d": str(wijk.team)}, "NIET_GEVONDEN", None),
        ({"p": str(wijk.team)}, "NIET_GEVONDEN", None),
    ):
        answer = await vraag("WIJKTEAM", MAKEN, **given | rest)
        assert codes(answer) == [code], rest
        assert answer.errors[0]["extensions"].get("veld") == veld, rest
    assert set(codes(await vraag("PEERCOACH", MAKEN, **given))) == {"GEEN_RECHT"}
    assert await wijk.rows(Taak.tabel().select()) == []


async def test_a_task_about_nobody(wijk: Wijk, vraag: Vrager) -> None:
    text = 'mutation($v:VoorInvoer!){algemeneTaakMaken(voor:$v,tekst:"Stuur folders",uiterlijk:"2027-03-05")}'
    taak = (await vraag.data("WIJKTEAM", text, v=voor(wijk.DOCK, "GEBRUIKER")))["algemeneTaakMaken"]
    mine = "{mijnWerk{edges{node{soort omschrijving persoon{id} algemeneTaak{id versie voorSoort}}}}}"
    [edge] = (await vraag.data("DOCK", mine))["mijnWerk"]["edges"]
    own = {"id": taak, "versie": 1, "voorSoort": "GEBRUIKER"}
    assert edge["node"] == {"soort": "ALGEMENE_TAAK", "omschrijving": "Stuur folders", "persoon": None, "algemeneTaak": own}
    text = "mutation($t:ID!){algemeneTaakPlannen(taak:$t,versie:1,planning:{uiterlijk:null}){uiterlijk versie}}"
    assert (await vraag.data("DOCK", text, t=taak))["algemeneTaakPlannen"] == {"uiterlijk": None, "versie": 2}
    text = "mutation($t:ID!,$n:VoorInvoer!){algemeneTaakDoorgeven(taak:$t,versie:2,naar:$n)}"
    assert (await vraag.data("DOCK", text, t=taak, n=voor(wijk.dock, "ORGANISATIE")))["algemeneTaakDoorgeven"] == taak
    text = 'mutation($t:ID!){algemeneTaakNietGedaan(taak:$t,versie:3,reden:"Op"){status reden}}'
    assert codes(await vraag("WIJKTEAM", text, t=taak)) == ["NIET_GEVONDEN"]
    assert (await vraag.data("MZ_CONSULENT", text, t=taak))["algemeneTaakNietGedaan"] == {"status": "NIET_GEDAAN", "reden": "Op"}
    text = "mutation($t:ID!){algemeneTaakGedaan(taak:$t,versie:4){status}}"
    assert codes(await vraag("DOCK", text, t=taak)) == ["ONGELDIGE_INVOER"]
    assert [row.status for row in await wijk.rows(AlgemeneTaak.tabel().select())] == ["NIET_GEDAAN"]


async def test_tasks_of_all_residents_and_cases_come_in_one_statement(wijk: Wijk, vraag: Vrager) -> None:
    counts = []
    for number in range(3):
        persoon = await wijk.inwoner(f"N{number}")
        dossier = await wijk.dossier(persoon)
        for _ in range(2):
            await vraag.data("WIJKTEAM", MAKEN, p=str(persoon), d=str(dossier), v=voor(wijk.team))
        actor = wijk.actor("WIJKTEAM")
        with count_statements(wijk.wijkwerk.database) as statements:
            found = await vraag.data(
                actor, "{personen{edges{node{taken{tekst}}}} dossiers{edges{node{taken(first:1){tekst dossier{id}}}}}}"
            )
        counts.append(len(statements))
        assert [len(edge["node"]["taken"]) for edge in found["personen"]["edges"]] == [2] * (number + 1)
        assert [len(edge["node"]["taken"]) for edge in found["dossiers"]["edges"]] == [1] * (number + 1)
    assert len(set(counts[1:])) == 1
    page = await vraag.data(
        "WIJKTEAM", "query($d:ID!){taken(filter:{status:OPEN,kader:$d}){totalCount edges{node{kaderId}}}}", d=str(dossier)
    )
    assert page["taken"] == {"totalCount": 2, "edges": [{"node": {"kaderId": str(dossier)}}] * 2}
