"""What a job is: declared by the core or a plugin, run by `draaien.py`.

A plugin declares one in `Declaraties.jobs`:

    def ruim_op(work: Work, periode: str, plek: str | None) -> Stand:
        over = oudste(work, voor=eerste_dag(periode), aantal=100)
        for id in over:
            work.delete(work.get(Folder, id))
        return Stand(None if len(over) < 100 else "verder", gedaan=len(over))

    @hookimpl
    def declaraties() -> Declaraties:
        return Declaraties(records=(Folder,), jobs=(Job("folders-opruimen", "Oude folders weggooien", Per.DAG, ruim_op),))

The records that a job reads and writes name the role JOBS in their permissions: the system has no other right. What a step does must
follow from the database, the period and the place alone, for the step may be done again after a fault. A step sends nothing and calls
nobody: what must leave the house goes into a table (the outbox), in the same transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wijkwerk.records.session import Work

MAX_PLEK: Final = 200
_NAAM: Final = re.compile(r"[a-z][a-z0-9-]{0,59}")


class Per(StrEnum):
    """How often a job runs, and so what a period is: 2026-12-31, 2026-W53, 2026-12 or 2026."""

    DAG = "DAG"
    WEEK = "WEEK"
    MAAND = "MAAND"
    JAAR = "JAAR"


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a job is. `plek`: where the next step begins, or None when it is done; `gedaan`: how many this step did.

    Raises ValueError for a place of more than 200 characters and for less than nothing done.
    """

    plek: str | None
    gedaan: int = 0
    totaal: int | None = None

    def __post_init__(self) -> None:
        if (self.plek is not None and len(self.plek) > MAX_PLEK) or self.gedaan < 0:
            raise ValueError("a place has at most 200 characters, and nothing is undone")


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of planned work for one municipality. `stap` does one bounded part of it, in one transaction, as the system itself.

    It is given the unit of work, the period and where to begin (None the first time), and says where the next step begins. What it
    writes and how far it is are committed together, so that a run that was killed goes on where it was. A step must take less
    than the lease of a run (setting `jobs.lease`). `naam`: small letters, digits and hyphens. Raises ValueError for another name.
    """

    naam: str
    uitleg: str
    per: Per
    stap: Callable[[Work, str, str | None], Stand]

    def __post_init__(self) -> None:
        if not _NAAM.fullmatch(self.naam):
            raise ValueError("the name of a job has small letters, digits and hyphens, at most 60")
