"""The burgerservicenummer, which never shows itself (domain.md 1.5)."""

from __future__ import annotations

import re

from stdnum.nl import bsn as elfproef

from wijkwerk.errors import BsnOngeldig

_GESCHREVEN = re.compile(r"[0-9]+(?: +[0-9]+)*|[0-9]{4}\.[0-9]{2}\.[0-9]{3}")


class Bsn:
    """A BSN that passes the 11-proof. Text of it (`str`, `repr`, f-string) is a mask; the digits are only in `waarde`.

    Not a dataclass: `asdict` and JSON encoders would open it.
    """

    __slots__ = ("_waarde",)

    def __init__(self, text: str) -> None:
        self._waarde = _negen_cijfers(text)

    @classmethod
    def lees(cls, text: str) -> Bsn:
        """Read a BSN; raises `BsnOngeldig`.

        Leading zeros that were lost are put back. Spaces between digits are dropped, and so are dots in the written form
        `1234.56.789`. No other dot is: `99999001.9` is a number with a fraction, not a BSN.
        """
        return cls(text)

    @property
    def waarde(self) -> str:
        """The nine digits. Only for storing under encryption, for the blind index and for exchange with who may have it."""
        return self._waarde

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bsn) and self._waarde == other._waarde

    def __hash__(self) -> int:
        return hash(self._waarde)

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Bsn(***)"


def _negen_cijfers(text: str) -> str:
    if not isinstance(text, str) or len(text) > 30 or not _GESCHREVEN.fullmatch(text.strip(" ")):
        raise BsnOngeldig
    digits = re.sub(r"[ .]", "", text).zfill(9)
    if not elfproef.is_valid(digits):
        raise BsnOngeldig
    return digits
