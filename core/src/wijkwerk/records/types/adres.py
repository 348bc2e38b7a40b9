"""The parts of a Dutch address and its two lines on an envelope (domain.md 1.7; NEN 5825:2002)."""

from __future__ import annotations

import re
from enum import StrEnum

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.records.types.tekst import CIJFERS, LETTERS, lees_tekst

LENGTE_NAAM = 80
LENGTE_REGEL1 = 40
LENGTE_REGEL2 = 50

_HUISNUMMER = re.compile(r"[1-9][0-9]{0,4}")
_HUISLETTER = re.compile(r"[a-zA-Z]")
_TOEVOEGING = re.compile(r"[a-zA-Z0-9 \-]{1,4}")
_BAG_ID = re.compile(r"[0-9]{16}")


class FunctieAdres(StrEnum):
    """BRP 08.10.10: where somebody lives, or only gets letters."""

    WOONADRES = "W"
    BRIEFADRES = "B"


class Huisnummeraanduiding(StrEnum):
    """BRP 08.11.50: for an address without a number of its own."""

    TEGENOVER = "to"
    BIJ = "by"


def lees_straat(text: str) -> str:
    """A street or place name of at most 80 characters; raises `OngeldigeInvoer`, also when there is no letter or digit in it."""
    naam = lees_tekst(text, lengte=LENGTE_NAAM, soorten=LETTERS | CIJFERS, tekens=".-'’/(),&+\"")
    if not any(teken.isalnum() for teken in naam):
        raise OngeldigeInvoer("Vul hier een naam in, met letters of cijfers.")
    return naam


def lees_woonplaats(text: str) -> str:
    """The name of a town; raises `OngeldigeInvoer`."""
    return lees_straat(text)


def lees_huisnummer(text: str) -> int:
    """1 to 99999; raises `OngeldigeInvoer`."""
    return int(_volgens(_HUISNUMMER, text, "Schrijf een getal van 1 tot en met 99999."))


def lees_huisletter(text: str) -> str:
    """One letter, as it was registered (`c` and `C` both occur); raises `OngeldigeInvoer`."""
    return _volgens(_HUISLETTER, text, "Schrijf één letter.")


def lees_toevoeging(text: str) -> str:
    """One to four letters, digits, spaces or hyphens, not only signs; raises `OngeldigeInvoer`."""
    uitleg = "Schrijf hoogstens vier letters, cijfers, spaties of streepjes."
    toevoeging = _volgens(_TOEVOEGING, text, uitleg)
    if not any(teken.isalnum() for teken in toevoeging):
        raise OngeldigeInvoer(uitleg)
    return toevoeging


def lees_bag_id(text: str) -> str:
    """The number of a dwelling or an address in the BAG: 16 digits; raises `OngeldigeInvoer`."""
    return _volgens(_BAG_ID, text, "Schrijf de 16 cijfers uit de basisregistratie, met de nullen vooraan.")


def adresregel1(straat: str, huisnummer: int, huisletter: str | None = None, toevoeging: str | None = None) -> str:
    """Street and number: `Atatürkstraat 9-2`, `Borgesiusstraat 103 c`, `Cronus 555 B73c`.

    Raises `OngeldigeInvoer` when it does not fit in 40 characters: then the short street name (at most 24) is needed.
    """
    regel = f"{straat} {huisnummer}" + (f" {huisletter}{toevoeging or ''}" if huisletter else _los(toevoeging or ""))
    return _passend(regel, LENGTE_REGEL1)


def adresregel2(postcode: Postcode | None, woonplaats: str) -> str:
    """Postcode and town in capitals, two spaces apart: `2583 XL  SCHEVENINGEN`. Raises `OngeldigeInvoer` above 50 characters."""
    delen = [postcode.met_spatie] if postcode else []
    return _passend("  ".join([*delen, woonplaats.upper()]), LENGTE_REGEL2)


def _los(toevoeging: str) -> str:
    """The addition after a bare number: a letter after a space, a digit after a hyphen; its own hyphen will do."""
    if not toevoeging or toevoeging.startswith("-"):
        return toevoeging
    return f"-{toevoeging}" if toevoeging[0].isdigit() else f" {toevoeging}"


def _passend(regel: str, lengte: int) -> str:
    if len(regel) > lengte:
        raise OngeldigeInvoer(f"De adresregel wordt langer dan {lengte} tekens. Gebruik een kortere naam.")
    return regel


def _volgens(patroon: re.Pattern[str], text: str, uitleg: str) -> str:
    if not isinstance(text, str) or not patroon.fullmatch(text.strip(" ")):
        raise OngeldigeInvoer(uitleg)
    return text.strip(" ")
