"""Letters, spreadsheets and charts: what comes from outside stays text, nothing is fetched, and everybody can read them."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from anyio import CapacityLimiter
from jinja2 import UndefinedError
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from wijkwerk.brieven.brief import MEESTE_TEKENS, brief, stijl, stijl_hash
from wijkwerk.brieven.fouten import BriefNietMogelijk, BriefTeLang
from wijkwerk.brieven.grafiek import MEESTE_PUNTEN, Grafieksoort, getal, grafiek
from wijkwerk.brieven.pdf import keur_pdf, maak_pdf, pdf
from wijkwerk.brieven.werkblad import MEESTE_RIJEN, Blad, werkblad
from wijkwerk.inzage.brief import TITEL

MOMENT = datetime(2027, 4, 1, 22, 30, tzinfo=UTC)
LEEG: dict[str, Any] = {
    "van": "1 maart 2027", "tot": "31 maart 2027", "organisaties": [], "groepen": [], "gronden": [], "nooddagen": [], "namen": False,
}  # fmt: skip
KWAAD = '<img src=x onerror=alert(1)>\u202e{{ titel }}"'


def vol(naam: str = "Stichting Welzijn", regels: int = 2) -> dict[str, Any]:
    """What a letter says when something happened."""
    regel = {
        "dag": "3 maart 2027", "tijd": "10.30 uur", "wat": "Gegevens bekeken", "nood": True, "naam": naam, "gronden": [1],
        "gegevens": [naam, "Waar u woont"],
    }  # fmt: skip
    groep = {"naam": naam, "functies": (naam,), "waarvoor": naam, "doelen": (naam,), "regels": [regel] * regels}
    samen = {"naam": naam, "keren": 2, "eerste": "3 maart 2027", "laatste": "3 maart 2027"}
    return LEEG | {"organisaties": [samen], "groepen": [groep], "gronden": [naam], "nooddagen": ["3 maart 2027"], "namen": True}


def schrijf(waarden: dict[str, Any], afzender: str = "Gemeente Voorbeeld") -> str:
    return brief("wijkwerk.inzage", "inzage.html", titel=TITEL, afzender=afzender, moment=MOMENT, waarden=waarden)


class Kijker(HTMLParser):
    """Which tags there are, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def van(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_a_value_stays_a_value_and_the_letter_refers_to_nothing() -> None:
    gewoon, kwaad = Kijker(schrijf(vol())), Kijker(schrijf(vol(KWAAD), KWAAD))
    assert [tag for tag, _ in kwaad.tags] == [tag for tag, _ in gewoon.tags]
    assert not {"img", "script", "link", "iframe", "form", "a", "object"} & {tag for tag, _ in gewoon.tags}
    assert not {"style", "src", "href", "onclick"} & {name for _, attrs in gewoon.tags for name in attrs}
    assert "url(" not in stijl()
    assert "\u202e" not in schrijf(vol(KWAAD), KWAAD)
    assert "{{ titel }}" in schrijf(vol(KWAAD))


def test_the_page_tells_its_language_title_headings_in_order_and_headers_of_tables() -> None:
    html = schrijf(vol())
    kijker = Kijker(html)
    assert kijker.van("html") == [{"lang": "nl"}]
    assert f"<title>{TITEL}</title>" in html
    koppen = [int(tag[1]) for tag, _ in kijker.tags if re.fullmatch("h[1-6]", tag)]
    assert koppen[0] == 1
    assert koppen.count(1) == 1
    assert all(later <= eerder + 1 for eerder, later in pairwise(koppen))
    assert len(kijker.van("table")) == len(kijker.van("caption")) == 2
    assert {attrs["scope"] for attrs in kijker.van("th")} == {"col", "row"}
    assert "vrijdag 2 april 2027" in html  # of Amsterdam, where it is past midnight
    assert html.count(f"<style>{stijl()}</style>") == 1
    assert stijl_hash().startswith("'sha256-")


def test_every_colour_is_read_on_white_and_print_is_large_enough() -> None:
    kleuren = set(re.findall("#[0-9a-f]{6}", stijl())) - {"#ffffff"}
    assert kleuren
    assert {kleur: contrast(kleur) >= 4.5 for kleur in kleuren} == dict.fromkeys(kleuren, True)
    assert "size: A4" in stijl()
    assert re.search(r"@media print \{\s+html \{ font-size: 11pt", stijl())


def contrast(kleur: str) -> float:
    """With white (WCAG 2.2)."""
    delen = [int(kleur[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (deel / 12.92 if deel <= 0.04045 else ((deel + 0.055) / 1.055) ** 2.4 for deel in delen)
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)


def test_a_letter_that_nobody_would_read_is_refused_and_so_is_one_with_a_value_missing() -> None:
    with pytest.raises(BriefTeLang):
        schrijf(vol("x" * 1000, MEESTE_TEKENS // 1000))
    with pytest.raises(UndefinedError):
        schrijf({})


def elementen(van: Any) -> list[Any]:
    """Every element of the structure, in the order it is read aloud."""
    element = van.get_object()
    if not isinstance(element, DictionaryObject) or "/S" not in element:
        return []
    kids = element.get("/K", [])
    below = kids if isinstance(kids, list) else [kids]
    return [element, *(each for kid in below if not isinstance(kid, int) for each in elementen(kid))]


@pytest.mark.usefixtures("pdf_hier")
def test_the_pdf_is_tagged_as_pdf_ua_asks_and_nothing_was_fetched_for_it(tmp_path: Path) -> None:
    (tmp_path / "elders.css").write_text('h1::after { content: "LEK" }')
    figuur = grafiek(Grafieksoort.STAVEN, "Hulp per wijk", "Noord kreeg de meeste hulp.", ("Wijk", "Aantal"), [("Noord", 12), ("Zuid", 5)])
    elders = f'<link rel="stylesheet" href="{(tmp_path / "elders.css").as_uri()}"></head>'
    html = schrijf(vol(regels=40)).replace("</main>", f"{figuur}</main>").replace("</head>", elders)
    lezer = PdfReader(BytesIO(asyncio.run(pdf_samen(html))))
    root: Any = lezer.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert lezer.metadata is not None
    assert (lezer.metadata.title, lezer.metadata.author) == (TITEL, "Gemeente Voorbeeld")
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfuaid:part="1"' in xmp
    assert TITEL in xmp
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & root.keys()
    boom = elementen(root["/StructTreeRoot"]["/K"][0])
    soorten = [str(element["/S"]) for element in boom]
    assert {"/H1", "/H2", "/H3", "/P", "/Table", "/THead", "/TBody", "/TR", "/TH", "/TD", "/Caption", "/Figure"} <= set(soorten)
    assert soorten.count("/H1") == 1
    assert [element["/Alt"] for element in boom if element["/S"] == "/Figure"] == ["Hulp per wijk"]
    ids = {element["/ID"] for element in boom if element["/S"] == "/TH"}
    assert all(ids.issuperset(element["/A"]["/Headers"]) for element in boom if element["/S"] == "/TD")
    assert len(lezer.pages) > 2
    bladzijden: list[Any] = list(lezer.pages)
    for page in bladzijden:
        assert page["/Tabs"] == "/S"
        for font in page["/Resources"]["/Font"].values():
            [onder] = font.get_object()["/DescendantFonts"]
            assert {"/FontFile2", "/FontFile3"} & onder.get_object()["/FontDescriptor"].get_object().keys()
        assert [round(float(maat) / 72 * 25.4) for maat in page.mediabox[2:]] == [210, 297]
    tekst = "\n".join(page.extract_text() for page in bladzijden)
    assert "LEK" not in tekst
    assert "Beste inwoner," in tekst


async def pdf_samen(html: str) -> bytes:
    """Two at once, one after the other; the first."""
    limiter = CapacityLimiter(1)
    een, _ = await asyncio.gather(pdf(html, limiter), pdf(schrijf(LEEG), limiter))
    return een


@pytest.mark.usefixtures("pdf_hier")
def test_a_pdf_of_anything_too_large_is_refused() -> None:
    with pytest.raises(BriefTeLang):
        maak_pdf("x" * (MEESTE_TEKENS + 1))


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("weasyprint", "xlsxwriter"):
        monkeypatch.setitem(sys.modules, module, None)
    for maak in (keur_pdf, lambda: maak_pdf("x"), lambda: werkblad("x", "x", [], moment=MOMENT)):
        with pytest.raises(BriefNietMogelijk, match=r"wijkwerk\[brieven\]"):
            maak()


def test_a_spreadsheet_is_a_table_in_which_nothing_runs() -> None:
    rijen = [
        ('=HYPERLINK("http://x.example")', MOMENT, 3, True),
        ("http://x.example", date(2027, 4, 1), 2.5, None),
        ("+1", None, "007", False),
    ]
    bladen = [Blad("Wie", "wie", ("Naam", "Op", "Aantal", "Ja"), rijen), Blad("Leeg", "leeg", ("Een", "Twee"), [])]
    with ZipFile(BytesIO(werkblad("Wie keek", "Gemeente Voorbeeld", bladen, moment=MOMENT))) as zip_:
        delen = {name: zip_.read(name).decode() for name in zip_.namelist()}
    assert not [name for name in delen if "vba" in name.lower() or "external" in name.lower()]
    bladxml = delen["xl/worksheets/sheet1.xml"]
    assert not {"<f>", "<hyperlink", 't="str"'} & {teken for teken in ("<f>", "<hyperlink", 't="str"') if teken in bladxml}
    assert "=HYPERLINK" in delen["xl/sharedStrings.xml"]
    assert "<v>46479.020833" in bladxml  # 2 April 2027, 0.30 in Amsterdam
    assert 'state="frozen"' in bladxml
    assert "<dc:title>Wie keek</dc:title>" in delen["docProps/core.xml"]
    assert re.search(
        r'name="wie" displayName="wie" ref="A1:D4".*headerRowCount|name="wie" displayName="wie" ref="A1:D4"', delen["xl/tables/table1.xml"]
    )
    assert re.findall(r'tableColumn id="\d" name="(\w+)"', delen["xl/tables/table1.xml"]) == ["Naam", "Op", "Aantal", "Ja"]
    assert "Geen gegevens" in delen["xl/sharedStrings.xml"]


def test_a_spreadsheet_that_is_too_long_is_refused() -> None:
    with pytest.raises(BriefTeLang):
        werkblad("x", "x", [Blad("x", "x", ("x",), [("x",)] * (MEESTE_RIJEN + 1))], moment=MOMENT)


@pytest.mark.parametrize("soort", Grafieksoort, ids=lambda soort: soort.value)
def test_a_chart_says_in_a_table_what_it_shows(soort: Grafieksoort) -> None:
    punten = [("januari", 0), ("<februari>", 1234.5), ("maart", 10)]
    gemaakt = str(grafiek(soort, "Hulp & zorg", "In februari het meest.", ("Maand", "Aantal"), punten, id="een"))
    kijker = Kijker(gemaakt)
    [svg] = kijker.van("svg")
    assert (svg["role"], svg["aria-labelledby"]) == ("img", "een-titel een-uitleg")
    assert '<title id="een-titel">Hulp &amp; zorg</title>' in gemaakt
    assert '<desc id="een-uitleg">In februari het meest.</desc>' in gemaakt
    assert gemaakt.index("</svg>") < gemaakt.index("<table>")
    assert re.findall(r'<tr><th scope="row">([^<]*)</th><td class="getal">([^<]*)</td></tr>', gemaakt) == [
        ("januari", "0"), ("&lt;februari&gt;", "1.234,5"), ("maart", "10"),
    ]  # fmt: skip
    assert len(kijker.van("rect" if soort is Grafieksoort.STAVEN else "circle")) == 3
    assert {contrast(kleur) >= 3 for kleur in re.findall("#[0-9a-f]{6}", gemaakt)} == {True}


def test_a_chart_of_nothing_or_too_much_is_a_mistake_of_a_program() -> None:
    for punten in ([], [("x", -1)], [("x", 1)] * (MEESTE_PUNTEN + 1)):
        with pytest.raises(ValueError, match="points"):
            grafiek(Grafieksoort.LIJN, "x", "x", ("x", "x"), punten)
    assert grafiek(Grafieksoort.LIJN, "x", "x", ("x", "x"), [("x", 0)])
    assert [getal(value) for value in (0, 1000, 1234567.5, 0.25)] == ["0", "1.000", "1.234.567,5", "0,2"]
