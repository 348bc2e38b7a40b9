"""Rows from the first sheet of an Excel workbook (.xlsx), every cell as the text that a CSV file would hold."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineWorkbook

from wijkwerk.errors import OngeldigeInvoer

GROOTST_UITGEPAKT = 512 * 1024 * 1024
"""Bytes of a workbook when unpacked; a larger one is a mistake or a zip bomb."""

_BLOK = 1 << 20
_OVERLAP = 1024
_FOUTCEL = re.compile(rb'<(?:x:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3}[0-9]{1,7})"')
_GEEN_EXCEL = "Dit is geen leesbaar Excel-bestand (.xlsx). Sla het opnieuw op als .xlsx of als CSV UTF-8, zonder wachtwoord."


def xlsx_rijen(bestand: BinaryIO) -> Iterator[tuple[int, list[str] | str]]:
    """Each row that is not empty, with its number. Raises `OngeldigeInvoer` when the file is not a workbook, is too large or
    has a cell with an error such as #N/B: its value is lost, and nothing may be lost unseen."""
    _controleer_inhoud(bestand)
    bestand.seek(0)
    try:
        with CalamineWorkbook.from_filelike(bestand) as werkboek:
            blad = werkboek.get_sheet_by_index(0)
            for nummer, rij in enumerate(blad.iter_rows(), 1):
                cellen = [celtekst(cel) for cel in rij]
                if any(cel.strip() for cel in cellen):
                    yield nummer, cellen
    except CalamineError as fout:
        raise OngeldigeInvoer(_GEEN_EXCEL, veld="bestand") from fout


def celtekst(cel: Any) -> str:
    """A whole number without a fraction (Excel stores every number with one), a date as ISO, true and false as 1 and 0."""
    if isinstance(cel, bool):
        return str(int(cel))
    if isinstance(cel, float) and cel.is_integer():
        return str(int(cel))
    return cel.isoformat() if isinstance(cel, date) else str(cel)


def _controleer_inhoud(bestand: BinaryIO) -> None:
    try:
        with ZipFile(bestand) as inhoud:
            delen = inhoud.infolist()
            if not any(deel.filename == "xl/workbook.xml" for deel in delen):
                raise OngeldigeInvoer(_GEEN_EXCEL, veld="bestand")
            if sum(deel.file_size for deel in delen) > GROOTST_UITGEPAKT:
                raise OngeldigeInvoer("Het Excel-bestand is te groot. Verdeel het over meer bestanden of gebruik CSV.", veld="bestand")
            for deel in delen:
                if deel.filename.startswith("xl/worksheets/") and deel.filename.endswith(".xml"):
                    _geen_foutcel(inhoud, deel)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as fout:
        raise OngeldigeInvoer(_GEEN_EXCEL, veld="bestand") from fout


def _geen_foutcel(inhoud: ZipFile, deel: ZipInfo) -> None:
    with inhoud.open(deel) as blad:
        vorig = b""
        while blok := blad.read(_BLOK):
            if gevonden := _FOUTCEL.search(vorig + blok):
                cel = gevonden[1].decode()
                raise OngeldigeInvoer(f"Cel {cel} heeft een Excel-fout, zoals #N/B. Herstel die en probeer het opnieuw.", veld="bestand")
            vorig = blok[-_OVERLAP:]
