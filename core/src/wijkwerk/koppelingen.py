"""Coupling: a casusregisseur lets a partner in to residents of a case (domain.md 9.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.access.levels import N0, N7
from wijkwerk.betrokkenheden import Partij, mag_maken, open_deur
from wijkwerk.dossiers import leden_van
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.organisaties import Organisatie
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id


def koppel(
    work: Work, dossier: UUID, personen: Sequence[UUID], partij: Partij, doel: str, categorieen: Sequence[str], tot: datetime | None = None
) -> UUID:
    """Couple a partner to persons of a dossier, for one purpose and these categories; the id of the coupling, to end it by.

    The partner's own records about these persons are opened with it: each is the controller of its own part (domain.md 4.6).
    Raises GeenRecht for who may not couple, NietGevonden for a person, case or organisation out of reach, OngeldigeInvoer for the rest.
    """
    if not N0 < partij.niveau < N7:
        raise OngeldigeInvoer("Kies voor een partner een niveau van 1 tot en met 6.", veld="niveau")
    mag_maken(work, Bron.KOPPELING)
    if not set(leden_van(work, dossier)).issuperset(personen) or work.find_any(Organisatie, id=partij.id) is None:
        raise NietGevonden
    koppeling = nieuw_id()
    open_deur(
        work, personen, [partij], doel=doel, categorieen=categorieen, bron=Bron.KOPPELING, bron_id=koppeling, kader=dossier, tot=tot,
        verantwoordelijken=(work.actor.organisatie, partij.id),
    )  # fmt: skip
    return koppeling
