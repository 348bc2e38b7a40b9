"""Withdrawing a consent: as easy as giving it, with effect from the next request on (AVG art. 7(3); domain.md 2.4)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.betrokkenheden import herzie_deuren
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemmingstatus, Wijze


def trek_in(work: Work, toestemming: UUID, *, wijze: Wijze | None = None, reden: str | None = None) -> UUID:
    """Withdraw a consent: the recipient's next request is refused. Twice does no harm. A reason is never asked (AVG art. 7(3))."""
    found = work.get(Toestemming, toestemming)
    if found.status is Toestemmingstatus.GEGEVEN:
        found.status, found.ingetrokken_op = Toestemmingstatus.INGETROKKEN, work.actor.moment
        found.ingetrokken_wijze, found.ingetrokken_door_id, found.intrekreden = wijze, work.actor.gebruiker, reden
        herzie_deuren(work, Bron.TOESTEMMING, toestemming, set())
    return toestemming
