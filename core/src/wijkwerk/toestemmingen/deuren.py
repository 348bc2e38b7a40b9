"""Whom a consent lets in to what: worked out from the consent and its recipients alone (docs/decisions/0011; design.md 1, idea 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N5
from wijkwerk.betrokkenheden import Deur, Partij
from wijkwerk.kalender.termijnen import einde_van
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.toestemming import Richting, Toestemming, Toestemmingsontvanger, Toestemmingstatus

NIVEAU_ONTVANGER = N5
"""What the care organisation in a case sees: notes that may be shared, and no more (domain.md 2.6). The ceiling of a role is often lower:
a peer coach sees N3 of it."""


@dataclass(frozen=True, slots=True)
class Ontvanger:
    """Who gets the data: an organisation, or who holds this role there. Never "all partners" (domain.md 2.3)."""

    organisatie: UUID
    rol: str | None = None


def deuren_van(work: Work, toestemming: Toestemming) -> set[Deur]:
    """All that a consent opens now: each category to each recipient, until the end of its last day. Nothing unless it is given, nor where
    data only come in. When its case is closed, what it opened ends with the case and is not made again (`dossiers.status.sluit`).
    """
    t = Toestemmingsontvanger.tabel()
    van = select(t.c.organisatie_id, t.c.rol).where(t.c.gemeente_id == work.actor.gemeente, t.c.toestemming_id == toestemming.id)
    ontvangers = [Ontvanger(row.organisatie_id, row.rol) for row in work.core_connection.execute(van)]
    return deuren(toestemming, ontvangers, work.actor.moment)


def deuren(toestemming: Toestemming, ontvangers: Iterable[Ontvanger], moment: datetime) -> set[Deur]:
    """The same, for recipients that are known."""
    einde = einde_van(toestemming.geldig_tot)
    if toestemming.status is not Toestemmingstatus.GEGEVEN or toestemming.richting is Richting.ONTVANGEN or einde <= moment:
        return set()
    return {
        Deur(
            toestemming.persoon_id, Partij(each.organisatie, Partijsoort.ORGANISATIE, NIVEAU_ONTVANGER), toestemming.doel, code,
            toestemming.dossier_id, toestemming.verantwoordelijke_id, einde, each.rol, toestemming.id,
        )
        for each in ontvangers for code in toestemming.categorieen
    }  # fmt: skip
