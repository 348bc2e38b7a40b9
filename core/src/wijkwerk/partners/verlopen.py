"""Referrals whose last day is over, once a day. Their doors ended at midnight by themselves; this says so in the record."""

from __future__ import annotations

from sqlalchemy import select

from wijkwerk.errors import GeenRecht
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.perioden import eerste_dag
from wijkwerk.partners.verwijzing import LOPEND, Verwijzing, Verwijzingstatus
from wijkwerk.records.many import change_many
from wijkwerk.records.session import Work

PER_STAP = 200


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """The next referrals that were over before this day. Raises GeenRecht for who is not the system."""
    if not work.actor.may(Verwijzing.schrijven.naam):
        raise GeenRecht
    v = Verwijzing.tabel()
    over = (v.c.gemeente_id == work.actor.gemeente, v.c.status.in_(LOPEND), v.c.tot < eerste_dag(periode))
    eerste = select(v.c.id).where(*over).order_by(v.c.id).limit(PER_STAP)
    rows = change_many(work, Verwijzing, [*over, v.c.id.in_(eerste)], {"status": Verwijzingstatus.VERLOPEN})
    return Stand(None if len(rows) < PER_STAP else "verder", len(rows))


VERWIJZINGEN_VERLOPEN = Job("verwijzingen-verlopen", "Verwijzingen afsluiten waarvan de laatste dag voorbij is", Per.DAG, stap)
