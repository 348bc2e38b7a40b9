"""What is said in notes of tests."""

from __future__ import annotations

from ..notities.inhoud import Inhoud
from ..notities.notitie import Informatiebron


def verteld(tekst: str = "Een gesprek", bron: Informatiebron = Informatiebron.INWONER) -> Inhoud:
    """What the resident told, unless somebody else did."""
    return Inhoud(tekst, bron)
