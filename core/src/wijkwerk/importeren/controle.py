"""From the text of a row to a checked person, or to everything that is wrong with the row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.regel import Regel, RegelFout
from wijkwerk.records.types.adres import lees_huisletter, lees_huisnummer, lees_straat, lees_toevoeging, lees_woonplaats
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik, lees_naam, lees_voorvoegsel
from wijkwerk.records.types.postcode import Postcode


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersoonGegevens:
    """The checked data of one person, none of it in its `repr`. None is absent; a `geslachtsnaam` of `.` is unknown
    (domain.md 1.1, 1.7, 1.10)."""

    geslachtsnaam: str
    bsn: Bsn | None = None
    voornamen: str | None = None
    voorvoegsel: str | None = None
    aanduiding_naamgebruik: Naamgebruik = Naamgebruik.EIGEN
    partner_voorvoegsel: str | None = None
    partner_geslachtsnaam: str | None = None
    geboortedatum: Datum = DATUM_ONBEKEND
    geslacht: Geslacht = Geslacht.ONBEKEND
    straat: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    postcode: Postcode | None = None
    woonplaats: str | None = None
    geheim: bool = False
    overlijdensdatum: Datum | None = None


def controleer(regel: Regel, vandaag: date) -> PersoonGegevens | list[RegelFout]:
    """The person in a row, or all that is wrong with the row. `vandaag` is today in the Netherlands (`klok.vandaag`).

    What is empty is absent, and takes the default of `PersoonGegevens`. Only `geslachtsnaam` must be filled, and
    `indicatie geheim` where the file has that column: an empty one does not say that an address may be shown.
    """
    if regel.fouten:
        return list(regel.fouten)
    waarden, redenen = _gelezen(regel.waarden)
    redenen += _tegenstrijdig(waarden, vandaag)
    if redenen:
        return [RegelFout(regel.nummer, veld, reden) for veld, reden in redenen]
    return PersoonGegevens(**waarden)


def _gelezen(teksten: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    waarden: dict[str, Any] = {}
    redenen = []
    for veld, lees in _LEZERS.items():
        tekst = teksten.get(veld)
        if tekst or (tekst is not None and veld in _NIET_LEEG):
            try:
                waarden[veld] = lees(tekst)
            except OngeldigeInvoer as fout:
                redenen.append((veld, fout.melding))
    return waarden, redenen


def _tegenstrijdig(waarden: dict[str, Any], vandaag: date) -> list[tuple[str, str]]:
    """Only what is surely wrong: an incomplete date gets the benefit of the doubt."""
    geboren, overleden = waarden.get("geboortedatum", DATUM_ONBEKEND), waarden.get("overlijdensdatum")
    redenen = []
    if geboren.eerste() > vandaag:
        redenen.append(("geboortedatum", "Deze datum ligt in de toekomst. Vul de geboortedatum in."))
    if overleden and overleden.eerste() > vandaag:
        redenen.append(("overlijdensdatum", "Deze datum ligt in de toekomst. Vul de datum van overlijden in."))
    if overleden and overleden.laatste() < geboren.eerste():
        redenen.append(("overlijdensdatum", "Deze datum ligt voor de geboortedatum. Controleer beide datums."))
    return redenen


def _datum(tekst: str) -> Datum:
    """A spreadsheet makes 0 of the unknown date 00000000."""
    return DATUM_ONBEKEND if tekst == "0" else Datum.lees(tekst)


def _keuze(keuzes: dict[str, Any], tekst: str) -> Any:
    try:
        return keuzes[tekst.casefold()]
    except KeyError:
        raise OngeldigeInvoer(f"Schrijf {', '.join(keuzes)}.") from None


def _geheim(tekst: str) -> bool:
    """BRP 07.70.10: every value above 0 is secret, whatever it means (domain.md 1.10)."""
    if not re.fullmatch("[0-7]", tekst):
        raise OngeldigeInvoer("Schrijf een cijfer van 0 tot en met 7. Een 0 betekent: geen geheimhouding.")
    return tekst != "0"


_GESLACHTEN = {lid.value.casefold(): lid for lid in Geslacht} | {lid.name.casefold(): lid for lid in Geslacht}
_NAAMGEBRUIKEN = {lid.value.casefold(): lid for lid in Naamgebruik}
_NIET_LEEG = frozenset({"geslachtsnaam", "geheim"})

_LEZERS: dict[str, Callable[[str], Any]] = {
    "bsn": Bsn.lees,
    "voornamen": partial(lees_naam, veld="voornamen"),
    "voorvoegsel": lees_voorvoegsel,
    "geslachtsnaam": partial(lees_naam, veld="geslachtsnaam"),
    "aanduiding_naamgebruik": partial(_keuze, _NAAMGEBRUIKEN),
    "partner_voorvoegsel": partial(lees_voorvoegsel, veld="partner_voorvoegsel"),
    "partner_geslachtsnaam": partial(lees_naam, veld="partner_geslachtsnaam"),
    "geboortedatum": _datum,
    "geslacht": partial(_keuze, _GESLACHTEN),
    "straat": lees_straat,
    "huisnummer": lees_huisnummer,
    "huisletter": lees_huisletter,
    "huisnummertoevoeging": lees_toevoeging,
    "postcode": Postcode.lees,
    "woonplaats": lees_woonplaats,
    "geheim": _geheim,
    "overlijdensdatum": _datum,
}
