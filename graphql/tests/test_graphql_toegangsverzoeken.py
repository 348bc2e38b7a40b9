"""Asking to be let in, over GraphQL: one answer for everybody, and for oversight how often it was asked."""

from __future__ import annotations

from typing import Any

import pytest

from wijkwerk.partners.toegangsverzoek import Toegangsverzoek
from wijkwerk.partners.verwerken import verwerk
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
VRAAG = """mutation($naam:String,$dag:OnvolledigeDatum,$waarom:String!="Ik kom er thuis",$als:String){
    verzoekOmToegang(geslachtsnaam:$naam,geboortedatum:$dag,toelichting:$waarom,rol:$als){uitkomst melding opnieuw}}"""
TELLEN = "{toegangsverzoeken{totalCount edges{node{rol ontvangenOp status}}}}"
TAKEN = "query($p:ID!){persoon(id:$p){taken{soort tekst}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_a_partner_asks_and_the_casusregisseur_has_a_task_and_oversight_a_count(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner("Moulin", geboortedatum=Datum(1956, 11, 3))
    await wijk.dossier(persoon)
    answers = [await vraag.data("ZORG", VRAAG, naam=naam, dag="1956-11-03") for naam in ("Moulin", "Jansen")]
    assert answers[0] == answers[1]
    assert answers[0]["verzoekOmToegang"]["uitkomst"] == "ONTVANGEN"
    assert await verwerk(wijk.wijkwerk) == 2
    [taak] = (await vraag.data("REGISSEUR", TAKEN, p=str(persoon)))["persoon"]["taken"]
    assert taak["soort"] == "TOEGANGSVERZOEK_BEOORDELEN"
    assert "Ik kom er thuis" in taak["tekst"]
    assert (await vraag("ZORG", TAKEN, p=str(persoon))).data == {"persoon": None}
    for rol in ("FG", "PRIVACY_OFFICER"):
        seen = (await vraag.data(rol, TELLEN))["toegangsverzoeken"]
        assert seen["totalCount"] == 2
        assert {(edge["node"]["rol"], edge["node"]["status"]) for edge in seen["edges"]} == {("ZORG", "VERWERKT")}


async def test_what_may_not_be_asked_is_refused_and_kept_nowhere(wijk: Wijk, vraag: Vrager) -> None:
    goed: dict[str, Any] = {"naam": "Moulin", "dag": "1956-11-03"}
    for rol, code, given in (
        ("WIJKTEAM", "GEEN_RECHT", goed), ("KLANTMANAGER", "GEEN_RECHT", goed), ("DOCK", "ONGELDIGE_INVOER", {"naam": "Moulin"}),
        ("DOCK", "ONGELDIGE_INVOER", goed | {"waarom": " "}), ("DOCK", "ONGELDIGE_INVOER", goed | {"als": "REGISSEUR"}),
    ):  # fmt: skip
        assert codes(await vraag(rol, VRAAG, **given)) == [code]
    assert codes(await vraag("DOCK", TELLEN)) == ["GEEN_RECHT"]
    assert await rows_of(wijk, [Toegangsverzoek]) == []
