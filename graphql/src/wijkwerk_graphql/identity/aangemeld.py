"""Which tokens were used before with this process: the first request with one is signing in (domain.md 3.4)."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

MEESTE: Final = 10_000


class Aangemeld:
    """Digests of the tokens that were seen, never a token, and at most `meeste` of them: of who comes after that the oldest is forgotten,
    and is then said to sign in once more."""

    def __init__(self, meeste: int = MEESTE) -> None:
        self._meeste = meeste
        self._gezien: dict[bytes, None] = {}

    def __contains__(self, token: str) -> bool:
        return _afdruk(token) in self._gezien

    def onthoud(self, token: str) -> None:
        """From now on it was seen."""
        self._gezien[_afdruk(token)] = None
        while len(self._gezien) > self._meeste:
            del self._gezien[next(iter(self._gezien))]


def _afdruk(token: str) -> bytes:
    return sha256(token.encode()).digest()
