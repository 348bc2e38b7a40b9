"""Rules of domain.md 1.1-1.3; the examples are those of Haal Centraal's features for names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.types.naam import Geslacht, Naam, Naamgebruik, Titel, lees_naam, lees_voorvoegsel, voorletters


def naam(
    gebruik: str,
    voornamen: str | None,
    voorvoegsel: str | None,
    geslachtsnaam: str | None,
    partner: tuple[str, str] = ("", ""),
    geslacht: str = "O",
    titel: str | None = None,
) -> Naam:
    return Naam(
        voornamen=voornamen,
        voorvoegsel=voorvoegsel,
        geslachtsnaam=geslachtsnaam,
        aanduiding_naamgebruik=Naamgebruik(gebruik),
        partner_voorvoegsel=partner[0],
        partner_geslachtsnaam=partner[1],
        geslacht=Geslacht(geslacht),
        adellijke_titel_predicaat=None if titel is None else Titel(titel),
    )


GROENLO, VELZEN, BERG = ("", "Groenlo"), ("van", "Velzen"), ("Van Den", "Berg")
WOLKJE, BROECK = ("'t", "Wolkje"), ("Van Der", "Broeck")


@pytest.mark.parametrize(
    ("voornamen", "letters"),
    [
        ("Henk", "H."), ("Anna Cornelia", "A.C."), ("Johan Frank Robert", "J.F.R."), ("Theo Philip IJsbrand", "T.P.I."),
        ("Anne-Fleur Belle", "A.B."), ("Suzie Q", "S.Q"), ("A", "A"), ("J P", "J P"), (".", "."), ("", ""), (None, ""),
        ("Ali bin Mohammed", "A.b.M."), ("  Anna   Özil ", "A.Ö."), ("M\u0302a", "M\u0302."), ("M\u0302 P", "M\u0302 P"),
    ],
)  # fmt: skip
def test_voorletters(voornamen: str | None, letters: str) -> None:
    assert voorletters(voornamen) == letters


@pytest.mark.parametrize(
    ("persoon", "geschreven"),
    [
        (naam("E", "Anna Özil", "", "Groenen"), "A.Ö. Groenen"),
        (naam("E", "Bert Philip", "van", "Groenen"), "B.P. van Groenen"),
        (naam("E", "Carla Theodora", "Van", "Groenen"), "C.T. Van Groenen"),
        (naam("E", "Dirk-Willem", "in het", "Groenen"), "D. in het Groenen"),
        (naam("E", "Elise Q", "In Den", "Groenen"), "E.Q In Den Groenen"),
        (naam("E", "Anna Özil", None, "Groenen", GROENLO), "A.Ö. Groenen"),
        (naam("P", "Bert Philip", None, "Groenen", GROENLO), "B.P. Groenlo"),
        (naam("V", "Carla Theodora", None, "Groenen", GROENLO), "C.T. Groenlo-Groenen"),
        (naam("N", "Dirk-Willem", None, "Groenen", GROENLO), "D. Groenen-Groenlo"),
        (naam("E", "Elise Q", "van", "Velzen", GROENLO), "E.Q van Velzen"),
        (naam("P", "Fred", "van", "Velzen", GROENLO), "F. Groenlo"),
        (naam("V", "Geraldine", "van", "Velzen", GROENLO), "G. Groenlo-van Velzen"),
        (naam("N", "Henk", "van", "Velzen", GROENLO), "H. van Velzen-Groenlo"),
        (naam("E", "Iris", "", "Groenen", BERG), "I. Groenen"),
        (naam("P", "Joris", "", "Groenen", BERG), "J. Van Den Berg"),
        (naam("V", "Karin", "", "Groenen", BERG), "K. Van Den Berg-Groenen"),
        (naam("N", "Leo", "", "Groenen", BERG), "L. Groenen-Van Den Berg"),
        (naam("E", "Marion", "van", "Velzen", BERG), "M. van Velzen"),
        (naam("P", "Nico", "van", "Velzen", BERG), "N. Van Den Berg"),
        (naam("V", "Odette", "van", "Velzen", BERG), "O. Van Den Berg-van Velzen"),
        (naam("N", "Piet", "van", "Velzen", BERG), "P. van Velzen-Van Den Berg"),
        (naam("E", "", "", "Ali bin Mohammed", VELZEN), "Ali bin Mohammed"),
        (naam("P", "", "", "Ali bin Mohammed", VELZEN), "Van Velzen"),
        (naam("V", None, None, "Ali bin Mohammed", VELZEN), "Van Velzen-Ali bin Mohammed"),
        (naam("N", None, None, "Ali bin Mohammed", VELZEN), "Ali bin Mohammed-van Velzen"),
        (naam("V", "Christina", "du", "Burck", ("", "Djibet")), "C. Djibet-du Burck"),
        (naam("E", "Fatima Zouilikha", None, "Djibet"), "F.Z. Djibet"),
        (naam("E", "Wei Wei", None, "Tjon á Jon"), "W.W. Tjon á Jon"),
        (naam("E", "Peter-Jan", "van der", "Meijden"), "P. van der Meijden"),
        (naam("E", "Żáïŀëñøŕ Åłéèç", "'S", "Streeveld"), "Ż.Å. 'S Streeveld"),
        (naam("V", "Jan", "van  den", " Berg - Haverkamp ", ("", "Groot  Esselink")), "J. Groot Esselink-van den Berg-Haverkamp"),
    ],
)
def test_aanschrijfwijze(persoon: Naam, geschreven: str) -> None:
    assert persoon.aanschrijfwijze == geschreven


@pytest.mark.parametrize("gebruik", ["P", "V", "N"])
@pytest.mark.parametrize("partner", [("", ""), ("", "."), ("van", "."), ("van", ""), (None, None)])
def test_without_a_known_partner_name_the_own_name_is_used(gebruik: str, partner: tuple[str, str]) -> None:
    assert naam(gebruik, "Fred", "", "Groenen", partner).aanschrijfwijze == "F. Groenen"
    assert naam(gebruik, None, "in het", "Veld", partner, "V").gebruik_in_lopende_tekst == "mevrouw In het Veld"


@pytest.mark.parametrize("gebruik", ["E", "V", "N"])
@pytest.mark.parametrize("onbekend", [".", "", None])
def test_without_a_known_own_name_nothing_is_written_when_it_is_needed(gebruik: str, onbekend: str | None) -> None:
    persoon = naam(gebruik, "Ali bin Mohammed", "", onbekend, ("de", "Boer"), "V")
    assert (persoon.aanschrijfwijze, persoon.aanhef, persoon.gebruik_in_lopende_tekst) == (None, None, None)


def test_the_partner_name_is_enough_for_who_uses_only_that() -> None:
    persoon = naam("P", "Ali bin Mohammed", "", ".", ("de", "Boer"), "V")
    assert persoon.aanschrijfwijze == "A.b.M. de Boer"
    assert persoon.aanhef == "Geachte mevrouw De Boer"
    assert persoon.gebruik_in_lopende_tekst == "mevrouw De Boer"
    assert naam("P", "Ali", "", ".", ("", ".")).aanschrijfwijze is None


@pytest.mark.parametrize(
    ("persoon", "lopend", "aanhef"),
    [
        (naam("E", "Jo Rene", "", "Groenen", geslacht="M"), "de heer Groenen", "Geachte heer Groenen"),
        (naam("E", "Jo Rene", "", "Groenen", geslacht="V"), "mevrouw Groenen", "Geachte mevrouw Groenen"),
        (naam("E", "Jo Rene", "", "Groenen", geslacht="O"), "J.R. Groenen", "Geachte J.R. Groenen"),
        (naam("E", "Robin Melle", "van", "Puffelen", geslacht="M"), "de heer Van Puffelen", "Geachte heer Van Puffelen"),
        (naam("E", "Robin Melle", "van", "Puffelen", geslacht="V"), "mevrouw Van Puffelen", "Geachte mevrouw Van Puffelen"),
        (naam("E", "Robin Melle", "van", "Puffelen", geslacht="O"), "R.M. van Puffelen", "Geachte R.M. van Puffelen"),
        (naam("E", "", "in het", "Veld", VELZEN, "V"), "mevrouw In het Veld", "Geachte mevrouw In het Veld"),
        (naam("P", "", "in het", "Veld", VELZEN, "V"), "mevrouw Van Velzen", "Geachte mevrouw Van Velzen"),
        (naam("V", "", "in het", "Veld", VELZEN, "V"), "mevrouw Van Velzen-in het Veld", "Geachte mevrouw Van Velzen-in het Veld"),
        (naam("N", "", "in het", "Veld", VELZEN, "V"), "mevrouw In het Veld-van Velzen", "Geachte mevrouw In het Veld-van Velzen"),
        (naam("E", "Jo Rene", "in het", "Zonnetje", WOLKJE, "O"), "J.R. in het Zonnetje", "Geachte J.R. in het Zonnetje"),
        (naam("E", "", "in het", "Zonnetje", WOLKJE, "O"), "In het Zonnetje", "Geachte In het Zonnetje"),
        (naam("P", "Jo Rene", "in het", "Zonnetje", WOLKJE, "V"), "mevrouw 't Wolkje", "Geachte mevrouw 't Wolkje"),
        (
            naam("V", "Jo", "in het", "Zonnetje", WOLKJE, "V"),
            "mevrouw 't Wolkje-in het Zonnetje",
            "Geachte mevrouw 't Wolkje-in het Zonnetje",
        ),
        (
            naam("N", "Jo", "in het", "Zonnetje", WOLKJE, "V"),
            "mevrouw In het Zonnetje-'t Wolkje",
            "Geachte mevrouw In het Zonnetje-'t Wolkje",
        ),
        (
            naam("N", "Rene", "Op Den", "Berghe", BROECK, "M"),
            "de heer Op Den Berghe-Van Der Broeck",
            "Geachte heer Op Den Berghe-Van Der Broeck",
        ),
        (
            naam("V", "Jo Rene", "Op Den", "Berghe", BROECK, "O"),
            "J.R. Van Der Broeck-Op Den Berghe",
            "Geachte J.R. Van Der Broeck-Op Den Berghe",
        ),
    ],
)
def test_in_a_sentence_and_above_a_letter(persoon: Naam, lopend: str, aanhef: str) -> None:
    assert (persoon.gebruik_in_lopende_tekst, persoon.aanhef) == (lopend, aanhef)


@pytest.mark.parametrize(
    ("persoon", "volledig"),
    [
        (naam("E", "Christina Maria", "", "Maassen"), "Christina Maria Maassen"),
        (naam("P", "Gerrit", "den", "Braber", GROENLO), "Gerrit den Braber"),
        (naam("E", None, None, "Obbadah"), "Obbadah"),
        (naam("E", "Mohamed", "El", "Rafi"), "Mohamed El Rafi"),
        (naam("E", "Dian Marini Maya", "", "."), "Dian Marini Maya"),
        (naam("E", "Lisanty del niño", "De las", "do Livramento Jansz."), "Lisanty del niño De las do Livramento Jansz."),
        (naam("E", "Robin Sam", "van  den", "Aedel"), "Robin Sam van den Aedel"),
        (naam("E", "", "", "."), None),
        (Naam(), None),
    ],
)
def test_volledige_naam_never_has_the_partner_name(persoon: Naam, volledig: str | None) -> None:
    assert persoon.volledige_naam == volledig


@pytest.mark.parametrize(
    "geschreven",
    [
        "Żáïŀëñøŕ",
        "ĒĔźżûü",
        "'s-Gravenhage",
        "Tjon á Jon",
        "Jansz.",
        ".",
        "D’Hondt",
        "Groot Esselink-Haverkamp",
        "Jan 2",
        "Łukasz",
        "x" * 200,
    ],
)
def test_names_are_kept_as_they_were_registered(geschreven: str) -> None:
    assert lees_naam(geschreven) == geschreven


def test_a_name_is_composed_and_its_spaces_are_single() -> None:
    assert lees_naam(" Zoe\u0308\u00a0  Anna ") == "Zoë Anna"
    assert lees_voorvoegsel(" van  der ") == "van der"


@pytest.mark.parametrize(
    "fout",
    [
        "", " ", "-", "''", "x" * 201, "x" * 50_000_000, "<Onbekend>", "Jan\0", "Jan\n", "Jan\t", "Jan\x85", "Jan\u202e", "Jan\u2066",
        "Jan\u200b",
        "Jan\u200d", "Jan\ufeff", "Jan\u00ad", "Jan😀", "Jan\ufe0f", "Jan\u3164", "Jan\u034f", "Jan\ud800", "Jan\ue000", "a@b.nl",
        "Jan;", "J\u2028n",
        "Jan½", "=1+1", "Jan_", "\u0301",
    ],
)  # fmt: skip
def test_a_name_that_can_not_be_is_refused_without_repeating_it(fout: str) -> None:
    with pytest.raises(OngeldigeInvoer) as refused:
        lees_naam(fout)
    assert len(fout) < 3 or fout not in refused.value.melding


@pytest.mark.parametrize("fout", ["", "'", "van der van", "v.d.", "van-", "van 2", "van\u200b", None])
def test_a_voorvoegsel_has_only_letters_spaces_and_apostrophes(fout: str) -> None:
    with pytest.raises(OngeldigeInvoer):
        lees_voorvoegsel(fout)


@given(st.text(max_size=250))
def test_every_text_is_refused_or_becomes_a_clean_name(text: str) -> None:
    try:
        gelezen = lees_naam(text)
    except OngeldigeInvoer:
        return
    assert 1 <= len(gelezen) <= 200
    assert unicodedata.is_normalized("NFC", gelezen)
    assert not {unicodedata.category(teken)[0] for teken in gelezen} & {"C", "S"}
    assert gelezen == " ".join(gelezen.split()) == lees_naam(gelezen)


TITELS = {
    "B": ("baron", "De hoogwelgeboren heer"),
    "BS": ("barones", "De hoogwelgeboren vrouwe"),
    "G": ("graaf", "De hooggeboren heer"),
    "GI": ("gravin", "De hooggeboren vrouwe"),
    "H": ("hertog", "De hoogwelgeboren heer"),
    "HI": ("hertogin", "De hoogwelgeboren vrouwe"),
    "JH": ("jonkheer", None),
    "JV": ("jonkvrouw", None),
    "M": ("markies", "De hoogwelgeboren heer"),
    "MI": ("markiezin", "De hoogwelgeboren vrouwe"),
    "P": ("prins", "De hoogheid"),
    "PS": ("prinses", "De hoogheid"),
    "R": ("ridder", "De hoogwelgeboren heer"),
}
"""BRP table 38 (domain.md 1.1), its words, and the aanspreekvorm where domain.md 1.3 gives one."""


def test_every_title_of_table_38_is_in_the_table_of_this_test() -> None:
    assert set(TITELS) == {titel.value for titel in Titel}


@pytest.mark.parametrize("code", sorted(TITELS))
def test_a_title_stands_after_the_voornamen_and_a_predicaat_before_them(code: str) -> None:
    woord, vorm = TITELS[code]
    persoon = naam("E", "Robin Sam", "van den", "Aedel", titel=code)
    voor, na = (f"{woord} ", "") if code in ("JH", "JV") else ("", f"{woord} ")
    assert persoon.volledige_naam == f"{voor}Robin Sam {na}van den Aedel"
    assert persoon.aanspreekvorm == vorm


@pytest.mark.parametrize(
    ("persoon", "volledig", "vorm"),
    [
        (naam("P", "Robin", "van", "Aedel", GROENLO, titel="B"), "Robin baron van Aedel", None),
        (naam("V", "Robin", "van", "Aedel", GROENLO, titel="B"), "Robin baron van Aedel", "De hoogwelgeboren heer"),
        (naam("N", "Robin", "van", "Aedel", GROENLO, titel="GI"), "Robin gravin van Aedel", "De hooggeboren vrouwe"),
        (naam("P", "Robin", "van", "Aedel", ("", "."), titel="B"), "Robin baron van Aedel", "De hoogwelgeboren heer"),
        (naam("E", None, None, "Aedel", titel="G"), "graaf Aedel", "De hooggeboren heer"),
        (naam("E", "Robin", None, ".", titel="G"), "Robin graaf", None),
        (naam("E", None, None, ".", titel="G"), None, None),
        (naam("E", "Robin", None, "Aedel"), "Robin Aedel", None),
    ],
    ids=[
        "only the partner's name",
        "partner first",
        "partner last",
        "partner unknown",
        "no voornamen",
        "no surname",
        "no name",
        "no title",
    ],
)
def test_a_title_with_each_naamgebruik_and_with_what_is_unknown(persoon: Naam, volledig: str | None, vorm: str | None) -> None:
    assert (persoon.volledige_naam, persoon.aanspreekvorm) == (volledig, vorm)


def test_where_the_paper_is_silent_a_title_changes_nothing() -> None:
    zonder, met = naam("E", "Robin", "van", "Aedel", geslacht="V"), naam("E", "Robin", "van", "Aedel", geslacht="V", titel="B")
    assert met.aanschrijfwijze == zonder.aanschrijfwijze == "R. van Aedel"
    assert met.aanhef == zonder.aanhef == "Geachte mevrouw Van Aedel"
    assert met.gebruik_in_lopende_tekst == zonder.gebruik_in_lopende_tekst == "mevrouw Van Aedel"
    assert met.volledige_naam == "Robin baron van Aedel"


VOORBEELDEN_1_3 = (
    ("A.Ö. Groenen", naam("E", "Anna Özil", None, "Groenen")),
    ("G. Groenlo-van Velzen", naam("V", "Geraldine", "van", "Velzen", GROENLO)),
    ("K. Van Den Berg-Groenen", naam("V", "Karin", None, "Groenen", BERG)),
    ("P. van Velzen-Van Den Berg", naam("N", "Piet", "van", "Velzen", BERG)),
    ("C. Djibet-du Burck", naam("V", "Christina", "du", "Burck", ("", "Djibet"), "V")),
)
VORMEN_1_3 = (
    ("E", "R. van Velzen", "{} Van Velzen"),
    ("P", "R. Groenlo", "{} Groenlo"),
    ("V", "R. Groenlo-van Velzen", "{} Groenlo-van Velzen"),
    ("N", "R. van Velzen-Groenlo", "{} Van Velzen-Groenlo"),
)


@pytest.mark.parametrize(("geschreven", "persoon"), VOORBEELDEN_1_3, ids=[each[0] for each in VOORBEELDEN_1_3])
def test_the_cases_of_domain_1_3(geschreven: str, persoon: Naam) -> None:
    assert persoon.aanschrijfwijze == geschreven


@pytest.mark.parametrize(("geslacht", "boven", "zin"), [("M", "Geachte heer", "de heer"), ("V", "Geachte mevrouw", "mevrouw")], ids="MV")
@pytest.mark.parametrize(("gebruik", "envelop", "rest"), VORMEN_1_3, ids=[each[0] for each in VORMEN_1_3])
def test_each_form_of_the_table_of_domain_1_3(gebruik: str, envelop: str, rest: str, geslacht: str, boven: str, zin: str) -> None:
    persoon = naam(gebruik, "Robin", "van", "Velzen", GROENLO, geslacht)
    assert (persoon.aanschrijfwijze, persoon.aanhef, persoon.gebruik_in_lopende_tekst) == (envelop, rest.format(boven), rest.format(zin))


@pytest.mark.parametrize(("gebruik", "envelop", "_rest"), VORMEN_1_3, ids=[each[0] for each in VORMEN_1_3])
def test_with_geslacht_unknown_the_voorletters_stand_where_heer_or_mevrouw_would(gebruik: str, envelop: str, _rest: str) -> None:
    persoon = naam(gebruik, "Robin", "van", "Velzen", GROENLO, "O")
    assert (persoon.aanhef, persoon.gebruik_in_lopende_tekst) == (f"Geachte {envelop}", envelop)


# Letters of many scripts, marks that have no composed form, ligatures, apostrophes, hyphens, spaces of other kinds and points.
woorden = st.text(
    st.characters(categories=("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Zs"), include_characters=".-'’0") | st.sampled_from("abß.- '"),
    max_size=12,
) | st.sampled_from(["", ".", "-", " - ", "Ali bin Mohammed", "'S", "M\u0302a", "ǆ", "ﬁ", "ŉ", "van der", "Tjon á Jon", "İ", "ς"])
namen = st.builds(
    Naam,
    voornamen=st.none() | woorden,
    voorvoegsel=st.none() | woorden,
    geslachtsnaam=st.none() | woorden,
    aanduiding_naamgebruik=st.sampled_from(Naamgebruik),
    partner_voorvoegsel=st.none() | woorden,
    partner_geslachtsnaam=st.none() | woorden,
    geslacht=st.sampled_from(Geslacht),
    adellijke_titel_predicaat=st.none() | st.sampled_from(Titel),
)


@given(namen)
def test_no_double_space_and_no_space_around_a_hyphen(persoon: Naam) -> None:
    for text in (persoon.aanschrijfwijze, persoon.aanhef, persoon.gebruik_in_lopende_tekst, persoon.volledige_naam):
        assert text is None or not ("  " in text or " -" in text or "- " in text or text != text.strip() or not text)


@given(namen)
def test_no_letter_is_lost_on_the_envelope_above_a_letter_or_in_a_sentence(persoon: Naam) -> None:
    eigen = f"{persoon.voorvoegsel or ''}{persoon.geslachtsnaam or ''}"
    partner = f"{persoon.partner_voorvoegsel or ''}{persoon.partner_geslachtsnaam or ''}"
    if persoon.aanschrijfwijze is None:
        assert (persoon.aanhef, persoon.gebruik_in_lopende_tekst, persoon.aanspreekvorm) == (None, None, None)
        return
    if (persoon.partner_geslachtsnaam or "").strip() in ("", "."):
        partner = ""
    delen = {"E": eigen, "P": partner or eigen, "V": partner + eigen, "N": eigen + partner}
    achternaam, voor = delen[persoon.aanduiding_naamgebruik], voorletters(persoon.voornamen)
    woord = {Geslacht.MAN: ("heer", "deheer"), Geslacht.VROUW: ("mevrouw", "mevrouw"), Geslacht.ONBEKEND: (voor, voor)}[persoon.geslacht]
    assert _letters(persoon.aanschrijfwijze) == _letters(voor + achternaam)
    assert _letters(persoon.aanhef or "") == _letters("Geachte" + woord[0] + achternaam)
    assert _letters(persoon.gebruik_in_lopende_tekst or "") == _letters(woord[1] + achternaam)


@given(namen)
def test_no_letter_is_lost_in_the_full_name(persoon: Naam) -> None:
    if persoon.volledige_naam is None:
        return
    titel = persoon.adellijke_titel_predicaat.name if persoon.adellijke_titel_predicaat else ""
    voor, na = (titel, "") if titel in ("JONKHEER", "JONKVROUW") else ("", titel)
    delen = [voor, persoon.voornamen or "", na, persoon.voorvoegsel or "", persoon.geslachtsnaam or ""]
    assert _letters(persoon.volledige_naam) == _letters("".join(delen))


def _letters(text: str) -> str:
    """Letters and the marks on them, whatever their case."""
    return "".join(teken for teken in text.casefold() if unicodedata.category(teken)[0] in "LM")
