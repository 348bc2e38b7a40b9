"""Rows from the first sheet of an Excel workbook (.xlsx), every cell as the text that a CSV file would hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.werkboek import nagekeken_werkboek
from wijkwerk.importeren.werkboekdeel import geen_excel


def xlsx_rijen(bestand: BinaryIO) -> Iterator[tuple[int, list[str] | str]]:
    """Each row that is not empty, with its number. Raises `OngeldigeInvoer` when the workbook can't be read without loss."""
    kopie = nagekeken_werkboek(bestand)
    try:
        with CalamineWorkbook.from_filelike(kopie) as werkboek:
            rijen = iter(werkboek.get_sheet_by_index(0).iter_rows())
            for nummer, rij in enumerate(zonder_onmogelijke_datums(rijen), 1):
                cellen = [celtekst(cel) for cel in rij]
                if any(cel.strip() for cel in cellen):
                    yield nummer, cellen
    except CalamineError as fout:
        geen_excel(fout)


def zonder_onmogelijke_datums(rijen: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """The rows of a sheet, until one with a date that no calendar has; that one raises `OngeldigeInvoer`.

    The reader makes dates of cells when it comes to their row, and native code that can't go on raises a BaseException.
    """
    nummer = 0
    while True:
        nummer += 1
        try:
            rij = next(rijen)
        except StopIteration:
            return
        except BaseException as fout:
            if not isinstance(fout, OverflowError | ValueError) and type(fout).__name__ != "PanicException":
                raise
            uitleg = f"In rij {nummer} van het Excel-bestand staat een datum of tijd die niet kan. Herstel die en probeer het opnieuw."
            raise OngeldigeInvoer(uitleg, veld="bestand") from fout
        yield rij


def celtekst(cel: Any) -> str:
    """A whole number without a fraction (Excel stores every number with one), a date as ISO, true and false as 1 and 0."""
    if isinstance(cel, bool):
        return str(int(cel))
    if isinstance(cel, float) and cel.is_integer():
        return str(int(cel))
    return cel.isoformat() if isinstance(cel, date) else str(cel)
