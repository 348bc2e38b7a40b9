"""Telling the administrators of a municipality that planned work failed: a notice inside the product, which says nothing of anybody."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from wijkwerk.gebruikers import Aanstelling, telt
from wijkwerk.jobs.loop import Jobloop
from wijkwerk.post.notificeren import notificeer
from wijkwerk.post.soorten import JOB_MISLUKT
from wijkwerk.records.session import Work


def meld_mislukt(work: Work, loop: UUID) -> int:
    """A unit: a notice about this run for each who holds the role BEHEER today; how many. Raises GeenRecht."""
    a = Aanstelling.tabel()
    asked = select(a.c.gebruiker_id, a.c.organisatie_id).distinct()
    found = work.core_connection.execute(
        asked.where(a.c.gemeente_id == work.actor.gemeente, a.c.rol == "BEHEER", telt(a, work.actor.vandaag))
    ).all()
    for row in found:
        notificeer(work, row.gebruiker_id, row.organisatie_id, JOB_MISLUKT.code, over_soort=Jobloop.__name__, over_id=loop, bron_id=loop)
    return len(found)
