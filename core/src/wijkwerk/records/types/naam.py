"""A person's name and how to write it: on an envelope, above a letter, in a sentence (domain.md 1.1-1.3; Haal Centraal BRP).

Titles of nobility are in the full name and in the aanspreekvorm, as far as domain.md 1.3 says. Left out because it does not say:
courtesy titles (they need the title of the partner, which is not kept), the aanspreekvorm of jonkheer and jonkvrouw, a title in
aanschrijfwijze, aanhef or lopende tekst, and another word than the registered one for a person of another gender.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.types.tekst import CIJFERS, LETTERS, lees_tekst

LENGTE_NAAM = 200
LENGTE_VOORVOEGSEL = 10
ONBEKENDE_NAAM = "."


class Naamgebruik(StrEnum):
    """BRP 61.10: which surname someone uses."""

    EIGEN = "E"
    PARTNER = "P"
    PARTNER_VOOR_EIGEN = "V"
    PARTNER_NA_EIGEN = "N"


class Geslacht(StrEnum):
    """BRP 04.10. Unknown is a normal value."""

    MAN = "M"
    VROUW = "V"
    ONBEKEND = "O"


class Titel(StrEnum):
    """BRP table 38: titles of nobility; JH and JV are predicates."""

    BARON = "B"
    BARONES = "BS"
    GRAAF = "G"
    GRAVIN = "GI"
    HERTOG = "H"
    HERTOGIN = "HI"
    JONKHEER = "JH"
    JONKVROUW = "JV"
    MARKIES = "M"
    MARKIEZIN = "MI"
    PRINS = "P"
    PRINSES = "PS"
    RIDDER = "R"


_PREDICATEN = (Titel.JONKHEER, Titel.JONKVROUW)
"""They stand before the voornamen, a title stands after them (domain.md 1.1, 1.3)."""

_AANSPREEKVORM = {
    **dict.fromkeys((Titel.BARON, Titel.HERTOG, Titel.MARKIES, Titel.RIDDER), "De hoogwelgeboren heer"),
    **dict.fromkeys((Titel.BARONES, Titel.HERTOGIN, Titel.MARKIEZIN), "De hoogwelgeboren vrouwe"),
    Titel.GRAAF: "De hooggeboren heer",
    Titel.GRAVIN: "De hooggeboren vrouwe",
    **dict.fromkeys((Titel.PRINS, Titel.PRINSES), "De hoogheid"),
}

_AANHEF = {Geslacht.MAN: "heer", Geslacht.VROUW: "mevrouw"}
_LOPEND = {Geslacht.MAN: "de heer", Geslacht.VROUW: "mevrouw"}


def lees_naam(text: str) -> str:
    """Voornamen or a geslachtsnaam as it is stored; `.` is an unknown name. Raises `OngeldigeInvoer`."""
    naam = lees_tekst(text, lengte=LENGTE_NAAM, soorten=LETTERS | CIJFERS, tekens=".-'’")
    if naam != ONBEKENDE_NAAM and not any(teken.isalnum() for teken in naam):
        raise OngeldigeInvoer("Vul hier een naam in, met letters. Is de naam onbekend, schrijf dan een punt.")
    return naam


def lees_voorvoegsel(text: str) -> str:
    """A voorvoegsel as it was registered, capitals kept. Raises `OngeldigeInvoer`."""
    voorvoegsel = lees_tekst(text, lengte=LENGTE_VOORVOEGSEL, soorten=LETTERS, tekens="'’")
    if not any(teken.isalpha() for teken in voorvoegsel):
        raise OngeldigeInvoer("Vul hier een voorvoegsel in, met letters, zoals van der.")
    return voorvoegsel


def voorletters(voornamen: str | None) -> str:
    """One letter and a dot for each voornaam; a voornaam of one letter has no dot (domain.md 1.2)."""
    out = ""
    for naam in (voornamen or "").split():
        letter = _eerste_letter(naam)
        spatie = " " if out and not out.endswith(".") else ""
        out += spatie + (letter if letter == naam else f"{letter}.")
    return out


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Naam:
    """A name as it was registered, and what follows from it. None where nothing can be written, as Haal Centraal does.

    Its `repr` does not show the name: a traceback or log may hold it.
    """

    voornamen: str | None = None
    voorvoegsel: str | None = None
    geslachtsnaam: str | None = None
    aanduiding_naamgebruik: Naamgebruik = Naamgebruik.EIGEN
    partner_voorvoegsel: str | None = None
    partner_geslachtsnaam: str | None = None
    geslacht: Geslacht = Geslacht.ONBEKEND
    adellijke_titel_predicaat: Titel | None = None

    @property
    def voorletters(self) -> str:
        """`A.C.`; empty without voornamen."""
        return voorletters(self.voornamen)

    @property
    def volledige_naam(self) -> str | None:
        """Predicaat, voornamen, titel, voorvoegsel and own geslachtsnaam, never the partner's; None when all names are unknown."""
        achternaam = f"{self.voorvoegsel or ''} {_bekend(self.geslachtsnaam)}"
        if not _netjes(f"{self.voornamen or ''} {achternaam}"):
            return None
        titel = "" if self.adellijke_titel_predicaat is None else self.adellijke_titel_predicaat.name.lower()
        voor, na = (titel, "") if self.adellijke_titel_predicaat in _PREDICATEN else ("", titel)
        return _netjes(f"{voor} {self.voornamen or ''} {na} {achternaam}")

    @property
    def aanspreekvorm(self) -> str | None:
        """As on an envelope, on the line above the name: `De hoogwelgeboren heer`. None without a title of one's own, and for who
        uses only the name of the partner."""
        if self.adellijke_titel_predicaat is None or self._achternaam() is None or self._alleen_partner():
            return None
        return _AANSPREEKVORM.get(self.adellijke_titel_predicaat)

    @property
    def aanschrijfwijze(self) -> str | None:
        """As on an envelope: `G. Groenlo-van Velzen`. None when the own geslachtsnaam is needed and unknown."""
        achternaam = self._achternaam()
        return achternaam and _hoofdletter(_netjes(f"{self.voorletters} {achternaam}"))

    @property
    def aanhef(self) -> str | None:
        """As above a letter: `Geachte mevrouw In het Veld-van Velzen`. None as for `aanschrijfwijze`."""
        achternaam = self._achternaam()
        return achternaam and _netjes(f"Geachte {self._aangesproken(_AANHEF, achternaam)}")

    @property
    def gebruik_in_lopende_tekst(self) -> str | None:
        """As in a sentence: `mevrouw Van Velzen`. None as for `aanschrijfwijze`."""
        achternaam = self._achternaam()
        return achternaam and _netjes(self._aangesproken(_LOPEND, achternaam))

    def _aangesproken(self, woorden: dict[Geslacht, str], achternaam: str) -> str:
        """A surname has a capital, except after voorletters."""
        if woord := woorden.get(self.geslacht):
            return f"{woord} {_hoofdletter(achternaam)}"
        return f"{self.voorletters} {achternaam}" if self.voorletters else _hoofdletter(achternaam)

    def _achternaam(self) -> str | None:
        """The surname in use. With an unknown partner surname it is the own one, whatever was registered."""
        eigen = _component(self.voorvoegsel, self.geslachtsnaam)
        partner = _component(self.partner_voorvoegsel, self.partner_geslachtsnaam)
        if self._alleen_partner():
            return partner
        if not eigen or not partner or self.aanduiding_naamgebruik == Naamgebruik.EIGEN:
            return eigen
        voor = self.aanduiding_naamgebruik == Naamgebruik.PARTNER_VOOR_EIGEN
        return _netjes(f"{partner}-{eigen}" if voor else f"{eigen}-{partner}")

    def _alleen_partner(self) -> bool:
        return self.aanduiding_naamgebruik == Naamgebruik.PARTNER and bool(_bekend(self.partner_geslachtsnaam))


def _component(voorvoegsel: str | None, geslachtsnaam: str | None) -> str | None:
    bekend = _bekend(geslachtsnaam)
    return _netjes(f"{voorvoegsel or ''} {bekend}") if bekend else None


def _bekend(geslachtsnaam: str | None) -> str:
    naam = (geslachtsnaam or "").strip()
    return "" if naam == ONBEKENDE_NAAM else naam


def _netjes(text: str) -> str:
    return re.sub(r" ?- ?", "-", " ".join(text.split()))


def _hoofdletter(text: str) -> str:
    return text[:1].upper() + text[1:]


def _eerste_letter(naam: str) -> str:
    """The first character with the marks on it, which are characters of their own where Unicode has no composed form."""
    einde = 1
    while einde < len(naam) and unicodedata.combining(naam[einde]):
        einde += 1
    return naam[:einde]
