"""Taking a consent in hand to change it: one unit of work at a time."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from wijkwerk.errors import NietGevonden
from wijkwerk.familie import vergrendel
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.toestemming import Toestemming


def neem_toestemming(work: Work, toestemming: UUID, versie: int | None = None) -> Toestemming:
    """A consent in reach. Until this unit is over nobody else decides about it, nor merges its resident (`vergrendel_toestemming`).

    Raises NietGevonden, VersieVerouderd.
    """
    vergrendel_toestemming(work, toestemming)
    return work.get(Toestemming, toestemming, versie)


def vergrendel_toestemming(work: Work, toestemming: UUID) -> None:
    """Lock whom a consent is about, as giving does with all residents of its case and a merge with both: in another order two would wait
    for each other. Raises NietGevonden.
    """
    work.flush()
    t = Toestemming.tabel()
    mine = select(t.c.persoon_id).where(t.c.gemeente_id == work.actor.gemeente, t.c.id == toestemming)
    persoon = work.core_connection.execute(mine).scalar()
    if persoon is None:
        raise NietGevonden
    vergrendel(work, [persoon])
