"""What the commands that look at a period have in common: from which day or moment to which, and of which municipality."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import click

from wijkwerk.cli_waarden import VerkeerdeWaarde
from wijkwerk.kalender.termijnen import begin_van, einde_van


class Moment(click.ParamType[datetime]):
    """A moment with a timezone, or a day: then the moment that `van_dag` gives for it."""

    name = "moment"

    def __init__(self, van_dag: Callable[[date], datetime]) -> None:
        self._van_dag = van_dag

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Raises VerkeerdeWaarde."""
        with suppress(ValueError, OverflowError):
            return self._van_dag(date.fromisoformat(str(value)))
        with suppress(ValueError):
            if (gegeven := datetime.fromisoformat(str(value))).tzinfo is not None:
                return gegeven
        naam = param.opts[0] if param else "deze optie"
        raise VerkeerdeWaarde(f"Schrijf bij {naam} een dag als 2027-03-01, of een moment als 2027-03-01T09:00+01:00.", ctx, param)


def periode(*, verplicht: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options `--van` and `--tot`: moments, of which the second does not count any more."""
    van = click.option("--van", type=Moment(begin_van), required=verplicht, help="De eerste dag (2027-03-01), of een moment met tijdzone.")
    tot = click.option(
        "--tot",
        type=Moment(einde_van),
        required=verplicht,
        help="De laatste dag, die nog meetelt; of een moment met tijdzone, dat niet meetelt.",
    )
    return lambda command: van(tot(command))


GEMEENTE = click.option("--gemeente", help="Welke gemeente, als er meer dan één is.")
