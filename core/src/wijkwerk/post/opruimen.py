"""The job that ends mail which waited too long, also where no worker runs: what is sealed in the outbox does not stay there."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.post.claim import mag_versturen
from wijkwerk.post.verzending import VRIJ, Verzending, Verzendstatus, is_vrij
from wijkwerk.records.session import Work

STAP: Final = 500


def ruim_op(work: Work, periode: str, plek: str | None) -> Stand:
    """One step: the next mails past their moment are VERLOPEN and their content is gone. Raises GeenRecht.

    A worker that runs does this too, and then somebody gets a task; this is the bottom under it.
    """
    mag_versturen(work)
    v, moment, gemeente = Verzending.tabel(), work.actor.moment, work.actor.gemeente
    where = [v.c.gemeente_id == gemeente, v.c.status == Verzendstatus.WACHT, v.c.verloopt_op <= moment, is_vrij(moment)]
    if plek is not None:
        where.append(v.c.id > UUID(plek))
    ids = list(work.core_connection.execute(select(v.c.id).where(*where).order_by(v.c.id).limit(STAP).with_for_update()).scalars())
    ended = {"status": Verzendstatus.VERLOPEN, "inhoud": None, **VRIJ, "versie": v.c.versie + 1}
    work.core_connection.execute(update(v).where(v.c.gemeente_id == gemeente, v.c.id.in_(ids)).values(**ended))
    return Stand(str(ids[-1]) if len(ids) == STAP else None, gedaan=len(ids))


OPRUIMEN: Final = Job("post-opruimen", "E-mail weghalen die te lang wacht om nog zin te hebben", Per.DAG, ruim_op)
