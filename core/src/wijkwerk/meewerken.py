"""Whether somebody works with a resident, or only sees them: because a case is offered, or because it is closed."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import werkdeuren
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among


class DossierGesloten(OngeldigeInvoer):
    """The case is closed; the message says what to do first."""

    code = "DOSSIER_GESLOTEN"
    standaard = "Dit dossier is gesloten. Heropen het dossier eerst."


def keur_werkt_mee(work: Work, persoon: UUID, kader: UUID | None) -> None:
    """Whoever plans or finishes something about this resident in this case must work in it.

    Raises GeenRecht for who sees it only because it is offered (until they accept it, they look and decide), and DossierGesloten for the
    team of a closed case, which sees at N4 that it was there (`dossiers/deuren.py`).
    """
    b = Betrokkenheid.tabel()
    deuren = _deuren(work, [persoon], or_(b.c.kader_id.is_(None), b.c.kader_id == kader))
    if deuren and all(deur.bron is Bron.OVERDRACHT for deur in deuren):
        raise GeenRecht("Dit dossier is aan uw team aangeboden. Neem het eerst over.")
    if deuren and all(deur.bron is Bron.DOSSIER and deur.niveau_tot <= N4 for deur in deuren):
        raise DossierGesloten


def keur_niet_alleen_aangeboden(work: Work, personen: Collection[UUID]) -> None:
    """Raises GeenRecht when one of these residents is seen only because a case about them is offered: a case of one's own would be a way
    around the decision about the offer."""
    per_persoon: dict[UUID, set[Bron]] = {}
    for deur in _deuren(work, personen):
        per_persoon.setdefault(deur.persoon_id, set()).add(deur.bron)
    if {Bron.OVERDRACHT} in per_persoon.values():
        raise GeenRecht("Van deze inwoner is een dossier aan uw team aangeboden. Neem dat eerst over, of meld de inwoner aan.")


def _deuren(work: Work, personen: Collection[UUID], *where: ColumnElement[bool]) -> list[Row[tuple[UUID, Bron, int]]]:
    """By which sources, and how far, the actor is let in to these residents now, to work with them."""
    work.flush()
    b = Betrokkenheid.tabel()
    rows = select(b.c.persoon_id, b.c.bron, b.c.niveau_tot).where(*werkdeuren(work, b), among(b.c.persoon_id, "personen"), *where)
    return list(work.core_connection.execute(rows.distinct(), {"personen": list(personen)}))
