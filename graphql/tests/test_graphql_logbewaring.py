"""Holding a part of the log through the API: by the privacy officer, seen by who oversees, and by nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from wijkwerk.testing.wijk import Wijk
from wijkwerk.toezicht.logbewaring import Logbewaring
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
VAST = (
    "mutation($e:String!,$l:String!,$k:String){logLangerBewaren(reden:BEZWAAR,eersteMaand:$e,laatsteMaand:$l,kenmerk:$k)"
    "{id versie reden kenmerk eersteMaand laatsteMaand doorId tot}}"
)
LOS = "mutation($i:ID!,$v:Int!){logLangerBewarenBeeindigen(id:$i,versie:$v){id versie tot beeindigdDoorId}}"
LIJST = "{logbewaringen(first:5){totalCount edges{node{reden eersteMaand tot}}} logtermijnen{soort vervallenTotEnMet tegengehoudenVanaf}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_from_holding_to_ending(wijk: Wijk, vraag: Vrager) -> None:
    made = (await vraag.data("PRIVACY_OFFICER", VAST, e="2027-01", l="2027-06", k="BZW-2027.114"))["logLangerBewaren"]
    assert (made["reden"], made["kenmerk"], made["eersteMaand"], made["tot"]) == ("BEZWAAR", "BZW-2027.114", "2027-01", None)
    assert made["doorId"] == str(wijk.PRIVACY_OFFICER)
    for rol in ("FG", "ARCHIVARIS"):
        seen = await vraag.data(rol, LIJST)
        assert seen["logbewaringen"] == {"totalCount": 1, "edges": [{"node": {"reden": "BEZWAAR", "eersteMaand": "2027-01", "tot": None}}]}
        assert seen["logtermijnen"] == [
            {"soort": soort, "vervallenTotEnMet": None, "tegengehoudenVanaf": "2027-01"} for soort in ("INZAGE", "AANMELDING")
        ]
    ended = (await vraag.data("PRIVACY_OFFICER", LOS, i=made["id"], v=1))["logLangerBewarenBeeindigen"]
    assert (ended["versie"], ended["tot"] is None, ended["beeindigdDoorId"]) == (2, False, str(wijk.PRIVACY_OFFICER))
    assert {each["tegengehoudenVanaf"] for each in (await vraag.data("FG", LIJST))["logtermijnen"]} == {None}


async def test_others_and_bad_input_are_refused_and_nothing_happened(wijk: Wijk, vraag: Vrager) -> None:
    made = (await vraag.data("PRIVACY_OFFICER", VAST, e="2027-01", l="2027-06"))["logLangerBewaren"]
    before = await wijk.rows(select(Logbewaring.tabel()))
    for rol in ("FG", "BEHEER", "WIJKTEAM"):
        assert set(codes(await vraag(rol, VAST, e="2027-01", l="2027-06"))) == {"GEEN_RECHT"}
        assert set(codes(await vraag(rol, LOS, i=made["id"], v=1))) == {"GEEN_RECHT"}
    assert set(codes(await vraag("WIJKTEAM", LIJST))) == {"GEEN_RECHT"}
    for eerste, laatste, kenmerk in (("2027-06", "2027-01", None), ("1-2027", "2027-06", None), ("2027-01", "2027-02", "x" * 100_000)):
        assert codes(await vraag("PRIVACY_OFFICER", VAST, e=eerste, l=laatste, k=kenmerk)) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("PRIVACY_OFFICER", LOS, i=made["id"], v=7)) == ["VERSIE_VEROUDERD"]
    assert codes(await vraag("PRIVACY_OFFICER", LOS, i=str(wijk.FG), v=1)) == ["NIET_GEVONDEN"]
    assert await wijk.rows(select(Logbewaring.tabel())) == before
