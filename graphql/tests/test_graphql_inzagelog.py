"""Looking in the log over GraphQL: all that an entry holds, by every filter, page by page, counted; and each look is in the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.log.query import MEESTE
from wijkwerk.personen import Persoon
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.samenvoegingen import samen
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk_graphql.kern import inzagelog
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
VRAAG = """query($van:DateTime!,$tot:DateTime!,$p:ID,$g:ID,$o:ID,$e:Gebeurtenis,$r:Resultaat,$d:String,$a:String,
    $n:Int=100,$na:String){inzagelog(van:$van,tot:$tot,persoonPseudoniem:$p,gebruiker:$g,organisatie:$o,gebeurtenis:$e,resultaat:$r,doel:$d,activiteit:$a,
        first:$n,after:$na){
        volgende regels{stroom nummer tijdstip einde gebeurtenis actie resultaat code gebruiker organisatie rollen vervangt netwerkadres
        activiteit doelen beleid onderdeel trace span ouder gevraagd betrokkenen{pseudoniem getoond{soort velden}}
        toegang{betrokkenheid bron bronnummer grondslag toestemming} bijzonderheden{naam waarde}}
    }}"""
DAG = {"van": BEGIN.isoformat(), "tot": (BEGIN + timedelta(days=1)).isoformat()}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def kijk(vraag: Vrager, **filters: Any) -> list[dict[str, Any]]:
    return list((await vraag.data("FG", VRAAG, **DAG, **filters))["inzagelog"]["regels"])


async def laatste(wijk: Wijk) -> dict[str, Any]:
    return max(await wijk.log(), key=lambda regel: regel["tijdstip"])


async def test_an_auditor_sees_all_of_an_entry_and_nobody_else_sees_any(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner("Zwaluwenstein", roepnaam="Jo")
    await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){roepnaam}}", id=str(persoon))
    await vraag.data("ZORG", "query($id:ID!){persoon(id:$id){roepnaam}}", id=str(persoon))
    mis, gezien, *_ = await kijk(vraag)
    plek = (UUID(gezien["stroom"]).hex, gezien["nummer"])
    [regel] = [each for each in await wijk.log() if (each["stream"], each["seq"]) == plek]
    assert (gezien["gebruiker"], gezien["actie"]) == (str(wijk.WIJKTEAM), "READ")
    assert gezien["betrokkenen"][0]["getoond"] == [{"soort": "Persoon", "velden": ["roepnaam"]}]
    assert (gezien["beleid"], gezien["doelen"]) == (regel["beleid"], ["WMO_ONDERZOEK"])
    deuren = [[UUID(deur[naam]).hex for naam in ("betrokkenheid", "bronnummer")] for deur in gezien["toegang"]]
    assert deuren == [[deur[0], deur[2]] for deur in regel.get("toegang", [])]
    assert (mis["resultaat"], len(mis["gevraagd"]), mis["betrokkenen"]) == ("GEEN_RESULTAAT", 1, [])
    assert "Zwaluwenstein" not in repr((mis, gezien))
    assert persoon.hex not in repr((mis, gezien)).replace("-", "")
    for rol in ("WIJKTEAM", "BEHEER", "PRIVACY_OFFICER", "INZAGELOKET", "INWONER"):
        assert codes(await vraag(rol, VRAAG, **DAG)) == ["GEEN_RECHT"]
        regel = await laatste(wijk)
        assert (regel["gebruiker"], regel["onderdeel"], regel["resultaat"]) == (wijk.ids[rol].hex, "inzagelog", "GEWEIGERD")


async def test_what_is_of_no_municipality_is_found_apart(wijk: Wijk, vraag: Vrager) -> None:
    await vraag.data("WIJKTEAM", "{ik{gebruiker}}")
    text = """query($van:DateTime!,$tot:DateTime!){
        inzagelog(van:$van,tot:$tot,vanHetSysteem:true){regels{gebeurtenis betrokkenen{pseudoniem}}}}"""
    regels = (await vraag.data("FG", text, **DAG))["inzagelog"]["regels"]
    assert "STROOM_GEOPEND" in {regel["gebeurtenis"] for regel in regels}
    assert not any(regel["betrokkenen"] or regel["gebeurtenis"] == "LEZEN" for regel in regels)
    assert "STROOM_GEOPEND" not in {regel["gebeurtenis"] for regel in await kijk(vraag)}
    assert codes(await vraag("WIJKTEAM", text, **DAG)) == ["GEEN_RECHT"]
    assert (await laatste(wijk))["resultaat"] == "GEWEIGERD"


async def test_every_filter_narrows_and_the_look_says_by_what(wijk: Wijk, vraag: Vrager) -> None:
    een, ander = await wijk.inwoner("Vink"), await wijk.inwoner("Mus")
    for persoon in (een, ander):
        await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){roepnaam}}", id=str(persoon))
    await vraag("ZORG", "query($id:ID!){persoon(id:$id){roepnaam}}", id=str(een))
    alles = await kijk(vraag)
    pseudoniem = alles[1]["betrokkenen"][0]["pseudoniem"]
    assert {regel["onderdeel"] for regel in await kijk(vraag, p=pseudoniem)} == {"persoon", "test"}
    for filters, gezocht, aantal in (
        ({"g": str(wijk.ZORG)}, "gebruiker", 1), ({"o": str(wijk.zorg)}, "organisatie", 1), ({"r": "GEEN_RESULTAAT"}, "resultaat", 1),
        ({"e": "AANMAKEN"}, "gebeurtenis", 2), ({"d": "ZORG_UITWISSELING"}, "doel", 1), ({"a": "ZORGVERLENING"}, "activiteit", 1),
        ({"a": "BESTAAT_NIET"}, "activiteit", 0), ({"d": "WMO_ONDERZOEK", "r": "GEEN_RESULTAAT"}, "doel", 0),
    ):  # fmt: skip
        assert len(await kijk(vraag, **filters)) == aantal, filters
        regel = await laatste(wijk)
        assert (regel["gebeurtenis"], regel["gebruiker"]) == ("LOG_BEKEKEN", wijk.FG.hex)
        assert f"Inzagelog.{gezocht}" in regel["details"]["gezocht"]
    before = len(await wijk.log())
    assert codes(await vraag("FG", VRAAG, **DAG, d="BESTAAT_NIET")) == ["ONGELDIGE_INVOER"]
    assert len(await wijk.log()) == before + 1


async def test_a_resident_who_was_merged_is_found_under_both_pseudonyms(wijk: Wijk, vraag: Vrager) -> None:
    een, ander, derde = [await wijk.inwoner(naam) for naam in ("Vink", "Vinck", "Mus")]
    for persoon in (een, ander, derde):
        await wijk.lees("WIJKTEAM", lambda r, p=persoon: r.one(Persoon, ("roepnaam",), p))  # type: ignore[misc]
    voor = await kijk(vraag, e="LEZEN")
    *_, van_ander, van_een = [regel["betrokkenen"][0]["pseudoniem"] for regel in voor]
    assert van_een != van_ander
    await samen(wijk, een, ander)
    for pseudoniem in (van_een, van_ander):
        assert [regel["nummer"] for regel in await kijk(vraag, e="LEZEN", p=pseudoniem)] == [regel["nummer"] for regel in voor[1:]]


async def test_pages_are_the_whole_and_a_count_is_there_when_asked(wijk: Wijk, vraag: Vrager, monkeypatch: pytest.MonkeyPatch) -> None:
    for naam in ("a", "b", "c", "d"):
        await wijk.inwoner(naam)
    paged, na = [], None
    while True:
        pagina = (await vraag.data("FG", VRAAG, **DAG, e="AANMAKEN", n=3, na=na))["inzagelog"]
        paged += pagina["regels"]
        if (na := pagina["volgende"]) is None:
            break
        assert codes(await vraag("FG", VRAAG, **DAG, na=na[:-8] + "AAAAAAA=")) == ["CURSOR_ONGELDIG"]
    assert paged == await kijk(vraag, e="AANMAKEN")
    tel = "query($van:DateTime!,$tot:DateTime!){inzagelog(van:$van,tot:$tot,gebeurtenis:AANMAKEN){aantal meerDanAantal}}"
    assert (await vraag.data("FG", tel, **DAG))["inzagelog"] == {"aantal": 4, "meerDanAantal": False}
    monkeypatch.setattr(inzagelog, "hoeveel", lambda *_: MEESTE + 1)
    assert (await vraag.data("FG", tel, **DAG))["inzagelog"] == {"aantal": MEESTE, "meerDanAantal": True}


async def test_what_was_asked_in_vain_is_worked_out_afterwards(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner("Vink")
    begin = wijk.klok.moment = datetime(2199, 1, 1, tzinfo=UTC)  # numbers tell the time of the machine
    for id in (persoon, nieuw_id()):
        await vraag("ZORG", "query($id:ID!){persoon(id:$id){roepnaam}}", id=str(id))
    text = """query($van:DateTime!,$tot:DateTime!,$na:String){missers(van:$van,tot:$tot,first:1,after:$na){
        volgende missers{bestond bestondNiet nietTeZeggen regel{gebruiker gevraagd}}}}"""
    dag = {"van": begin.isoformat(), "tot": (begin + timedelta(days=1)).isoformat()}
    eerste = (await vraag.data("FG", text, **dag))["missers"]
    tweede = (await vraag.data("FG", text, **dag, na=eerste["volgende"]))["missers"]
    geteld = [[each[naam] for naam in ("bestond", "bestondNiet", "nietTeZeggen")] for each in eerste["missers"] + tweede["missers"]]
    assert (geteld, tweede["volgende"]) == ([[0, 1, 0], [1, 0, 0]], None)
    assert (await laatste(wijk))["gebeurtenis"] == "LOG_BEKEKEN"
    assert set(codes(await vraag("WIJKTEAM", text, **dag))) == {"GEEN_RECHT"}
