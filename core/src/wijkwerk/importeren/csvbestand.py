"""Rows from a CSV file: encoding, delimiter, quotes, and lines that can't be read. Only one record at a time is in memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, TypeAlias

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.kolommen import herken

Herkenning: TypeAlias = Callable[[Sequence[str]], list[str | None]]
"""Of a header, the field of each column; None for one that is not known."""

SCHEIDINGSTEKENS = (";", ",", "\t")
LANGSTE_REGEL = 1_000_000
"""Characters in one line; longer is not a file with persons."""

_BLOK = 1 << 20
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
WINDOWS = "cp1252"
WINDOWS_MELDING = "Het bestand is geen UTF-8 en is gelezen als Windows-1252. Controleer of letters met accenten kloppen."


def tekencodering(bestand: BinaryIO) -> str:
    """The encoding in which the whole file can be read: by its BOM, else UTF-8, else Windows-1252. Raises `OngeldigeInvoer`."""
    begin = bestand.read(4)
    bom = next((codering for bom, codering in _BOMS.items() if begin.startswith(bom)), None)
    for codering in [bom] if bom else ["utf-8", WINDOWS]:
        if _leesbaar(bestand, codering):
            return codering
    raise OngeldigeInvoer("De tekens in het bestand zijn niet te lezen. Sla het op als CSV UTF-8.", veld="bestand")


def _leesbaar(bestand: BinaryIO, codering: str) -> bool:
    bestand.seek(0)
    decoder = codecs.getincrementaldecoder(codering)()
    try:
        while blok := bestand.read(_BLOK):
            _geen_nul(decoder.decode(blok))
        _geen_nul(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False
    finally:
        bestand.seek(0)
    return True


def _geen_nul(tekst: str) -> None:
    if "\0" in tekst:
        raise OngeldigeInvoer("Dit is geen tekstbestand: er staan nultekens in. Sla het op als CSV UTF-8 of als .xlsx.", veld="bestand")


class _Lijnen(Iterator[str]):
    """The physical lines of a file, remembering which belong to the record that is being read."""

    def __init__(self, tekst: io.TextIOBase) -> None:
        self._tekst = tekst
        self.gelezen = 0
        self.record: list[str] = []

    def __next__(self) -> str:
        lijn = self._tekst.readline(LANGSTE_REGEL + 1)
        if not lijn:
            raise StopIteration
        self.gelezen += 1
        if len(lijn) > LANGSTE_REGEL:
            raise OngeldigeInvoer(f"Regel {self.gelezen} van het bestand is te lang. Controleer de aanhalingstekens.", veld="bestand")
        self.record.append(lijn)
        return lijn

    def begin(self) -> int:
        """Start a new record; the number of its first line, from 1."""
        self.record.clear()
        return self.gelezen + 1


def scheidingsteken(kopregel: str, kent: Herkenning = herken) -> str:
    """The sign that divides the header into the most columns that are known; the semicolon when none does better."""
    return max(SCHEIDINGSTEKENS, key=lambda teken: sum(veld is not None for veld in kent(_cellen(kopregel, teken))))


def _cellen(kopregel: str, teken: str) -> list[str]:
    return next(csv.reader([kopregel[: csv.field_size_limit()]], delimiter=teken), [])


def csv_rijen(bestand: BinaryIO, codering: str, kent: Herkenning = herken) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the number of its first line; as raw text when its quotes are wrong or a field is too long.

    `kent` knows the columns of this kind of file. Empty lines are skipped. Raises `OngeldigeInvoer` when a line is too long to be one.
    """
    with io.TextIOWrapper(bestand, encoding=codering, newline="") as tekst:
        yield from _records(_Lijnen(tekst), kent)


def _records(lijnen: _Lijnen, kent: Herkenning) -> Iterator[tuple[int, list[str] | str]]:
    kopregel = next((lijn for lijn in lijnen if lijn.strip()), "")
    lezer = csv.reader(chain([kopregel], lijnen), delimiter=scheidingsteken(kopregel, kent), strict=True)
    while True:
        nummer = lijnen.begin()
        try:
            cellen = next(lezer)
        except StopIteration:
            return
        except csv.Error:
            yield nummer, "".join(lijnen.record)
            continue
        if any(cel.strip() for cel in cellen):
            yield nummer, cellen
