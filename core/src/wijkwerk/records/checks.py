"""Checks for short text columns: free text about a person is sealed, a plain column holds codes or names and says which."""

from __future__ import annotations

import re
from typing import Any

from wijkwerk.errors import OngeldigeInvoer

_WEBSITE = re.compile(r"https?://[^\s/$.?#][^\s]*")
_KVK = re.compile(r"[0-9]{8}")
_VESTIGING = re.compile(r"[0-9]{12}")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
_ZAAKKENMERK = re.compile(r"(?=.*[0-9])(?!.*[0-9]{9})[A-Za-z0-9][A-Za-z0-9\-/.;]{0,39}")


def code(value: str) -> str:
    """A word of a closed list: capitals, digits and underscores."""
    if not _CODE.fullmatch(value):
        raise OngeldigeInvoer("Dit is geen geldige code. Kies een waarde uit de lijst.")
    return value


def codes(value: list[str]) -> list[str]:
    """Words of a closed list."""
    return [code(word) for word in value]


def zaakkenmerk(value: str) -> str:
    """The number of a case or notice: it has a digit, so that it is no name, and not nine in a row, so that it is no BSN."""
    if not _ZAAKKENMERK.fullmatch(value):
        raise OngeldigeInvoer(
            "Vul het nummer van de zaak in: hoogstens 40 letters, cijfers en de tekens - / . ; zonder naam of BSN van een inwoner."
        )
    return value


def grondslag(value: str) -> str:
    """The name of a legal ground, as declared with its purpose."""
    return short(value, 200)


def short(value: str, length: int = 200) -> str:
    """Text without control characters, of at most so many characters. For names of organisations, teams and the like."""
    if not value.strip() or len(value) > length or any(ord(sign) < 32 for sign in value):
        raise OngeldigeInvoer(f"Vul hier 1 tot {length} tekens in, zonder regeleinden.")
    return value.strip()


def omschrijving(value: str) -> str:
    """A description of something that is no person: up to 2000 characters, line breaks allowed."""
    text = value.strip()
    if not text or len(text) > 2000 or any(ord(sign) < 32 and sign != "\n" for sign in text):
        raise OngeldigeInvoer("Vul hier 1 tot 2000 tekens in.")
    return text


def website(value: str) -> str:
    """The address of a website, with http or https."""
    text = short(value)
    if not _WEBSITE.fullmatch(text):
        raise OngeldigeInvoer("Vul een webadres in dat begint met https:// of http://.")
    return text


def kvk_nummer(value: str) -> str:
    """A number of the Dutch business register: eight digits. It has no check digit, so only its form can be looked at."""
    digits = value.replace(" ", "").replace(".", "")
    if not _KVK.fullmatch(digits) or digits == "00000000":
        raise OngeldigeInvoer("Een KvK-nummer heeft acht cijfers. Kijk het na in het handelsregister.")
    return digits


def vestigingsnummer(value: str) -> str:
    """A number of one establishment of an organisation: twelve digits."""
    digits = value.replace(" ", "").replace(".", "")
    if not _VESTIGING.fullmatch(digits):
        raise OngeldigeInvoer("Een vestigingsnummer heeft twaalf cijfers. Kijk het na in het handelsregister.")
    return digits


def level(value: Any) -> int:
    """A level from 0 to 7."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 7:
        raise OngeldigeInvoer("Een niveau is een getal van 0 tot en met 7.")
    return int(value)
