"""Unmasking over GraphQL: asked by one, decided by another, seen by who asked; and a list of it for who oversees."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
VRAAG = """mutation($p:ID!,$k:String,$i:ID){ontmaskeringVragen(pseudoniem:$p,aanleiding:MOGELIJK_MISBRUIK,kenmerk:$k,inzending:$i){
    id versie pseudoniem kenmerk toegestaan geldigTot}}"""
BESLIS = "mutation($id:ID!,$v:Int!){ontmaskeringBeslissen(id:$id,versie:$v,toegestaan:true){id versie toegestaan besloten:beslotenOp}}"
TOON = "mutation($id:ID!){ontmaskeringBekijken(id:$id){herleidbaar nummer naam geboortedatum}}"
LIJST = "{ontmaskeringen{edges{node{id pseudoniem aanleiding toegestaan getoondOp}}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_the_whole_way_and_each_step_is_refused_to_others(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2))
    p = log_pseudoniem.c
    [(pseudoniem,)] = await wijk.rows(select(p.pseudoniem).where(p.persoon_id == persoon))
    given = {"p": str(pseudoniem), "k": "Z-2027/15", "i": str(nieuw_id())}
    for rol in ("WIJKTEAM", "ARCHIVARIS", "INWONER"):
        assert set(codes(await vraag(rol, VRAAG, **given))) == {"GEEN_RECHT"}
    assert codes(await vraag("FG", VRAAG, **{**given, "k": "999993653"})) == ["ONGELDIGE_INVOER"]
    gevraagd = (await vraag.data("FG", VRAAG, **given))["ontmaskeringVragen"]
    assert (await vraag.data("FG", VRAAG, **given))["ontmaskeringVragen"] == gevraagd
    assert gevraagd == {
        "id": gevraagd["id"], "versie": 1, "pseudoniem": str(pseudoniem), "kenmerk": "Z-2027/15", "toegestaan": None, "geldigTot": None,
    }  # fmt: skip
    id = gevraagd["id"]
    assert set(codes(await vraag("FG", BESLIS, id=id, v=1))) == {"GEEN_RECHT"}
    assert codes(await vraag("FG", TOON, id=id)) == ["NIET_GEVONDEN"]
    assert (await vraag.data("PRIVACY_OFFICER", BESLIS, id=id, v=1))["ontmaskeringBeslissen"]["toegestaan"] is True
    assert codes(await vraag("PRIVACY_OFFICER", TOON, id=id)) == ["NIET_GEVONDEN"]
    assert set(codes(await vraag("WIJKTEAM", TOON, id=id))) == {"GEEN_RECHT"}
    gezien = (await vraag.data("FG", TOON, id=id))["ontmaskeringBekijken"]
    assert gezien == {"herleidbaar": True, "nummer": str(persoon), "naam": "Rachid Djibet", "geboortedatum": "1951-04-02"}
    [regel] = [regel for regel in await wijk.log() if (regel["gebeurtenis"], regel["resultaat"]) == ("ONTMASKERD", "GESLAAGD")]
    assert (regel["onderdeel"], regel["betrokkenen"][0]["ref"]) == ("ontmaskeringBekijken", UUID(str(pseudoniem)).hex)
    [edge] = (await vraag.data("PRIVACY_OFFICER", LIJST))["ontmaskeringen"]["edges"]
    assert (edge["node"]["id"], edge["node"]["toegestaan"], edge["node"]["getoondOp"] is None) == (id, True, False)
    assert set(codes(await vraag("BEHEER", LIJST))) == {"GEEN_RECHT"}
