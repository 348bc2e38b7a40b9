"""From the text of a row to a checked person, or to everything that is wrong with the row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import partial
from typing import Any, Final, TypeAlias

from wijkwerk.contactgegevens import Contactsoort
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.huishoudens import Huishoudrol
from wijkwerk.importeren.inschrijving import CONTACTKOLOMMEN, HUISHOUDKOLOMMEN, Gegevens, Inschrijving
from wijkwerk.importeren.kolommen import SYNONIEMEN
from wijkwerk.importeren.regel import Regel, RegelFout
from wijkwerk.personen import Persoon, tegenstrijdig
from wijkwerk.records.types.contact import lees_email, lees_telefoonnummer
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum

Lezer: TypeAlias = Callable[[str], Any]


LANGSTE_SLEUTEL = 200
"""Characters of what tells a household from another."""


def controleer(regel: Regel, vandaag: date) -> Inschrijving | list[RegelFout]:
    """What a row holds, or all that is wrong with the row. `vandaag` is today in the Netherlands (`klok.vandaag`).

    What is empty is absent. Only `geslachtsnaam` must be filled, and `indicatie geheim` where the file has that column:
    an empty one does not say that an address may be shown. Who is in a household has a role in it.
    """
    if regel.fouten:
        return list(regel.fouten)
    gegevens, fouten = _gelezen(regel)
    fouten += [RegelFout(regel.nummer, fout.veld or "regel", fout.melding) for fout in tegenstrijdig(gegevens, vandaag)]
    fouten += _half_huishouden(regel)
    return fouten or Inschrijving.van(gegevens)


def _half_huishouden(regel: Regel) -> list[RegelFout]:
    leeg = [kolom for kolom in HUISHOUDKOLOMMEN if not regel.waarden.get(kolom)]
    return [RegelFout(regel.nummer, leeg[0], _VUL_OOK_IN[leeg[0]])] if len(leeg) == 1 else []


def _gelezen(regel: Regel) -> tuple[Gegevens, list[RegelFout]]:
    gegevens: Gegevens = {}
    fouten = []
    for veld, tekst in regel.waarden.items():
        if tekst or veld in _NIET_LEEG:
            try:
                gegevens[veld] = _LEZERS[veld](tekst)
            except OngeldigeInvoer as fout:
                fouten.append(RegelFout(regel.nummer, veld, fout.melding))
    return gegevens, fouten


def lezer(veld: str) -> Lezer:
    """How the text of a field is read: as its column in `Persoon` declares, but for what a file writes in its own way.

    Raises TypeError for a column that takes any text: what enters by a file is checked.
    """
    if veld in _IN_BESTAND:
        return _IN_BESTAND[veld]
    declared = Persoon.velden[veld]
    soort = declared.sealed_type or Persoon.tabel().c[veld].type.python_type
    if issubclass(soort, Enum):
        return partial(_keuze, _woorden(soort))
    found: Lezer | None = _ja_of_nee if soort is bool else getattr(soort, "lees", declared.check)
    if found is None:
        raise TypeError(f"Persoon.{veld} has no check: a file could put anything in it.")
    return found


def _datum(tekst: str) -> Datum:
    """A spreadsheet makes 0 of the unknown date 00000000, and the Dutch write a whole date as dd-mm-jjjj, dd/mm/jjjj or dd.mm.jjjj.

    In a year of two digits the century would be a guess, and a date that is not whole has one form only: both are refused.
    """
    if tekst == "0":
        return DATUM_ONBEKEND
    return Datum.lees(_NEDERLANDSE_DATUM.sub(r"\4-\3-\1", tekst))


def _geheim(tekst: str) -> bool:
    """BRP 07.70.10: every value above 0 is secret, whatever it means (domain.md 1.10). A list of a team itself says yes or no."""
    if re.fullmatch("[0-7]", tekst):
        return tekst != "0"
    gekozen = _JA_NEE.get(tekst.casefold())
    if gekozen is None:
        raise OngeldigeInvoer("Schrijf ja of nee, of een cijfer van 0 tot en met 7. Een 0 betekent: geen geheimhouding.")
    return gekozen


def _ja_of_nee(tekst: str) -> bool:
    """Excel makes 1 and 0 of true and false (`xlsxbestand.celtekst`)."""
    gekozen = _JA_NEE.get(tekst.casefold())
    if gekozen is None:
        raise OngeldigeInvoer("Schrijf ja of nee.")
    return gekozen


def _sleutel(tekst: str) -> str:
    if len(tekst) > LANGSTE_SLEUTEL or not tekst.isprintable():
        raise OngeldigeInvoer(f"Schrijf hier 1 tot {LANGSTE_SLEUTEL} tekens die gelijk zijn voor wie samenwonen, zonder regeleinden.")
    return tekst


def _woorden(soort: type[Enum]) -> dict[str, Enum]:
    """The codes of a closed list, and its words: `v` and `vrouw`."""
    codes = {str(lid.value).casefold(): lid for lid in soort}
    return codes | {lid.name.casefold().replace("_", " "): lid for lid in soort}


def _keuze(keuzes: Mapping[str, Enum], tekst: str) -> Enum:
    try:
        return keuzes[tekst.casefold()]
    except KeyError:
        raise OngeldigeInvoer(f"Schrijf {', '.join(keuzes)}.") from None


_NEDERLANDSE_DATUM: Final = re.compile(r"\A([0-9]{2})([-/.])([0-9]{2})\2([0-9]{4})\Z")
_NIET_LEEG: Final = frozenset({"geslachtsnaam", "geheim"})
_JA_NEE: Final = {"ja": True, "j": True, "1": True, "nee": False, "n": False, "0": False}
_VUL_OOK_IN: Final = {
    "huishouden": "Vul ook in bij welk huishouden deze inwoner hoort, of maak de rol leeg.",
    "huishoudrol": "Vul ook in wat deze inwoner in het huishouden is, zoals hoofd, partner of kind.",
}
_IN_BESTAND: Final[dict[str, Lezer]] = {
    "geboortedatum": _datum,
    "overlijdensdatum": _datum,
    "geheim": _geheim,
    "huishouden": _sleutel,
    "huishoudrol": partial(_keuze, _woorden(Huishoudrol)),
    **{kolom: lees_email if soort is Contactsoort.EMAIL else lees_telefoonnummer for kolom, soort in CONTACTKOLOMMEN.items()},
}
_LEZERS: Final = {veld: lezer(veld) for veld in SYNONIEMEN}
