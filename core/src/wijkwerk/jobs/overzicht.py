"""What was done, for who runs an installation. It is about no person, so looking at it is not in the access log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.jobs.job import Job
from wijkwerk.jobs.loop import Jobloop, Loopstatus
from wijkwerk.jobs.perioden import is_periode, periode_van

_L: Final = Jobloop.tabel().c


def geschiedenis(connection: Connection, gemeenten: Collection[UUID], naam: str | None, aantal: int) -> list[Any]:
    """The last so many runs of a job (of all jobs, also of those that nobody declares any more), newest first."""
    asked = select(Jobloop.tabel()).where(_L.gemeente_id.in_(gemeenten))
    if naam is not None:
        asked = asked.where(_L.naam == naam)
    return list(connection.execute(asked.order_by(_L.begonnen_op.desc(), _L.id.desc()).limit(aantal)))


def te_doen(connection: Connection, gemeente: UUID, job: Job, vandaag: date) -> list[str]:
    """The periods to run now: what was begun and not finished, oldest first, and then the period of today.

    So a run that was killed is finished the next time, also when that is in another period.
    """
    unfinished = select(_L.periode).where(_L.gemeente_id == gemeente, _L.naam == job.naam, _L.status != Loopstatus.KLAAR)
    periodes = connection.execute(unfinished.order_by(_L.begonnen_op, _L.id)).scalars()
    nu = periode_van(job.per, vandaag)
    return [*(periode for periode in periodes if periode != nu and is_periode(job.per, periode)), nu]
