"""As whom the system finds out who decides for a resident: in a team of the municipality that sees it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid, Partijsoort
from wijkwerk.access.purposes import Categorie
from wijkwerk.access.register import WMO_ONDERZOEK
from wijkwerk.records.geldigheid import waar_nu
from wijkwerk.records.session import Work
from wijkwerk.systeem import TOEGANG, vervolg_als


def systeem_bij(work: Work, persoon: UUID, categorie: Categorie, organisatie: UUID) -> Work | None:
    """Go on as the system in a team that sees this category of the resident; None when there is none: then it can't be known."""
    team = _team(work, persoon, categorie)
    return None if team is None else vervolg_als(work, TOEGANG, organisatie, team)


def _team(work: Work, persoon: UUID, categorie: Categorie) -> UUID | None:
    """A team that works with the resident and sees this category, and from which nothing of the resident is held back. A door for one role
    of a team (who judges a break-glass) is not for the system, and shows nothing else."""
    b, a, nu = Betrokkenheid.tabel(), Afscherming.tabel(), work.actor.moment
    dicht = select(a.c.id).where(
        a.c.gemeente_id == b.c.gemeente_id, a.c.persoon_id == persoon, a.c.partij_id == b.c.partij_id, waar_nu(a, nu)
    )
    found = select(b.c.partij_id).where(
        b.c.gemeente_id == work.actor.gemeente, b.c.persoon_id == persoon, b.c.partijsoort == Partijsoort.TEAM,
        b.c.doel == WMO_ONDERZOEK.code, b.c.categorie_code == categorie.code, b.c.rol.is_(None), waar_nu(b, nu),
        ~exists(dicht.correlate(b)),
    )  # fmt: skip
    return work.core_connection.execute(found.order_by(b.c.niveau_tot.desc(), b.c.partij_id).limit(1)).scalar()
