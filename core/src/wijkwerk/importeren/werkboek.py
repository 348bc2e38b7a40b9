"""Is a file an Excel workbook (.xlsx) that can be read without loss and without bringing the process down?

The reader is native code: it trusts the sizes that a workbook states, and a wrong one ends the process. It also reads a cell
with an error as empty. So the parts of the workbook are looked through before it is opened.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NoReturn
from zipfile import BadZipFile, ZipFile, ZipInfo

from wijkwerk.errors import OngeldigeInvoer

GROOTST_UITGEPAKT = 512 * 1024 * 1024
"""Bytes of a workbook when unpacked; a larger one is a mistake or a zip bomb."""

MEESTE_CELLEN = 20_000_000
"""Rows times columns of one sheet, empty cells included: the reader holds them all, 32 bytes each."""

_BLOK = 1 << 20
_OVERLAP = 1 << 14
_ELEMENT = rb"<(?:\w+:)?(?:%s)\b"
_FOUTCEL = re.compile(_ELEMENT % b"c" + rb"(?=[^>]*\bt=[\"']e[\"'])[^>]*\br=[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_PLAATS = re.compile(_ELEMENT % b"c|row|dimension" + rb"[^>]*?\br(?:ef)?=[\"'](?:\w*:)?([A-Za-z]*)([0-9]*)")
_ONZINNIG_AANTAL = re.compile(rb"[cC]ount=[\"'][0-9]{8,}")
_GEEN_EXCEL = "Dit is geen leesbaar Excel-bestand (.xlsx). Sla het opnieuw op als .xlsx of als CSV UTF-8, zonder wachtwoord."
_TE_GROOT = "Het Excel-bestand is te groot. Verwijder lege rijen en kolommen, verdeel het over meer bestanden of gebruik CSV."


def geen_excel(oorzaak: BaseException | None = None) -> NoReturn:
    """Raise the error for a file that can't be read as a workbook."""
    raise OngeldigeInvoer(_GEEN_EXCEL, veld="bestand") from oorzaak


def controleer_werkboek(bestand: BinaryIO) -> None:
    """Raises `OngeldigeInvoer` when the file is not a workbook, is too large or has a cell with an error such as #N/B."""
    try:
        with ZipFile(bestand) as inhoud:
            delen = inhoud.infolist()
            if not any(deel.filename == "xl/workbook.xml" for deel in delen):
                geen_excel()
            if sum(deel.file_size for deel in delen) > GROOTST_UITGEPAKT:
                raise OngeldigeInvoer(_TE_GROOT, veld="bestand")
            for deel in delen:
                if deel.filename.startswith("xl/") and deel.filename.endswith(".xml"):
                    _controleer_deel(inhoud, deel)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as fout:
        geen_excel(fout)


def _controleer_deel(inhoud: ZipFile, deel: ZipInfo) -> None:
    kolommen = rijen = 1
    for blok in _blokken(inhoud, deel):
        if _ONZINNIG_AANTAL.search(blok):
            geen_excel()
        if gevonden := _FOUTCEL.search(blok):
            cel = gevonden[1].decode()
            uitleg = f"Cel {cel} op een van de bladen heeft een Excel-fout, zoals #N/B. Herstel die en probeer het opnieuw."
            raise OngeldigeInvoer(uitleg, veld="bestand")
        plaatsen = set(_PLAATS.findall(blok))
        kolommen = max([kolommen, *(_kolomnummer(letters) for letters in {letters for letters, _ in plaatsen})])
        rijen = max([rijen, *(int(cijfers[:9] or b"0") for _, cijfers in plaatsen)])
        if kolommen * rijen > MEESTE_CELLEN:
            raise OngeldigeInvoer(_TE_GROOT, veld="bestand")


def _blokken(inhoud: ZipFile, deel: ZipInfo) -> Iterator[bytes]:
    """The part in pieces that overlap, so that no tag is cut in all of them."""
    with inhoud.open(deel) as stroom:
        vorig = b""
        while blok := stroom.read(_BLOK):
            yield vorig + blok
            vorig = blok[-_OVERLAP:]


def _kolomnummer(letters: bytes) -> int:
    """`A` is 1, `XFD` 16384, the last that Excel has."""
    nummer = 0
    for letter in letters.upper()[:9]:
        nummer = nummer * 26 + letter - 64
    return nummer
