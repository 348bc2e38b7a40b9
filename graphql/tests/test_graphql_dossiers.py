"""Cases over GraphQL: opened from a report or household, put on hold, closed, opened again, with other people, and handed over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from wijkwerk.access.actor import Actor
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.testing.dossiers import RECORDS, collega
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
STAND = "id versie status reden gesloten bewarenTot mogelijkeStappen leden{id} stappen{soort reden toelichting}"
WIJZIG: dict[str, str] = {
    "dossierAanhouden": 'reden:ANDERS,toelichting:"Op reis"',
    "dossierHervatten": "",
    "dossierSluiten": "reden:AFGEROND",
    "dossierHeropenen": "reden:TE_VROEG_GESLOTEN",
}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def wijzig(vraag: Vrager, rol: str | Actor, naam: str, dossier: dict[str, Any], rest: str, velden: str = STAND) -> dict[str, Any]:
    """The case after this mutation of it, in the version that was read last."""
    text = f"mutation($d:ID!,$v:Int!){{{naam}(dossier:$d,versie:$v{',' + rest if rest else ''}){{{velden}}}}}"
    found: dict[str, Any] = (await vraag.data(rol, text, d=dossier["id"], v=dossier["versie"]))[naam]
    return found


async def geopend(wijk: Wijk, vraag: Vrager) -> dict[str, Any]:
    """A case that came from a report, as the API gives it."""
    persoon = await wijk.inwoner()
    gevraagd = "query($p:ID!){persoon(id:$p){aanmeldingen{id}}}"
    [melding] = (await vraag.data("WIJKTEAM", gevraagd, p=str(persoon)))["persoon"]["aanmeldingen"]
    openen = "dossierOpenen(personen:$p,aanmeldingen:[$m],regisseur:$r)"
    text = f"mutation($p:[ID!]!,$m:ID!,$r:ID!){{{openen}{{aanmeldingen{{id status}} {STAND}}}}}"
    found: dict[str, Any] = await vraag.data("WIJKTEAM", text, p=[str(persoon)], m=melding["id"], r=str(wijk.REGISSEUR))
    assert found["dossierOpenen"]["aanmeldingen"] == [{"id": melding["id"], "status": "VERVOLG"}]
    return dict(found["dossierOpenen"])


async def test_a_case_from_report_to_opening_again(wijk: Wijk, vraag: Vrager) -> None:
    dossier, kan = await geopend(wijk, vraag), []
    for naam, rest in WIJZIG.items():
        kan.append(dossier["mogelijkeStappen"])
        dossier = await wijzig(vraag, "WIJKTEAM", naam, dossier, rest)
        assert (dossier["gesloten"] is None) is (dossier["bewarenTot"] is None) is (naam != "dossierSluiten")
    assert kan == [["AANGEHOUDEN", "GESLOTEN"], ["HERVAT", "GESLOTEN"], ["AANGEHOUDEN", "GESLOTEN"], ["HEROPEND"]]
    assert [(stap["soort"], stap["reden"], stap["toelichting"]) for stap in dossier["stappen"]] == [
        ("HEROPEND", "TE_VROEG_GESLOTEN", None), ("GESLOTEN", "AFGEROND", None), ("HERVAT", None, None),
        ("AANGEHOUDEN", "ANDERS", "Op reis"), ("GEOPEND", None, None),
    ]  # fmt: skip


async def test_a_refusal_says_what_can_be_done_and_changes_nothing(wijk: Wijk, vraag: Vrager) -> None:
    dossier, before = await geopend(wijk, vraag), await rows_of(wijk, RECORDS)
    text = "mutation($d:ID!,$v:Int!){dossierHeropenen(dossier:$d,versie:$v,reden:NIEUWE_VRAAG){id}}"
    answer = await vraag("WIJKTEAM", text, d=dossier["id"], v=1)
    assert codes(answer) == ["OVERGANG_KAN_NIET"]
    assert "aanhouden of sluiten" in answer.errors[0]["message"]
    assert codes(await vraag("WIJKTEAM", text, d=dossier["id"], v=9)) == ["VERSIE_VEROUDERD"]
    assert codes(await vraag("TEAMLEIDER", text, d=dossier["id"], v=1)) == ["GEEN_RECHT"]
    assert codes(await vraag(wijk.actor("WIJKTEAM", team=wijk.ander_team), text, d=dossier["id"], v=1)) == ["NIET_GEVONDEN"]
    assert await rows_of(wijk, RECORDS) == before


async def test_members_of_now_and_who_directs_it(wijk: Wijk, vraag: Vrager) -> None:
    dossier, ander = await geopend(wijk, vraag), await wijk.inwoner("Jansen")
    samen = await wijzig(vraag, "WIJKTEAM", "dossierlidToevoegen", dossier, f'persoon:"{ander}"')
    assert [lid["id"] for lid in samen["leden"]] == [dossier["leden"][0]["id"], str(ander)]
    alleen = await wijzig(vraag, "WIJKTEAM", "dossierlidVertrekt", samen, f'persoon:"{ander}"')
    assert alleen["leden"] == dossier["leden"]
    zonder = await wijzig(vraag, "WIJKTEAM", "regisseurAanwijzen", alleen, "", f"regisseur{{id}} {STAND}")
    assert zonder["regisseur"] is None
    weer = await wijzig(vraag, "WIJKTEAM", "regisseurAanwijzen", zonder, f'regisseur:"{wijk.REGISSEUR}"', "regisseur{id}")
    assert weer["regisseur"] == {"id": str(wijk.REGISSEUR)}


async def test_who_leaves_takes_no_note_about_who_stays_along_unless_it_is_said(wijk: Wijk, vraag: Vrager) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    waar = {"d": str(await wijk.dossier(een, ander)), "p": str(ander)}
    schrijven = """mutation($d:ID!,$p:ID!,$o:[ID!]){
        notitieSchrijven(dossier:$d,persoon:$p,ookOver:$o,soort:CONTACTVERSLAG,tekst:"Ruzie",bron:INWONER){id}}"""
    await vraag.data("WIJKTEAM", schrijven, **waar, o=[str(een)])
    weg, before = "mutation($d:ID!,$p:ID!){dossierlidVertrekt(dossier:$d,versie:1,persoon:$p%s){leden{id}}}", await rows_of(wijk, RECORDS)
    answer = await vraag("WIJKTEAM", weg % "", **waar)
    assert (codes(answer), answer.errors[0]["extensions"]["veld"]) == (["NOG_NOTITIES"], "persoon")
    assert "Er is 1 notitie" in answer.errors[0]["message"]
    assert await rows_of(wijk, RECORDS) == before
    gone = await vraag.data("WIJKTEAM", weg % ",notitiesUitBeeld:true", **waar)
    assert gone["dossierlidVertrekt"]["leden"] == [{"id": str(een)}]


async def test_cases_of_a_household_and_a_list_by_status_team_and_casusregisseur(wijk: Wijk, vraag: Vrager) -> None:
    een, kind = await geopend(wijk, vraag), await wijk.inwoner("Kind")
    lid = 'mutation($p:ID!){huishoudlidToevoegen(persoon:$p,rol:KIND,van:"2026-01-01"){huishoudenId}}'
    huis = (await vraag.data("WIJKTEAM", lid, p=str(kind)))["huishoudlidToevoegen"]["huishoudenId"]
    text = "mutation($h:ID!){dossierOpenen(huishouden:$h){id versie leden{id}}}"
    ander = (await vraag.data("WIJKTEAM", text, h=huis))["dossierOpenen"]
    assert ander["leden"] == [{"id": str(kind)}]
    await wijzig(vraag, "WIJKTEAM", "dossierSluiten", ander, "reden:AFGEROND")
    zoek = "query($f:DossiersFilter){dossiers(filter:$f){edges{node{id}}}}"
    asked: list[tuple[dict[str, Any] | None, list[str]]] = [
        (None, [ander["id"], een["id"]]), ({"status": ["GESLOTEN"]}, [ander["id"]]), ({"status": ["OPEN", "HEROPEND"]}, [een["id"]]),
        ({"regisseur": str(wijk.REGISSEUR)}, [een["id"]]), ({"team": str(wijk.team)}, [ander["id"], een["id"]]),
        ({"team": str(wijk.ander_team)}, []),
    ]  # fmt: skip
    for filter, verwacht in asked:
        edges = (await vraag.data("WIJKTEAM", zoek, f=filter))["dossiers"]["edges"]
        assert [edge["node"]["id"] for edge in edges] == verwacht


async def test_handing_over(wijk: Wijk, vraag: Vrager) -> None:
    dossier = await geopend(wijk, vraag)
    begin = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.ander_team), team=wijk.ander_team)
    rest = f'team:"{wijk.ander_team}",reden:"Verhuisd",categorieen:["ADRES"]'
    for naam in ("Weigeren", "Intrekken", "Aannemen"):
        aanbod = await wijzig(vraag, "WIJKTEAM", "overdrachtAanbieden", dossier, rest, "id versie status reden categorieen")
        ander = replace(begin, moment=wijk.klok.nu())
        assert (aanbod["status"], set(aanbod["categorieen"])) == ("AANGEBODEN", {"ADRES", "IDENTITEIT", "PLAN_EN_DOELEN"})
        lijst = "{dossiers{edges{node{status overdrachten{id reden}}}}}"
        [edge] = (await vraag.data(ander, lijst))["dossiers"]["edges"]
        assert edge["node"]["overdrachten"][0] == {"id": aanbod["id"], "reden": "Verhuisd"}
        wie: str | Actor = "WIJKTEAM" if naam == "Intrekken" else ander
        extra = {"Weigeren": ',antwoord:"Wij zijn vol"', "Intrekken": "", "Aannemen": ""}[naam]
        velden = {"Weigeren": "", "Intrekken": "{status}", "Aannemen": "{id team{id} regisseur{id}}"}[naam]
        text = f"mutation($o:ID!,$v:Int!){{overdracht{naam}(overdracht:$o,versie:$v{extra}){velden}}}"
        gedaan = (await vraag.data(wie, text, o=aanbod["id"], v=aanbod["versie"]))[f"overdracht{naam}"]
        ziet = len((await vraag.data(replace(begin, moment=wijk.klok.nu()), lijst))["dossiers"]["edges"])
        assert ziet == (1 if naam == "Aannemen" else 0)
    assert gedaan == {"id": dossier["id"], "team": {"id": str(wijk.ander_team)}, "regisseur": None}
    assert await wijk.lees("WIJKTEAM", lambda r: r.count(Dossier)) == 0


async def test_the_schema_tells_which_reasons_fit_each_step(vraag: Vrager) -> None:
    text = '{__type(name:"Mutation"){fields{name args{name description}}}}'
    found = (await vraag.data("WIJKTEAM", text))["__type"]["fields"]
    told = {veld["name"]: arg["description"] for veld in found for arg in veld["args"] if arg["name"] == "reden"}
    assert told["dossierHeropenen"] == "Kies uit: ANDERS, NIEUWE_VRAAG, TE_VROEG_GESLOTEN"
    assert "WACHTLIJST" in told["dossierAanhouden"]
    assert "WACHTLIJST" not in told["dossierSluiten"]
