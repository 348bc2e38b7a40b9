"""Periods of planned work, as text: 2026-12-31, 2026-W53 (ISO 8601 week), 2026-12 or 2026. Which one it is now goes by date of law."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Final

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.jobs.job import Per

_VORM: Final = {
    Per.DAG: re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
    Per.WEEK: re.compile(r"([0-9]{4})-W([0-9]{2})"),
    Per.MAAND: re.compile(r"([0-9]{4})-([0-9]{2})"),
    Per.JAAR: re.compile(r"([0-9]{4})"),
}
_VOORBEELD: Final = {
    Per.DAG: "een dag, zoals 2026-12-31",
    Per.WEEK: "een week, zoals 2026-W53",
    Per.MAAND: "een maand, zoals 2026-12",
    Per.JAAR: "een jaar, zoals 2026",
}


def periode_van(per: Per, dag: date) -> str:
    """The period that this day is in. The first days of January can be in the last week of the year before."""
    if per is Per.WEEK:
        jaar, week, _ = dag.isocalendar()
        return f"{jaar:04}-W{week:02}"
    length = {Per.DAG: 10, Per.MAAND: 7, Per.JAAR: 4}[per]
    return dag.isoformat()[:length]


def lees_periode(per: Per, tekst: str, vandaag: date) -> str:
    """A period that somebody gave. Raises OngeldigeInvoer for another kind of period, one that is not there, and one to come."""
    tekst = tekst.strip()
    if not is_periode(per, tekst):
        raise OngeldigeInvoer(f"Dit werk heeft als periode {_VOORBEELD[per]}.", veld="period")
    if _eerste(per, tekst) > vandaag:
        raise OngeldigeInvoer("Deze periode moet nog beginnen. Kies de periode van nu, of een eerdere.", veld="period")
    return tekst


def is_periode(per: Per, tekst: str) -> bool:
    """Whether this is a period of this kind: that of a job that was weekly and is monthly now is not."""
    try:
        _eerste(per, tekst)
    except ValueError:
        return False
    return True


def eerste_dag(periode: str) -> date:
    """The first day of a period as a job is given it. Raises ValueError for what is none."""
    return _eerste(_per(periode), periode)


def laatste_dag(periode: str) -> date:
    """The last day of a period as a job is given it. Raises ValueError for what is none."""
    per = _per(periode)
    begin = _eerste(per, periode)
    if per is Per.WEEK:
        return date.fromisocalendar(*begin.isocalendar()[:2], 7)
    if per is Per.MAAND:
        return begin.replace(day=calendar.monthrange(begin.year, begin.month)[1])
    return begin.replace(month=12, day=31) if per is Per.JAAR else begin


def _per(periode: str) -> Per:
    return next((per for per, vorm in _VORM.items() if vorm.fullmatch(periode)), Per.JAAR)


def _eerste(per: Per, periode: str) -> date:
    found = _VORM[per].fullmatch(periode)
    if found is None:
        raise ValueError("not a period")
    parts = [int(part) for part in found.groups()]
    year, part, day = (*parts, 1, 1)[:3]
    return date.fromisocalendar(year, part, 1) if per is Per.WEEK else date(year, part, day)
