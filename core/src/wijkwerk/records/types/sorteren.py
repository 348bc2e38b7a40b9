"""How names are put in order and found: folded in Python, the same on both databases (design.md 10). Never what is shown."""

from __future__ import annotations

import unicodedata


def sorteernaam(naam: str) -> str:
    """Small letters without accents: `'s-Gravenhage` and `S Gravenhage` stand together. Empty only for a name without letters or digits."""
    folded = unicodedata.normalize("NFKD", naam).casefold()
    letters = "".join(sign if sign.isalnum() else " " for sign in folded if not unicodedata.combining(sign))
    return " ".join(letters.split())
