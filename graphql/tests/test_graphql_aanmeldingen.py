"""Reports over GraphQL: who reported, the list of the team, what comes of a report, and when the team no longer sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
AANMELDEN = """mutation($p:PersoonInvoer!,$m:AanmeldingInvoer){aanmelden(persoon:$p,melding:$m){aanmeldingen{
    id versie status aanmelder wijze urgentie clientOpDeHoogte nogTeVragen aanmelderNaam vraag team{naam} aanmelderPersoon{id}}}}"""
LIJST = """query($f:AanmeldingenFilter,$a:String,$n:Int=20){aanmeldingen(first:$n,after:$a,filter:$f){totalCount
    pageInfo{hasNextPage endCursor} edges{node{id urgentie persoon{geslachtsnaam} behandelaar{naam} signalen{id}}}}}"""
EEN = "query($id:ID!){aanmelding(id:$id){status vervaltOp reden toelichting verwezenNaar{naam} geschiedenis{nummer}}}"
EINDE = "mutation($a:ID!,$v:Int!,$r:Afhandelreden!){aanmeldingAfwijzen(aanmelding:$a,versie:$v,reden:$r){status versie vervaltOp}}"
PAKKEN = "mutation($a:ID!,$v:Int!,$b:ID){aanmeldingInBehandelingNemen(aanmelding:$a,versie:$v,behandelaar:$b){status behandelaar{naam}}}"
TERUG = "mutation($a:ID!,$v:Int!){aanmeldingHeropenen(aanmelding:$a,versie:$v){status versie vervaltOp}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gemeld(vrager: Vrager, naam: str = "Moulin", **melding: Any) -> dict[str, Any]:
    data = await vrager.data("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": naam}, m=melding)
    found: dict[str, Any] = data["aanmelden"]["aanmeldingen"][0]
    return found


async def test_a_report_says_who_reported_and_what_was_not_asked_is_asked_later(wijk: Wijk, vraag: Vrager) -> None:
    dochter = str(await wijk.inwoner("Bakker"))
    over = {"aanmelder": "FAMILIE_OF_NETWERK", "wijze": "TELEFOON", "urgentie": "SPOED", "aanmelderNaam": "Anna", "vraag": "Hulp"}
    made = await gemeld(vraag, aanmelderPersoonId=dochter, **over)
    rest = {"status": "NIEUW", "clientOpDeHoogte": None, "nogTeVragen": True, "team": {"naam": "team"}, "versie": 1}
    assert made == over | rest | {"id": made["id"], "aanmelderPersoon": {"id": dochter}}
    text = """mutation($a:ID!,$m:AanmeldingInvoer!){aanmeldingWijzigen(aanmelding:$a,versie:1,melding:$m){nogTeVragen clientOpDeHoogte}}"""
    later = (await vraag.data("WIJKTEAM", text, a=made["id"], m={"clientOpDeHoogte": True}))["aanmeldingWijzigen"]
    assert later == {"nogTeVragen": False, "clientOpDeHoogte": True}
    theirs = str(await wijk.inwoner("Elders", rol=wijk.actor("WIJKTEAM", team=wijk.ander_team)))
    before = await rows_of(wijk, [Aanmelding, Betrokkenheid])
    wrong = {"NIET_GEVONDEN": {"aanmelderPersoonId": theirs}, "ONGELDIGE_INVOER": {"urgentie": None}}
    for code, melding in wrong.items():
        answer = await vraag("WIJKTEAM", text, a=made["id"], m=melding)
        assert codes(answer) in ([code], ["VERSIE_VEROUDERD"])
        assert codes(await vraag("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": "Kok"}, m=melding)) == [code]
    assert await rows_of(wijk, [Aanmelding, Betrokkenheid]) == before
    assert (await vraag.data("WIJKTEAM", "query($p:ID!){persoon(id:$p){aanmeldingen{id}}}", p=theirs))["persoon"] is None


async def test_the_list_of_the_team_is_narrowed_paged_and_takes_as_many_statements_for_one_as_for_five(wijk: Wijk, vraag: Vrager) -> None:
    async def ids(**filter: Any) -> list[str]:
        return [edge["node"]["id"] for edge in (await vraag.data("WIJKTEAM", LIJST, f=filter))["aanmeldingen"]["edges"]]

    async def statements(aantal: int, **filter: Any) -> int:
        with count_statements(wijk.wijkwerk.database) as found:
            assert len((await vraag.data("WIJKTEAM", LIJST, n=aantal, f=filter))["aanmeldingen"]["edges"]) == aantal
        return len(found)

    spoed = await gemeld(vraag, "Een", urgentie="SPOED", clientOpDeHoogte=True)
    crisis = await gemeld(vraag, "Twee", urgentie="CRISIS")
    rest = [(await gemeld(vraag, f"Meer{n}"))["id"] for n in range(3)]
    await vraag.data("WIJKTEAM", PAKKEN, a=spoed["id"], v=1)
    await vraag.data("WIJKTEAM", EINDE, a=crisis["id"], v=1, r="DUBBEL")
    assert await ids() == [*reversed(rest), crisis["id"], spoed["id"]]
    assert await ids(urgentie=["SPOED", "CRISIS"]) == [crisis["id"], spoed["id"]]
    assert await ids(status=["IN_BEHANDELING"], behandelaar=str(wijk.WIJKTEAM), team=str(wijk.team)) == [spoed["id"]]
    assert await ids(status=["NIEUW"], team=str(wijk.ander_team)) == []
    assert await ids(nogTeVragen=False) == [spoed["id"]]
    assert len(await ids(nogTeVragen=True)) == 4
    page = (await vraag.data("WIJKTEAM", LIJST, n=2))["aanmeldingen"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (5, True)
    after = (await vraag.data("WIJKTEAM", LIJST, n=2, a=page["pageInfo"]["endCursor"]))["aanmeldingen"]["edges"]
    assert [edge["node"]["id"] for edge in after] == [rest[0], crisis["id"]]
    assert await statements(1, status=["IN_BEHANDELING"]) == await statements(5, urgentie=["NORMAAL", "SPOED", "CRISIS"])
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    assert (await vraag.data(elders, LIJST))["aanmeldingen"]["totalCount"] == 0
    assert set(codes(await vraag("DOCK", LIJST))) == {"GEEN_RECHT"}


async def test_triage_over_the_api_and_who_may_not(wijk: Wijk, vraag: Vrager) -> None:
    id = (await gemeld(vraag))["id"]
    before = await rows_of(wijk, [Aanmelding, Betrokkenheid])
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    for text, extra in ((PAKKEN, {}), (EINDE, {"r": "DUBBEL"}), (TERUG, {})):
        assert set(codes(await vraag("TEAMLEIDER", text, a=id, v=1, **extra))) == {"GEEN_RECHT"}
        assert codes(await vraag(elders, text, a=id, v=1, **extra)) == ["NIET_GEVONDEN"]
        assert codes(await vraag("WIJKTEAM", text, a=id, v=7, **extra)) == ["VERSIE_VEROUDERD"]
    assert codes(await vraag("WIJKTEAM", PAKKEN, a=id, v=1, b=str(wijk.KLANTMANAGER))) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("WIJKTEAM", EINDE, a=id, v=1, r="ANDERS")) == ["ONGELDIGE_INVOER"]
    assert await rows_of(wijk, [Aanmelding, Betrokkenheid]) == before
    taken = (await vraag.data("WIJKTEAM", PAKKEN, a=id, v=1, b=str(wijk.REGISSEUR)))["aanmeldingInBehandelingNemen"]
    assert taken == {"status": "IN_BEHANDELING", "behandelaar": {"naam": "regisseur"}}
    text = """mutation($a:ID!,$o:ID!){aanmeldingVerwijzen(aanmelding:$a,versie:2,reden:NIET_VOOR_WIJKTEAM,naar:$o){status}}"""
    assert (await vraag.data("WIJKTEAM", text, a=id, o=str(wijk.zorg)))["aanmeldingVerwijzen"] == {"status": "VERWEZEN"}
    een = (await vraag.data("REGISSEUR", EEN, id=id))["aanmelding"]
    assert (een["vervaltOp"], een["verwezenNaar"], len(een["geschiedenis"])) == ("2027-04-12", {"naam": "zorg"}, 3)
    terug = (await vraag.data("WIJKTEAM", TERUG, a=id, v=3))["aanmeldingHeropenen"]
    assert terug == {"status": "IN_BEHANDELING", "versie": 4, "vervaltOp": None}
    text = 'mutation($a:ID!){aanmeldingAfbreken(aanmelding:$a,versie:4,reden:ANDERS,toelichting:"Verhuist"){status toelichting}}'
    assert (await vraag.data("WIJKTEAM", text, a=id))["aanmeldingAfbreken"] == {"status": "AFGEBROKEN", "toelichting": "Verhuist"}
    wijk.klok.moment = datetime(2027, 4, 12, 22, tzinfo=UTC) - timedelta(seconds=1)
    assert (await vraag.data("WIJKTEAM", EEN, id=id))["aanmelding"]["status"] == "AFGEBROKEN"
    wijk.klok.moment += timedelta(seconds=1)
    assert (await vraag.data("WIJKTEAM", EEN, id=id))["aanmelding"] is None
    everything = '{personen{totalCount edges{node{id}}} aanmeldingen{totalCount} zoek:personen(filter:{naam:"Moulin"}){totalCount}}'
    gone = await vraag.data("WIJKTEAM", everything)
    assert gone == {"personen": {"totalCount": 0, "edges": []}, "aanmeldingen": {"totalCount": 0}, "zoek": {"totalCount": 0}}
    assert codes(await vraag("WIJKTEAM", TERUG, a=id, v=5)) == ["NIET_GEVONDEN"]
