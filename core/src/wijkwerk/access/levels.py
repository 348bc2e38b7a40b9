"""How much of a person is shown (domain.md 2.6)."""

from __future__ import annotations

from enum import IntEnum


class Niveau(IntEnum):
    """N0: nothing, the person is unknown. N7: everything, including the BSN."""

    N0 = 0
    N1 = 1
    N2 = 2
    N3 = 3
    N4 = 4
    N5 = 5
    N6 = 6
    N7 = 7


N0, N1, N2, N3, N4, N5, N6, N7 = Niveau
