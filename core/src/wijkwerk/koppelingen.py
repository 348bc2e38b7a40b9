"""Coupling: a casusregisseur lets a partner in to residents of a case (domain.md 9.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.access.levels import N0, N7
from wijkwerk.betrokkenheden import Partij, mag_maken, open_deur, sluit_deur
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id


def koppel(
    work: Work, dossier: UUID, personen: Sequence[UUID], partij: Partij, doel: str, categorieen: Sequence[str], tot: datetime | None = None
) -> UUID:
    """Couple a partner to persons of a dossier, for one purpose and these categories; the id of the coupling, to end it by.

    The partner's own records about these persons are opened with it: each is the controller of its own part (domain.md 4.6).
    A partner is another organisation: within the municipality a case is opened or handed over, never coupled. Raises GeenRecht for who may
    not couple and for the case of another team, NietGevonden for a person, case or organisation out of reach, DossierGesloten, and
    OngeldigeInvoer for the rest.
    """
    if not N0 < partij.niveau < N7:
        raise OngeldigeInvoer("Kies voor een partner een niveau van 1 tot en met 6.", veld="niveau")
    mag_maken(work, Bron.KOPPELING)
    if not work.catalogue.doel(doel).koppelbaar:
        raise OngeldigeInvoer("Voor dit doel kunt u geen partner koppelen. Kies een doel van de partner zelf.", veld="doel")
    leden = list(dict.fromkeys(personen))
    if not leden:
        raise OngeldigeInvoer("Kies ten minste één inwoner uit het dossier.", veld="personen")
    if not set(neem_in_handen(work, dossier).leden).issuperset(leden):
        raise NietGevonden
    _is_partner(work, partij.id)
    koppeling = nieuw_id()
    open_deur(
        work, leden, [partij], doel=doel, categorieen=categorieen, bron=Bron.KOPPELING, bron_id=koppeling, kader=dossier, tot=tot,
        verantwoordelijken=(work.actor.organisatie, partij.id),
    )  # fmt: skip
    return koppeling


def beeindig(work: Work, betrokkenheid: UUID) -> UUID:
    """End the whole coupling that this row is part of, in a case that the actor holds; a case and a consent end in their own way.

    Raises NietGevonden for a row or a case out of reach, OngeldigeInvoer for a row that no coupling made, GeenRecht.
    """
    row = work.reader.one(Betrokkenheid, ("bron", "bron_id", "kader_id"), betrokkenheid)
    if row is None:
        raise NietGevonden
    if row.bron is not Bron.KOPPELING:
        raise OngeldigeInvoer("Alleen een koppeling eindigt zo. Een toestemming trekt u in.", veld="betrokkenheid")
    mag_maken(work, Bron.KOPPELING)
    neem_in_handen(work, row.kader_id, lopend=False)
    sluit_deur(work, row.bron_id)
    return betrokkenheid


def _is_partner(work: Work, organisatie: UUID) -> None:
    o = Organisatie.tabel()
    soort = work.core_connection.execute(select(o.c.soort).where(o.c.gemeente_id == work.actor.gemeente, o.c.id == organisatie)).scalar()
    if soort is None:
        raise NietGevonden
    if soort is Organisatiesoort.GEMEENTE or organisatie == work.actor.organisatie:
        raise OngeldigeInvoer("Koppel een partnerorganisatie, niet de gemeente of uw eigen organisatie.", veld="partij")
