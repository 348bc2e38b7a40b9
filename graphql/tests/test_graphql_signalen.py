"""Signals over GraphQL: by the team, with the reporter held back; by a partner, who learns nothing; the meldcode as a checklist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.personen import Persoon
from wijkwerk.signalen.signaal import Meldcodestap, Signaal, Signaalmelder
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
RECORDS = [Signaal, Signaalmelder, Meldcodestap, Aanmelding, Persoon]
MELDEN = """mutation($k:ID!,$p:ID!,$o:Boolean=false){signaalMelden(kader:$k,persoon:$p,inhoud:"Blauwe plekken",melder:NETWERK,
    naam:"Buurvrouw",blijftOnbekend:$o){id versie status inhoud gemeldDoor{naam} vastgelegdDoor{naam} meldcode{stap gedaan gedaanOp}}}"""
ZIEN = """query($s:ID!){signaal(id:$s){status uitkomst gemeldDoor{naam geschiedenis{velden{veld nieuw}}} stappen{stap toelichting}
    geschiedenis{nummer} persoon{geslachtsnaam}}}"""
STAP = """mutation($s:ID!,$d:Date!,$v:Boolean){meldcodestapVastleggen(signaal:$s,stap:BESLISSEN,gedaanOp:$d,veiligThuisGemeld:$v,
    hulpGeorganiseerd:true,toelichting:"Samen"){stap gedaan gedaanOp}}"""
AFGEVEN = """mutation($t:ID!,$o:SignaalOverInvoer!,$i:String="Valt vaak",$tel:String="0612345678",$b:Boolean=false){
    signaalAfgeven(team:$t,over:$o,inhoud:$i,telefoonnummer:$tel,inwonerWeetErvan:false,bereikbaar:"010-1234567",blijftOnbekend:$b){
    uitkomst melding opnieuw}}"""
SUUS: dict[str, Any] = {"geslachtsnaam": "Moulin", "voornamen": "Suus", "geboortedatum": "1956-11-03", "postcode": "3043TD"}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gemeld(wijk: Wijk, vraag: Vrager, *, onbekend: bool = False) -> tuple[UUID, UUID, dict[str, Any]]:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    data = await vraag.data("WIJKTEAM", MELDEN, k=str(dossier), p=str(persoon), o=onbekend)
    return persoon, dossier, data["signaalMelden"]


async def test_a_signal_is_taken_in_looked_into_and_finished(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier, made = await gemeld(wijk, vraag)
    assert (made["status"], made["inhoud"], made["gemeldDoor"]) == ("NIEUW", "Blauwe plekken", {"naam": "Buurvrouw"})
    assert made["vastgelegdDoor"] == {"naam": "wijkteam"}
    assert [step["gedaan"] for step in made["meldcode"]] == [False] * 5
    steps = (
        ("{signaalOnderzoeken(signaal:$s,versie:$v){status}}", "IN_ONDERZOEK"),
        ('{signaalInformeren(signaal:$s,versie:$v,omdat:"Niet veilig"){status}}', "IN_ONDERZOEK"),
        ('{signaalAfronden(signaal:$s,versie:$v,status:OPGEPAKT,uitkomst:"Gesprek"){status}}', "OPGEPAKT"),
    )
    early = await vraag("WIJKTEAM", f"mutation($s:ID!,$v:Int!){steps[2][0]}", s=made["id"], v=1)
    assert codes(early) == ["ONGELDIGE_INVOER"]
    for versie, (text, status) in enumerate(steps, 1):
        answer = await vraag.data("WIJKTEAM", f"mutation($s:ID!,$v:Int!){text}", s=made["id"], v=versie)
        assert [each["status"] for each in answer.values()] == [status]
    lists = """query($p:ID!,$d:ID!){persoon(id:$p){signalen{id}} dossier(id:$d){signalen{id}}
        af:signalen(filter:{status:[OPGEPAKT,GEEN_ZORG]}){totalCount} nieuw:signalen(filter:{status:[NIEUW]}){totalCount}}"""
    data = await vraag.data("REGISSEUR", lists, p=str(persoon), d=str(dossier))
    one = {"signalen": [{"id": made["id"]}]}
    assert data == {"persoon": one, "dossier": one, "af": {"totalCount": 1}, "nieuw": {"totalCount": 0}}


@pytest.mark.parametrize("onbekend", [False, True])
async def test_who_reported_is_seen_by_the_team_or_only_by_the_casusregisseur_of_the_case(
    wijk: Wijk, vraag: Vrager, onbekend: bool
) -> None:
    _, _, made = await gemeld(wijk, vraag, onbekend=onbekend)
    assert (made["gemeldDoor"] is None) is onbekend
    seen = {"WIJKTEAM": not onbekend, "REGISSEUR": True}
    for rol, sees in seen.items():
        signaal = (await vraag.data(rol, ZIEN, s=made["id"]))["signaal"]
        assert (signaal["gemeldDoor"] is not None) is sees
        if sees:
            assert signaal["gemeldDoor"]["naam"] == "Buurvrouw"
            [versie] = signaal["gemeldDoor"]["geschiedenis"]
            assert {"veld": "naam", "nieuw": "Buurvrouw"} in versie["velden"]
        assert len(signaal["geschiedenis"]) == 1
    for elders in (wijk.actor(rol, team=wijk.ander_team, gebruiker=nieuw_id()) for rol in seen):
        assert (await vraag.data(elders, ZIEN, s=made["id"]))["signaal"] is None
    assert set(codes(await vraag("TEAMLEIDER", ZIEN, s=made["id"]))) == {"GEEN_RECHT"}


async def test_a_step_of_the_meldcode_gives_the_checklist_and_a_wrong_one_changes_nothing(wijk: Wijk, vraag: Vrager) -> None:
    _, _, made = await gemeld(wijk, vraag)
    before = await rows_of(wijk, RECORDS)
    assert codes(await vraag("WIJKTEAM", STAP, s=made["id"], d="2027-03-02", v=True)) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("WIJKTEAM", STAP, s=made["id"], d="2027-03-01")) == ["ONGELDIGE_INVOER"]
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    assert codes(await vraag(elders, STAP, s=made["id"], d="2027-03-01", v=True)) == ["NIET_GEVONDEN"]
    assert set(codes(await vraag("DOCK", STAP, s=made["id"], d="2027-03-01", v=True))) == {"GEEN_RECHT"}
    assert await rows_of(wijk, RECORDS) == before
    steps = (await vraag.data("WIJKTEAM", STAP, s=made["id"], d="2027-03-01", v=True))["meldcodestapVastleggen"]
    assert [step["gedaan"] for step in steps] == [False, False, False, False, True]
    assert steps[-1] == {"stap": "BESLISSEN", "gedaan": True, "gedaanOp": ["2027-03-01"]}
    signaal = (await vraag.data("WIJKTEAM", ZIEN, s=made["id"]))["signaal"]
    assert signaal["stappen"] == [{"stap": "BESLISSEN", "toelichting": "Samen"}]


async def test_a_partner_tells_of_a_worry_and_gets_the_same_answer_whoever_it_is(wijk: Wijk, vraag: Vrager) -> None:
    await wijk.inwoner("Moulin", voornamen="Suus", geheim=True)
    everything = "{personen{totalCount edges{node{id}}}}"
    before = await vraag.data("DOCK", everything)
    bekend = await vraag.data("DOCK", AFGEVEN, t=str(wijk.team), o=SUUS)
    onbekend = await vraag.data("DOCK", AFGEVEN, t=str(wijk.team), o={"geslachtsnaam": "Niemand"})
    assert bekend == onbekend
    assert (bekend["signaalAfgeven"]["uitkomst"], bekend["signaalAfgeven"]["opnieuw"]) == ("ONTVANGEN", None)
    assert await vraag.data("DOCK", everything) == before
    look = """{aanmeldingen(filter:{status:[NIEUW]}){edges{node{aanmelder wijze clientOpDeHoogte persoon{geslachtsnaam}
        signalen{melder inhoud gemeldDoor{naam bereikbaar organisatie{naam} gebruiker{naam}}}}}}}"""
    nodes = [edge["node"] for edge in (await vraag.data("WIJKTEAM", look))["aanmeldingen"]["edges"]]
    wie = {"naam": "dock", "bereikbaar": "010-1234567", "organisatie": {"naam": "dock"}, "gebruiker": None}
    assert nodes[1] == {
        "aanmelder": "PARTNER", "wijze": "SIGNAAL", "clientOpDeHoogte": False, "persoon": {"geslachtsnaam": "Moulin"},
        "signalen": [{"melder": "PARTNER", "inhoud": "Valt vaak", "gemeldDoor": wie}],
    }  # fmt: skip
    await vraag.data("ZORG", AFGEVEN, t=str(wijk.team), o=SUUS, b=True)
    nodes = [edge["node"] for edge in (await vraag.data("WIJKTEAM", look))["aanmeldingen"]["edges"]]
    assert nodes[0]["signalen"] == [{"melder": "PARTNER", "inhoud": "Valt vaak", "gemeldDoor": None}]


async def test_a_signal_that_may_not_or_can_not_be_given_is_not_kept(wijk: Wijk, vraag: Vrager) -> None:
    before = await rows_of(wijk, RECORDS)
    for rol in ("WIJKTEAM", "PEERCOACH", "GROEPSHOST", "FG"):
        assert set(codes(await vraag(rol, AFGEVEN, t=str(wijk.team), o=SUUS))) == {"GEEN_RECHT"}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("NIET_GEVONDEN", {"t": str(nieuw_id())}), ("ONGELDIGE_INVOER", {"i": " "}), ("ONGELDIGE_INVOER", {"tel": "geen"}),
        ("ONGELDIGE_INVOER", {"o": {"geslachtsnaam": ""}}), ("ONGELDIGE_INVOER", {"o": {**SUUS, "bsn": "999993653"}}),
    ]  # fmt: skip
    for code, given in wrong:
        assert codes(await vraag("DOCK", AFGEVEN, **{"t": str(wijk.team), "o": SUUS} | given)) == [code]
    assert await rows_of(wijk, RECORDS) == before
