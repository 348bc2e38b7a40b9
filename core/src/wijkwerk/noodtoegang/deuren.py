"""Whom a break-glass lets in to what, and until when: worked out from its row alone (docs/decisions/0011)."""

from __future__ import annotations

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4, N5
from wijkwerk.access.register import BSN, VEILIGHEID, WERKAANTEKENINGEN, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Deur, Partij
from wijkwerk.noodtoegang.noodtoegang import BEOORDELAAR, Noodtoegang
from wijkwerk.records.session import Work

NOOIT = frozenset({BSN.code, VEILIGHEID.code, WERKAANTEKENINGEN.code})
"""What nobody sees by break-glass: the BSN, what is strict, and memory aids (domain.md 3.6 rule 3, 9.4)."""


def deuren_van(work: Work, nood: Noodtoegang) -> set[Deur]:
    """All that a break-glass opens: its user, at N5, until it is over; and who has to judge it, as far as this row, until that is done."""
    doel, found = WMO_ONDERZOEK.code, set()
    controller = nood.verantwoordelijke_id or work.actor.organisatie
    if nood.tot > work.actor.moment:
        gebruiker = Partij(nood.gebruiker_id, Partijsoort.GEBRUIKER, N5)
        codes = work.catalogue.matrix[doel] - NOOIT
        found = {Deur(nood.persoon_id, gebruiker, doel, code, None, controller, nood.tot) for code in codes}
    if nood.beoordeel_team_id is not None and not nood.beoordeeld:
        team = Partij(nood.beoordeel_team_id, Partijsoort.TEAM, N4)
        found.add(Deur(nood.persoon_id, team, doel, nood.categorie_code, None, controller, rol=BEOORDELAAR))
    return found
