"""Break-glass in tests: whom it is about, who opens it, and what they say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ..access.actor import Actor
from ..noodtoegang.noodtoegang import Noodreden
from ..noodtoegang.openen import Geopend, NietMogelijk, open_noodtoegang
from ..records.types.datum import Datum
from ..zoeken.kenmerken import Kenmerken
from .wijk import Wijk

RACHID = Kenmerken(geslachtsnaam="Djibet", geboortedatum=Datum(1951, 4, 2))
UITLEG = "De buren horen geschreeuw, er doet niemand open"


def elders(wijk: Wijk, rol: str = "WIJKTEAM") -> Actor:
    """Somebody of the other team."""
    return wijk.actor(rol, team=wijk.ander_team)


async def in_nood(
    wijk: Wijk, wie: Any, kenmerken: Kenmerken = RACHID, *, reden: Noodreden = Noodreden.ACUUT_GEVAAR, dossier: UUID | None = None
) -> Geopend | NietMogelijk:
    """A break-glass that is asked for by somebody."""
    return await wijk.schrijf(wie, lambda work: open_noodtoegang(work, kenmerken, reden, UITLEG, dossier=dossier))
