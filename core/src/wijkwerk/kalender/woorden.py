"""Days and times in words, as a letter to a resident says them: in Amsterdam, in plain Dutch."""

from __future__ import annotations

from datetime import datetime

from wijkwerk.klok import AMSTERDAM, dag
from wijkwerk.records.types.datum import Datum

DAGEN = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def dag_in_woorden(moment: datetime) -> str:
    """The day of a moment: `maandag 5 april 2027`."""
    op = dag(moment)
    return f"{DAGEN[op.weekday()]} {Datum.van(op).tekst()}"


def tijd_in_woorden(moment: datetime) -> str:
    """The time of a moment: `14.30 uur`."""
    toen = moment.astimezone(AMSTERDAM)
    return f"{toen.hour}.{toen.minute:02d} uur"
