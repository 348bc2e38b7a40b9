"""Terms as the Selectielijst writes them (ISO 8601: P42D, P15Y), counted in calendar days (domain.md 4.3)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from wijkwerk.klok import AMSTERDAM

_TERMIJN = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def na_termijn(begin: date, termijn: str) -> date:
    """The day after this term. A day that the month doesn't have becomes its last: 29 February 2024 + P1Y is 28 February 2025.

    Raises ValueError for what is no term.
    """
    found = _TERMIJN.fullmatch(termijn)
    if found is None or termijn == "P":
        raise ValueError(f"{termijn!r} is not a term such as P42D or P15Y")
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    total = begin.year * 12 + begin.month - 1 + years * 12 + months
    year, month = divmod(total, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(begin.day, last)) + timedelta(days=7 * weeks + days)


def begin_van(dag: date) -> datetime:
    """The moment that a day of law begins in Amsterdam, in UTC: there the difference of two moments is time that passed, which it is
    not between two moments of one time zone when the clocks change.
    """
    return datetime.combine(dag, time.min, AMSTERDAM).astimezone(UTC)


def einde_van(dag: date) -> datetime:
    """The moment that a day of law is over, in Amsterdam: the next one begins."""
    return begin_van(dag + timedelta(days=1))
