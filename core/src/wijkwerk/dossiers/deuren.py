"""Whom a case lets in to whom: worked out from the case alone, and made so with every change of it (docs/decisions/0011)."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N4, N6, N7
from wijkwerk.access.register import BETROKKENEN, IDENTITEIT, PLAN_EN_DOELEN, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Deur, Partij, herzie_deuren
from wijkwerk.dossiers.dossier import Dossierstatus
from wijkwerk.dossiers.inhanden import InHanden
from wijkwerk.dossiers.overdracht import Overdracht, Overdrachtstatus
from wijkwerk.records.session import Work

GESLOTEN = (IDENTITEIT.code, PLAN_EN_DOELEN.code, BETROKKENEN.code)
"""What the team keeps of a closed case: whose it was and that it was there, so that it can be opened again. No notes."""


def stel_bij(work: Work, vast: InHanden) -> None:
    """Let in who this case lets in now, and nobody else: what it (or an offer of it) opened before and no longer does, ends at this moment.

    What was written in the unit so far is written first, while the actor still sees it. Raises GeenRecht.
    """
    herzie_deuren(work, Bron.DOSSIER, vast.dossier.id, deuren_van(work, vast))
    o = Overdracht.tabel()
    aanbod = select(o.c.id, o.c.naar_team_id, o.c.categorieen, o.c.status).where(
        o.c.gemeente_id == work.actor.gemeente, o.c.dossier_id == vast.dossier.id
    )
    for row in work.core_connection.execute(aanbod).all():
        deuren = deuren_van_aanbod(vast, row.naar_team_id, row.categorieen) if row.status is Overdrachtstatus.AANGEBODEN else set()
        herzie_deuren(work, Bron.OVERDRACHT, row.id, deuren)


def deuren_van(work: Work, vast: InHanden) -> set[Deur]:
    """All that a case opens as it is now: the team at N6 and the casusregisseur at N7; the team at N4 for little once it is closed.

    What was written within its reports, before it was a case, goes along.
    """
    dossier = vast.dossier
    dicht = dossier.status is Dossierstatus.GESLOTEN
    partijen = [Partij(dossier.team_id, Partijsoort.TEAM, N4 if dicht else N6)]
    if dossier.regisseur_id is not None and not dicht:
        partijen.append(Partij(dossier.regisseur_id, Partijsoort.GEBRUIKER, N7))
    codes = GESLOTEN if dicht else sorted(work.catalogue.matrix[WMO_ONDERZOEK.code])
    return {
        Deur(persoon, partij, WMO_ONDERZOEK.code, code, kader, dossier.verantwoordelijke_id or work.actor.organisatie)
        for persoon, partij, code, kader in product(vast.leden, partijen, codes, vast.kaders)
    }


def deuren_van_aanbod(vast: InHanden, team: UUID, categorieen: Collection[str]) -> set[Deur]:
    """What a team sees of a case that is offered to it: these categories, at N4, within the case itself."""
    dossier, partij = vast.dossier, Partij(team, Partijsoort.TEAM, N4)
    return {
        Deur(persoon, partij, WMO_ONDERZOEK.code, code, dossier.id, dossier.verantwoordelijke_id)
        for persoon, code in product(vast.leden, categorieen)
    }
