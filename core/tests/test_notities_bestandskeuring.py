"""What kind of file it is: known by its bytes and its name together, while it comes by in pieces."""

from __future__ import annotations

import io
import zipfile

import pytest

from wijkwerk.errors import OngeldigeInvoer, WijkwerkError
from wijkwerk.notities.bestandskeuring import BestandssoortOnbekend, Keuring
from wijkwerk.notities.bijlage import Bestandssoort

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


def gezipt(*namen: str, inhoud: bytes = b"x", soort: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", soort) as archief:
        for naam in namen:
            archief.writestr(naam, inhoud)
    return made.getvalue()


def odt(mime: bytes = b"application/vnd.oasis.opendocument.text", meer: str = "content.xml") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archief:
        archief.writestr("mimetype", mime)
        archief.writestr(meer, b"<x/>" * 300)
    return made.getvalue()


DOCX = gezipt("[Content_Types].xml", "_rels/.rels", "word/document.xml", inhoud=b"<x/>" * 300)
GOED = {
    "verslag.pdf": (PDF, Bestandssoort.PDF),
    "foto.JPG": (b"\xff\xd8\xff\xe0" + b"x" * 900, Bestandssoort.JPEG),
    "foto.jpeg": (b"\xff\xd8\xff\xdb", Bestandssoort.JPEG),
    "plaatje.png": (b"\x89PNG\r\n\x1a\n" + b"x" * 99, Bestandssoort.PNG),
    "brief.txt": ("\ufeffBeste mevrouw Coördinatie,\r\n\té".encode() * 3000, Bestandssoort.TEKST),
    "brief.docx": (DOCX, Bestandssoort.DOCX),
    "elders.docx": (gezipt("_rels/.rels", "word/document2.xml", "[Content_Types].xml"), Bestandssoort.DOCX),
    "brief.odt": (odt(), Bestandssoort.ODT),
}
FOUT = {
    "exe als pdf": ("a.pdf", b"MZ\x90\x00" + b"x" * 900),
    "pdf als png": ("a.png", PDF),
    "html als tekst in latin-1": ("a.txt", "<b>caf\xe9</b>".encode("latin-1")),
    "bytes als tekst": ("a.txt", b"abc\x00def"),
    "half teken": ("a.txt", "é".encode()[:1]),
    "laat een besturingsteken": ("a.txt", b"x" * 80_000 + b"\x1b[2J"),
    "exe": ("a.exe", b"MZ"),
    "geen uitgang": ("verslag", PDF),
    "alleen uitgang": ("pdf", PDF),
    "twee uitgangen": ("a.pdf.exe", PDF),
    "xlsx als docx": ("a.docx", gezipt("[Content_Types].xml", "xl/workbook.xml")),
    "zip als docx": ("a.docx", gezipt("geheim.exe", "word/document.xml")),
    "docx als odt": ("a.odt", DOCX),
    "odt als docx": ("a.docx", odt()),
    "sjabloon als odt": ("a.odt", odt(b"application/vnd.oasis.opendocument.text-template")),
    "ingepakt soort": ("a.odt", gezipt("mimetype", inhoud=b"application/vnd.oasis.opendocument.text")),
    "macro in docx": ("a.docx", gezipt("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
    "macro in docx in hoofdletters": ("a.docx", gezipt("[Content_Types].xml", "word/document.xml", "word/VBAPROJECT.BIN")),
    "macro in odt": ("a.odt", odt(meer="Basic/Standard/Module1.xml")),
    "macro in python in odt": ("a.odt", odt(meer="Scripts/python/module.py")),
    "halve zip": ("a.docx", DOCX[:20]),
    "kop zonder naam": ("a.docx", DOCX[:26] + b"\xff\xff" + DOCX[28:40]),
    "leeg": ("a.pdf", b""),
}
NAMEN = {"leeg": "", "map": "../a.pdf", "schijf": "C:\\a.pdf", "verborgen": ".pdf", "nul": "a\x00.pdf", "regel": "a\n.pdf",
         "omgekeerd": "a\u202efdp.exe.pdf", "lang": "x" * 197 + ".pdf", "half": "a\ud800.pdf", "scheiding": "a\u2028.pdf",
         "alinea": "a\u2029.pdf"}  # fmt: skip


STUKKEN = (1, 7, 600, 100_000)


def keur(naam: str, inhoud: bytes, stuk: int) -> Bestandssoort:
    keuring = Keuring(naam)
    for at in range(0, len(inhoud), stuk):
        keuring.kijk(inhoud[at : at + stuk])
    return keuring.klaar()


@pytest.mark.parametrize("naam", GOED)
@pytest.mark.parametrize("stuk", STUKKEN)
def test_a_kind_that_may_be_is_known_by_its_bytes(naam: str, stuk: int) -> None:
    inhoud, soort = GOED[naam]
    assert keur(naam, inhoud, stuk) is soort


@pytest.mark.parametrize("geval", [*FOUT, *(f"naam: {naam}" for naam in NAMEN)])
@pytest.mark.parametrize("stuk", STUKKEN)
def test_another_kind_or_name_is_refused(geval: str, stuk: int) -> None:
    naam, inhoud = FOUT[geval] if geval in FOUT else (NAMEN[geval.removeprefix("naam: ")], PDF)
    expected: type[WijkwerkError] = OngeldigeInvoer if geval not in FOUT or geval == "leeg" else BestandssoortOnbekend
    with pytest.raises(expected) as refused:
        keur(naam, inhoud, stuk)
    assert type(refused.value) is expected
    assert not naam or naam not in refused.value.melding


def test_every_kind_that_may_be_is_tried() -> None:
    assert {soort for _, soort in GOED.values()} == set(Bestandssoort)


def test_a_wrong_kind_is_seen_at_once_and_the_name_is_kept_without_room_around_it() -> None:
    keuring = Keuring("  Indicatie Moulin.PDF ")
    assert keuring.naam == "Indicatie Moulin.PDF"
    with pytest.raises(BestandssoortOnbekend):
        keuring.kijk(b"MZ" * 300)
