"""What came of an appointment: it was held, or the resident was not there. A no-show is a fact, not a sanction (domain.md 2.4)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.afspraken.afspraak import Afspraakstatus
from wijkwerk.afspraken.plannen import beeindig, geplande
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.gegevens import tekst_of_niets
from wijkwerk.records.session import Work


def gehouden(work: Work, id: UUID, versie: int, uitkomst: str | None = None) -> UUID:
    """The appointment was held; what was agreed, in words.

    Raises NietGevonden, VersieVerouderd, GeenRecht, and OngeldigeInvoer for one that is no longer planned or has not begun.
    """
    return _leg_vast(work, id, versie, Afspraakstatus.GEHOUDEN, uitkomst)


def niet_verschenen(work: Work, id: UUID, versie: int, uitkomst: str | None = None) -> UUID:
    """The resident was not there: a status with a time. Nothing counts how often, and nothing follows from it. Raises as `gehouden`."""
    return _leg_vast(work, id, versie, Afspraakstatus.NIET_VERSCHENEN, uitkomst)


def _leg_vast(work: Work, id: UUID, versie: int, status: Afspraakstatus, uitkomst: str | None) -> UUID:
    afspraak = geplande(work, id, versie)
    if work.actor.moment < afspraak.begin:
        raise OngeldigeInvoer("De afspraak is nog niet begonnen. Leg daarna vast wat ervan kwam, of zeg de afspraak af.")
    beeindig(work, afspraak, status, tekst_of_niets(uitkomst, "uitkomst"))
    return id
