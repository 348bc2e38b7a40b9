"""The one clock. Everything that needs the time asks it, so that tests can travel."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Klok(Protocol):
    """Tells the time."""

    def nu(self) -> datetime:
        """Now, in UTC, timezone-aware."""
        ...


class SysteemKlok:
    """The machine's clock."""

    def nu(self) -> datetime:
        return datetime.now(UTC)


class StaandeKlok:
    """A clock that stands still until it is set: for tests and made-up data."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def nu(self) -> datetime:
        return self.moment


def dag(moment: datetime) -> date:
    """The date of law of a moment: the day it is then in Europe/Amsterdam."""
    return moment.astimezone(AMSTERDAM).date()


def vandaag(klok: Klok) -> date:
    """The date of law: today."""
    return dag(klok.nu())
