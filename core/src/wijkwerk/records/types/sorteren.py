"""How names are put in order and found: folded in Python, the same on both databases (design.md 10). Never what is shown."""

from __future__ import annotations

import unicodedata

LANGSTE_NAAM, LANGSTE_WOORD = 400, 100
"""What is longer is cut: folding can make one sign many, and a column has an end."""


def sorteernaam(naam: str) -> str:
    """Small letters without accents: `'s-Gravenhage` and `S Gravenhage` stand together. Empty only for a name without letters or digits."""
    return gevouwen(naam)[:LANGSTE_NAAM].rstrip()


def zoekwoorden(naam: str) -> list[str]:
    """The folded words that somebody types to find a name, in their order, each once."""
    return list(dict.fromkeys(woord[:LANGSTE_WOORD] for woord in gevouwen(naam).split()))


def vindwoorden(naam: str) -> set[str]:
    """The folded words that a name is found by. What a hyphen or an apostrophe joins is found apart and together: `jansen`, `smit`
    and `jansensmit`."""
    found: set[str] = set()
    for deel in naam.split():
        woorden = gevouwen(deel).split()
        found.update(woorden, ["".join(woorden)] if len(woorden) > 1 else [])
    return {woord[:LANGSTE_WOORD] for woord in found}


def gevouwen(naam: str) -> str:
    """The words of a text in small letters, without accents and signs, with one space between them."""
    folded = unicodedata.normalize("NFKD", naam).casefold()
    letters = "".join(sign if sign.isalnum() else " " for sign in folded if not unicodedata.combining(sign))
    return " ".join(letters.split())
