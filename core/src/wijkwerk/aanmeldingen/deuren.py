"""Whom a report lets in to the resident, and until when: worked out from the report alone (design.md 1, idea 2)."""

from __future__ import annotations

from datetime import datetime

from wijkwerk.aanmeldingen.aanmelding import ZONDER_VERVOLG, Aanmelding, Aanmeldstatus
from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N6
from wijkwerk.access.register import WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Deur, Partij, herzie_deuren, open_deuren
from wijkwerk.kalender.termijnen import einde_van
from wijkwerk.records.session import Work


def begin(work: Work, aanmelding: Aanmelding) -> None:
    """Let in who a new report lets in. Raises GeenRecht."""
    open_deuren(work, Bron.AANMELDING, aanmelding.id, deuren_van(work, aanmelding))


def stel_bij(work: Work, aanmelding: Aanmelding) -> None:
    """Let in who this report lets in as it is now, for as long as that is, and nobody else. Raises GeenRecht."""
    herzie_deuren(work, Bron.AANMELDING, aanmelding.id, deuren_van(work, aanmelding))


def deuren_van(work: Work, aanmelding: Aanmelding) -> set[Deur]:
    """All that a report opens: its team at N6, within the report. One that a case came from opens nothing: the case does.

    One without follow-up still opens it until its term is over (domain.md 4.1 no. 3.3.1, 4.3), so that it ends by itself.
    """
    tot = _tot(aanmelding)
    if aanmelding.status is Aanmeldstatus.VERVOLG or (tot is not None and tot <= work.actor.moment):
        return set()
    team = Partij(aanmelding.team_id, Partijsoort.TEAM, N6)
    controller = aanmelding.verantwoordelijke_id or work.actor.organisatie
    return {
        Deur(aanmelding.persoon_id, team, WMO_ONDERZOEK.code, code, aanmelding.id, controller, tot)
        for code in work.catalogue.matrix[WMO_ONDERZOEK.code]
    }


def _tot(aanmelding: Aanmelding) -> datetime | None:
    if aanmelding.status not in ZONDER_VERVOLG or aanmelding.vervalt_op is None:
        return None
    return einde_van(aanmelding.vervalt_op)
