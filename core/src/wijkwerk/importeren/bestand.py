"""Opening a file with persons, whatever it is: CSV in any usual encoding, or Excel. Its content decides, not its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.csvbestand import WINDOWS, WINDOWS_MELDING, csv_rijen, tekencodering
from wijkwerk.importeren.kolommen import Kolommen
from wijkwerk.importeren.regel import Regel, RegelFout
from wijkwerk.importeren.xlsxbestand import xlsx_rijen

_ZIP = b"PK\x03\x04"
_OUD_EXCEL = b"\xd0\xcf\x11\xe0"

Rij = tuple[int, list[str] | str]


@dataclass(frozen=True, slots=True)
class Personenbestand:
    """An open file: its header, Dutch notices for who runs the import, and its rows, read as they are asked for, once."""

    kop: tuple[str, ...]
    meldingen: tuple[str, ...]
    regels: Iterator[Regel]


@contextmanager
def personenbestand(pad: Path) -> Iterator[Personenbestand]:
    """Open a file with persons. Raises `OngeldigeInvoer` before any row is read when the file as a whole can't be right;
    while reading only when a line is too long to be one."""
    with geopend(pad) as bestand:
        rijen, meldingen = _rijen(bestand)
        kolommen = _kolommen(next(rijen, None))
        eerste = next(rijen, None)
        if eerste is None:
            raise OngeldigeInvoer("Het bestand heeft alleen een kopregel. Kies een bestand met personen.", veld="bestand")
        regels = (_regel(kolommen, nummer, rij) for nummer, rij in chain([eerste], rijen))
        yield Personenbestand(kolommen.kop, (*meldingen, *kolommen.meldingen), regels)


def geopend(pad: Path) -> BinaryIO:
    """The file, open. Raises OngeldigeInvoer."""
    try:
        if pad.is_file():
            return pad.open("rb")
    except OSError as fout:
        raise OngeldigeInvoer("Het bestand is niet te openen. Controleer of u het mag lezen.", veld="bestand") from fout
    raise OngeldigeInvoer("Dit bestand bestaat niet of is geen gewoon bestand. Controleer de naam.", veld="bestand")


def _rijen(bestand: BinaryIO) -> tuple[Iterator[Rij], tuple[str, ...]]:
    begin = bestand.read(4)
    bestand.seek(0)
    if begin == _OUD_EXCEL:
        uitleg = "Dit is een Excel-bestand van de oude soort, of met een wachtwoord. Sla het op als .xlsx zonder wachtwoord."
        raise OngeldigeInvoer(uitleg, veld="bestand")
    if begin == _ZIP:
        return xlsx_rijen(bestand), ()
    codering = tekencodering(bestand)
    return csv_rijen(bestand, codering), ((WINDOWS_MELDING,) if codering == WINDOWS else ())


def _kolommen(kop: Rij | None) -> Kolommen:
    if kop is None:
        raise OngeldigeInvoer("Het bestand is leeg. Kies een bestand met een kopregel en personen.", veld="bestand")
    if isinstance(kop[1], str):
        raise OngeldigeInvoer("De regel met de namen van de kolommen is niet te lezen. Controleer de aanhalingstekens.", veld="bestand")
    return Kolommen.lees(kop[1])


def _regel(kolommen: Kolommen, nummer: int, rij: list[str] | str) -> Regel:
    if isinstance(rij, str):
        reden = "Deze regel is niet te lezen: de aanhalingstekens kloppen niet of een cel is te lang."
        return Regel(nummer, {}, (rij,), (RegelFout(nummer, "regel", reden),))
    return kolommen.regel(nummer, rij)
