"""Checks for short text columns: free text about a person is sealed, a plain column holds codes or names and says which."""

from __future__ import annotations

import re
from typing import Any

from wijkwerk.errors import OngeldigeInvoer

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,59}")


def code(value: str) -> str:
    """A word of a closed list: capitals, digits and underscores."""
    if not _CODE.fullmatch(value):
        raise OngeldigeInvoer("Dit is geen geldige code. Kies een waarde uit de lijst.")
    return value


def codes(value: list[str]) -> list[str]:
    """Words of a closed list."""
    return [code(word) for word in value]


def grondslag(value: str) -> str:
    """The name of a legal ground, as declared with its purpose."""
    return short(value, 200)


def short(value: str, length: int = 200) -> str:
    """Text without control characters, of at most so many characters. For names of organisations, teams and the like."""
    if not value.strip() or len(value) > length or any(ord(sign) < 32 for sign in value):
        raise OngeldigeInvoer(f"Vul hier 1 tot {length} tekens in, zonder regeleinden.")
    return value.strip()


def level(value: Any) -> int:
    """A level from 0 to 7."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 7:
        raise OngeldigeInvoer("Een niveau is een getal van 0 tot en met 7.")
    return int(value)
