"""Whom a case lets in to whom: worked out from the case alone, and made so with every change of it (design.md 1, idea 2)."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N4, N6, N7
from wijkwerk.access.register import BETROKKENEN, IDENTITEIT, PLAN_EN_DOELEN, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Deur, Partij, herzie_deuren
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.records.session import Work

GESLOTEN = (IDENTITEIT.code, PLAN_EN_DOELEN.code, BETROKKENEN.code)
"""What the team keeps of a closed case: whose it was and that it was there, so that it can be opened again. No notes."""


def stel_bij(work: Work, dossier: Dossier, leden: Collection[UUID], aanmeldingen: Collection[UUID] = ()) -> None:
    """Let in who this case lets in now, and nobody else: what it opened before and no longer does, ends at this moment.

    `aanmeldingen`: the reports that this case came from; what was written within those goes along. Raises GeenRecht.
    """
    herzie_deuren(work, Bron.DOSSIER, dossier.id, deuren_van(work, dossier, leden, aanmeldingen))


def deuren_van(work: Work, dossier: Dossier, leden: Collection[UUID], aanmeldingen: Collection[UUID] = ()) -> set[Deur]:
    """All that a case opens as it is now: the team at N6 and the casusregisseur at N7; the team at N4 for little once it is closed."""
    dicht = dossier.status is Dossierstatus.GESLOTEN
    partijen = [Partij(dossier.team_id, Partijsoort.TEAM, N4 if dicht else N6)]
    if dossier.regisseur_id is not None and not dicht:
        partijen.append(Partij(dossier.regisseur_id, Partijsoort.GEBRUIKER, N7))
    codes = GESLOTEN if dicht else sorted(work.catalogue.matrix[WMO_ONDERZOEK.code])
    return {
        Deur(persoon, partij, WMO_ONDERZOEK.code, code, kader, dossier.verantwoordelijke_id or work.actor.organisatie)
        for persoon, partij, code, kader in product(leden, partijen, codes, (dossier.id, *aanmeldingen))
    }
