"""Who looked, asked at the API by the resident; the letter over HTTP; and who gets neither."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx2
import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from wijkwerk.brieven.brief import stijl_hash
from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.inzage.naamverzoek import Naamverzoek
from wijkwerk.log.tables import log_regel
from wijkwerk.personen import Persoon
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Dienst, Vrager, codes

pytestmark = pytest.mark.anyio
GEBOREN, BSN = Datum(1970, 3, 4), "999993653"
MIJN = """query($van:Date!,$tot:Date!,$first:Int,$after:String){mijnInzage(van:$van,tot:$tot,first:$first,after:$after){
    aantal volgende organisaties{organisatie functies keren noodprocedure}
    regels{dag tijdstippen organisatie functies naam wat waarvoor doelen gegevens gronden noodprocedure}
    naamverzoeken{reden besluit}}}"""
VRAAG = "mutation($van:Date!,$tot:Date!){vraagNamen(reden:EIGEN_VEILIGHEID,van:$van,tot:$tot)}"
LIJST = "{naamverzoeken(first:9){edges{node{id versie pseudoniem reden van tot besluit}}}}"
BESLIS = "mutation($id:ID!){beslisNaamverzoek(id:$id,versie:1,besluit:TONEN){versie besluit}}"
MAART = {"van": "2027-03-01", "tot": "2027-03-31"}


async def laat_zien(wijk: Wijk, dagen: int = 1) -> UUID:
    """A resident with an account, whose data were looked at on so many days."""
    ik = await wijk.inwoner("Moulin", roepnaam="Suzanne", geboortedatum=GEBOREN, bsn=Bsn(BSN))
    await wijk.schrijf("WIJKTEAM", lambda work: laat_toe(work, ik, wijk.INWONER, Vaststelling.DIGID))
    for dag in range(dagen):
        wijk.klok.moment += timedelta(days=min(dag, 1))
        for _ in range(2):
            await wijk.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("roepnaam", "bsn"), ik))
    return ik


async def test_a_resident_reads_page_by_page_what_happened_while_more_happens(wijk_vlug: Wijk) -> None:
    wijk, vraag = wijk_vlug, Vrager(wijk_vlug)
    ik = await laat_zien(wijk, 4)
    alles = (await vraag.data("INWONER", MIJN, first=50, **MAART))["mijnInzage"]
    assert {each["organisatie"] for each in alles["organisaties"]} == {"stad"}
    regel = next(each for each in alles["regels"] if each["wat"] == "Gegevens bekeken" and each["dag"] == "2027-03-03")
    assert regel | {"tijdstippen": len(regel["tijdstippen"])} == {
        "dag": "2027-03-03", "tijdstippen": 2, "organisatie": "stad", "functies": ["wijkteammedewerker"], "naam": None,
        "wat": "Gegevens bekeken", "waarvoor": "Ondersteuning door het wijkteam",
        "doelen": ["Onderzoeken welke hulp u nodig hebt en die hulp regelen"], "noodprocedure": False,
        "gegevens": ["Wie u bent: uw naam, geboortedatum en hoe we u aanspreken"],
        "gronden": ["De gemeente moet volgens de Wmo onderzoeken welke hulp u nodig hebt. Daarvoor is geen toestemming nodig."],
    }  # fmt: skip
    gelezen: list[Any] = []
    after = None
    for _ in range(10):
        pagina = (await vraag.data("INWONER", MIJN, first=2, after=after, **MAART))["mijnInzage"]
        gelezen += pagina["regels"]
        if (after := pagina["volgende"]) is None:
            break
        await wijk.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("roepnaam",), ik))
    zelf = [each for each in gelezen if each["organisatie"] == "Uzelf"]
    assert [each["dag"] for each in gelezen if each not in zelf] == [each["dag"] for each in alles["regels"]]
    [keek] = {regel["gebeurtenis"] for regel in await wijk.log() if regel["onderdeel"] == "mijnInzage"}
    assert keek == "EIGEN_INZAGE"
    assert "Moulin" not in str(alles)
    ander = {"van": "2027-03-01", "tot": "2027-03-30"}
    eerste = (await vraag.data("INWONER", MIJN, first=1, **MAART))["mijnInzage"]["volgende"]
    assert codes(await vraag("INWONER", MIJN, first=1, after=eerste, **ander)) == ["CURSOR_ONGELDIG"]


async def test_nobody_else_gets_it_and_the_desk_sees_nothing_of_anybody(wijk_vlug: Wijk) -> None:
    wijk, vraag = wijk_vlug, Vrager(wijk_vlug)
    ik = await laat_zien(wijk)
    for rol in ("VERTEGENWOORDIGER", "WIJKTEAM", "FG", "PRIVACY_OFFICER", "INZAGELOKET"):
        assert codes(await vraag(rol, MIJN, **MAART)) == ["GEEN_RECHT"], rol
        assert codes(await vraag(rol, VRAAG, **MAART)) == ["GEEN_RECHT"], rol
    persoon = "query($id:ID!){persoon(id:$id){id}}"
    assert codes(await vraag("INZAGELOKET", persoon, id=str(ik))) == ["GEEN_RECHT"]
    for tekst in ("{personen(first:1){totalCount}}", "{dossiers(first:1){totalCount}}", "{mijnGegevens{id}}", LIJST):
        assert codes(await vraag("INZAGELOKET", tekst)) == ["GEEN_RECHT"], tekst


async def test_a_privacy_officer_decides_about_names_without_knowing_whose_it_is(wijk_vlug: Wijk) -> None:
    wijk, vraag = wijk_vlug, Vrager(wijk_vlug)
    ik = await laat_zien(wijk)
    gevraagd = (await vraag.data("INWONER", VRAAG, **MAART))["vraagNamen"]
    [rand] = (await vraag.data("PRIVACY_OFFICER", LIJST))["naamverzoeken"]["edges"]
    assert (rand["node"]["id"], rand["node"]["besluit"]) == (gevraagd, None)
    assert str(ik) not in str(rand)
    assert codes(await vraag("WIJKTEAM", LIJST)) == ["GEEN_RECHT"]
    assert codes(await vraag("FG", BESLIS, id=gevraagd)) == ["GEEN_RECHT"]
    assert (await vraag.data("PRIVACY_OFFICER", BESLIS, id=gevraagd))["beslisNaamverzoek"] == {"versie": 2, "besluit": "TONEN"}
    mijn = (await vraag.data("INWONER", MIJN, **MAART))["mijnInzage"]
    assert {each["naam"] for each in mijn["regels"] if "wijkteammedewerker" in each["functies"]} == {"wijkteam"}
    assert mijn["naamverzoeken"] == [{"reden": "EIGEN_VEILIGHEID", "besluit": "TONEN"}]


class Loket:
    """A server with the made-up municipality in it."""

    def __init__(self, dienst: Dienst) -> None:
        self.dienst, self.wijk = dienst, Wijk(dienst.wijkwerk, dienst.klok)

    async def vul(self) -> None:
        await self.wijk.fill()
        g, issuer = Gebruiker.tabel(), self.dienst.wijkwerk.settings.identity.issuer
        await self.wijk.change(update(g).where(g.c.issuer == "test").values(issuer=issuer))
        self.ik = await laat_zien(self.wijk)

    async def post(self, pad: str, inhoud: Any, rol: str = "INWONER", accept: str = "text/html", **headers: str) -> httpx2.Response:
        given = {**self.dienst.headers(rol), "Accept": accept, **headers}
        return await self.dienst.client.post(f"/brieven/{pad}", json=inhoud, headers=given)

    async def brieven(self) -> list[dict[str, Any]]:
        return [each for each in await self.wijk.log() if each["gebeurtenis"] == "AFDRUKKEN"]


@pytest.fixture
async def loket(dienst_elk: Dienst) -> Loket:
    made = Loket(dienst_elk)
    await made.vul()
    return made


@pytest.mark.usefixtures("pdf_hier")
async def test_letters_over_http_for_who_may_have_them(loket: Loket, monkeypatch: pytest.MonkeyPatch) -> None:
    periode = {"van": "2026-11-01", "tot": "2026-11-30"}
    aanvraag = {"bsn": BSN, "geboortedatum": "1970-03-04", "gezien": "ID_KAART", **periode}
    html = await loket.post("mijn-inzage", periode)
    assert (html.status_code, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"style-src {stijl_hash()};" in html.headers["content-security-policy"]
    assert (html.headers["cache-control"], html.headers["content-language"]) == ("no-store", "nl")
    assert "wijkteammedewerker" in html.text
    pdf = await loket.post("inzage", aanvraag, "INZAGELOKET", "application/pdf")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert pdf.headers["content-disposition"] == 'attachment; filename="brief.pdf"'
    assert "Beste inwoner" in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert {each.get("details", {}).get("gezien") for each in await loket.brieven()} == {None, "ID_KAART"}

    async def code(*wat: Any, **headers: str) -> tuple[int, str]:
        antwoord = await loket.post(*wat, **headers)
        assert BSN not in antwoord.text
        return antwoord.status_code, antwoord.json()["errors"][0]["extensions"]["code"]

    voor = len(await loket.brieven())
    assert await code("mijn-inzage", periode, "VERTEGENWOORDIGER") == (403, "GEEN_RECHT")
    assert await code("mijn-inzage", periode, "INZAGELOKET") == (403, "GEEN_RECHT")
    assert await code("inzage", aanvraag, "INWONER") == (403, "GEEN_RECHT")
    assert await code("inzage", aanvraag | {"bsn": "999990019"}, "INZAGELOKET") == (404, "NIET_GEVONDEN")
    assert len(await loket.brieven()) == voor + 3
    kapot: list[Any] = [{}, [], {"van": "2026-11-01"}, periode | {"persoon": str(loket.ik)}]
    for fout in kapot:
        assert await code("mijn-inzage", fout) == (400, "ONGELDIG_VERZOEK"), fout
    geen_object = (await loket.post("mijn-inzage", [])).json()["errors"][0]["message"]
    assert "die bij deze brief horen" in geen_object
    dagen: list[tuple[str, Any]] = [("van", 1), ("van", None), ("tot", "2026-11"), ("van", "2026-12-31"), ("tot", "x" * 3000)]
    for veld, waarde in dagen:
        assert (await code("mijn-inzage", periode | {veld: waarde}))[0] == 400, (veld, waarde)
    wie: list[tuple[str, Any]] = [
        ("bsn", "123456789"), ("bsn", 999993653), ("gezien", "RIJLES"), ("gezien", []), ("geboortedatum", "1970"), ("redenNamen", 1),
    ]  # fmt: skip
    for veld, waarde in wie:
        assert (await code("inzage", aanvraag | {veld: waarde}, "INZAGELOKET"))[0] == 400, (veld, waarde)
    assert await code("mijn-inzage", periode, "INWONER", "image/png") == (406, "NIET_AANVAARDBAAR")
    assert await code("mijn-inzage?van=2026-11-01", periode) == (400, "ONGELDIG_VERZOEK")
    assert (await loket.dienst.client.get("/brieven/mijn-inzage", headers=loket.dienst.headers("INWONER"))).status_code == 405
    assert (await loket.post("mijn-inzage", {**periode, "x": "x" * 5_000})).status_code == 413

    async def geen_log(*_: Any) -> None:
        raise LogNietBeschikbaar

    monkeypatch.setattr(loket.dienst.wijkwerk.journal, "record", geen_log)
    zonder = await loket.post("mijn-inzage", periode)
    assert (zonder.status_code, zonder.json()["errors"][0]["extensions"]["code"]) == (503, "LOG_NIET_BESCHIKBAAR")
    assert "wijkteammedewerker" not in zonder.text


async def test_the_desk_passes_on_that_a_resident_asks_for_names(loket: Loket) -> None:
    aanvraag = {"bsn": BSN, "geboortedatum": "19700304", "gezien": "PASPOORT", "van": "2026-11-01", "tot": "2026-11-30"}
    assert (await loket.post("inzage", aanvraag | {"redenNamen": "ANDERE_REDEN"}, "INZAGELOKET")).status_code == 200
    [rij] = await loket.wijk.rows(select(Naamverzoek.tabel()))
    assert rij.reden == "ANDERE_REDEN"
    bodies = [bytes(row.body) for row in await loket.wijk.rows(select(log_regel.c.body))]
    assert not [body for body in bodies if BSN.encode() in body or b"19700304" in body]
