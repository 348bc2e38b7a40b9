"""The file that is to be imported: looked through before anything is written, and watched while it is read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.bestand import personenbestand


@dataclass(frozen=True, slots=True)
class Invoer:
    """A file that can be read to its end. `sha256` of its content is what it is known by; `aantal` is how many rows it has."""

    pad: Path
    sha256: bytes
    aantal: int
    meldingen: tuple[str, ...]
    _stand: tuple[int, ...]

    @classmethod
    def van(cls, pad: Path) -> Invoer:
        """Raises `OngeldigeInvoer` when the file as a whole can't be right."""
        with personenbestand(pad) as bestand:
            stand, meldingen = _stand(pad), bestand.meldingen
            aantal = sum(1 for _ in bestand.regels)
        with pad.open("rb") as inhoud:
            invoer = cls(pad, hashlib.file_digest(inhoud, "sha256").digest(), aantal, meldingen, stand)
        invoer.controleer_ongewijzigd()
        return invoer

    def controleer_ongewijzigd(self) -> None:
        """Raises `OngeldigeInvoer` when somebody wrote to the file since: its rows are no longer the ones it is known by."""
        if _stand(self.pad) != self._stand:
            raise OngeldigeInvoer("Het bestand is intussen gewijzigd. Wat al is ingelezen, blijft. Begin opnieuw.", veld="bestand")


def _stand(pad: Path) -> tuple[int, ...]:
    try:
        staat = os.stat(pad)
    except OSError:
        return ()
    return (staat.st_dev, staat.st_ino, staat.st_size, staat.st_mtime_ns)
