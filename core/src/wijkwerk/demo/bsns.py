"""Made-up BSNs: in 9999xxxxx, the range of the public test set, and passing the 11-proof (domain.md 1.5, 1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from stdnum.nl import bsn as elfproef

from wijkwerk.records.types.bsn import Bsn

EERSTE, LAATSTE = 999_900_000, 999_999_999
TESTPERSONEN = frozenset({"999990019", "999993264", "999993653", "999994347"})
"""Left free, so that who tries something can register these persons of the public test set."""


def bsns(kans: Random) -> Iterator[Bsn]:
    """Different BSNs, without end as far as the range goes; the same ones for the same state of `kans`."""
    used = set(TESTPERSONEN)
    while True:
        digits = str(kans.randint(EERSTE, LAATSTE))
        if digits not in used and elfproef.is_valid(digits):
            used.add(digits)
            yield Bsn(digits)
