"""Which party of a partner is let in: the organisation, or a team or somebody of it, and in which role (domain.md 9.6)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N0, N7
from wijkwerk.access.purposes import Doel
from wijkwerk.betrokkenheden import Partij
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling, telt
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team
from wijkwerk.records.geldigheid import waar_loopt
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.vragen import rollen_voor


def keur_partij(work: Work, organisatie: UUID, partij: Partij, rol: str | None, doel: Doel) -> None:
    """A partner is another organisation that runs, or a team of it, or who works there today; never at N7.

    Within the municipality a case is opened or handed over, never shared. Raises NietGevonden for a party that is not of the organisation,
    OngeldigeInvoer for the rest.
    """
    if not N0 < partij.niveau < N7:
        raise OngeldigeInvoer("Kies voor een partner een niveau van 1 tot en met 6.", veld="niveau")
    _keur_organisatie(work, organisatie)
    if not _hoort_bij(work, organisatie, partij):
        raise NietGevonden
    if rol is not None:
        _keur_rol(work, rol, doel)


def _keur_organisatie(work: Work, organisatie: UUID) -> None:
    o = Organisatie.tabel()
    lopend = (o.c.gemeente_id == work.actor.gemeente, o.c.id == organisatie, waar_loopt(o, work.actor.vandaag))
    soort = work.core_connection.execute(select(o.c.soort).where(*lopend)).scalar()
    if soort is None:
        raise NietGevonden
    if soort is Organisatiesoort.GEMEENTE or organisatie == work.actor.organisatie:
        raise OngeldigeInvoer("Kies een partnerorganisatie, niet de gemeente of uw eigen organisatie.", veld="partij")


def _hoort_bij(work: Work, organisatie: UUID, partij: Partij) -> bool:
    if partij.soort is Partijsoort.ORGANISATIE:
        return partij.id == organisatie
    t, a = Team.tabel(), Aanstelling.tabel()
    if partij.soort is Partijsoort.TEAM:
        van = select(t.c.id).where(t.c.gemeente_id == work.actor.gemeente, t.c.id == partij.id, t.c.organisatie_id == organisatie)
        van = van.where(waar_loopt(t, work.actor.vandaag))
    else:
        van = select(a.c.id).where(a.c.gemeente_id == work.actor.gemeente, a.c.gebruiker_id == partij.id, a.c.organisatie_id == organisatie)
        van = van.where(telt(a, work.actor.vandaag))
    return work.core_connection.execute(van.limit(1)).first() is not None


def _keur_rol(work: Work, code: str, doel: Doel) -> None:
    """A role that works for this purpose at a partner; in another the party would see nothing."""
    if code not in rollen_voor(work, doel.code) or work.catalogue.rollen[code].gemeentelijk:
        raise OngeldigeInvoer("Deze rol werkt niet voor dit doel. Kies een andere rol, of laat de rol weg.", veld="rol")
