"""Rules of domain.md 1.7; the address lines are the examples of Haal Centraal's adresregels feature."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import OngeldigeInvoer, PostcodeOngeldig
from wijkwerk.records.types.adres import (
    adresregel1,
    adresregel2,
    lees_huisletter,
    lees_huisnummer,
    lees_straat,
    lees_toevoeging,
    lees_woonplaats,
)
from wijkwerk.records.types.postcode import Postcode


@pytest.mark.parametrize("geschreven", ["3043TD", "3043 TD", "3043td", "3043 tD"])
def test_a_postcode_is_stored_in_one_form(geschreven: str) -> None:
    postcode = Postcode.lees(geschreven)
    assert (postcode.waarde, str(postcode), postcode.met_spatie) == ("3043TD", "3043TD", "3043 TD")


@pytest.mark.parametrize(
    "geschreven",
    [
        "",
        "0043TD",
        "3043",
        "3043T",
        "3043TDX",
        "3043SA",
        "3043 sd",
        "3043SS",
        "NL-3043TD",
        "3043-TD",
        "3043  TD",
        "３０４３TD",
        "3043TD\n",
        "3043ÄB",
    ],
)
def test_anything_else_is_no_postcode(geschreven: str) -> None:
    with pytest.raises(PostcodeOngeldig):
        Postcode.lees(geschreven)


def test_a_postcode_can_only_be_made_in_its_stored_form() -> None:
    assert Postcode("3043TD") == Postcode.lees("3043 td")
    for waarde in ("3043 TD", "3043td", None):
        with pytest.raises(PostcodeOngeldig):
            Postcode(waarde)  # type: ignore[arg-type]


def test_house_numbers_run_from_1_to_99999() -> None:
    assert [lees_huisnummer(text) for text in ("1", "99999", " 24 ")] == [1, 99999, 24]


def test_a_letter_and_an_addition_are_kept_as_they_were_registered() -> None:
    assert [lees_huisletter(text) for text in ("c", "C ")] == ["c", "C"]
    assert [lees_toevoeging(text) for text in ("III", "2", " bis", "-2", "A 1")] == ["III", "2", "bis", "-2", "A 1"]


@pytest.mark.parametrize(
    ("lees", "fout"),
    [
        *[(lees_huisnummer, fout) for fout in ("", "0", "007", "100000", "-1", "1.0", "24a", "²", "١")],
        *[(lees_huisletter, fout) for fout in ("", "ab", "1", "é", "a\n")],
        *[(lees_toevoeging, fout) for fout in ("", "abcde", "1/2", "-", "é", "a\tb")],
        *[(lees_straat, fout) for fout in ("", "-", "x" * 81, "Kade\n2", "Kade\u202e", "Kade\u200b", "<b>", "Kade 😀", "\ud800")],
        *[(lees_woonplaats, fout) for fout in ("", ".", "x" * 10_000_000, "a\u0301" * 200)],
    ],
)
def test_a_wrong_part_of_an_address_is_refused_without_repeating_it(lees: Callable[[str], object], fout: str) -> None:
    with pytest.raises(OngeldigeInvoer) as refused:
        lees(fout)
    assert len(fout) < 3 or fout not in refused.value.melding


@pytest.mark.parametrize("lees", [lees_huisnummer, lees_huisletter, lees_toevoeging, lees_straat, lees_woonplaats])
def test_what_is_not_text_is_no_part_of_an_address(lees: Callable[[object], object]) -> None:
    with pytest.raises(OngeldigeInvoer):
        lees(24)


@pytest.mark.parametrize(
    "straat", ["Laan '40-'45", "St. Jacobsstraat", "Châlonsstraat", "1e Tuindwarsstraat", "Plein (Noord)", "Jan & Piet"]
)
def test_streets_keep_their_signs_and_accents(straat: str) -> None:
    assert lees_straat(straat) == straat


def test_names_are_composed_and_trimmed_but_not_folded() -> None:
    assert lees_straat("  Cha\u0302lons\u00a0 straat ") == "Châlons straat"
    assert lees_woonplaats("'s-Gravenhage") == "'s-Gravenhage"


@pytest.mark.parametrize(
    ("delen", "regel"),
    [
        (("Jonkheer van Riemsdijkln", 88), "Jonkheer van Riemsdijkln 88"),
        (("Borgesiusstraat", 103, "c"), "Borgesiusstraat 103 c"),
        (("Daniël Stalpertstraat", 35, None, "III"), "Daniël Stalpertstraat 35 III"),
        (("Atatürkstraat", 9, None, "2"), "Atatürkstraat 9-2"),
        (("Atatürkstraat", 9, "", "-2"), "Atatürkstraat 9-2"),
        (("St. Jacobsstraat", 400, "L", "Toe"), "St. Jacobsstraat 400 LToe"),
        (("Cronus", 555, "B", "73c"), "Cronus 555 B73c"),
    ],
)
def test_the_first_line_follows_nen_5825(delen: tuple[str, int], regel: str) -> None:
    assert adresregel1(*delen) == regel


def test_the_second_line_has_capitals_after_two_spaces() -> None:
    assert adresregel2(Postcode("2583XL"), "Scheveningen") == "2583 XL  SCHEVENINGEN"
    assert adresregel2(Postcode("2584BZ"), "'s-Gravenhage") == "2584 BZ  'S-GRAVENHAGE"
    assert adresregel2(None, "Rotterdam") == "ROTTERDAM"


def test_a_line_that_does_not_fit_is_refused_and_never_cut() -> None:
    assert len(adresregel1("x" * 38, 1)) == 40
    assert len(adresregel2(Postcode("2583XL"), "x" * 41)) == 50
    with pytest.raises(OngeldigeInvoer, match="40 tekens"):
        adresregel1("x" * 39, 1)
    with pytest.raises(OngeldigeInvoer, match="50 tekens"):
        adresregel2(Postcode("2583XL"), "x" * 42)


@given(st.text("abcXYZ ", min_size=24, max_size=24), st.integers(1, 99999), st.sampled_from(["", "a", "Z"]), st.text("aZ9 -", max_size=4))
def test_a_short_street_name_always_fits(straat: str, nummer: int, letter: str, toevoeging: str) -> None:
    regel = adresregel1(straat, nummer, letter, toevoeging)
    assert regel.startswith(f"{straat} {nummer}")
    assert regel.endswith(toevoeging)
