"""Reading residents from Excel: the same text as CSV would give, and no workbook that lies, breaks or swells."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren import werkboek as werkboekcontrole
from wijkwerk.importeren.bestand import personenbestand
from wijkwerk.importeren.controle import controleer
from wijkwerk.importeren.inschrijving import Inschrijving
from wijkwerk.importeren.regel import Regel
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum

VANDAAG = date(2026, 11, 21)


def lees(pad: Path) -> tuple[list[Regel], tuple[str, ...]]:
    with personenbestand(pad) as bestand:
        return list(bestand.regels), bestand.meldingen


def werkboek(pad: Path, *rijen: list[Any], begin: tuple[int, int] = (0, 0)) -> Path:
    with xlsxwriter.Workbook(pad) as boek:
        blad, datum = boek.add_worksheet(), boek.add_format({"num_format": "dd-mm-yyyy"})
        for i, rij in enumerate(rijen):
            for j, cel in enumerate(rij):
                extra = [datum] if isinstance(cel, date) else []
                blad.write(begin[0] + i, begin[1] + j, cel, *extra)
        boek.add_worksheet("tweede").write(0, 0, "niet van ons")
    return pad


def test_excel_gives_the_text_that_csv_would(tmp_path: Path) -> None:
    kop = [
        "BSN",
        "geslachtsnaam",
        "geboortedatum",
        "datum overlijden",
        "huisnummer",
        "indicatie geheim",
        "voornamen",
        "tolk",
        "laaggeletterd",
    ]
    pad = werkboek(tmp_path / "p.csv", kop, [12, "Boer", date(1956, 11, 15), 20200100, 24.0, True, 1.5, True, False], begin=(2, 1))
    regels, meldingen = lees(pad)
    assert [regel.nummer for regel in regels] == [4]
    assert regels[0].waarden == {
        "bsn": "12", "geslachtsnaam": "Boer", "geboortedatum": "1956-11-15", "overlijdensdatum": "20200100",
        "huisnummer": "24", "geheim": "1", "voornamen": "1.5", "tolk_nodig": "1", "laaggeletterd": "0",
    }  # fmt: skip
    assert meldingen == ()
    persoon = controleer(regels[0], VANDAAG)
    assert isinstance(persoon, Inschrijving)
    gegevens = persoon.persoon
    assert (gegevens["bsn"], gegevens["overlijdensdatum"], gegevens["geheim"], gegevens["tolk_nodig"], gegevens["laaggeletterd"]) == (
        Bsn.lees("000000012"),
        Datum(2020, 1),
        True,
        True,
        False,
    )


def test_excel_row_numbers_count_empty_rows_and_unknown_dates_survive(tmp_path: Path) -> None:
    rijen: list[list[Any]] = [["geslachtsnaam", "geboortedatum"], ["Boer", 0], [], ["Vogel", datetime(1956, 11, 15, 10, 30)]]  # noqa: DTZ001
    regels, _ = lees(werkboek(tmp_path / "p.xlsx", *rijen))
    assert [regel.nummer for regel in regels] == [2, 4]
    persoon, fouten = (controleer(regel, VANDAAG) for regel in regels)
    assert isinstance(persoon, Inschrijving)
    assert persoon.persoon["geboortedatum"] == Datum()
    assert isinstance(fouten, list)
    assert [fout.veld for fout in fouten] == ["geboortedatum"]


def test_a_cell_with_an_excel_error_is_never_read_as_empty(tmp_path: Path) -> None:
    pad = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(pad) as boek:
        blad = boek.add_worksheet()
        blad.write_row(0, 0, ["geslachtsnaam", "BSN"])
        blad.write_row(1, 0, ["Boer"])
        blad.write_formula(1, 1, "=NA()", None, "#N/A")
    with pytest.raises(OngeldigeInvoer, match="Cel B2 "):
        lees(pad)


@pytest.mark.parametrize("inhoud", [[], [["geslachtsnaam"]], [["x"], ["y"]]])
def test_an_excel_file_without_persons_is_refused(tmp_path: Path, inhoud: list[list[str]]) -> None:
    with pytest.raises(OngeldigeInvoer, match=r"leeg|alleen een kopregel|geen kolom"):
        lees(werkboek(tmp_path / "p.xlsx", *inhoud))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for delen in ({"word/document.xml": "<x/>"}, {"xl/workbook.xml": "<x", "xl/worksheets/sheet1.xml": "<y"}, {"xl/workbook.xml": ""}):
        with ZipFile(tmp_path / "p.xlsx", "w") as zip_:
            for naam, tekst in delen.items():
                zip_.writestr(naam, tekst)
        with pytest.raises(OngeldigeInvoer, match="geen leesbaar Excel"):
            lees(tmp_path / "p.xlsx")


def test_a_damaged_or_cut_workbook_is_refused(tmp_path: Path) -> None:
    heel = werkboek(tmp_path / "heel.xlsx", ["geslachtsnaam"], *[[f"Boer {i}"] for i in range(200)]).read_bytes()
    with ZipFile(io.BytesIO(heel)) as zip_:
        blad = zip_.getinfo("xl/worksheets/sheet1.xml")
    midden = blad.header_offset + 30 + len(blad.filename) + 20
    for stuk in (heel[: len(heel) // 2], heel[:midden] + b"\xff" * 60 + heel[midden + 60 :]):
        (tmp_path / "p.xlsx").write_bytes(stuk)
        with pytest.raises(OngeldigeInvoer, match="geen leesbaar Excel"):
            lees(tmp_path / "p.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(werkboekcontrole, "GROOTST_UITGEPAKT", 1 << 24)
    with ZipFile(tmp_path / "p.xlsx", "w", ZIP_DEFLATED) as zip_:
        zip_.writestr("xl/workbook.xml", "<x/>")
        zip_.writestr("xl/worksheets/sheet1.xml", bytes(1 << 24))
    with pytest.raises(OngeldigeInvoer, match="te groot"):
        lees(tmp_path / "p.xlsx")


@pytest.mark.parametrize(
    ("deel", "echt", "onzin", "melding"),
    [
        ("xl/sharedStrings.xml", 'uniqueCount="3"', 'uniqueCount="99999999999"', "geen leesbaar Excel"),
        ("xl/sharedStrings.xml", ' count="3"', ' count="99999999999"', "geen leesbaar Excel"),
        ("xl/worksheets/sheet1.xml", 'r="A2"', 'r="XFD1048576"', "te groot"),
        ("xl/worksheets/sheet1.xml", 'row r="2"', 'row r="99999999999"', "te groot"),
        ("xl/worksheets/sheet1.xml", 'r="A2"', 'r="AAAAAAAAAAAAAAAA2"', "te groot"),
    ],
)
def test_a_workbook_that_lies_about_its_size_does_no_harm(tmp_path: Path, deel: str, echt: str, onzin: str, melding: str) -> None:
    with ZipFile(werkboek(tmp_path / "heel.xlsx", ["geslachtsnaam"], ["Boer"])) as heel, ZipFile(tmp_path / "p.xlsx", "w") as kapot:
        inhoud = {naam: heel.read(naam).decode() for naam in heel.namelist()}
        assert echt in inhoud[deel]
        for naam, tekst in inhoud.items():
            kapot.writestr(naam, tekst.replace(echt, onzin) if naam == deel else tekst)
    with pytest.raises(OngeldigeInvoer, match=melding):
        lees(tmp_path / "p.xlsx")
