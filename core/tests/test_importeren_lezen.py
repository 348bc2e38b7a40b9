"""Reading residents from CSV: what is read, what is refused, and that nothing is lost unseen."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.bestand import personenbestand
from wijkwerk.importeren.controle import controleer
from wijkwerk.importeren.csvbestand import scheidingsteken
from wijkwerk.importeren.inschrijving import CONTACTKOLOMMEN, HUISHOUDKOLOMMEN, Inschrijving
from wijkwerk.importeren.kolommen import SYNONIEMEN, herken
from wijkwerk.importeren.regel import Regel
from wijkwerk.personen import INVOER
from wijkwerk.records.types.datum import Datum

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
    assert set(SYNONIEMEN) == {*INVOER, *CONTACTKOLOMMEN, *HUISHOUDKOLOMMEN}
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
        (f"{KOP};huishouden\n{RIJ};1".encode(), "geen kolom huishoudrol"),
        (f"{KOP};rol in huishouden\n{RIJ};kind".encode(), "geen kolom huishouden"),
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


def test_dates_of_a_file_in_the_dutch_form_reach_the_person(schrijf: Schrijf) -> None:
    regels, _ = lees(schrijf("geslachtsnaam;geboortedatum;datum overlijden\nBoer;15-11-1956;01/02/2020\nBoer;1978-03;2020\n"))
    assert [controleer(regel, VANDAAG) for regel in regels] == [
        Inschrijving({"geslachtsnaam": "Boer", "geboortedatum": Datum(1956, 11, 15), "overlijdensdatum": Datum(2020, 2, 1)}),
        Inschrijving({"geslachtsnaam": "Boer", "geboortedatum": Datum(1978, 3), "overlijdensdatum": Datum(2020)}),
    ]


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
