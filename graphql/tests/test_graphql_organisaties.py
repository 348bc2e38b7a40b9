"""Organisations, teams, people and the social map through the API; and what the administrator of a partner can't do there."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from wijkwerk.aanbod import Aanbod
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import OP_SQLITE, Wijk
from wijkwerk.waarnemingen import Waarneming
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
ORGANISATIE = "mutation($o:OrganisatieInvoer!){organisatieMaken(organisatie:$o){id versie naam soort kvkNummer}}"
TEAM = "mutation($o:ID!,$t:TeamInvoer!){teamMaken(organisatie:$o,team:$t){id naam organisatie{naam}}}"
AANSTELLEN = """mutation($w:String!,$n:String!,$a:AanstellingInvoer!){
    medewerkerAanstellen(issuer:"test",onderwerp:$w,naam:$n,aanstelling:$a){id versie naam rol medewerker team{naam} organisatie{naam}}}"""
TOEVOEGEN = "mutation($m:ID!,$a:AanstellingInvoer!){aanstellingToevoegen(medewerker:$m,aanstelling:$a){id rol}}"
BEEINDIGEN = "mutation($id:ID!,$v:Int!){aanstellingBeeindigen(id:$id,versie:$v){tot}}"
AANBOD = "mutation($o:ID!,$a:AanbodInvoer!){aanbodToevoegen(organisatie:$o,aanbod:$a){id versie naam}}"
KAART = "query($f:AanbodFilter){socialeKaart(filter:$f){totalCount edges{node{naam soort organisatie{naam}}}}}"
VAN = "2027-03-01"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def state(wijk: Wijk) -> list[Any]:
    records = (Organisatie, Team, Gebruiker, Aanstelling, Waarneming, Aanbod)
    return [row for record in records for row in await wijk.rows(select(record.tabel()).order_by("id"))]


def functie(organisatie: object, rol: str, **rest: object) -> dict[str, object]:
    """An employment from today."""
    return {"organisatieId": str(organisatie), "rol": rol, "van": VAN} | rest


async def test_from_a_new_partner_to_its_people_and_its_place_on_the_map(wijk: Wijk, vraag: Vrager) -> None:
    gegevens = {"naam": "Buurtwerk", "soort": "WELZIJN", "kvkNummer": "1234 5678"}
    made = (await vraag.data("BEHEER", ORGANISATIE, o=gegevens))["organisatieMaken"]
    assert (made["versie"], made["soort"], made["kvkNummer"]) == (1, "WELZIJN", "12345678")
    team = (await vraag.data("BEHEER", TEAM, o=made["id"], t={"naam": "Ploeg"}))["teamMaken"]
    assert team["organisatie"] == {"naam": "Buurtwerk"}
    plek = functie(made["id"], "DOCK", teamId=team["id"])
    job = (await vraag.data("BEHEER", AANSTELLEN, w="nel", n="Nel Nieuw", a=plek))["medewerkerAanstellen"]
    assert (job["naam"], job["rol"], job["team"], job["organisatie"]) == ("Nel Nieuw", "DOCK", {"naam": "Ploeg"}, {"naam": "Buurtwerk"})
    aanbod = {"naam": "Inloop", "soort": "DIENST"}
    assert (await vraag.data("BEHEER", AANBOD, o=made["id"], a=aanbod))["aanbodToevoegen"]["versie"] == 1
    text = "query($id:ID!){organisatie(id:$id){naam teams{naam aanstellingen{naam}} aanstellingen{naam gebruiker{naam}} aanbod{naam}}}"
    seen = (await vraag.data("BEHEER", text, id=made["id"]))["organisatie"]
    assert seen == {
        "naam": "Buurtwerk", "teams": [{"naam": "Ploeg", "aanstellingen": [{"naam": "Nel Nieuw"}]}],
        "aanstellingen": [{"naam": "Nel Nieuw", "gebruiker": {"naam": "Nel Nieuw"}}], "aanbod": [{"naam": "Inloop"}],
    }  # fmt: skip
    found = await vraag.data("WIJKTEAM", KAART, f={"soort": "DIENST", "organisatie": made["id"]})
    assert found["socialeKaart"] == {
        "totalCount": 1,
        "edges": [{"node": {"naam": "Inloop", "soort": "DIENST", "organisatie": {"naam": "Buurtwerk"}}}],
    }
    assert (await vraag.data("WIJKTEAM", KAART, f={"soort": "GROEP"}))["socialeKaart"]["totalCount"] == 0


async def test_the_map_of_a_neighbourhood_shows_what_is_there_for_who_lives_in_it(wijk: Wijk, vraag: Vrager) -> None:
    maken = "mutation($g:GebiedInvoer!){gebiedMaken(gebied:$g){id}}"
    ids: dict[str, str] = {}
    for naam, soort, boven in (("stad", "GEMEENTE", None), ("wijk", "WIJK", "stad"), ("hier", "BUURT", "wijk"), ("daar", "BUURT", "wijk")):
        gebied = {
            "code": f"X{naam}",
            "naam": naam,
            "soort": soort,
            "herkomst": "GEMEENTE",
            "van": VAN,
            "bovenliggendId": ids.get(boven or ""),
        }
        ids[naam] = (await vraag.data("BEHEER", maken, g=gebied))["gebiedMaken"]["id"]
        await vraag.data("BEHEER", AANBOD, o=str(wijk.dock), a={"naam": naam, "soort": "GROEP", "gebiedId": ids[naam]})

    async def kaart(gebied: str) -> set[str]:
        found = (await vraag.data("WIJKTEAM", KAART, f={"gebied": gebied}))["socialeKaart"]
        assert found["totalCount"] == len(found["edges"])
        return {edge["node"]["naam"] for edge in found["edges"]}

    assert await kaart(ids["hier"]) == {"stad", "wijk", "hier"}
    assert await kaart(ids["wijk"]) == await kaart(ids["stad"]) == {"stad", "wijk", "hier", "daar"}
    assert await kaart(str(wijk.dock)) == set()


async def test_everything_can_be_changed_and_ended(wijk: Wijk, vraag: Vrager) -> None:
    changes = """mutation($dock:ID!,$team:ID!,$u:ID!){
        a:organisatieWijzigen(id:$dock,versie:1,organisatie:{website:"https://dock.example"}){versie website}
        b:organisatieBeeindigen(id:$dock,versie:2,tot:"2027-12-31"){tot}
        c:teamWijzigen(id:$team,versie:1,team:{telefoonnummer:"010 123 45 67"}){versie telefoonnummer}
        d:teamBeeindigen(id:$team,versie:2){tot}
        e:gebruikerWijzigen(id:$u,versie:1,naam:"Dirk Dok"){naam}}"""
    data = await vraag.data("BEHEER", changes, dock=str(wijk.dock), team=str(wijk.ander_team), u=str(wijk.DOCK))
    assert data == {
        "a": {"versie": 2, "website": "https://dock.example"}, "b": {"tot": "2027-12-31"},
        "c": {"versie": 2, "telefoonnummer": "+31101234567"}, "d": {"tot": "2027-02-28"}, "e": {"naam": "Dirk Dok"},
    }  # fmt: skip
    id = (await vraag.data("DOCK", AANBOD, o=str(wijk.dock), a={"naam": "Soep", "soort": "ACTIVITEIT"}))["aanbodToevoegen"]["id"]
    text = """mutation($id:ID!){a:aanbodWijzigen(id:$id,versie:1,aanbod:{naam:"Stamppot"}){naam}
        b:aanbodBeeindigen(id:$id,versie:2){tot}}"""
    assert await vraag.data("DOCK", text, id=id) == {"a": {"naam": "Stamppot"}, "b": {"tot": "2027-02-28"}}
    assert (await vraag.data("DOCK", KAART))["socialeKaart"]["edges"] == []


async def test_the_administrator_of_a_partner_manages_its_own_people(wijk: Wijk, vraag: Vrager) -> None:
    job = (await vraag.data("PARTNER_BEHEER", AANSTELLEN, w="nel", n="Nel", a=functie(wijk.dock, "DOCK")))["medewerkerAanstellen"]
    more = await vraag.data("PARTNER_BEHEER", TOEVOEGEN, m=job["medewerker"], a=functie(wijk.dock, "BUURTCOACH"))
    assert more["aanstellingToevoegen"]["rol"] == "BUURTCOACH"
    text = 'mutation($id:ID!){aanstellingHernoemen(id:$id,versie:1,naam:"Nel N."){naam}}'
    assert (await vraag.data("PARTNER_BEHEER", text, id=job["id"]))["aanstellingHernoemen"] == {"naam": "Nel N."}
    assert (await vraag.data("PARTNER_BEHEER", BEEINDIGEN, id=job["id"], v=2))["aanstellingBeeindigen"] == {"tot": "2027-02-28"}
    seen = await vraag.data("PARTNER_BEHEER", "{aanstellingen(first:100){edges{node{organisatie{id}}}}}")
    assert {edge["node"]["organisatie"]["id"] for edge in seen["aanstellingen"]["edges"]} == {str(wijk.dock)}


async def test_a_user_known_elsewhere_answers_like_a_new_one(wijk: Wijk, vraag: Vrager) -> None:
    text = AANSTELLEN.replace("id versie", "versie beperkt van tot").replace(" medewerker ", " ")
    answers = [
        await vraag.data("PARTNER_BEHEER", text, w=who, n="Nel", a=functie(wijk.dock, "DOCK")) for who in ("nel", "WIJKTEAM", "ZORG")
    ]
    assert answers[0] == answers[1] == answers[2]


FORBIDDEN: dict[str, tuple[str, str]] = {
    "an organisation": ('organisatieMaken(organisatie:{naam:"X",soort:ZORG}){id}', "GEEN_RECHT"),
    "a change of its own organisation": ('organisatieWijzigen(id:"%(dock)s",versie:1,organisatie:{naam:"X"}){id}', "GEEN_RECHT"),
    "the end of another": ('organisatieBeeindigen(id:"%(zorg)s",versie:1){id}', "GEEN_RECHT"),
    "a team": ('teamMaken(organisatie:"%(dock)s",team:{naam:"X"}){id}', "GEEN_RECHT"),
    "a change of a team": ('teamWijzigen(id:"%(team)s",versie:1,team:{naam:"X"}){id}', "GEEN_RECHT"),
    "the name of a user": ('gebruikerWijzigen(id:"%(DOCK)s",versie:1,naam:"X"){id}', "GEEN_RECHT"),
    "somebody at another organisation": (
        'medewerkerAanstellen(issuer:"test",onderwerp:"x",naam:"X",aanstelling:{organisatieId:"%(zorg)s",rol:"ZORG",van:"2027-03-01"}){id}',
        "NIET_GEVONDEN",
    ),
    "a municipal role": (
        'medewerkerAanstellen(issuer:"test",onderwerp:"x",naam:"X",aanstelling:{organisatieId:"%(dock)s",rol:"BEHEER",van:"2027-03-01"}){id}',
        "GEEN_RECHT",
    ),
    "a role for somebody else's people": (
        'aanstellingToevoegen(medewerker:"%(WIJKTEAM)s",aanstelling:{organisatieId:"%(dock)s",rol:"DOCK",van:"2027-03-01"}){id}',
        "NIET_GEVONDEN",
    ),
    "a role for oneself": (
        'aanstellingToevoegen(medewerker:"%(PARTNER_BEHEER)s",aanstelling:{organisatieId:"%(dock)s",rol:"DOCK",van:"2027-03-01"}){id}',
        "GEEN_RECHT",
    ),
    "the end of an employment elsewhere": ('aanstellingBeeindigen(id:"%(elders)s",versie:1){id}', "NIET_GEVONDEN"),
    "another name elsewhere": ('aanstellingHernoemen(id:"%(elders)s",versie:1,naam:"X"){id}', "NIET_GEVONDEN"),
    "a replacement elsewhere": (
        'waarnemingRegelen(afwezige:"%(REGISSEUR)s",vervanger:"%(WIJKTEAM)s",organisatie:"%(stad)s",van:"2027-03-01",tot:"2027-03-02"){id}',
        "NIET_GEVONDEN",
    ),
    "an offer of another organisation": ('aanbodToevoegen(organisatie:"%(zorg)s",aanbod:{naam:"X",soort:GROEP}){id}', "NIET_GEVONDEN"),
}


@OP_SQLITE
@pytest.mark.parametrize(("field", "code"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
async def test_the_administrator_of_a_partner_can_not_make(wijk: Wijk, vraag: Vrager, field: str, code: str) -> None:
    a = Aanstelling.tabel()
    [elders] = await wijk.rows(select(a.c.id).where(a.c.rol == "WIJKTEAM"))
    before = await state(wijk)
    answer = await vraag("PARTNER_BEHEER", f"mutation{{{field % (wijk.ids | {'elders': elders.id})}}}")
    assert codes(answer) == [code]
    assert await state(wijk) == before


async def test_the_administrator_of_a_partner_sees_nobody_else(wijk: Wijk, vraag: Vrager) -> None:
    assert codes(await vraag("PARTNER_BEHEER", "{gebruikers{edges{node{naam}}}}")) == ["GEEN_RECHT"]
    assert codes(await vraag("PARTNER_BEHEER", "{aanstellingen{edges{node{gebruiker{naam}}}}}")) == ["GEEN_RECHT"]
    text = "query($id:ID!){organisatie(id:$id){naam aanstellingen{naam} teams{naam}}}"
    assert (await vraag.data("PARTNER_BEHEER", text, id=str(wijk.zorg)))["organisatie"] == {
        "naam": "zorg",
        "aanstellingen": [],
        "teams": [],
    }
    stad = (await vraag.data("PARTNER_BEHEER", text, id=str(wijk.stad)))["organisatie"]
    assert (stad["aanstellingen"], sorted(team["naam"] for team in stad["teams"])) == ([], ["ander_team", "team"])
    counted = (await vraag.data("PARTNER_BEHEER", "{aanstellingen{totalCount}}"))["aanstellingen"]["totalCount"]
    assert counted == len([rol for rol in wijk.wijkwerk.catalogue.rollen if wijk.functie(rol).organisatie == wijk.dock])


async def test_a_replacement_is_arranged_seen_and_ended(wijk: Wijk, vraag: Vrager) -> None:
    job = functie(wijk.stad, "REGISSEUR", teamId=str(wijk.team))
    vera = (await vraag.data("BEHEER", AANSTELLEN, w="vera", n="Vera", a=job))["medewerkerAanstellen"]["medewerker"]
    text = """mutation($a:ID!,$b:ID!,$o:ID!){
        waarnemingRegelen(afwezige:$a,vervanger:$b,organisatie:$o,van:"2027-03-02",tot:"2027-03-09"){
            id versie afwezige{naam} vervanger{naam}}}"""
    made = (await vraag.data("TEAMLEIDER", text, a=str(wijk.REGISSEUR), b=vera, o=str(wijk.stad)))["waarnemingRegelen"]
    assert (made["afwezige"], made["vervanger"]) == ({"naam": "regisseur"}, {"naam": "Vera"})
    seen = await vraag.data("WIJKTEAM", "{waarnemingen{edges{node{van tot}}}}")
    assert seen["waarnemingen"]["edges"] == [{"node": {"van": "2027-03-02", "tot": "2027-03-09"}}]
    end = 'mutation($id:ID!){waarnemingBeeindigen(id:$id,versie:1,tot:"2027-03-05"){tot}}'
    assert (await vraag.data("TEAMLEIDER", end, id=made["id"]))["waarnemingBeeindigen"] == {"tot": "2027-03-05"}


async def test_the_number_of_statements_is_the_same_for_few_and_for_many(wijk: Wijk, vraag: Vrager) -> None:
    text = """{organisaties(first:5){edges{node{naam teams(first:5){naam gebied{naam}} aanbod(first:30){naam}
        aanstellingen(first:30){naam medewerker team{naam} gebruiker{naam aanstellingen(first:3){rol}}}}}}}"""

    async def statements() -> int:
        with count_statements(wijk.wijkwerk.database) as seen:
            await vraag.data("BEHEER", text)
        return len(seen)

    await statements()
    before = await statements()
    for number in range(20):
        await vraag.data("BEHEER", AANSTELLEN, w=f"nel{number}", n="Nel", a=functie(wijk.dock, "DOCK"))
        await vraag.data("BEHEER", AANBOD, o=str(wijk.dock), a={"naam": "Soep", "soort": "DIENST"})
    assert await statements() == before
