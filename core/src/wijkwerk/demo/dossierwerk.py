"""The work of the made-up team: cases, notes and consents. Each function is one unit of work of one user."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from wijkwerk import notities, toestemmingen
from wijkwerk.demo import teksten
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.notities import Notitiesoort
from wijkwerk.records.session import Work


def open_met_verslagen(work: Work, at: int, personen: Sequence[UUID], regisseur: UUID) -> UUID:
    """The `at`-th case: opened, with one to three reports about the first resident; every third has one that may be shared."""
    dossier = open_dossier(work, personen, vraag=teksten.VRAGEN[at % len(teksten.VRAGEN)], regisseur=regisseur)
    work.flush()
    for n in range(at % 3 + 1):
        tekst = teksten.VERSLAGEN[(at + n) % len(teksten.VERSLAGEN)]
        notities.schrijf(work, dossier, personen[0], Notitiesoort.CONTACTVERSLAG, tekst)
    if at % 3 == 0:
        notities.schrijf(work, dossier, personen[0], Notitiesoort.CONTACTVERSLAG, teksten.DEELBAAR, deelbaar=True)
    if at % 5 == 0:
        notities.schrijf(work, dossier, personen[0], Notitiesoort.BESLUIT, teksten.BESLUIT)
    return dossier


def strikt(work: Work, dossier: UUID, persoon: UUID) -> UUID:
    """A note for the casusregisseur alone."""
    return notities.schrijf(work, dossier, persoon, Notitiesoort.STRIKT, teksten.STRIKT)


def stem_toe(work: Work, dossier: UUID, persoon: UUID, ontvanger: UUID, doel: str, categorieen: Sequence[str]) -> UUID:
    """A consent in writing, for half a year."""
    tot = work.actor.vandaag + timedelta(days=182)
    return toestemmingen.leg_vast(
        work, dossier, persoon, ontvanger, doel, categorieen, toestemmingen.Wijze.SCHRIFTELIJK, teksten.TOESTEMMINGSTEKST, tot
    )  # fmt: skip
