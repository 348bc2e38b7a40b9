"""Rows from the first sheet of an Excel workbook (.xlsx), every cell as the text that a CSV file would hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from wijkwerk.importeren.werkboek import nagekeken_werkboek
from wijkwerk.importeren.werkboekdeel import geen_excel


def xlsx_rijen(bestand: BinaryIO) -> Iterator[tuple[int, list[str] | str]]:
    """Each row that is not empty, with its number. Raises `OngeldigeInvoer` when the workbook can't be read without loss."""
    kopie = nagekeken_werkboek(bestand)
    try:
        with CalamineWorkbook.from_filelike(kopie) as werkboek:
            for nummer, rij in enumerate(werkboek.get_sheet_by_index(0).iter_rows(), 1):
                cellen = [celtekst(cel) for cel in rij]
                if any(cel.strip() for cel in cellen):
                    yield nummer, cellen
    except CalamineError as fout:
        geen_excel(fout)


def celtekst(cel: Any) -> str:
    """A whole number without a fraction (Excel stores every number with one), a date as ISO, true and false as 1 and 0."""
    if isinstance(cel, bool):
        return str(int(cel))
    if isinstance(cel, float) and cel.is_integer():
        return str(int(cel))
    return cel.isoformat() if isinstance(cel, date) else str(cel)
