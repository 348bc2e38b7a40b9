"""The report of refused rows: a CSV file for who mends them, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import TextIO

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.regel import Regel, RegelFout

_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet run a cell (OWASP, CSV injection)."""

_KOP = ("regel", "veld", "reden")
_NIET_TE_SCHRIJVEN = "Het bestand met fouten kan niet worden geschreven. Kies met --fouten een map met plaats, waarin u mag schrijven."


class Foutenverslag:
    """A row for each refused row: its number, the fields, the reasons, and its cells as they were."""

    def __init__(self, pad: Path, bestand: TextIO, kop: Sequence[str]) -> None:
        self.pad, self.aantal = pad, 0
        self._bestand = bestand
        self._schrijver = csv.writer(bestand, delimiter=";")
        self._schrijf([*_KOP, *kop])

    def meld(self, regel: Regel, fouten: Sequence[RegelFout]) -> None:
        """Write a refused row down."""
        velden = ", ".join(fout.veld for fout in fouten)
        self._schrijf([str(regel.nummer), velden, _redenen(fouten), *regel.cellen])
        self.aantal += 1

    def bewaar(self) -> None:
        """Return when all that was written is on the disk."""
        with _schrijffout():
            self._bestand.flush()
            os.fsync(self._bestand.fileno())

    def _schrijf(self, cellen: Sequence[str]) -> None:
        with _schrijffout():
            self._schrijver.writerow([veilig(cel) for cel in cellen])


def _redenen(fouten: Sequence[RegelFout]) -> str:
    """Of one error the reason alone: the field stands beside it."""
    if len(fouten) == 1:
        return fouten[0].reden
    return " ".join(f"{fout.veld}: {fout.reden}" for fout in fouten)


def veilig(cel: str) -> str:
    """The cell, with an apostrophe before it when a spreadsheet could take it for a formula."""
    return f"'{cel}" if cel.startswith(_FORMULE) else cel


@contextmanager
def foutenverslag(pad: Path, kop: Sequence[str]) -> Iterator[Foutenverslag]:
    """A new report at `pad`, or at a numbered name beside it when that exists: readable for its owner alone, gone when no row was refused.

    Raises `OngeldigeInvoer` when it can't be made. What was written stays when the import stops half-way.
    """
    with _schrijffout():
        bestand = _nieuw(pad)
    verslag = Foutenverslag(Path(bestand.name), bestand, kop)
    try:
        yield verslag
    finally:
        with _schrijffout():
            bestand.close()
        if not verslag.aantal:
            verslag.pad.unlink(missing_ok=True)


@contextmanager
def _schrijffout() -> Iterator[None]:
    try:
        yield
    except OSError as fout:
        raise OngeldigeInvoer(_NIET_TE_SCHRIJVEN, veld="fouten") from fout


def _nieuw(pad: Path) -> TextIO:
    namen = chain([pad], (pad.with_name(f"{pad.stem}-{nummer}{pad.suffix}") for nummer in count(2)))
    return next(bestand for naam in namen if (bestand := _open(naam)) is not None)


def _open(pad: Path) -> TextIO | None:
    """None when the name is taken."""
    try:
        return open(pad, "x", encoding="utf-8-sig", newline="", opener=lambda naam, vlaggen: os.open(naam, vlaggen, 0o600))
    except FileExistsError:
        return None
