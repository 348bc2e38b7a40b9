"""Break-glass over GraphQL: a client knows beforehand that it is possible, is told until when, and the resident sees that it happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.noodtoegang.noodtoegang import Noodreden, Noodtoegang
from wijkwerk.notities.notitie import Notitie
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.noodtoegang import elders
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
KAN = "{noodtoegangMogelijkheden{mogelijk redenen minuten lopend{nummer versie persoon tot}}}"
OPENEN = """mutation($naam:String="Djibet",$reden:Noodreden!=ACUUT_GEVAAR,$uitleg:String="De buren horen geschreeuw, niemand doet open",
    $bsn:BSN){noodtoegangOpenen(reden:$reden,toelichting:$uitleg,geslachtsnaam:$naam,geboortedatum:"1951-04-02",bsn:$bsn){
    uitkomst melding nummer tot opnieuw persoon{geslachtsnaam noodtoegangen{reden toelichting}}}}"""
LIJST = """query($na:String){noodtoegangen(first:1,after:$na){totalCount edges{node{id versie beoordeeld reden functie toelichting
    gebruiker{naam} oordeel oordeelOmdat}} pageInfo{hasNextPage endCursor}}}"""
OORDEEL = (
    """mutation($n:ID!,$v:Int!,$o:Noodoordeel!=TERECHT){noodtoegangBeoordelen(noodtoegang:$n,versie:$v,oordeel:$o,omdat:"Er was gevaar")}"""
)
EIGEN = """query($p:ID!){persoon(id:$p){noodtoegangen{van tot reden functie organisatie{naam} gebruiker{naam} beoordeeld oordeel}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def rachid(wijk: Wijk) -> tuple[UUID, UUID]:
    persoon = await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2))
    return persoon, await wijk.dossier(persoon)


async def geopend(wijk: Wijk, vraag: Vrager, wie: Any = None, **variables: Any) -> dict[str, Any]:
    data = await vraag.data(wie or elders(wijk), OPENEN, **variables)
    return dict(data["noodtoegangOpenen"])


async def test_a_client_sees_that_it_is_possible_opens_one_and_sees_when_it_ends(wijk: Wijk, vraag: Vrager) -> None:
    persoon, _ = await rachid(wijk)
    for rol in ("DOCK", "PEERCOACH", "KLANTMANAGER", "TEAMLEIDER", "FG"):
        data = await vraag.data(rol, KAN)
        assert data["noodtoegangMogelijkheden"] == {"mogelijk": False, "redenen": [], "minuten": 60, "lopend": []}
        assert set(codes(await vraag(rol, OPENEN))) == {"GEEN_RECHT"}
    voor = (await vraag.data(elders(wijk), KAN))["noodtoegangMogelijkheden"]
    assert (voor["mogelijk"], voor["redenen"], voor["lopend"]) == (True, [str(reden) for reden in Noodreden], [])
    wie = elders(wijk)
    eerste = await geopend(wijk, vraag, wie)
    assert (eerste["uitkomst"], eerste["opnieuw"]) == ("GEOPEND", None)
    assert eerste["tot"] == (wie.moment + timedelta(minutes=60)).isoformat().replace("+00:00", "Z")
    [eigen] = eerste["persoon"]["noodtoegangen"]
    assert (eerste["persoon"]["geslachtsnaam"], eigen["reden"], eigen["toelichting"][:8]) == ("Djibet", "ACUUT_GEVAAR", "De buren")
    [lopend] = (await vraag.data(elders(wijk), KAN))["noodtoegangMogelijkheden"]["lopend"]
    assert lopend == {"nummer": eerste["nummer"], "versie": 1, "persoon": str(persoon), "tot": eerste["tot"]}
    assert (await geopend(wijk, vraag))["uitkomst"] == "LIEP_AL"
    sluit = "mutation($n:ID!,$v:Int!){noodtoegangSluiten(noodtoegang:$n,versie:$v)}"
    assert codes(await vraag("CRISISDIENST", sluit, n=eerste["nummer"], v=1)) == ["NIET_GEVONDEN"]
    assert (await vraag.data(elders(wijk), sluit, n=eerste["nummer"], v=1))["noodtoegangSluiten"] == eerste["nummer"]
    assert (await vraag.data(elders(wijk), KAN))["noodtoegangMogelijkheden"]["lopend"] == []
    assert (await vraag.data(elders(wijk), "query($p:ID!){persoon(id:$p){id}}", p=str(persoon)))["persoon"] is None


async def test_what_does_not_go_is_one_answer_and_wrong_input_an_error(wijk: Wijk, vraag: Vrager) -> None:
    await rachid(wijk)
    mis = await geopend(wijk, vraag, naam="Niemand")
    assert (mis["uitkomst"], mis["nummer"], mis["persoon"], mis["tot"]) == ("NIET_MOGELIJK", None, None, None)
    for wrong in ({"uitleg": "kort"}, {"uitleg": ""}, {"uitleg": "x" * 9000}, {"naam": None}):
        assert codes(await vraag(elders(wijk), OPENEN, **wrong)) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag(elders(wijk), OPENEN, bsn="999994347")) == ["GEEN_RECHT"]
    for _ in range(4):
        await geopend(wijk, vraag, naam="Niemand")
    vaak = await geopend(wijk, vraag)
    assert vaak["uitkomst"] == "TE_VAAK_GEVRAAGD"
    assert vaak["opnieuw"] is not None
    assert await rows_of(wijk, [Noodtoegang]) == []


async def test_who_judges_has_a_list_with_the_open_ones_first(wijk: Wijk, vraag: Vrager) -> None:
    await rachid(wijk)
    eerste = await geopend(wijk, vraag)
    tweede = await geopend(wijk, vraag, wijk.actor("CRISISDIENST", team=wijk.ander_team), reden="CRISISDIENST")
    assert codes(await vraag("WIJKTEAM", LIJST)) == ["GEEN_RECHT"]
    assert (await vraag.data(wijk.actor("TEAMLEIDER", team=wijk.ander_team), LIJST))["noodtoegangen"]["totalCount"] == 0
    assert (await vraag.data("TEAMLEIDER", OORDEEL, n=eerste["nummer"], v=1))["noodtoegangBeoordelen"] == eerste["nummer"]
    assert codes(await vraag("TEAMLEIDER", OORDEEL, n=eerste["nummer"], v=1)) == ["VERSIE_VEROUDERD"]
    assert codes(await vraag("TEAMLEIDER", OORDEEL, n=eerste["nummer"], v=2)) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("REGISSEUR", OORDEEL, n=str(nieuw_id()), v=1)) == ["NIET_GEVONDEN"]
    lijst = (await vraag.data("TEAMLEIDER", LIJST))["noodtoegangen"]
    [regel] = lijst["edges"]
    assert (lijst["totalCount"], regel["node"]["id"], regel["node"]["beoordeeld"]) == (2, tweede["nummer"], False)
    assert (regel["node"]["functie"], regel["node"]["gebruiker"]) == ("medewerker crisisdienst", {"naam": "crisisdienst"})
    volgende = (await vraag.data("TEAMLEIDER", LIJST, na=lijst["pageInfo"]["endCursor"]))["noodtoegangen"]
    [regel] = volgende["edges"]
    assert (regel["node"]["id"], regel["node"]["oordeel"], regel["node"]["oordeelOmdat"]) == (eerste["nummer"], "TERECHT", "Er was gevaar")
    meldingen = "{mijnNotificaties{edges{node{soort tekst overSoort overId versie id}}}}"
    [melding, _] = (await vraag.data("TEAMLEIDER", meldingen))["mijnNotificaties"]["edges"]
    assert melding["node"]["overSoort"] == "Noodtoegang"
    data = await vraag.data("TEAMLEIDER", "query($n:ID!){noodtoegang(id:$n){reden}}", n=melding["node"]["overId"])
    assert data["noodtoegang"] is not None
    await vraag.data("TEAMLEIDER", OORDEEL, n=tweede["nummer"], v=1, o="ONTERECHT")
    [fg] = (await vraag.data("FG", meldingen))["mijnNotificaties"]["edges"]
    assert (fg["node"]["soort"], "72 uur" in fg["node"]["tekst"]) == ("NOODTOEGANG_ONTERECHT", True)
    klaar = "mutation($i:ID!,$v:Int!){notificatieGelezen(id:$i,versie:$v){gelezenOp}}"
    assert (await vraag.data("FG", klaar, i=fg["node"]["id"], v=1))["notificatieGelezen"]["gelezenOp"] is not None


async def test_a_crisis_note_is_written_while_it_runs(wijk: Wijk, vraag: Vrager) -> None:
    await rachid(wijk)
    nood = await geopend(wijk, vraag)
    note = 'mutation($n:ID!,$t:String="Politie is er"){crisisnotitieSchrijven(noodtoegang:$n,tekst:$t)}'
    assert codes(await vraag("REGISSEUR", note, n=nood["nummer"])) == ["NIET_GEVONDEN"]
    assert codes(await vraag(elders(wijk), note, n=nood["nummer"], t=" ")) == ["ONGELDIGE_INVOER"]
    nummer = (await vraag.data(elders(wijk), note, n=nood["nummer"]))["crisisnotitieSchrijven"]
    [notitie] = await rows_of(wijk, [Notitie])
    assert (str(notitie.id), notitie.auteur_id, notitie.soort) == (nummer, wijk.WIJKTEAM, "CRISISNOTITIE")
    wijk.klok.moment += timedelta(minutes=61)
    assert codes(await vraag(elders(wijk), note, n=nood["nummer"])) == ["NIET_GEVONDEN"]
    assert len(await rows_of(wijk, [Notitie])) == 1


async def test_the_resident_sees_that_it_happened_why_and_by_which_function_and_no_name(wijk: Wijk, vraag: Vrager) -> None:
    persoon, _ = await rachid(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, persoon, wijk.INWONER, Vaststelling.IDENTITEITSBEWIJS))
    await geopend(wijk, vraag)
    [gezien] = (await vraag.data("INWONER", EIGEN.replace("gebruiker{naam}", ""), p=str(persoon)))["persoon"]["noodtoegangen"]
    assert (gezien["reden"], gezien["functie"], gezien["organisatie"]) == ("ACUUT_GEVAAR", "wijkteammedewerker", {"naam": "stad"})
    assert (gezien["beoordeeld"], gezien["oordeel"]) == (False, None)
    for veld in ("gebruiker{naam}", "toelichting", "oordeelOmdat", "beoordeeldDoor{naam}"):
        text = f"query($p:ID!){{persoon(id:$p){{noodtoegangen{{{veld}}}}}}}"
        assert codes(await vraag("INWONER", text, p=str(persoon))) == ["GEEN_RECHT"], veld
    await geopend(wijk, vraag, wijk.actor("CRISISDIENST", team=wijk.ander_team), reden="VEILIGHEID_KIND")
    assert len((await vraag.data("INWONER", EIGEN.replace("gebruiker{naam}", ""), p=str(persoon)))["persoon"]["noodtoegangen"]) == 1
    assert len((await vraag.data("REGISSEUR", EIGEN, p=str(persoon)))["persoon"]["noodtoegangen"]) == 2
