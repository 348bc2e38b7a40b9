"""What a job is: declared by the core or a plugin, run by `draaien.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wijkwerk.records.session import Work


class Per(StrEnum):
    """How often a job runs, and so what a period is: 2026-12-31, 2026-W53, 2026-12 or 2026."""

    DAG = "DAG"
    WEEK = "WEEK"
    MAAND = "MAAND"
    JAAR = "JAAR"


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a job is. `plek`: where the next step begins, or None when it is done; `gedaan`: how many this step did."""

    plek: str | None
    gedaan: int = 0
    totaal: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of planned work for one municipality. `stap` does one bounded part of it, in one transaction, as the system itself.

    It is given the unit of work, the period and where to begin (None the first time), and says where the next step begins. What it
    writes and how far it is are committed together, so that a run that was killed goes on where it was. A step must take less
    than the lease of a run (setting `jobs.lease`).
    """

    naam: str
    uitleg: str
    per: Per
    stap: Callable[[Work, str, str | None], Stand]
