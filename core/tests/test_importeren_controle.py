"""A row of an import file becomes a resident with contact details and a household, or all that is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.contactgegevens import Contactsoort
from wijkwerk.huishoudens import Huishoudrol
from wijkwerk.importeren.controle import LANGSTE_SLEUTEL, controleer, lezer
from wijkwerk.importeren.dubbel import MEESTE_LEDEN, GezieneHuishoudens
from wijkwerk.importeren.inschrijving import Inhuis, Inschrijving
from wijkwerk.importeren.kolommen import SYNONIEMEN
from wijkwerk.importeren.regel import Regel, RegelFout
from wijkwerk.importeren.schrijven import Gecontroleerd
from wijkwerk.personen import INVOER
from wijkwerk.records.types.adres import FunctieAdres, Huisnummeraanduiding
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik, Titel
from wijkwerk.records.types.postcode import Postcode

VANDAAG = date(2026, 11, 21)
BAG = "0599010000123456"


def rij(**waarden: str) -> Regel:
    return Regel(7, {"geslachtsnaam": "Moulin", **waarden}, ())


def test_a_full_row_becomes_a_person() -> None:
    inschrijving = controleer(
        rij(
            bsn="999993653", roepnaam="Suus", voornamen="Suzanne", voorvoegsel="de", aanduiding_naamgebruik="v",
            partner_voorvoegsel="van", partner_geslachtsnaam="Velzen",
            geboortedatum="1985-12-01", geslacht="vrouw", telefoonnummer="010 2671111", tweede_telefoonnummer="06 12345678",
            emailadres="suus@Voorbeeld.nl", adellijke_titel_predicaat="JV", aanspreekvoorkeur="mevrouw", taal="NL", tolk_nodig="Nee",
            laaggeletterd="ja", aanduiding_bij_huisnummer="tegenover", functie_adres="briefadres", nummeraanduiding_identificatie=BAG,
            adresseerbaar_object_identificatie=BAG, huishouden="Boterdiep 31", huishoudrol="Overig familielid",
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
        "overlijdensdatum": Datum(2026, 1), "adellijke_titel_predicaat": Titel.JONKVROUW, "aanspreekvoorkeur": "mevrouw", "taal": "nl",
        "tolk_nodig": False, "laaggeletterd": True, "aanduiding_bij_huisnummer": Huisnummeraanduiding.TEGENOVER,
        "functie_adres": FunctieAdres.BRIEFADRES, "adresseerbaar_object_identificatie": BAG, "nummeraanduiding_identificatie": BAG,
    }  # fmt: skip
    bereik = (
        {"soort": Contactsoort.TELEFOON, "waarde": "+31102671111"},
        {"soort": Contactsoort.TELEFOON, "waarde": "+31612345678"},
        {"soort": Contactsoort.EMAIL, "waarde": "suus@voorbeeld.nl"},
    )
    assert inschrijving == Inschrijving(verwacht, bereik, Inhuis("Boterdiep 31", Huishoudrol.OVERIG_FAMILIELID))
    assert set(verwacht) == set(INVOER)
    assert not [word for word in ("Moulin", "612345678", "Boterdiep") if word in repr(Gecontroleerd(7, inschrijving)) + repr(rij())]


def test_what_is_empty_is_absent_and_secrecy_is_never_guessed() -> None:
    leeg = {veld: "" for veld in SYNONIEMEN if veld not in ("geslachtsnaam", "geheim")}
    assert controleer(rij(**leeg, geheim="0"), VANDAAG) == Inschrijving({"geslachtsnaam": "Moulin", "geheim": False})
    assert controleer(rij(), VANDAAG) == Inschrijving({"geslachtsnaam": "Moulin"})
    assert controleer(rij(geslachtsnaam="."), VANDAAG) == Inschrijving({"geslachtsnaam": "."})
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
        "overlijdensdatum": "1800", "tweede_telefoonnummer": "06-nummer", "adellijke_titel_predicaat": "Jonkvr", "taal": "Nederlands",
        "aanspreekvoorkeur": "<mevrouw>", "tolk_nodig": "misschien", "laaggeletterd": "2", "aanduiding_bij_huisnummer": "achter",
        "functie_adres": "thuis", "adresseerbaar_object_identificatie": "599", "nummeraanduiding_identificatie": "0599x",
        "huishoudrol": "buur", "huishouden": "Kade\n1",
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
        ("geheim", "1", True),
        ("geheim", "Ja", True),
        ("geheim", "nee", False),
        ("tolk_nodig", "J", True),
        ("laaggeletterd", "0", False),
        ("functie_adres", "w", FunctieAdres.WOONADRES),
        ("aanduiding_bij_huisnummer", "by", Huisnummeraanduiding.BIJ),
        ("huishoudrol", "Hoofd", Huishoudrol.HOOFD),
        ("taal", "AR", "ar"),
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
        assert uitkomst.persoon["geslachtsnaam"]


@pytest.mark.parametrize(
    ("waarden", "veld"),
    [
        ({"huishouden": "12"}, "huishoudrol"),
        ({"huishouden": "12", "huishoudrol": ""}, "huishoudrol"),
        ({"huishouden": "", "huishoudrol": "kind"}, "huishouden"),
        ({"huishouden": "x" * (LANGSTE_SLEUTEL + 1), "huishoudrol": "kind"}, "huishouden"),
        ({"huishouden": "12", "huishoudrol": "buurman"}, "huishoudrol"),
    ],
    ids=["no role", "an empty role", "no household", "too long", "no such role"],
)
def test_half_a_household_is_refused_once(waarden: dict[str, str], veld: str) -> None:
    fouten = controleer(rij(**waarden), VANDAAG)
    assert isinstance(fouten, list)
    assert [fout.veld for fout in fouten] == [veld]


def test_no_household_is_no_mistake() -> None:
    assert controleer(rij(huishouden="", huishoudrol=""), VANDAAG) == Inschrijving({"geslachtsnaam": "Moulin"})


def test_the_same_number_in_two_columns_is_one_contact_detail() -> None:
    found = controleer(rij(telefoonnummer="0612345678", tweede_telefoonnummer="+31 6 12345678"), VANDAAG)
    assert isinstance(found, Inschrijving)
    assert found.contactgegevens == ({"soort": Contactsoort.TELEFOON, "waarde": "+31612345678"},)


def test_a_household_is_full_some_time_and_another_is_not() -> None:
    gezien = GezieneHuishoudens()
    assert [gezien.is_vol("Kade") for _ in range(MEESTE_LEDEN + 2)] == [False] * MEESTE_LEDEN + [True] * 2
    assert not gezien.is_vol("Dijk")
