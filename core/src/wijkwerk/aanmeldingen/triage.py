"""What comes of a report: looked at, followed up by a case, or ended without one and opened again (domain.md 9.1)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import OPEN, Aanmelding, Aanmeldstatus
from wijkwerk.aanmeldingen.deuren import stel_bij
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.session import Work


def kreeg_vervolg(work: Work, aanmelding: UUID, dossier: UUID, personen: Collection[UUID]) -> None:
    """A case came from this report: its own door ends, for the case opens what was written within it (`dossiers/deuren.py`).

    Who calls this has put the case in with its doors, those to this report among them. `personen`: whom the case is about.
    Raises NietGevonden for a report out of reach, OngeldigeInvoer for one that has ended or is about somebody else, GeenRecht.
    """
    work.flush()  # the report is going to point at the case
    melding = _open(work, aanmelding)
    if melding.persoon_id not in personen:
        raise OngeldigeInvoer("Deze melding gaat over iemand anders. Kies een melding over een inwoner van dit dossier.", veld="aanmelding")
    melding.status, melding.dossier_id, melding.afgehandeld_op = Aanmeldstatus.VERVOLG, dossier, work.actor.moment
    stel_bij(work, melding)


def _open(work: Work, id: UUID, versie: int | None = None) -> Aanmelding:
    """A report that waits for what comes of it. Raises NietGevonden, VersieVerouderd, and OngeldigeInvoer for one that has ended."""
    melding = work.get(Aanmelding, id, versie)
    if melding.status not in OPEN:
        raise OngeldigeInvoer("Deze melding is al afgehandeld. Haal de melding opnieuw op, of heropen haar eerst.", veld="aanmelding")
    return melding
