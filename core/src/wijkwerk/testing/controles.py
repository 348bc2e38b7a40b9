"""A log to oversee, for tests of the checks: entries as they would be written, and looking at them as oversight does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from ..access.actor import Actor
from ..access.betrokkenheid import Bron
from ..log.entry import Actie, Betrokkene, Deur, Gebeurtenis, Getoond, Logregel, Resultaat
from ..log.subjects import pseudoniemen
from ..storage.columns import nieuw_id
from ..toezicht.controles.controle import Blik, Treffer
from ..toezicht.controles.lijst import BEGIN as EERST
from ..toezicht.controles.lijst import PER_NUMMER, tel, treffers
from .wijk import BEGIN, Wijk

T = TypeVar("T")


def deur(bron: Bron) -> Deur:
    """Something of this kind that let somebody in."""
    return Deur(nieuw_id(), bron.value, nieuw_id(), "WMO_ONDERZOEK/1")


@dataclass
class Toezicht:
    """The log of a made-up municipality, in the forty days from the day before its clock began."""

    wijk: Wijk
    namen: dict[UUID, UUID] = field(default_factory=dict)
    van: datetime = BEGIN - timedelta(days=1)
    tot: datetime = BEGIN + timedelta(days=40)
    wie: dict[str, Actor] = field(default_factory=dict)

    async def regel(self, rol: str, *wie: UUID, op: datetime, deuren: Sequence[Deur | UUID] = (), **anders: Any) -> Logregel:
        """The entry of a look at these residents, through these doors: with a number alone it is one of version 1."""
        wijk = self.wijk
        if rol not in self.wie:
            self.wie[rol] = wijk.actor(rol)
        actor = self.wie[rol]
        if nieuw := set(wie) - self.namen.keys():
            async with wijk.wijkwerk.database.snapshot() as snapshot:
                self.namen |= await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, nieuw))
        ids = tuple(each.betrokkenheid if isinstance(each, Deur) else each for each in deuren)
        getoond = Getoond("Persoon", ("IDENTITEIT",), ("geslachtsnaam",), ids)
        gewoon: dict[str, Any] = {
            "gebeurtenis": Gebeurtenis.LEZEN, "actie": Actie.READ, "resultaat": Resultaat.GESLAAGD, "tijdstip": op,
            "gemeente": wijk.gemeente, "gebruiker": actor.gebruiker, "organisatie": actor.organisatie, "rollen": actor.rollen,
            "activiteit": actor.activiteit, "doelen": actor.doelen, "onderdeel": "test",
            "betrokkenen": tuple(Betrokkene(self.namen[each], (getoond,)) for each in wie),
            "toegang": tuple(each for each in deuren if isinstance(each, Deur)),
        }  # fmt: skip
        return Logregel(**gewoon | anders)

    async def kijkt(self, rol: str, *wie: UUID, op: datetime, deuren: Sequence[Deur | UUID] = (), **anders: Any) -> None:
        """That entry, written down."""
        await self.wijk.wijkwerk.journal.record(await self.regel(rol, *wie, op=op, deuren=deuren, **anders))

    async def zie(self, work: Callable[[Blik], T], *, van: datetime | None = None, tot: datetime | None = None) -> T:
        """Look at the period."""
        core, nu = self.wijk.wijkwerk, self.wijk.klok.nu()
        async with core.database.snapshot() as snapshot:
            return await snapshot.run(
                lambda c: work(
                    Blik(
                        connection=c, gemeente=self.wijk.gemeente, van=van or self.van, tot=tot or self.tot, nu=nu,
                        catalogue=core.catalogue, sleutel=core.keyring.signing_key(c, "log").public_key(),
                    )
                )
            )  # fmt: skip

    async def vind(self, nummer: int, onderdeel: str | None = None, **periode: Any) -> list[Treffer]:
        """What a check finds. Looking further hit by hit gives the same, and so do the counts; else AssertionError."""
        return await self.zie(lambda blik: _zelfde(blik, nummer, onderdeel), **periode)


def _zelfde(blik: Blik, nummer: int, onderdeel: str | None) -> list[Treffer]:
    controle, stap, na = PER_NUMMER[nummer], list[Treffer](), EERST
    heel = [treffer for _, treffer in treffers(blik, controle, onderdeel)]
    while (volgende := next(treffers(blik, controle, onderdeel, na), None)) is not None:
        na = volgende[0]
        stap.append(volgende[1])
    [telling] = tel(blik, [controle])
    aantal = sum(telling.aantallen.values()) if onderdeel is None else telling.aantallen[onderdeel]
    onbekend = telling.aantallen.keys() - {each.code for each in controle.onderdelen}
    if stap != heel or aantal != len(heel) or onbekend:
        raise AssertionError((controle.code, telling.aantallen, heel, stap, onbekend))
    return heel
