"""Referrals in tests: a resident with enough to see, a case, an offer to the partner, and what each partner then sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from ..access.betrokkenheid import Betrokkenheid
from ..access.levels import N4
from ..klok import dag
from ..partners.verwijzen import Aanbod, verwijs
from ..partners.verwijzing import Verwijzing
from ..personen import Persoon
from ..post.notificatie import Notificatie
from ..records.declare import Record
from ..records.types.datum import Datum
from ..toestemmingen.deuren import Ontvanger
from ..toestemmingen.geven import leg_vast
from ..toestemmingen.toestemming import Wijze
from .dossiers import doe
from .wijk import Wijk

RECORDS: tuple[type[Record], ...] = (Verwijzing, Betrokkenheid, Notificatie)
"""What a referral writes: unchanged after a refusal."""


def aanbod(wijk: Wijk, **anders: Any) -> Aanbod:
    """What is offered to the welfare partner for a month: its names, and how to reach the resident."""
    gewoon = {"organisatie": wijk.dock, "doel": "WMO_ALG_VOORZIENING", "categorieen": ("CONTACT",), "niveau": N4, "tot": over(wijk, 30)}
    return Aanbod(**{**gewoon, **anders})


def over(wijk: Wijk, dagen: int) -> date:
    """So many days from today."""
    return dag(wijk.klok.nu()) + timedelta(days=dagen)


async def zaak(wijk: Wijk) -> tuple[UUID, UUID]:
    """A resident with a telephone and a case."""
    persoon = await wijk.inwoner("Moulin", roepnaam="Suus", contact=["0612345678"], geboortedatum=Datum(1956, 11, 2))
    return persoon, await wijk.dossier(persoon)


def aanbieden(dossier: UUID, persoon: UUID, wat: Aanbod) -> Callable[[Any], UUID]:
    """The unit of work that refers."""
    return lambda work: verwijs(work, dossier, persoon, "Kunt u koffie komen drinken?", wat)


async def verwezen(wijk: Wijk, **anders: Any) -> tuple[UUID, UUID, UUID]:
    """A resident, the case, and a referral that is offered."""
    persoon, dossier = await zaak(wijk)
    return persoon, dossier, await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk, **anders)))


async def besluit(wijk: Wijk, rol: Any, service: Callable[..., UUID], verwijzing: UUID, *rest: Any) -> UUID:
    """Let a service change this referral in its newest version."""
    return await doe(wijk, rol, service, verwijzing, *rest, record=Verwijzing)


async def toestemming(
    wijk: Wijk,
    dossier: UUID,
    persoon: UUID,
    *,
    rol: str | None = None,
    categorieen: Sequence[str] = ("IDENTITEIT", "CONTACT"),
    dagen: int = 30,
) -> UUID:
    """A consent for the care institution, for so many days."""
    given = (Wijze.SCHRIFTELIJK, "v1", over(wijk, dagen))
    naar = [Ontvanger(wijk.zorg, rol)]
    return await wijk.schrijf("WIJKTEAM", lambda work: leg_vast(work, dossier, persoon, naar, "ZORG_UITWISSELING", categorieen, *given))


async def ziet(wijk: Wijk, rol: Any, verwijzing: UUID) -> bool:
    """Whether who has this role sees the referral."""
    return await wijk.lees(rol, lambda reader: reader.one(Verwijzing, (), verwijzing)) is not None


async def velden(wijk: Wijk, rol: Any, persoon: UUID) -> frozenset[str]:
    """The columns of a resident that who has this role sees; none when the resident is out of reach."""
    found = await wijk.lees(rol, lambda reader: reader.visible(Persoon, [persoon]))
    return found[persoon][1] if found else frozenset()
