"""A spreadsheet (XLSX) that a screen reader finds its way in: a table with a name and headers on each sheet, and nothing that runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from wijkwerk.brieven.fouten import BriefNietMogelijk, BriefTeLang
from wijkwerk.klok import AMSTERDAM

MEESTE_RIJEN: Final = 100_000
_OPTIES: Final = {
    "in_memory": True, "constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_BREEDST, _SMALST = 60, 10


@dataclass(frozen=True, slots=True)
class Blad:
    """One sheet. `naam` is on its tab (31 characters at most), `tabel` is the name of the table (letters and digits)."""

    naam: str
    tabel: str
    koppen: tuple[str, ...]
    rijen: Sequence[Sequence[Any]]


def werkblad(titel: str, afzender: str, bladen: Sequence[Blad], *, moment: datetime) -> bytes:
    """The spreadsheet. Text stays text, whatever it begins with; moments are in Amsterdam time.

    Raises BriefNietMogelijk without the extra `brieven`, and BriefTeLang.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise BriefNietMogelijk from None
    if any(len(blad.rijen) > MEESTE_RIJEN for blad in bladen):
        raise BriefTeLang("Dit past niet in een werkblad. Kies een kortere periode.")
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIES) as boek:
        boek.set_properties({"title": titel, "author": afzender, "created": _plaatselijk(moment)})
        vormen: dict[type, Any] = {
            date: boek.add_format({"num_format": "d-m-yyyy"}),
            datetime: boek.add_format({"num_format": "d-m-yyyy hh:mm"}),
        }
        for blad in bladen:
            _vul(boek.add_worksheet(blad.naam), blad, vormen)
    return buffer.getvalue()


def _vul(vel: Any, blad: Blad, vormen: dict[type, Any]) -> None:
    rijen = [[_waarde(value) for value in rij] for rij in blad.rijen] or [["Geen gegevens"] + [""] * (len(blad.koppen) - 1)]
    vel.add_table(0, 0, len(rijen), len(blad.koppen) - 1, {"name": blad.tabel, "columns": [{"header": kop} for kop in blad.koppen]})
    for nummer, rij in enumerate(rijen, 1):
        for kolom, value in enumerate(rij):
            _schrijf(vel, nummer, kolom, value, vormen)
    for kolom, kop in enumerate(blad.koppen):
        breed = max(len(str(value)) for value in (kop, *(rij[kolom] for rij in rijen)))
        vel.set_column(kolom, kolom, min(max(breed + 2, _SMALST), _BREEDST))
    vel.freeze_panes(1, 0)


def _schrijf(vel: Any, nummer: int, kolom: int, value: Any, vormen: dict[type, Any]) -> None:
    if (vorm := vormen.get(type(value))) is not None:
        vel.write_datetime(nummer, kolom, value, vorm)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        vel.write_number(nummer, kolom, value)
    else:
        vel.write_string(nummer, kolom, str(value))


def _waarde(value: Any) -> Any:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if value is None:
        return ""
    return _plaatselijk(value) if isinstance(value, datetime) else value


def _plaatselijk(moment: datetime) -> datetime:
    """A spreadsheet knows no time zones."""
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None, microsecond=0)
