"""What an argument or option may be, with a Dutch sentence for what it may not be."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Never

import click


class VerkeerdeWaarde(click.BadParameter):
    """A value that can't be; `message` is Dutch and for the user as it is."""


class Getal(click.ParamType[int]):
    """A whole number within bounds, both included."""

    name = "getal"

    def __init__(self, minst: int, meest: int) -> None:
        self.minst, self.meest = minst, meest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Raises VerkeerdeWaarde, which names the option and the bounds and not the value."""
        tekst = str(value)
        if len(tekst) < 20 and tekst.isascii() and tekst.isdigit() and self.minst <= int(tekst) <= self.meest:
            return int(tekst)
        naam = param.opts[0] if param else "Deze waarde"
        raise VerkeerdeWaarde(f"{naam} moet een getal van {self.minst} tot en met {self.meest} zijn.", ctx, param)


class BestaandBestand(click.ParamType[Path]):
    """A file that is there."""

    name = "bestand"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Raises VerkeerdeWaarde, which names the file."""
        pad = Path(value)
        try:
            soort = "is een map" if pad.is_dir() else None if pad.is_file() else "bestaat niet"
        except (OSError, ValueError):
            soort = "bestaat niet"
        return pad if soort is None else _fout(f"Het bestand {_leesbaar(value)} {soort}. Controleer de naam.", param, ctx)


class NieuwBestand(click.ParamType[Path]):
    """A file that is to be made."""

    name = "bestand"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Raises VerkeerdeWaarde for a name that is taken."""
        pad = Path(value)
        return pad if not pad.exists() else _fout(f"{_leesbaar(value)} bestaat al. Kies een nieuwe naam.", param, ctx)


LANGSTE_NAAM: Final = 200


def _leesbaar(naam: object) -> str:
    """A name that can't do anything to a terminal."""
    return "".join(filter(str.isprintable, str(naam)))[:LANGSTE_NAAM]


def _fout(zin: str, param: click.Parameter | None, ctx: click.Context | None) -> Never:
    raise VerkeerdeWaarde(zin, ctx, param)
