"""One XML part of an Excel workbook, looked through before the reader gets it: how large does it say it is, does a cell hold an error?

A strict parser does it, not a pattern: what the reader would see in any spelling of the XML is seen here too, and what is not
well-formed UTF-8, has a document type or an unbound prefix is refused. The reader counts cells without a place on; so does this.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NoReturn
from xml.parsers.expat import ParserCreate

from wijkwerk.errors import OngeldigeInvoer

MEESTE_CELLEN = 20_000_000
"""Rows times columns of one sheet, empty cells included: the reader holds them all, 32 bytes each."""

_CEL = re.compile("([A-Z]+)([1-9][0-9]*)")
_RIJ = re.compile("[1-9][0-9]*")
_ONZINNIG_AANTAL = re.compile("[0-9]{8}")
_GEEN_EXCEL = "Dit is geen leesbaar Excel-bestand (.xlsx). Sla het opnieuw op als .xlsx of als CSV UTF-8, zonder wachtwoord."
_TE_GROOT = "Het Excel-bestand is te groot. Verwijder lege rijen en kolommen, verdeel het over meer bestanden of gebruik CSV."


def geen_excel(oorzaak: BaseException | None = None) -> NoReturn:
    """Raise the error for a file that can't be read as a workbook."""
    raise OngeldigeInvoer(_GEEN_EXCEL, veld="bestand") from oorzaak


def te_groot() -> NoReturn:
    """Raise the error for a workbook that is larger than a file with persons can be."""
    raise OngeldigeInvoer(_TE_GROOT, veld="bestand")


class Werkboekdeel:
    """Feed it the bytes of a part: `lees(blok)` for each piece, then `sluit()`. `relaties` are the attributes of the relationships in it.

    Both raise `OngeldigeInvoer` for what the reader may not get, and `xml.parsers.expat.ExpatError` for what is no XML.
    """

    def __init__(self) -> None:
        self.relaties: list[dict[str, str]] = []
        self._rij = self._kolom = self._rijen = self._kolommen = 1
        self._ontleder = ParserCreate("UTF-8", namespace_separator=" ")
        self._ontleder.StartElementHandler = self._begin
        self._ontleder.EndElementHandler = self._eind
        self._ontleder.StartDoctypeDeclHandler = lambda *_: geen_excel()
        self._ontleder.XmlDeclHandler = _controleer_codering

    def lees(self, blok: bytes) -> None:
        """The next piece of the part. UTF-16 has nul bytes, which UTF-8 has not; the reader takes a sheet in it for an empty one."""
        if b"\0" in blok:
            geen_excel()
        self._ontleder.Parse(blok)

    def sluit(self) -> None:
        """The part is whole."""
        self._ontleder.Parse(b"", True)

    def _begin(self, naam: str, attributen: dict[str, str]) -> None:
        match naam.rpartition(" ")[2]:
            case "c":
                self._cel(attributen)
            case "row":
                self._begin_rij(attributen)
            case "dimension":
                self._omvang(attributen)
            case "Relationship":
                self.relaties.append(attributen)
            case _:
                _controleer_aantallen(attributen)

    def _eind(self, naam: str) -> None:
        if naam.rpartition(" ")[2] == "row":
            self._rij, self._kolom = self._rij + 1, 1

    def _begin_rij(self, attributen: dict[str, str]) -> None:
        if "r" in attributen:
            self._rij = _rijnummer(attributen["r"])
        self._tot(self._kolommen, self._rij)

    def _cel(self, attributen: dict[str, str]) -> None:
        rij = self._rij
        if "r" in attributen:
            self._kolom, rij = _plaats(attributen["r"])
        if attributen.get("t") == "e":
            waar = f"Cel {attributen['r']}" if "r" in attributen else f"Een cel in rij {rij}"
            uitleg = f"{waar} op een van de bladen heeft een Excel-fout, zoals #N/B. Herstel die en probeer het opnieuw."
            raise OngeldigeInvoer(uitleg, veld="bestand")
        self._tot(self._kolom, rij)
        self._kolom += 1

    def _omvang(self, attributen: dict[str, str]) -> None:
        hoeken = [_plaats(hoek) for hoek in attributen.get("ref", "").split(":")]
        kolommen, rijen = zip(*hoeken, strict=True)
        if hoeken[0] != (min(kolommen), min(rijen)):
            geen_excel()
        self._tot(max(kolommen), max(rijen))

    def _tot(self, kolom: int, rij: int) -> None:
        self._kolommen, self._rijen = max(self._kolommen, kolom), max(self._rijen, rij)
        if self._kolommen * self._rijen > MEESTE_CELLEN:
            te_groot()


def _controleer_codering(_versie: str, codering: str | None, _alleen: int) -> None:
    """The reader follows the encoding that a part says it has; what was looked through is UTF-8."""
    if codering is not None and codering.upper() != "UTF-8":
        geen_excel()


def _controleer_aantallen(attributen: dict[str, str]) -> None:
    for naam, waarde in attributen.items():
        if naam.lower().endswith("count") and _ONZINNIG_AANTAL.search(waarde):
            geen_excel()


def _plaats(cel: str) -> tuple[int, int]:
    """Column and row of a cell, from 1: `B7` is (2, 7)."""
    gevonden = _CEL.fullmatch(cel) or geen_excel()
    return _kolomnummer(gevonden[1]), _rijnummer(gevonden[2])


def _rijnummer(cijfers: str) -> int:
    if not _RIJ.fullmatch(cijfers):
        geen_excel()
    return int(cijfers) if len(cijfers) <= len("1048576") else te_groot()


@lru_cache(maxsize=1 << 14)
def _kolomnummer(letters: str) -> int:
    """`A` is 1, `XFD` 16384, the last that Excel has."""
    if len(letters) > len("XFD"):
        te_groot()
    nummer = 0
    for letter in letters:
        nummer = nummer * 26 + ord(letter) - ord("A") + 1
    return nummer
