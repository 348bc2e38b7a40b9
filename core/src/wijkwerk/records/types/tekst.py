"""Which characters a short text may hold, such as a name or a street: by Unicode category, never folded to ASCII (domain.md 1.1)."""

from __future__ import annotations

import unicodedata

from wijkwerk.errors import OngeldigeInvoer

LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc"})
CIJFERS = frozenset({"Nd"})

_SPATIE = "Zs"
_ONZICHTBAAR = frozenset(
    map(
        chr,
        (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
    )
)
"""Letters and marks by category, but drawn as nothing (Unicode's Default_Ignorable_Code_Point)."""


def lees_tekst(text: str, *, lengte: int, soorten: frozenset[str], tekens: str) -> str:
    """The text as it is stored: NFC, trimmed, each run of spaces one space. May be empty.

    `soorten` are the Unicode categories that are allowed besides spaces, `tekens` the other signs. Raises `OngeldigeInvoer`
    for control characters, emoji, text-direction and zero-width characters, and for more than `lengte` characters.
    """
    if not isinstance(text, str):
        raise OngeldigeInvoer("Dit is geen tekst. Schrijf de waarde als tekst.")
    # Composing characters can take quadratic time, so a text that can't fit is refused before it is composed.
    if len(text) > 4 * lengte or len(netjes := " ".join(unicodedata.normalize("NFC", text).split())) > lengte:
        raise OngeldigeInvoer(f"Dit is te lang. Gebruik hier hoogstens {lengte} tekens.")
    if not all(_mag(teken, soorten, tekens) for teken in text):
        raise OngeldigeInvoer(_uitleg(soorten, tekens))
    return netjes


def _mag(teken: str, soorten: frozenset[str], tekens: str) -> bool:
    soort = unicodedata.category(teken)
    return teken in tekens or soort == _SPATIE or (soort in soorten and teken not in _ONZICHTBAAR)


def _uitleg(soorten: frozenset[str], tekens: str) -> str:
    cijfers = ", cijfers" if soorten & CIJFERS else ""
    return f"Hier staat een teken dat niet mag. Gebruik letters{cijfers}, spaties en de tekens {' '.join(tekens)}"
