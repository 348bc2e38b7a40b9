"""Consents whose last day is over: their doors closed at that moment by themselves; this job says it in the record too, every day."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from wijkwerk.errors import GeenRecht
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.perioden import eerste_dag
from wijkwerk.records.many import change_many
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among
from wijkwerk.toestemmingen.intrekken import LOPEND
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemmingstatus

PER_STAP: Final = 200


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """The next consents past their day are VERLOPEN; also what was asked and never answered. Raises GeenRecht."""
    if not work.actor.may(Toestemming.schrijven.naam):
        raise GeenRecht
    t = Toestemming.tabel()
    voorbij = (t.c.status.in_(LOPEND), t.c.geldig_tot < eerste_dag(periode))
    eerste = select(t.c.id).where(t.c.gemeente_id == work.actor.gemeente, *voorbij).order_by(t.c.id).limit(PER_STAP)
    ids = list(work.core_connection.execute(eerste).scalars())
    rows = change_many(work, Toestemming, [among(t.c.id, "ids"), *voorbij], {"status": Toestemmingstatus.VERLOPEN}, {"ids": ids})
    return Stand("verder" if len(ids) == PER_STAP else None, gedaan=len(rows))


VERLOPEN: Final = Job("toestemmingen-verlopen", "Toestemmingen afsluiten waarvan de laatste dag voorbij is", Per.DAG, stap)
