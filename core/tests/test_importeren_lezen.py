"""Reading persons from CSV and Excel: what is read, what is refused, and that nothing is lost unseen."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren import werkboek as werkboekcontrole
from wijkwerk.importeren.bestand import personenbestand
from wijkwerk.importeren.controle import controleer, lezer
from wijkwerk.importeren.csvbestand import scheidingsteken
from wijkwerk.importeren.kolommen import SYNONIEMEN, herken
from wijkwerk.importeren.regel import Regel, RegelFout
from wijkwerk.importeren.schrijven import Gecontroleerd
from wijkwerk.personen import INVOER
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.records.types.postcode import Postcode

VANDAAG = date(2026, 11, 21)
KOP = "BSN;voornamen;geslachtsnaam;geboortedatum"
RIJ = "999990019;Suzanne;Moulin;1985-12-01"

Schrijf = Callable[[str | bytes], Path]


@pytest.fixture
def schrijf(tmp_path: Path) -> Schrijf:
    def bestand(inhoud: str | bytes) -> Path:
        pad = tmp_path / "personen.csv"
        pad.write_bytes(inhoud.encode() if isinstance(inhoud, str) else inhoud)
        return pad

    return bestand


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


@pytest.mark.parametrize("teken", [";", ",", "\t"])
@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("einde", ["\r\n", "\n", "\r"])
def test_csv_is_read_in_every_usual_form(schrijf: Schrijf, teken: str, codering: str, einde: str) -> None:
    tekst = einde.join([KOP, RIJ.replace("Suzanne", "Zoë"), ""]).replace(";", teken)
    regels, meldingen = lees(schrijf(tekst.encode(codering)))
    assert [regel.waarden for regel in regels] == [
        {"bsn": "999990019", "voornamen": "Zoë", "geslachtsnaam": "Moulin", "geboortedatum": "1985-12-01"}
    ]
    assert any("Windows-1252" in melding for melding in meldingen) is (codering == "cp1252")


def test_utf16_of_both_byte_orders_is_read(schrijf: Schrijf) -> None:
    for bom, codering in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        regels, _ = lees(schrijf(bom + f"{KOP}\n{RIJ}".encode(codering)))
        assert regels[0].waarden["geslachtsnaam"] == "Moulin"


def test_quotes_line_breaks_and_empty_lines_keep_the_line_numbers_right(schrijf: Schrijf) -> None:
    regels, _ = lees(schrijf(f'\n{KOP}\n999990019;"Jan\nPiet";"de ""Boer""; jr";1956\n\n;;;\n{RIJ}\n'))
    assert [(regel.nummer, regel.waarden["geslachtsnaam"]) for regel in regels] == [(3, 'de "Boer"; jr'), (7, "Moulin")]
    assert regels[0].waarden["voornamen"] == "Jan\nPiet"


def test_headers_are_known_whatever_their_capitals_spaces_and_signs(schrijf: Schrijf) -> None:
    kop = "Burgerservicenummer; ACHTERNAAM ;voorvoegsel(s);aanduidingNaamgebruik;Geslachts-aanduiding;Partner_geslachtsnaam;geheim"
    regels, meldingen = lees(schrijf(f"{kop}\n;a;b;c;d;e;f"))
    assert regels[0].waarden == {
        "bsn": "", "geslachtsnaam": "a", "voorvoegsel": "b", "aanduiding_naamgebruik": "c", "geslacht": "d",
        "partner_geslachtsnaam": "e", "geheim": "f",
    }  # fmt: skip
    assert meldingen == ()


def test_every_field_that_may_be_given_has_headers_and_each_names_one_field() -> None:
    assert set(SYNONIEMEN) == set(INVOER)
    for veld, namen in SYNONIEMEN.items():
        assert herken([naam.upper().replace(" ", "_") for naam in namen]) == [veld] * len(namen)


def test_the_delimiter_is_the_one_that_gives_the_most_known_columns() -> None:
    assert scheidingsteken("BSN,geslachtsnaam;nee;nee;nee") == ","
    assert scheidingsteken('"BSN;x",geslachtsnaam') == ","
    assert scheidingsteken("geslachtsnaam") == ";"


def test_columns_that_are_not_read_and_a_missing_secrecy_column_are_reported(schrijf: Schrijf) -> None:
    regels, meldingen = lees(schrijf(";geslachtsnaam;telefoon\x1b[31m;\n1;Boer;06;2"))
    assert regels[0].waarden == {"geslachtsnaam": "Boer"}
    assert regels[0].cellen == ("1", "Boer", "06", "2")
    assert meldingen[0] == "Deze kolommen worden niet ingelezen: 1 (zonder naam), 3 (telefoon[31m), 4 (zonder naam)."
    assert "zonder geheimhouding" in meldingen[1]


def test_a_row_with_too_many_or_too_few_cells_is_bad_and_the_rest_goes_on(schrijf: Schrijf) -> None:
    regels, _ = lees(schrijf(f"{KOP}\n1;2\n{RIJ};extra\n{RIJ}"))
    assert [(regel.nummer, [fout.veld for fout in regel.fouten]) for regel in regels] == [(2, ["regel"]), (3, ["regel"]), (4, [])]
    assert ("minder" in regels[0].fouten[0].reden, "meer" in regels[1].fouten[0].reden) == (True, True)
    assert (regels[0].cellen, regels[0].waarden) == (("1", "2"), {})
    assert controleer(regels[0], VANDAAG) == list(regels[0].fouten)


def test_a_row_with_wrong_quotes_is_kept_as_it_was_and_the_rest_goes_on(schrijf: Schrijf) -> None:
    regels, _ = lees(schrijf(f'{KOP}\n1;"Jan"x;Boer;1956\n{RIJ}'))
    assert [(regel.nummer, len(regel.fouten)) for regel in regels] == [(2, 1), (3, 0)]
    assert regels[0].cellen == ('1;"Jan"x;Boer;1956\n',)


def test_a_quote_that_is_never_closed_loses_no_line(schrijf: Schrijf) -> None:
    regels, _ = lees(schrijf(f'{KOP}\n1;"Jan;Boer;1956\n{RIJ}\n'))
    assert [(regel.nummer, len(regel.fouten), regel.cellen) for regel in regels] == [(2, 1, (f'1;"Jan;Boer;1956\n{RIJ}\n',))]


def test_a_huge_cell_makes_one_bad_row(schrijf: Schrijf) -> None:
    regels, _ = lees(schrijf(f"{KOP}\n1;{'x' * (csv.field_size_limit() + 1)};Boer;1956\n{RIJ}"))
    assert [(regel.nummer, len(regel.fouten)) for regel in regels] == [(2, 1), (3, 0)]


def test_a_line_without_end_stops_the_reading_with_its_number(schrijf: Schrijf) -> None:
    with pytest.raises(OngeldigeInvoer, match="Regel 3 "):
        lees(schrijf(f"{KOP}\n{RIJ}\n{'x;' * 600_000}"))


@pytest.mark.parametrize(
    ("inhoud", "melding"),
    [
        (b"", "leeg"),
        (b"\xef\xbb\xbf", "leeg"),
        (b"\n\n \r\n", "leeg"),
        (b";;;\n;;", "leeg"),
        (KOP.encode(), "alleen een kopregel"),
        (f"{KOP}\n\n;;;\n".encode(), "alleen een kopregel"),
        (f"BSN;voornamen\n{RIJ}".encode(), "geen kolom geslachtsnaam"),
        (RIJ.encode(), "geen kolom geslachtsnaam"),
        (f"geslachtsnaam;achternaam;BSN;bsn\n{RIJ}".encode(), "meer dan één kolom: geslachtsnaam, bsn"),
        (b'geslachtsnaam;"x"y\n1;2', "namen van de kolommen is niet te lezen"),
        (b"x" * 500_000 + b"\n1", "namen van de kolommen is niet te lezen"),
        (b"x;" * 600_000, "Regel 1 "),
        (b";".join([b"geslachtsnaam"] * 501), "500 kolommen"),
        (f"{KOP}\n1;J\0n;B;1".encode(), "nultekens"),
        (f"{KOP}\n{RIJ}".encode("utf-16-le"), "nultekens"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "nultekens"),
        (b"\xff\xfe" + f"{KOP}\n{RIJ}".encode("utf-16-le") + b"x", "niet te lezen"),
        (f"{KOP}\n".encode() + b"\x81\x8d", "niet te lezen"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "oude soort"),
        (b"PK\x03\x04 geen zip", "geen leesbaar Excel"),
    ],
)
def test_a_file_that_can_not_be_right_is_refused_before_any_row(schrijf: Schrijf, inhoud: bytes, melding: str) -> None:
    with pytest.raises(OngeldigeInvoer, match=melding) as refused, personenbestand(schrijf(inhoud)):
        pytest.fail("it was opened")
    assert "Moulin" not in str(refused.value)


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp")
    for pad in (tmp_path, tmp_path / "bestaat-niet", tmp_path / "pijp", Path("a\0b")):
        with pytest.raises(OngeldigeInvoer, match="bestaat niet"):
            lees(pad)
    with pytest.raises(OngeldigeInvoer, match="niet te openen"):
        lees(Path("x" * 300))


def test_csv_rows_are_read_as_they_are_asked_for(schrijf: Schrijf) -> None:
    pad = schrijf(f"{KOP}\n" + f"{RIJ}\n" * 20_000)
    with personenbestand(pad) as bestand:
        assert next(bestand.regels).nummer == 2
    with pytest.raises(ValueError, match="closed file"):
        list(bestand.regels)


def test_excel_gives_the_text_that_csv_would(tmp_path: Path) -> None:
    kop = ["BSN", "geslachtsnaam", "geboortedatum", "datum overlijden", "huisnummer", "indicatie geheim", "voornamen"]
    pad = werkboek(tmp_path / "p.csv", kop, [12, "Boer", date(1956, 11, 15), 20200100, 24.0, True, 1.5], begin=(2, 1))
    regels, meldingen = lees(pad)
    assert [regel.nummer for regel in regels] == [4]
    assert regels[0].waarden == {
        "bsn": "12", "geslachtsnaam": "Boer", "geboortedatum": "1956-11-15", "overlijdensdatum": "20200100",
        "huisnummer": "24", "geheim": "1", "voornamen": "1.5",
    }  # fmt: skip
    assert meldingen == ()
    persoon = controleer(regels[0], VANDAAG)
    assert isinstance(persoon, dict)
    assert (persoon["bsn"], persoon["overlijdensdatum"], persoon["geheim"]) == (Bsn.lees("000000012"), Datum(2020, 1), True)


def test_excel_row_numbers_count_empty_rows_and_unknown_dates_survive(tmp_path: Path) -> None:
    rijen: list[list[Any]] = [["geslachtsnaam", "geboortedatum"], ["Boer", 0], [], ["Vogel", datetime(1956, 11, 15, 10, 30)]]  # noqa: DTZ001
    regels, _ = lees(werkboek(tmp_path / "p.xlsx", *rijen))
    assert [regel.nummer for regel in regels] == [2, 4]
    persoon, fouten = (controleer(regel, VANDAAG) for regel in regels)
    assert isinstance(persoon, dict)
    assert persoon["geboortedatum"] == Datum()
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


def rij(**waarden: str) -> Regel:
    return Regel(7, {"geslachtsnaam": "Moulin", **waarden}, ())


def test_a_full_row_becomes_a_person() -> None:
    persoon = controleer(
        rij(
            bsn="999993653", roepnaam="Suus", voornamen="Suzanne", voorvoegsel="de", aanduiding_naamgebruik="v",
            partner_voorvoegsel="van", partner_geslachtsnaam="Velzen",
            geboortedatum="1985-12-01", geslacht="vrouw", telefoonnummer="06 12345678", emailadres="suus@voorbeeld.nl",
            straat="Boterdiep", huisnummer="31", huisletter="a", huisnummertoevoeging="2",
            postcode="3077 aw", woonplaats="Rotterdam", geheim="3", overlijdensdatum="2026-01",
        ),
        VANDAAG,
    )  # fmt: skip
    verwacht: dict[str, Any] = {
        "bsn": Bsn.lees("999993653"), "roepnaam": "Suus", "voornamen": "Suzanne", "voorvoegsel": "de", "geslachtsnaam": "Moulin",
        "aanduiding_naamgebruik": Naamgebruik.PARTNER_VOOR_EIGEN, "partner_voorvoegsel": "van", "partner_geslachtsnaam": "Velzen",
        "geboortedatum": Datum(1985, 12, 1), "geslacht": Geslacht.VROUW, "straat": "Boterdiep", "huisnummer": 31, "huisletter": "a",
        "huisnummertoevoeging": "2", "postcode": Postcode("3077AW"), "woonplaats": "Rotterdam", "geheim": True,
        "overlijdensdatum": Datum(2026, 1), "telefoonnummer": "+31612345678", "emailadres": "suus@voorbeeld.nl",
    }  # fmt: skip
    assert persoon == verwacht
    assert set(verwacht) == set(INVOER)
    assert "Moulin" not in repr(Gecontroleerd(7, verwacht)) + repr(rij())


def test_what_is_empty_is_absent_and_secrecy_is_never_guessed() -> None:
    leeg = {veld: "" for veld in SYNONIEMEN if veld not in ("geslachtsnaam", "geheim")}
    assert controleer(rij(**leeg, geheim="0"), VANDAAG) == {"geslachtsnaam": "Moulin", "geheim": False}
    assert controleer(rij(), VANDAAG) == {"geslachtsnaam": "Moulin"}
    assert controleer(rij(geslachtsnaam="."), VANDAAG) == {"geslachtsnaam": "."}
    fouten = controleer(rij(geheim=""), VANDAAG)
    assert isinstance(fouten, list)
    assert [fout.veld for fout in fouten] == ["geheim"]


def test_all_that_is_wrong_with_a_row_is_told_and_no_value_is_repeated() -> None:
    fout = {
        "bsn": "999990018", "roepnaam": "<Sus>", "voornamen": "<Onbekend>", "voorvoegsel": "v.d.", "geslachtsnaam": "",
        "aanduiding_naamgebruik": "X",
        "partner_voorvoegsel": "1", "partner_geslachtsnaam": "Ve\u200blzen", "geboortedatum": "31-12-56", "geslacht": "W",
        "straat": "<Kade>", "telefoonnummer": "0000", "emailadres": "suus@",
        "huisnummer": "24b", "huisletter": "bis", "huisnummertoevoeging": "lange", "postcode": "3043SS", "woonplaats": "?", "geheim": "8",
        "overlijdensdatum": "1800",
    }  # fmt: skip
    fouten = controleer(Regel(7, fout, ()), VANDAAG)
    assert isinstance(fouten, list)
    assert {(gevonden.regel, gevonden.veld) for gevonden in fouten} == {(7, veld) for veld in SYNONIEMEN}
    assert len(fouten) == len(SYNONIEMEN)
    for gevonden in fouten:
        assert gevonden.reden
        assert len(fout[gevonden.veld]) < 2 or fout[gevonden.veld] not in gevonden.reden


@pytest.mark.parametrize(
    ("veld", "tekst", "waarde"),
    [
        ("geboortedatum", "19561115", Datum(1956, 11, 15)),
        ("geboortedatum", "0", Datum()),
        ("overlijdensdatum", "20200100", Datum(2020, 1)),
        ("geslacht", "v", Geslacht.VROUW),
        ("geslacht", "Onbekend", Geslacht.ONBEKEND),
        ("aanduiding_naamgebruik", "N", Naamgebruik.PARTNER_NA_EIGEN),
        ("aanduiding_naamgebruik", "Partner voor eigen", Naamgebruik.PARTNER_VOOR_EIGEN),
        ("geheim", "7", True),
    ],
)
def test_a_file_may_write_codes_words_and_digits(veld: str, tekst: str, waarde: object) -> None:
    assert lezer(veld)(tekst) == waarde


@given(st.dates(date(1875, 1, 1), date(2200, 12, 31)), st.sampled_from("-/."))
def test_a_file_may_write_a_whole_date_as_the_dutch_do(dag: date, teken: str) -> None:
    for veld in ("geboortedatum", "overlijdensdatum"):
        assert lezer(veld)(dag.strftime(f"%d{teken}%m{teken}") + f"{dag.year:04}") == Datum.van(dag)


@pytest.mark.parametrize(
    "tekst",
    [
        "15-11-56", "15/11/56", "56-11-15", "11/15/1956", "31-04-1956", "29-02-1900", "15-11/1956", "15.11-1956", "15 11 1956", "15111956",
        "1956/11/15", "1956.11.15", "00-11-1956", "00-00-1956", "15-00-1956", "00-00-0000", "11-1956", "5-3-1956", "15-11-1956 ",
        "15-11-1956\n", "15-11-19560", "115-11-1956", "15-11-1956 00:00", "x15-11-1956", "15--11-1956", "15-11-1874", "١٥-11-1956",
    ],
)  # fmt: skip
def test_a_date_of_another_form_is_refused_and_not_repeated(tekst: str) -> None:
    fouten = controleer(rij(geboortedatum=tekst), VANDAAG)
    assert isinstance(fouten, list)
    assert [(fout.veld, tekst.strip() in fout.reden) for fout in fouten] == [("geboortedatum", False)]


def test_dates_of_a_file_in_the_dutch_form_reach_the_person(schrijf: Schrijf) -> None:
    regels, _ = lees(schrijf("geslachtsnaam;geboortedatum;datum overlijden\nBoer;15-11-1956;01/02/2020\nBoer;1978-03;2020\n"))
    assert [controleer(regel, VANDAAG) for regel in regels] == [
        {"geslachtsnaam": "Boer", "geboortedatum": Datum(1956, 11, 15), "overlijdensdatum": Datum(2020, 2, 1)},
        {"geslachtsnaam": "Boer", "geboortedatum": Datum(1978, 3), "overlijdensdatum": Datum(2020)},
    ]


def test_a_column_that_takes_any_text_can_not_be_read_from_a_file() -> None:
    with pytest.raises(TypeError, match=r"Persoon\.sorteernaam"):
        lezer("sorteernaam")


@pytest.mark.parametrize(
    ("datums", "velden"),
    [
        ({"geboortedatum": "2026-11-22"}, ["geboortedatum"]),
        ({"geboortedatum": "2026-12"}, ["geboortedatum"]),
        ({"geboortedatum": "2026-11-21"}, []),
        ({"geboortedatum": "2026"}, []),
        ({"overlijdensdatum": "2027"}, ["overlijdensdatum"]),
        ({"overlijdensdatum": "onbekend"}, []),
        ({"geboortedatum": "1956-11-15", "overlijdensdatum": "1956-11-14"}, ["overlijdensdatum"]),
        ({"geboortedatum": "1956-11-15", "overlijdensdatum": "1956-10"}, ["overlijdensdatum"]),
        ({"geboortedatum": "1956-11-15", "overlijdensdatum": "1956-11"}, []),
        ({"geboortedatum": "1956", "overlijdensdatum": "1956-01-01"}, []),
    ],
)
def test_dates_are_refused_only_when_they_are_surely_wrong(datums: dict[str, str], velden: list[str]) -> None:
    uitkomst = controleer(rij(**datums), VANDAAG)
    assert [fout.veld for fout in uitkomst] == velden if isinstance(uitkomst, list) else velden == []


@given(st.dictionaries(st.sampled_from(sorted(SYNONIEMEN)), st.text(max_size=20)))
def test_any_row_gives_a_person_or_reasons(waarden: dict[str, str]) -> None:
    uitkomst = controleer(rij(**waarden), VANDAAG)
    if isinstance(uitkomst, list):
        assert uitkomst
        assert all(isinstance(fout, RegelFout) and fout.regel == 7 for fout in uitkomst)
    else:
        assert uitkomst["geslachtsnaam"]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9), min_size=3, max_size=3), min_size=1
    )
)
def test_whatever_csv_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, rijen: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";").writerows([["geslachtsnaam", "straat", "x"], *rijen])
    pad = tmp_path_factory.getbasetemp() / "rondreis.csv"
    pad.write_text(buffer.getvalue(), encoding="utf-8-sig", newline="")
    gevuld = [tuple(cellen) for cellen in rijen if any(cel.strip() for cel in cellen)]
    if gevuld:
        assert [regel.cellen for regel in lees(pad)[0]] == gevuld
