"""Residents at the API: let in by a professional, with a real token, to what is their own; and from whom a resident is hidden."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from wijkwerk.gebieden import Gebied, Gebiedsbron, Gebiedsoort
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.klok import vandaag
from wijkwerk.organisaties import Team
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.wijk import OP_SQLITE, Wijk
from wijkwerk_graphql.testing import Dienst, Vrager, codes

pytestmark = pytest.mark.anyio
GEBOREN = Datum(1970, 3, 4)
MIJN = "{mijnGegevens{id roepnaam bsn straat afspraken{begin} inwonertoegangen{vaststelling tot} dossiers{status team{naam}}}}"
VERLEEN = """mutation($p:ID!,$i:String!,$o:String!,$v:ID){inwonertoegangVerlenen(persoon:$p,issuer:$i,onderwerp:$o,vaststelling:DIGID,
    vertegenwoordiging:$v){id versie vaststelling persoon{id}}}"""
BEEINDIG = "mutation($id:ID!,$v:Int!){inwonertoegangBeeindigen(id:$id,versie:$v){versie tot}}"
SCHERM_AF = """mutation($p:ID!,$wie:ID!){belangenconflictVastleggen(persoon:$p,partij:$wie,partijsoort:GEBRUIKER,reden:"Collega")
    {id soort partijId niveauTot}}"""
HEF_OP = 'mutation($id:ID!){belangenconflictOpheffen(id:$id,reden:"Voorbij"){tot redenOpheffing}}'


async def met_team(dienst: Dienst) -> None:
    """Anna works in a team."""
    team, gebied = nieuw_id(), nieuw_id()
    common = {"gemeente_id": dienst.gemeente, "verantwoordelijke_id": dienst.organisatie, "versie": 1, "openbaar": True}
    wijk = {"code": "WK1", "naam": "Wijk", "herkomst": Gebiedsbron.GEMEENTE, "soort": Gebiedsoort.WIJK, "van": vandaag(dienst.klok)}

    def unit(connection: Any) -> None:
        connection.execute(insert(Gebied.tabel()).values(id=gebied, **wijk, **common))
        connection.execute(insert(Team.tabel()).values(id=team, naam="Team", organisatie_id=dienst.organisatie, gebied_id=gebied, **common))
        a = Aanstelling.tabel()
        connection.execute(update(a).where(a.c.gebruiker_id == dienst.gebruikers["anna"]).values(team_id=team))

    await dienst.wijkwerk.database.transact(unit)


async def vraag_op(dienst: Dienst, text: str, sub: str = "anna", activiteit: str = "", **variables: Any) -> Any:
    """What the server answers to this document: its data, or the codes of its errors."""
    answer = (await dienst.post({"query": text, "variables": variables}, sub=sub, Verwerkingsactiviteit=activiteit)).json()
    return answer.get("data") or [error["extensions"]["code"] for error in answer["errors"]]


async def test_a_resident_signs_in_and_sees_the_own_data_until_it_ends(dienst_elk: Dienst) -> None:
    dienst = dienst_elk
    await met_team(dienst)
    melden = 'mutation{aanmelden(persoon:{geslachtsnaam:"Djibet",roepnaam:"Fatima",geboortedatum:"1970-03-04"}){id}}'
    persoon = (await vraag_op(dienst, melden))["aanmelden"]["id"]
    issuer = dienst.wijkwerk.settings.identity.issuer
    assert await vraag_op(dienst, MIJN, "burger-7") == ["NIET_AANGEMELD"]
    verleend = (await vraag_op(dienst, VERLEEN, p=persoon, i=issuer, o="burger-7"))["inwonertoegangVerlenen"]
    assert (verleend["versie"], verleend["persoon"]["id"]) == (1, persoon)
    [zelf] = (await vraag_op(dienst, MIJN, "burger-7"))["mijnGegevens"]
    assert zelf == {
        "id": persoon, "roepnaam": "Fatima", "bsn": None, "straat": None, "afspraken": [], "dossiers": [],
        "inwonertoegangen": [{"vaststelling": "DIGID", "tot": None}],
    }  # fmt: skip
    ik = (await vraag_op(dienst, "{ik{rollen activiteit}}", "burger-7"))["ik"]
    assert ik == {"rollen": ["INWONER"], "activiteit": "EIGEN_INZAGE"}
    assert await vraag_op(dienst, MIJN, "burger-7", "WMO_ONDERSTEUNING") == ["GEEN_RECHT"]
    assert (await vraag_op(dienst, "{mijnGegevens{id}}"))["mijnGegevens"] == []
    assert (await vraag_op(dienst, BEEINDIG, id=verleend["id"], v=1))["inwonertoegangBeeindigen"]["versie"] == 2
    assert await vraag_op(dienst, MIJN, "burger-7") == ["GEEN_RECHT"]


VERBODEN = {
    "notes": "{mijnGegevens{notities{id}}}",
    "doors": "{mijnGegevens{betrokkenheden{id}}}",
    "family": "{mijnGegevens{relaties{soort}}}",
    "housemates": "{mijnGegevens{huisgenoten{id}}}",
    "history": "{mijnGegevens{geschiedenis{op}}}",
    "tasks": "{taken(first:1){totalCount}}",
    "who directs the case": "{mijnGegevens{dossiers{regisseur{naam}}}}",
    "why a case stands where it does": "{mijnGegevens{dossiers{reden}}}",
    "whom an appointment is with": "{mijnGegevens{afspraken{met{naam}}}}",
    "shields": "{mijnGegevens{afschermingen{reden}}}",
    "letting in": 'mutation{inwonertoegangVerlenen(persoon:"x",issuer:"x",onderwerp:"y",vaststelling:DIGID){versie}}',
    "changing": 'mutation{persoonWijzigen(id:"x",versie:1,persoon:{roepnaam:"X"}){versie}}',
}


async def laat_zien(wijk: Wijk, vraag: Vrager, **gegevens: Any) -> UUID:
    """A resident with a case, who is let in."""
    persoon = await wijk.inwoner("Moulin", roepnaam="Suzanne", geboortedatum=GEBOREN, **gegevens)
    await wijk.dossier(persoon)
    await vraag.data("WIJKTEAM", VERLEEN, p=str(persoon), i="test", o="INWONER")
    return persoon


@OP_SQLITE
@pytest.mark.parametrize("wat", VERBODEN)
async def test_a_resident_asks_in_vain_for(wijk_vlug: Wijk, wat: str) -> None:
    vraag = Vrager(wijk_vlug)
    await laat_zien(wijk_vlug, vraag)
    for rol in ("INWONER", "VERTEGENWOORDIGER"):
        assert set(codes(await vraag(rol, VERBODEN[wat]))) == {"GEEN_RECHT"}, rol
    assert codes(await vraag("REGISSEUR", VERBODEN[wat])) != ["DOCUMENT_ONGELDIG"]


async def test_of_a_list_a_resident_gets_the_own_rows_alone(wijk_vlug: Wijk) -> None:
    wijk, vraag = wijk_vlug, Vrager(wijk_vlug)
    persoon = await laat_zien(wijk, vraag)
    ander = await wijk.inwoner("Ander")
    tekst = "query($id:ID!){personen(first:9){totalCount edges{node{id}}} persoon(id:$id){id} dossiers(first:9){totalCount}}"
    data = await vraag.data("INWONER", tekst, id=str(ander))
    assert data == {
        "personen": {"totalCount": 1, "edges": [{"node": {"id": str(persoon)}}]}, "persoon": None, "dossiers": {"totalCount": 1},
    }  # fmt: skip


async def test_a_regisseur_hides_a_resident_from_a_colleague_and_lifts_it(wijk_vlug: Wijk) -> None:
    wijk, vraag = wijk_vlug, Vrager(wijk_vlug)
    persoon = await wijk.inwoner()
    await wijk.dossier(persoon)
    wie = await collega(wijk, "WIJKTEAM", wijk.team)
    assert codes(await vraag("WIJKTEAM", SCHERM_AF, p=str(persoon), wie=str(wie))) == ["GEEN_RECHT"]
    gedaan = (await vraag.data("REGISSEUR", SCHERM_AF, p=str(persoon), wie=str(wie)))["belangenconflictVastleggen"]
    assert (gedaan["soort"], gedaan["partijId"]) == ("BELANGENCONFLICT", str(wie))
    een = "query($id:ID!){persoon(id:$id){id}}"
    assert (await vraag.data(wijk.actor("WIJKTEAM", gebruiker=wie), een, id=str(persoon)))["persoon"] is None
    assert (await vraag.data("REGISSEUR", HEF_OP, id=gedaan["id"]))["belangenconflictOpheffen"]["redenOpheffing"] == "Voorbij"
    assert (await vraag.data(wijk.actor("WIJKTEAM", gebruiker=wie), een, id=str(persoon)))["persoon"] == {"id": str(persoon)}


async def test_the_own_view_costs_as_many_statements_for_one_who_represents_many(wijk_vlug: Wijk) -> None:
    wijk, vraag = wijk_vlug, Vrager(wijk_vlug)
    await laat_zien(wijk, vraag)
    tekst = "{mijnGegevens{roepnaam contactgegevens{waarde} afspraken{begin}}}"
    await vraag.data("INWONER", tekst)
    with count_statements(wijk.wijkwerk.database) as een:
        await vraag.data("INWONER", tekst)
    with count_statements(wijk.wijkwerk.database) as geen:
        await vraag.data("VERTEGENWOORDIGER", tekst)
    assert len(geen) <= len(een) <= 12
