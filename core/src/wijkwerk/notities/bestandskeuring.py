"""What kind of file it is: by its name and by its bytes, which must agree. What a client says of it counts for nothing.

Whole files are not held, so this looks while they come by: at how they begin, and at names of entries in a zip, which are never packed.
It keeps out what was sent by mistake and what a computer would run; it is no virus scanner.
"""

from __future__ import annotations

import codecs
import re
import struct
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.notities.bijlage import Bestandssoort

MEESTE_TEKENS: Final = 200
KOP_BYTES: Final = 512
_ZIP_KOP: Final = struct.Struct("<4s2xHH16xHH")
_ODT: Final = b"application/vnd.oasis.opendocument.text"
_DOCX_BEGIN: Final = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/")
_MACRO_DOCX: Final = re.compile(rb"vbaProject\.bin", re.IGNORECASE)
"""In any capitals: names of parts are the same then (ISO/IEC 29500-2, 6.2.2)."""
_MACRO_ODT: Final = re.compile(rb"Basic/|Scripts/")
"""In these capitals: `<office:scripts/>` is in every text."""
_BESTURING: Final = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f") | {"\x7f"}


class BestandssoortOnbekend(OngeldigeInvoer):
    """Not one of the kinds, or not the kind that its name says."""

    code = "BESTANDSSOORT_ONBEKEND"
    standaard = (
        "Dit soort bestand kan niet bij een notitie. Stuur een PDF, JPEG, PNG, DOCX, ODT of tekst in UTF-8, met een naam die daarbij past."
    )


def _eerste_naam(kop: bytes) -> tuple[bytes, bytes]:
    """The name of the first entry of a zip that is not encrypted, and what follows it (unpacked only); nothing when it is no such zip."""
    if len(kop) < _ZIP_KOP.size:
        return b"", b""
    teken, vlaggen, methode, naam, extra = _ZIP_KOP.unpack_from(kop)
    begin = _ZIP_KOP.size + naam
    if teken != b"PK\x03\x04" or vlaggen & 1 or begin > len(kop):
        return b"", b""
    return kop[_ZIP_KOP.size : begin], b"" if methode else kop[begin + extra :]


def _is_docx(kop: bytes) -> bool:
    return _eerste_naam(kop)[0].startswith(_DOCX_BEGIN)


def _is_odt(kop: bytes) -> bool:
    naam, inhoud = _eerste_naam(kop)
    return naam == b"mimetype" and inhoud.startswith(_ODT + b"PK")


@dataclass(frozen=True, slots=True)
class _Soort:
    """How a kind begins; what must, and what may not be somewhere in it (of a zip: in the names of its entries)."""

    soort: Bestandssoort
    begin: Callable[[bytes], bool]
    nodig: bytes = b""
    verboden: re.Pattern[bytes] | None = None


_JPEG: Final = _Soort(Bestandssoort.JPEG, lambda kop: kop.startswith(b"\xff\xd8\xff"))
_PER_UITGANG: Final[Mapping[str, _Soort]] = MappingProxyType(
    {
        "pdf": _Soort(Bestandssoort.PDF, lambda kop: kop.startswith(b"%PDF-")),
        "jpg": _JPEG,
        "jpeg": _JPEG,
        "png": _Soort(Bestandssoort.PNG, lambda kop: kop.startswith(b"\x89PNG\r\n\x1a\n")),
        "txt": _Soort(Bestandssoort.TEKST, lambda kop: bool(kop)),
        "docx": _Soort(Bestandssoort.DOCX, _is_docx, nodig=b"word/document", verboden=_MACRO_DOCX),
        "odt": _Soort(Bestandssoort.ODT, _is_odt, verboden=_MACRO_ODT),
    }
)


class Keuring:
    """Looks at one file while it comes by. Raises OngeldigeInvoer for its name, BestandssoortOnbekend for what it is."""

    def __init__(self, naam: str) -> None:
        self.naam = gekeurde_naam(naam)
        stam, _, uitgang = self.naam.rpartition(".")
        gezocht = _PER_UITGANG.get(uitgang.lower()) if stam else None
        if gezocht is None:
            raise BestandssoortOnbekend(veld="naam")
        self._soort = gezocht
        self._kop, self._begonnen = b"", False
        self._staart, self._gezien = b"", not gezocht.nodig
        self._tekst = codecs.getincrementaldecoder("utf-8")()

    def kijk(self, stuk: bytes) -> None:
        """The next bytes. Raises as soon as it can't be right any more: what follows need not be sent."""
        if not self._begonnen:
            self._kop += stuk[: KOP_BYTES - len(self._kop)]
            self._begin(klaar=False)
        if self._soort.soort is Bestandssoort.TEKST:
            self._lees(stuk)
        elif self._soort.verboden is not None:
            self._zoek(stuk, self._soort.verboden)

    def klaar(self) -> Bestandssoort:
        """What kind it is, when there is no more of it."""
        self._begin(klaar=True)
        if self._soort.soort is Bestandssoort.TEKST:
            self._lees(b"", klaar=True)
        if not self._gezien:
            raise BestandssoortOnbekend(veld="bestand")
        return self._soort.soort

    def _begin(self, *, klaar: bool) -> None:
        if self._begonnen or (len(self._kop) < KOP_BYTES and not klaar):
            return
        if not self._kop:
            raise OngeldigeInvoer("Dit bestand is leeg. Kijk of u het goede bestand hebt gekozen.", veld="bestand")
        if not self._soort.begin(self._kop):
            raise BestandssoortOnbekend(veld="bestand")
        self._begonnen = True

    def _zoek(self, stuk: bytes, verboden: re.Pattern[bytes]) -> None:
        """What is looked for may lie over the seam of two pieces."""
        samen = self._staart + stuk
        if verboden.search(samen):
            raise BestandssoortOnbekend("In dit bestand zit een programma (een macro). Bewaar het zonder, of als PDF.", veld="bestand")
        self._gezien = self._gezien or self._soort.nodig in samen
        self._staart = samen[-KOP_BYTES:]

    def _lees(self, stuk: bytes, *, klaar: bool = False) -> None:
        try:
            tekst = self._tekst.decode(stuk, klaar)
        except UnicodeDecodeError:
            raise BestandssoortOnbekend(veld="bestand") from None
        if not _BESTURING.isdisjoint(tekst):
            raise BestandssoortOnbekend(veld="bestand")


def gekeurde_naam(naam: str) -> str:
    """The name of a file, without a folder and without signs that nobody sees. Raises OngeldigeInvoer, which never repeats it."""
    gewoon = unicodedata.normalize("NFC", naam).strip()
    onzichtbaar = any(unicodedata.category(teken) in ("Zl", "Zp") or unicodedata.category(teken)[0] == "C" for teken in gewoon)
    if not 1 <= len(gewoon) <= MEESTE_TEKENS or onzichtbaar or gewoon.startswith(".") or {"/", "\\"} & set(gewoon):
        raise OngeldigeInvoer(f"Deze naam kan een bestand niet hebben. Gebruik hoogstens {MEESTE_TEKENS} gewone tekens.", veld="naam")
    return gewoon
