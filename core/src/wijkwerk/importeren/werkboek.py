"""Is a file an Excel workbook (.xlsx) that can be read without loss and without bringing the process down?

The reader is native code: it trusts the sizes that a workbook states, and a wrong one ends the process. It also reads a cell
with an error as empty, and looks for parts by name, by relationship and in formats of its own choice. So it never gets the file,
but a copy that holds the parts that were looked through, and nothing else: what it finds was checked, whatever led it there.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection
from io import BytesIO
from posixpath import join
from typing import BinaryIO, Final
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from wijkwerk.importeren.werkboekdeel import Werkboekdeel, geen_excel, te_groot

GROOTST_UITGEPAKT = 512 * 1024 * 1024
"""Bytes of a workbook when unpacked; a larger one is a mistake or a zip bomb."""

_BLOK = 1 << 20
_RELATIES: Final = {"_rels/.rels": "", "xl/_rels/workbook.xml.rels": "xl/"}
"""The parts with the relationships that lead to the sheets, and the folder that their targets start from."""

_DELEN: Final = {
    "officeDocument": re.compile(r"xl/workbook\.xml"),
    "worksheet": re.compile(r"xl/worksheets/[A-Za-z0-9_-]+\.xml"),
    "sharedStrings": re.compile(r"xl/sharedStrings\.xml"),
    "styles": re.compile(r"xl/styles\.xml"),
}
"""Kind of relationship to where its part is (ECMA-376 part 1, 12.3). Other kinds hold no persons: their parts are not read."""


def nagekeken_werkboek(bestand: BinaryIO) -> BinaryIO:
    """A copy, in memory, of the parts of a workbook that are read, each looked through.

    Raises `OngeldigeInvoer` when the file is not a workbook, is too large, leads to a part that is not there or not looked
    through, or has a cell with an error such as #N/B.
    """
    kopie = BytesIO()
    try:
        with ZipFile(bestand) as bron, ZipFile(kopie, "w", ZIP_DEFLATED, compresslevel=1) as doel:
            _neem_over(bron, doel)
    except (BadZipFile, ExpatError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as fout:
        geen_excel(fout)
    kopie.seek(0)
    return kopie


def _neem_over(bron: ZipFile, doel: ZipFile) -> None:
    namen = bron.namelist()
    if len({naam.casefold() for naam in namen}) < len(namen):
        geen_excel()
    if any(deel.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for deel in bron.infolist()):
        geen_excel()
    if sum(deel.file_size for deel in bron.infolist()) > GROOTST_UITGEPAKT:
        te_groot()
    delen = {naam: _neem_deel_over(bron, doel, naam) for naam in namen if naam in _RELATIES or _wordt_gelezen(naam)}
    if not {*_RELATIES, "xl/workbook.xml"} <= delen.keys():
        geen_excel()
    for naam, map_ in _RELATIES.items():
        for relatie in delen[naam].relaties:
            _controleer_relatie(relatie, map_, delen)


def _wordt_gelezen(naam: str) -> bool:
    return any(waar.fullmatch(naam) for waar in _DELEN.values())


def _neem_deel_over(bron: ZipFile, doel: ZipFile, naam: str) -> Werkboekdeel:
    deel = Werkboekdeel()
    with bron.open(naam) as lezen, doel.open(naam, "w") as schrijven:
        while blok := lezen.read(_BLOK):
            deel.lees(blok)
            schrijven.write(blok)
    deel.sluit()
    return deel


def _controleer_relatie(relatie: dict[str, str], map_: str, delen: Collection[str]) -> None:
    """A target as Excel and others write it: from the folder, or from the root with a slash before it. Any other spelling is refused."""
    waar = _DELEN.get(relatie.get("Type", "").rpartition("/")[2])
    if waar is None:
        return
    naam = join("/" + map_, relatie.get("Target", ""))[1:]
    if relatie.get("TargetMode", "Internal") != "Internal" or not waar.fullmatch(naam) or naam not in delen:
        geen_excel()
