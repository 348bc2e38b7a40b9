"""A workbook that was made to mislead or to bring the process down: only parts that were looked through reach the reader."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren import werkboekdeel
from wijkwerk.importeren.werkboek import nagekeken_werkboek
from wijkwerk.importeren.xlsxbestand import xlsx_rijen, zonder_onmogelijke_datums

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SOORT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BLAD, BOEK, RELATIES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
KOP = '<row r="1"><c r="A1" t="inlineStr"><is><t>geslachtsnaam</t></is></c></row>'
RIJ = '<row r="2"><c r="A2" t="inlineStr"><is><t>Boer</t></is></c></row>'
BOM = '<row r="2"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
GELEZEN = [(1, ["geslachtsnaam"]), (2, ["Boer"])]
GEEN_EXCEL, TE_GROOT = "geen leesbaar Excel", "te groot"


def relaties(*paren: tuple[str, str], extra: str = "") -> str:
    tags = (f'<Relationship Id="rId{i}" Type="{SOORT}/{soort}" Target="{doel}"{extra}/>' for i, (soort, doel) in enumerate(paren, 1))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(tags)}</Relationships>'


def blad(rijen: str, voor: str = "") -> str:
    return f'<worksheet xmlns="{NS}">{voor}<sheetData>{rijen}</sheetData></worksheet>'


def delen(rijen: str = KOP + RIJ, naam: str = BLAD, doel: str = "worksheets/sheet1.xml") -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relaties(("officeDocument", BOEK)),
        BOEK: f'<workbook xmlns="{NS}" xmlns:r="{SOORT}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        RELATIES: relaties(("worksheet", doel)),
        naam: blad(rijen),
    }


def zip_van(*paren: tuple[str, str | bytes]) -> BytesIO:
    bestand = BytesIO()
    with ZipFile(bestand, "w") as zip_:
        for naam, inhoud in paren:
            zip_.writestr(ZipInfo(naam), inhoud)
    bestand.seek(0)
    return bestand


def lees(inhoud: dict[str, str | bytes]) -> list[tuple[int, list[str] | str]]:
    return list(xlsx_rijen(zip_van(*inhoud.items())))


def geweigerd(inhoud: dict[str, str | bytes], melding: str) -> None:
    with pytest.raises(OngeldigeInvoer, match=melding) as fout:
        nagekeken_werkboek(zip_van(*inhoud.items()))
    assert fout.value.veld == "bestand"


@pytest.mark.parametrize("doel", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"])
def test_a_target_as_excel_and_as_openpyxl_writes_it_is_read(doel: str) -> None:
    assert lees(delen(doel=doel)) == GELEZEN


@pytest.mark.parametrize("rijen", [KOP + RIJ, KOP + BOM])
@pytest.mark.parametrize(
    ("naam", "doel"),
    [
        ("xl/worksheets/sheet1.data", "worksheets/sheet1.data"),
        ("xl/worksheets/sheet1", "worksheets/sheet1"),
        ("xl/worksheets/sheet1.XML", "worksheets/sheet1.XML"),
        ("xl/worksheets/sheet1.XML", "worksheets/sheet1.xml"),
        ("XL/Worksheets/sheet1.xml", "worksheets/sheet1.xml"),
        ("xl/worksheets/diep/sheet1.xml", "worksheets/diep/sheet1.xml"),
        ("xl/worksheets\\sheet1.xml", "worksheets\\sheet1.xml"),
        ("xl/worksheets\\sheet1.xml", "worksheets/sheet1.xml"),
        ("xl/sheet1.xml", "sheet1.xml"),
        ("xl/chartsheets/sheet1.xml", "chartsheets/sheet1.xml"),
        ("other/s.xml", "/other/s.xml"),
        ("other/s.xml", "../other/s.xml"),
        ("xl/../other/s.xml", "../other/s.xml"),
        (BLAD, "../xl/worksheets/sheet1.xml"),
        (BLAD, "./worksheets/sheet1.xml"),
        (BLAD, "worksheets//sheet1.xml"),
        (BLAD, "worksheets/sheet%31.xml"),
        ("xl/worksheets/sheet%31.xml", "worksheets/sheet%31.xml"),
        (BLAD, "xl/worksheets/sheet1.xml"),
        (BLAD, "//xl/worksheets/sheet1.xml"),
        (BLAD, "file:///xl/worksheets/sheet1.xml"),
        (BLAD, "worksheets/sheet2.xml"),
        (BLAD, ""),
    ],
)  # fmt: skip
def test_a_sheet_elsewhere_or_a_target_in_another_spelling_is_refused(naam: str, doel: str, rijen: str) -> None:
    geweigerd(delen(rijen, naam, doel), GEEN_EXCEL if rijen == KOP + RIJ or naam != BLAD else f"{GEEN_EXCEL}|{TE_GROOT}")


@pytest.mark.parametrize("extra", [' TargetMode="External"', ' TargetMode="internal"', ' TargetMode=""'])
def test_a_target_outside_the_workbook_is_refused(extra: str) -> None:
    geweigerd(delen() | {RELATIES: relaties(("worksheet", "worksheets/sheet1.xml"), extra=extra)}, GEEN_EXCEL)


@pytest.mark.parametrize("doel", ["xl/ander.xml", "workbook.xml", "xl/worksheets/sheet1.xml", "../xl/workbook.xml", "XL/workbook.xml"])
def test_a_workbook_part_elsewhere_is_refused(doel: str) -> None:
    geweigerd(delen() | {"xl/ander.xml": "<x/>", "_rels/.rels": relaties(("officeDocument", doel))}, GEEN_EXCEL)


@pytest.mark.parametrize(("soort", "doel"), [("sharedStrings", "tekst.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "s.xml")])
def test_texts_and_styles_that_would_be_lost_are_refused(soort: str, doel: str) -> None:
    boek = relaties(("worksheet", "worksheets/sheet1.xml"), (soort, doel))
    geweigerd(delen() | {RELATIES: boek, "xl/tekst.xml": f'<sst xmlns="{NS}"/>', "xl/s.xml": f'<styleSheet xmlns="{NS}"/>'}, GEEN_EXCEL)


@pytest.mark.parametrize("weg", ["_rels/.rels", BOEK, RELATIES])
def test_a_workbook_without_a_part_that_leads_to_the_sheets_is_refused(weg: str) -> None:
    geweigerd({naam: inhoud for naam, inhoud in delen().items() if naam != weg}, GEEN_EXCEL)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("naam", [BLAD, BLAD.upper(), "xl/Worksheets/sheet1.xml"])
def test_two_parts_of_one_name_are_refused_in_either_order(naam: str) -> None:
    gewoon, dubbel = list(delen().items()), (naam, blad(KOP + BOM))
    for paren in ([*gewoon, dubbel], [dubbel, *gewoon]):
        with pytest.raises(OngeldigeInvoer, match=f"{GEEN_EXCEL}|{TE_GROOT}"):
            nagekeken_werkboek(zip_van(*paren))


def test_what_holds_no_persons_is_left_out_of_the_copy() -> None:
    inhoud = delen()
    inhoud |= {"content.xml": "<x/>", "xl/workbook.bin": b"\0", "xl/media/foto.png": b"\x89", "../x.xml": "<x", "xl/vbaProject.bin": b"\1"}
    inhoud[RELATIES] = relaties(
        ("worksheet", "worksheets/sheet1.xml"), ("vbaProject", "vbaProject.bin"), ("customXml", "../customXml/item1.xml")
    )
    with ZipFile(nagekeken_werkboek(zip_van(*inhoud.items()))) as kopie:
        assert set(kopie.namelist()) == {"_rels/.rels", BOEK, RELATIES, BLAD}
        assert kopie.read(BLAD).decode() == blad(KOP + RIJ)
    assert lees(inhoud) == GELEZEN


@pytest.mark.parametrize(
    "cel",
    [
        '<c x=">" r="XFD1048576"/>',
        '<c r = "XFD1048576"/>',
        "<c r\n=\n'XFD1048576'/>",
        '<c r="XFD&#49;048576"/>',
        f'<a-b:c xmlns:a-b="{NS}" r="XFD1048576"/>',
        f'<c x="{"y" * (2 << 20)}" r="XFD1048576"/>',
        "<c/>" * 16_384 + '</row><row r="1048576">',
        "<row>" + "<c/>" * 16_384 + '</row></row><row r="1048576">',
        '</row><row r="99999999999">',
        '<c r="XFDA1"/>',
        '<c r="A99999999"/>',
    ],
)
def test_a_size_is_seen_in_every_spelling_of_the_xml(cel: str) -> None:
    geweigerd(delen(f'{KOP}<row r="2">{cel}</row>'), TE_GROOT)


@pytest.mark.parametrize(
    "rijen",
    [
        *(f'<row r="{nummer}"/>' for nummer in ("0", "-1", "", "1 ")),
        *(f'<row r="1"><c r="{plaats}"/></row>' for plaats in ("1A", "A0", "a1", "A1:B2", "A١", "A", "")),
    ],
)
def test_a_place_that_can_not_be_is_refused(rijen: str) -> None:
    geweigerd(delen(rijen), GEEN_EXCEL)


@pytest.mark.parametrize(
    ("omvang", "melding"),
    [("A1:XFD1048576", TE_GROOT), ("B2:A1", GEEN_EXCEL), ("A2:B1", GEEN_EXCEL), ("", GEEN_EXCEL), ("A:B", GEEN_EXCEL), ("A1:", GEEN_EXCEL)],
)
def test_a_stated_size_that_can_not_be_is_refused(omvang: str, melding: str) -> None:
    geweigerd(delen() | {BLAD: blad(KOP + RIJ, f'<dimension ref="{omvang}"/>')}, melding)
    assert lees(delen() | {BLAD: blad(KOP + RIJ, '<dimension ref="A1:A2"/>')}) == GELEZEN


def test_rows_and_cells_without_a_place_are_counted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    rijen = "<row>" + "<c><v>1</v></c>" * 3 + "</row>"
    assert lees(delen(rijen * 4)) == [(nummer, ["1"] * 3) for nummer in range(1, 5)]
    monkeypatch.setattr(werkboekdeel, "MEESTE_CELLEN", 12)
    assert len(lees(delen(rijen * 4))) == 4
    geweigerd(delen(rijen * 5), TE_GROOT)


@pytest.mark.parametrize(("plaats", "waar"), [('r="B7" ', "Cel B7 "), ("", "Een cel in rij 2 ")])
def test_a_cell_with_an_error_is_found_with_and_without_its_place(plaats: str, waar: str) -> None:
    geweigerd(delen(f'{KOP}<row r="2"><c {plaats}t="e"><v>#N/A</v></c></row>'), waar)


@pytest.mark.parametrize(
    "inhoud",
    [
        f'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>{blad(KOP + RIJ)}',
        f'<?xml version="1.0" encoding="UTF-16"?>{blad(KOP + RIJ)}'.encode("utf-16"),
        blad(KOP + RIJ).encode("utf-16"),
        f'<?xml version="1.0" encoding="windows-1252"?>{blad(KOP + RIJ)}',
        f'<?xml version="1.0" encoding="onzin"?>{blad(KOP + RIJ)}',
        blad(KOP + RIJ).replace("Boer", "Bo\xebr").encode("cp1252"),
        blad(KOP + "<x:row/>"),
        blad(KOP + '<row r="2" r="3"/>'),
        blad(KOP + RIJ)[:-5],
        b"",
    ],
)
def test_a_sheet_that_is_not_plain_xml_in_utf8_is_refused(inhoud: str | bytes) -> None:
    geweigerd(delen() | {BLAD: inhoud}, GEEN_EXCEL)


@pytest.mark.parametrize("encoding", ['encoding="UTF-8"', 'encoding="utf-8" standalone="yes"', ""])
def test_a_sheet_says_itself_that_it_is_utf8_or_says_nothing(encoding: str) -> None:
    assert lees(delen() | {BLAD: f'<?xml version="1.0" {encoding}?>{blad(KOP + RIJ)}'}) == GELEZEN


@pytest.mark.parametrize(("opmaak", "waarde"), [(14, "-1e18"), (46, "1e15")])
def test_a_date_that_no_calendar_has_stops_the_reading_with_its_row(opmaak: int, waarde: str) -> None:
    stijl = f'<styleSheet xmlns="{NS}"><cellXfs count="1"><xf numFmtId="{opmaak}"/></cellXfs></styleSheet>'
    inhoud = delen(f'{KOP}<row r="2"><c r="A2" s="0"><v>{waarde}</v></c></row>{RIJ.replace("2", "3")}') | {"xl/styles.xml": stijl}
    rijen = xlsx_rijen(zip_van(*inhoud.items()))
    assert next(rijen) == GELEZEN[0]
    with pytest.raises(OngeldigeInvoer, match="In rij 2 "):
        next(rijen)


def test_control_c_while_reading_is_not_taken_for_a_wrong_date() -> None:
    def onderbroken() -> Iterator[list[str]]:
        yield ["geslachtsnaam"]
        raise KeyboardInterrupt

    rijen = zonder_onmogelijke_datums(onderbroken())
    assert next(rijen) == ["geslachtsnaam"]
    with pytest.raises(KeyboardInterrupt):
        next(rijen)


@pytest.mark.parametrize("soort", [ZIP_LZMA, ZIP_BZIP2])
def test_a_compression_that_excel_does_not_have_is_refused(soort: int) -> None:
    bestand = BytesIO()
    with ZipFile(bestand, "w", soort) as zip_:
        for naam, inhoud in delen().items():
            zip_.writestr(naam, inhoud)
    for inhoud in (bestand.getvalue(), bestand.getvalue()[:60] + b"\xff" * 20 + bestand.getvalue()[80:]):
        with pytest.raises(OngeldigeInvoer, match=GEEN_EXCEL):
            nagekeken_werkboek(BytesIO(inhoud))


def test_a_text_that_is_not_in_the_list_of_texts_is_refused() -> None:
    with pytest.raises(OngeldigeInvoer, match=GEEN_EXCEL):
        lees(delen(KOP + '<row r="2"><c r="A2" t="s"><v>5</v></c></row>'))


@given(st.binary(max_size=200), st.integers(0, 2000), st.integers(0, 60))
def test_any_damage_gives_the_same_rows_or_a_refusal(stuk: bytes, plek: int, weg: int) -> None:
    heel = zip_van(*delen().items()).getvalue()
    plek %= len(heel)
    assert uitkomst(BytesIO(heel[:plek] + stuk + heel[plek + weg :])) in ("bestand", GELEZEN)


def uitkomst(bestand: BytesIO) -> object:
    try:
        return list(xlsx_rijen(bestand))
    except OngeldigeInvoer as fout:
        return fout.veld


def _hernoemd(toeval: Random) -> BytesIO:
    """A workbook with a sheet too large to hold, of which names of parts and targets are changed at random."""
    namen = [
        BLAD, "xl/worksheets/sheet1.data", "xl/worksheets/sheet1.XML", "xl/worksheets\\sheet1.xml", "other/s.xml", "s.xml", "/s.xml",
        "xl/worksheets/../s.xml", "xl/worksheets/%73.xml", "xl/s.bin", "content.xml", "xl/workbook.bin", "XL/worksheets/sheet1.xml",
    ]  # fmt: skip
    naam = toeval.choice(namen)
    doel = toeval.choice(
        [naam.removeprefix("xl/"), "/" + naam, naam, "../" + naam, "%2e%2e/" + naam, naam.lower(), naam.replace("/", "\\")]
    )
    paren = list(delen(KOP + BOM, naam, doel).items())
    if toeval.random() < 0.5:
        paren.append((toeval.choice([n for n in namen if n != naam]), blad(KOP + RIJ)))
    if toeval.random() < 0.3:
        paren = [(n.replace("xl/", toeval.choice(["xl/", "", "XL/", "/xl/"])) if n != naam else n, i) for n, i in paren]
    toeval.shuffle(paren)
    return zip_van(*paren)


LEZER = """
import resource, sys
from pathlib import Path
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.xlsxbestand import xlsx_rijen
resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
for pad in sorted(Path(sys.argv[1]).iterdir()):
    try:
        with pad.open("rb") as bestand:
            print(pad.name, len(list(xlsx_rijen(bestand))))
    except OngeldigeInvoer:
        print(pad.name, "geweigerd")
"""


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_however_its_parts_are_named_no_workbook_ends_the_process(tmp_path: Path) -> None:
    toeval = Random(20261122)
    for nummer in range(300):
        (tmp_path / f"{nummer:03}.xlsx").write_bytes(_hernoemd(toeval).getvalue())
    (tmp_path / "heel.xlsx").write_bytes(zip_van(*delen().items()).getvalue())
    gelezen = subprocess.run([sys.executable, "-c", LEZER, str(tmp_path)], capture_output=True, text=True, check=False, env=os.environ)
    assert gelezen.returncode == 0, gelezen.stderr
    assert gelezen.stdout.splitlines() == [*(f"{nummer:03}.xlsx geweigerd" for nummer in range(300)), "heel.xlsx 2"]
