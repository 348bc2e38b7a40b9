"""What was seen before in a file: BSNs, in memory that doesn't grow with the file, and households."""

from __future__ import annotations

from collections import Counter

from wijkwerk.records.types.bsn import Bsn

MEESTE_LEDEN = 50
"""Members of one household in a file. More is a column that means something else, such as a street."""


class GezieneBsns:
    """One bit for each BSN that can be: the ninth digit follows from the other eight by the 11-proof (domain.md 1.5). 12.5 MB."""

    def __init__(self) -> None:
        self._bits = bytearray(10**8 // 8)

    def nog_eens(self, bsn: Bsn) -> bool:
        """Whether this BSN was asked for before; from now on it was."""
        plek, bit = divmod(int(bsn.waarde[:8]), 8)
        gezien = bool(self._bits[plek] & (1 << bit))
        self._bits[plek] |= 1 << bit
        return gezien


class GezieneHuishoudens:
    """How many members each household has had, by a hash of its key: 100 bytes for each household."""

    def __init__(self) -> None:
        self._leden: Counter[int] = Counter()

    def is_vol(self, sleutel: str) -> bool:
        """Whether no other member fits; if one does, it is in now."""
        if self._leden[hash(sleutel)] >= MEESTE_LEDEN:
            return True
        self._leden[hash(sleutel)] += 1
        return False
