"""Coupling: a casusregisseur lets a partner in to residents of a case (domain.md 9.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.access.levels import N0, N7
from wijkwerk.betrokkenheden import Partij, herzie_deuren, mag_maken, open_deur
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id


def koppel(
    work: Work, dossier: UUID, persoon: UUID, partij: Partij, doel: str, categorieen: Sequence[str], tot: datetime | None = None
) -> UUID:
    """Couple a partner to a resident of a case, for one purpose and these categories; the id of the coupling.

    The partner's own records about this resident are opened with it: each is the controller of its own part (domain.md 4.6).
    A partner is another organisation: within the municipality a case is opened or handed over, never coupled. Raises GeenRecht for who may
    not couple and for the case of another team, NietGevonden for a person, case or organisation out of reach, DossierGesloten, and
    OngeldigeInvoer for the rest.
    """
    if not N0 < partij.niveau < N7:
        raise OngeldigeInvoer("Kies voor een partner een niveau van 1 tot en met 6.", veld="niveau")
    mag_maken(work, Bron.KOPPELING)
    declared = work.catalogue.doel(doel)
    if not declared.koppelbaar:
        raise OngeldigeInvoer("Voor dit doel kunt u geen partner koppelen. Kies een doel van de partner zelf.", veld="doel")
    if persoon not in neem_in_handen(work, dossier).leden:
        raise NietGevonden
    _is_partner(work, partij.id)
    koppeling = work.grant(
        Koppeling(
            id=nieuw_id(), persoon_id=persoon, dossier_id=dossier, organisatie_id=partij.id, partij_id=partij.id, partijsoort=partij.soort,
            doel=doel, categorieen=list(work.catalogue.opens(declared, categorieen)), niveau_tot=int(partij.niveau),
            van=work.actor.moment, tot=tot, door_id=work.actor.gebruiker,
        )
    )  # fmt: skip
    open_deur(
        work, [persoon], [partij], doel=doel, categorieen=categorieen, bron=Bron.KOPPELING, bron_id=koppeling.id, kader=dossier, tot=tot,
        verantwoordelijken=(work.actor.organisatie, partij.id),
    )  # fmt: skip
    return koppeling.id


def beeindig(work: Work, id: UUID, versie: int | None = None) -> UUID:
    """End a coupling in a case that the actor holds: the partner's next request is refused. Twice does no harm.

    Raises NietGevonden for a coupling or a case out of reach, VersieVerouderd, GeenRecht.
    """
    koppeling = work.get(Koppeling, id, versie)
    neem_in_handen(work, koppeling.dossier_id, lopend=False)
    if open_op(koppeling, work.actor.moment):
        koppeling.tot, koppeling.beeindigd_door_id = work.actor.moment, work.actor.gebruiker
        herzie_deuren(work, Bron.KOPPELING, id, set())
    return id


def _is_partner(work: Work, organisatie: UUID) -> None:
    o = Organisatie.tabel()
    soort = work.core_connection.execute(select(o.c.soort).where(o.c.gemeente_id == work.actor.gemeente, o.c.id == organisatie)).scalar()
    if soort is None:
        raise NietGevonden
    if soort is Organisatiesoort.GEMEENTE or organisatie == work.actor.organisatie:
        raise OngeldigeInvoer("Koppel een partnerorganisatie, niet de gemeente of uw eigen organisatie.", veld="partij")
