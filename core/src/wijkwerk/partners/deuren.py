"""Whom a coupling and a referral let in, and how far: from the row alone (docs/decisions/0011). Shared by reference, never copied.

Of the municipality's records a partner sees what the case itself opens, and less; of its own records what its purpose opens: each is the
controller of its own part (domain.md 4.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product
from uuid import UUID

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N1, Niveau
from wijkwerk.access.purposes import Instemming
from wijkwerk.access.register import IDENTITEIT, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Deur, Partij
from wijkwerk.kalender.termijnen import einde_van
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.verwijzing import Verwijzing, Verwijzingstatus
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work


def van_koppeling(work: Work, koppeling: Koppeling) -> set[Deur]:
    """All that a coupling opens; nothing once it is over."""
    if not open_op(koppeling, work.actor.moment):
        return set()
    partij = Partij(koppeling.partij_id, koppeling.partijsoort, Niveau(koppeling.niveau_tot))
    return set(_deuren(work, koppeling, partij, koppeling.categorieen, koppeling.tot, _beide(koppeling)))


def van_verwijzing(work: Work, verwijzing: Verwijzing) -> set[Deur]:
    """All that a referral opens: while it is offered the referral itself and whom it is about at N1, once accepted what it names, and else
    nothing. It ends by itself when its last day is over.
    """
    tot, wie = einde_van(verwijzing.tot), verwijzing.organisatie_id
    if tot <= work.actor.moment:
        return set()
    if verwijzing.status is Verwijzingstatus.AANGEBODEN:
        voorlopig = Partij(wie, Partijsoort.ORGANISATIE, N1)
        return set(_deuren(work, verwijzing, voorlopig, [IDENTITEIT.code], tot, [verwijzing.verantwoordelijke_id]))
    if verwijzing.status is not Verwijzingstatus.AANGENOMEN:
        return set()
    partij = Partij(wie, Partijsoort.ORGANISATIE, Niveau(verwijzing.niveau_tot))
    return set(_deuren(work, verwijzing, partij, verwijzing.categorieen, tot, _beide(verwijzing)))


def _beide(rij: Koppeling | Verwijzing) -> tuple[UUID, UUID]:
    return rij.verantwoordelijke_id, rij.organisatie_id


def _deuren(
    work: Work, rij: Koppeling | Verwijzing, partij: Partij, categorieen: Iterable[str], tot: datetime | None, controllers: Iterable[UUID]
) -> Iterator[Deur]:
    """To the records of these controllers, for who holds the role if the row names one."""
    doel, toestemming = work.catalogue.doel(rij.doel), rij.toestemming_id if isinstance(rij, Verwijzing) else None
    van_dossier = work.catalogue.matrix[WMO_ONDERZOEK.code]
    for code, controller in product(sorted(set(categorieen)), controllers):
        nodig = work.catalogue.instemming(doel, code) is not Instemming.NIET_NODIG
        if controller == rij.organisatie_id or code in van_dossier:
            yield Deur(rij.persoon_id, partij, rij.doel, code, rij.dossier_id, controller, tot, rij.rol, toestemming if nodig else None)
