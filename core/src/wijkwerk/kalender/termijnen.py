"""Terms as the Selectielijst writes them (ISO 8601: P42D, P15Y), counted in calendar days (domain.md 4.3)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.dagen import keur_jaar
from wijkwerk.klok import AMSTERDAM
from wijkwerk.records.geldigheid import keur_volgorde
from wijkwerk.records.types.datum import LAATSTE_JAAR, VROEGSTE_JAAR

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


def keur_periode(van: datetime, tot: datetime) -> None:
    """Raises OngeldigeInvoer for moments between which there is nothing, and for one without a timezone: that could be any of 24 hours."""
    if van.tzinfo is None or tot.tzinfo is None or van >= tot:
        raise OngeldigeInvoer(
            "De periode klopt niet. Geef een begin dat voor het einde ligt en niet in de toekomst, allebei met tijdzone.", veld="tot"
        )


def tussen_dagen(van: date | None, tot: date | None) -> tuple[datetime, datetime]:
    """The first and the last moment of these days of law, both included; None has no bound.

    Raises OngeldigeInvoer for a year that can't be, and a last day before the first.
    """
    eerste, laatste = van or date(VROEGSTE_JAAR, 1, 1), tot or date(LAATSTE_JAAR, 12, 31)
    for veld, dag in (("van", eerste), ("tot", laatste)):
        keur_jaar(dag, veld)
    keur_volgorde(eerste, laatste)
    return begin_van(eerste), einde_van(laatste) - timedelta(microseconds=1)
