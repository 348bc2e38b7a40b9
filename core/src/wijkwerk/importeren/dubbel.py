"""Which BSNs were seen before in a file, in memory that doesn't grow with the file."""

from __future__ import annotations

from wijkwerk.records.types.bsn import Bsn


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
