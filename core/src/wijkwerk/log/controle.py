"""Verifying the log where it lives: each line of the export is read by the verifier as it is made, in one snapshot; no file between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from wijkwerk.log.export import export
from wijkwerk.log.verify import Rapport, Verificatie
from wijkwerk.storage.base import Database

ONDERDEEL: Final = "wijkwerk log verify"
"""What its entry calls it; oversight finds by that when it was last done."""


class _Meelezer:
    """A file that is read while it is written."""

    def __init__(self, verificatie: Verificatie) -> None:
        self._verificatie = verificatie

    def write(self, text: str, /) -> None:
        """One line of an export."""
        self._verificatie.lees(text.encode("ascii"))


async def verifieer_levend(database: Database, verificatie: Verificatie, voortgang: Callable[[int], object]) -> Rapport:
    """What the verifier says of the log as it is now. `voortgang` is told how many entries were read, now and then.

    Memory does not grow with the log. Raises what the database raises; what stands in it is a finding.
    """
    verificatie.voortgang = voortgang
    await export(database, _Meelezer(verificatie))
    return verificatie.sluit()
