"""Whom a row of the own view lets in to whom, worked out from that row alone (docs/decisions/0011).

Above N4 stands what professionals wrote in their own words: that is weighed first, at a request (Wmo 2015 art. 5.3.2). The BSN is the one
thing at N7 that somebody sees of oneself; who represents somebody has no ground for it (domain.md 1.5, 2.6).
A door is for one role, so that what somebody sees as a resident and what they see as a representative never add up.
"""

from __future__ import annotations

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N4, N7
from wijkwerk.access.register import BSN, INZAGE
from wijkwerk.betrokkenheden import Deur, Partij
from wijkwerk.inwoners.inwonertoegang import INWONER, VERTEGENWOORDIGER, Inwonertoegang
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work


def deuren_van(work: Work, toegang: Inwonertoegang) -> set[Deur]:
    """All that this row opens at this moment: nothing once it has ended."""
    if not open_op(toegang, work.actor.moment):
        return set()
    zelf = toegang.vertegenwoordiging_id is None
    codes = work.catalogue.matrix[INZAGE.code] - (set() if zelf else {BSN.code})
    return {
        Deur(
            toegang.persoon_id, Partij(toegang.gebruiker_id, Partijsoort.GEBRUIKER, N7 if code == BSN.code else N4), INZAGE.code, code,
            None, toegang.verantwoordelijke_id or work.actor.organisatie, toegang.tot, INWONER if zelf else VERTEGENWOORDIGER,
        )
        for code in codes
    }  # fmt: skip


def bron_van(toegang: Inwonertoegang) -> Bron:
    """What kind of source this row is."""
    return Bron.EIGEN if toegang.vertegenwoordiging_id is None else Bron.VERTEGENWOORDIGING
