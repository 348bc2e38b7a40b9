"""What the commands that verify have in common: which checkpoints were kept, whose word counts, and how long entries must stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from wijkwerk.cli_waarden import BestaandBestand, VerkeerdeWaarde
from wijkwerk.log.verify import Getuige, lees_getuige, lees_termijn


class _Sleutel(click.ParamType[Getuige]):
    """The public key of a witness, as C2SP writes it."""

    name = "sleutel"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Getuige:
        """Raises VerkeerdeWaarde."""
        try:
            return lees_getuige(str(value))
        except ValueError:
            raise VerkeerdeWaarde("--getuige is een sleutel als naam+nummer+sleutel. Vraag hem aan de getuige.", ctx, param) from None


class _Termijn(click.ParamType[tuple[str, int]]):
    """How many months entries of a kind of stream stay."""

    name = "soort=maanden"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Raises VerkeerdeWaarde."""
        try:
            return lees_termijn(str(value))
        except ValueError:
            raise VerkeerdeWaarde("Schrijf --maanden als INZAGE=60 of AANMELDING=6.", ctx, param) from None


CHECKPOINTS = click.option(
    "--checkpoint",
    "bewaard",
    type=BestaandBestand(),
    multiple=True,
    help="Een checkpoint dat u zelf bewaarde. Mag vaker.",
)
GETUIGEN = click.option("--getuige", "getuigen", type=_Sleutel(), multiple=True, help="De publieke sleutel van een getuige. Mag vaker.")
MAANDEN = click.option("--maanden", type=_Termijn(), multiple=True, help="Hoe lang regels blijven, als INZAGE=60. Mag vaker.")


def lees_notes(paden: Sequence[Path]) -> list[str]:
    """Checkpoints that were kept, whatever is in the files: what is no checkpoint is a finding."""
    return [pad.read_text("utf-8", errors="replace") for pad in paden]
