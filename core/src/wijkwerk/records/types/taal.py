"""The language somebody speaks best, and how somebody wants to be addressed (domain.md 1.11)."""

from __future__ import annotations

import re

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.types.tekst import CIJFERS, LETTERS, lees_tekst

_CODE = re.compile(r"[a-z]{2,3}")


def lees_taal(text: str) -> str:
    """A language as a code of ISO 639, in small letters. Only its form is looked at. Raises `OngeldigeInvoer`."""
    code = text.strip().lower()
    if not _CODE.fullmatch(code):
        raise OngeldigeInvoer("Vul de taal in als code van twee of drie letters, zoals nl, ar of tr.")
    return code


def lees_aanspreekvoorkeur(text: str) -> str:
    """How somebody wants to be addressed: a few words, no story. Raises `OngeldigeInvoer`."""
    return lees_tekst(text, lengte=100, soorten=LETTERS | CIJFERS, tekens=".,-'’/()")
