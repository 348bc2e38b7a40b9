"""What who makes an import file must know: which columns are understood, and how a date is written. For the help and the README."""

from __future__ import annotations

from collections.abc import Iterator

from wijkwerk.importeren.kolommen import SYNONIEMEN, VERPLICHT

DATUMS = "Datums: jjjj-mm-dd, jjjjmmdd, dd-mm-jjjj, dd/mm/jjjj of dd.mm.jjjj; niet alles bekend: jjjj-mm, jjjj, 19560000 of onbekend."
JA_OF_NEE = "Tolk nodig en laaggeletterd: ja, nee, 1 of 0."
HERKENNING = (
    "Twee dingen worden herkend: hetzelfde bestand (dan gebeurt er niets nog een keer) en hetzelfde BSN (die inwoner blijft zoals hij is). "
    "Een regel zonder BSN in een gewijzigd of ander bestand is een nieuwe inwoner."
)

HUISHOUDENS = (
    "Wie in dit bestand hetzelfde huishouden heeft, komt bij elkaar in één huishouden: een nummer of andere tekst, met bij ieder een rol "
    "(hoofd, partner, kind, ouder, overig familielid of medebewoner). Wie we al kenden op BSN, blijft zoals die is."
)


def kolomregels() -> Iterator[tuple[str, str]]:
    """Of each field its first header, and the other headers that mean the same."""
    for veld, (eerste, *andere) in SYNONIEMEN.items():
        yield eerste + (" (verplicht)" if veld == VERPLICHT else ""), ", ".join(andere)


def kolomtabel() -> str:
    """The columns as a table in Markdown."""
    return "\n".join(["| kolom | mag ook heten |", "|---|---|", *(f"| {kolom} | {andere} |" for kolom, andere in kolomregels())])


def hulptekst() -> str:
    """The last part of `wijkwerk import personen --help`."""
    kolommen = [f"  {kolom}" + (f" (ook: {andere})" if andere else "") for kolom, andere in kolomregels()]
    return "\n\n".join(["\b\nKolommen, hoofdletters maken niet uit:\n" + "\n".join(kolommen), DATUMS, JA_OF_NEE, HUISHOUDENS, HERKENNING])
