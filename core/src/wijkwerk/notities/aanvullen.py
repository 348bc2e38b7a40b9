"""Adding something to a note later, without changing what was written (design.md 6; domain.md 9.4)."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from wijkwerk.notities.groep import hoort_bij, rijen_van
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Aanvulling
from wijkwerk.records.session import Work


def vul_aan(work: Work, notitie: UUID, inhoud: Inhoud) -> UUID:
    """Add this to a note, in the file of each whom it is about; the id of the note.

    No version is asked: an addition takes nothing away from what somebody else wrote at the same time. To a resident's own statement it
    is the professional who adds, with an opinion apart. Raises NietGevonden, TekstTeLang and OngeldigeInvoer.
    """
    gekeurd = asdict(inhoud.gekeurd())
    for rij in rijen_van(work, notitie):
        work.add(Aanvulling(auteur_id=work.actor.gebruiker, geschreven=work.actor.moment, **hoort_bij(rij), **gekeurd))
    return notitie
