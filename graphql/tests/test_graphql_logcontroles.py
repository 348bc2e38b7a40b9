"""The checks of oversight over GraphQL: what is counted is what is shown, page by page, for the data protection officer alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from wijkwerk.testing.controles import Toezicht
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
PERIODE = 'query($van:DateTime="2027-03-01T09:30:00Z",$tot:DateTime="2027-04-01T00:00:00Z"'
TEL = f"{PERIODE})" + """{logcontroles(van:$van,tot:$tot){nummer code vraag uitleg afwijkingen onderdelen{code uitleg afwijking aantal}}}"""
TREFFERS = (
    f"{PERIODE},$nummer:Int!,$onderdeel:String,$first:Int=50,$after:String)"
    + """{
    logcontrole(nummer:$nummer,van:$van,tot:$tot,onderdeel:$onderdeel,first:$first,after:$after){volgende treffers{onderdeel tijdstip
    gebruiker organisatie pseudoniemen stroom regel soort nummer kenmerken}}}"""
)
LEES = (
    f"{PERIODE},$first:Int=20)"
    + """{leesgedrag(van:$van,tot:$tot,first:$first){
    gebruiker rollen geopend eigen andereDeuren noodtoegang los onverklaard verwacht meer collegas}}"""
)
INZAGEN = (
    f"{PERIODE},$wie:ID!,$first:Int=20,$na:ID)"
    + """{onverklaardeInzagen(gebruiker:$wie,van:$van,tot:$tot,first:$first,na:$na){
    pseudoniem dagen keren deuren gevolg}}"""
)
VRAGEN: tuple[tuple[str, dict[str, Any]], ...] = (
    (TEL, {}), (TREFFERS, {"nummer": 1}), (LEES, {}), (INZAGEN, {"wie": "01a20494-893e-7735-a1e1-d0797693501d"}),
)  # fmt: skip


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def bladzijden(vraag: Vrager, nummer: int, onderdeel: str | None = None, first: int = 2) -> list[Any]:
    """All pages of a check."""
    found, pagina = [], {"volgende": None}
    while True:
        given = {"nummer": nummer, "onderdeel": onderdeel, "first": first, "after": pagina["volgende"]}
        pagina = (await vraag.data("FG", TREFFERS, **given))["logcontrole"]
        assert len(pagina["treffers"]) == first or pagina["volgende"] is None
        found += pagina["treffers"]
        if pagina["volgende"] is None:
            return found


async def test_each_count_is_as_many_as_its_pages_hold_and_every_look_is_in_the_log(wijk: Wijk, vraag: Vrager) -> None:
    log = Toezicht(wijk)
    personen = [await wijk.inwoner(f"Vandenberghe{n}") for n in range(3)]
    wijk.klok.moment += timedelta(days=5)
    for nummer, wie in enumerate(personen):
        await log.kijkt("WIJKTEAM", wie, op=BEGIN + timedelta(hours=12 + nummer))
    await vraag.data("FG", TEL)  # whoever oversees has used the account from here on
    controles = (await vraag.data("FG", TEL))["logcontroles"]
    assert [each["nummer"] for each in controles] == list(range(1, 12))
    gezien = 0
    for controle in controles:
        treffers = await bladzijden(vraag, controle["nummer"], first=3 if controle["nummer"] != 8 else 40)
        for onderdeel in controle["onderdelen"]:
            assert len([each for each in treffers if each["onderdeel"] == onderdeel["code"]]) == onderdeel["aantal"]
        assert controle["afwijkingen"] == sum(each["aantal"] for each in controle["onderdelen"] if each["afwijking"])
        gezien += len(treffers)
        assert "Vandenberghe" not in str(treffers)
    geen = await bladzijden(vraag, 1, "GEEN_DEUR")
    assert [(each["gebruiker"], each["pseudoniemen"]) for each in geen] == [(str(wijk.WIJKTEAM), [str(log.namen[wie])]) for wie in personen]
    assert all(each["stroom"] and each["regel"] for each in geen)
    [buiten] = {each["kenmerken"][0] for each in await bladzijden(vraag, 3, "BUITEN_WERKTIJD")}
    assert buiten == "WIJKTEAM"
    bekeken = [regel for regel in await wijk.log() if regel["gebeurtenis"] == "LOG_BEKEKEN"]
    assert {(regel["gebruiker"], regel["onderdeel"], regel["resultaat"]) for regel in bekeken} == {
        (wijk.FG.hex, "logcontroles", "GESLAAGD"), (wijk.FG.hex, "logcontrole", "GESLAAGD"),
    }  # fmt: skip
    assert gezien > 20


async def test_who_opens_files_without_a_reason_that_shows_with_the_residents_behind_it_page_by_page(wijk: Wijk, vraag: Vrager) -> None:
    log = Toezicht(wijk)
    personen = [await wijk.inwoner() for _ in range(3)]
    wijk.klok.moment += timedelta(days=5)
    for nummer, wie in enumerate(personen):
        await log.kijkt("WIJKTEAM", wie, op=BEGIN + timedelta(hours=1 + nummer))
    [cijfers] = (await vraag.data("FG", LEES))["leesgedrag"]
    assert cijfers == {
        "gebruiker": str(wijk.WIJKTEAM), "rollen": ["WIJKTEAM"], "geopend": 3, "eigen": 0, "andereDeuren": 3, "noodtoegang": 0, "los": 3,
        "onverklaard": 3, "verwacht": 3.0, "meer": 0.0, "collegas": 0,
    }  # fmt: skip
    found: list[Any] = []
    for _ in personen:
        na = found[-1]["pseudoniem"] if found else None
        found += (await vraag.data("FG", INZAGEN, wie=str(wijk.WIJKTEAM), first=1, na=na))["onverklaardeInzagen"]
    inzage = {"dagen": ["2027-03-01"], "keren": 1, "deuren": ["GEEN_DEUR"], "gevolg": False}
    assert found == [{"pseudoniem": str(naam), **inzage} for naam in sorted(log.namen.values())]
    assert (await vraag.data("FG", INZAGEN, wie=str(wijk.FG)))["onverklaardeInzagen"] == []


async def test_nobody_else_asks_and_a_question_that_can_not_be_is_refused(wijk: Wijk, vraag: Vrager) -> None:
    wijk.klok.moment += timedelta(days=5)
    for rol in ("WIJKTEAM", "PRIVACY_OFFICER", "BEHEER", "DOCK"):
        for text, given in VRAGEN:
            assert codes(await vraag(rol, text, **given)) == ["GEEN_RECHT"]
    for text, given in VRAGEN:
        for periode in ({"tot": "2027-02-28T08:00:00Z"}, {"van": "2028-01-01T00:00:00Z"}):
            assert codes(await vraag("FG", text, **given | periode)) == ["ONGELDIGE_INVOER"]
    for fout in ({"first": 0}, {"first": 101}, {"onderdeel": "KOPPELINGEN"}):
        assert codes(await vraag("FG", TREFFERS, nummer=1, **fout)) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("FG", TREFFERS, nummer=12)) == ["ONGELDIGE_INVOER"]
    pagina = (await vraag.data("FG", TREFFERS, nummer=8, first=1))["logcontrole"]
    for elders in ({"nummer": 11}, {"nummer": 8, "tot": "2027-03-02T00:00:00Z"}):
        assert codes(await vraag("FG", TREFFERS, after=pagina["volgende"], **elders)) == ["CURSOR_ONGELDIG"]
