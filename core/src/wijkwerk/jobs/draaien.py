"""Running a job for one period: step after step, each in a transaction together with how far it is (design.md 10).

The same job started twice runs once: the row of the run is unique, and belongs to one process at a time (`beurt.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OngeldigeInvoer, WijkwerkError
from wijkwerk.gemeentekeuze import organisatie_van
from wijkwerk.jobs.beurt import Beurt, BeurtKwijt, geef_terug, houd, is_bezet, neem, noteer, zoek_loop
from wijkwerk.jobs.job import Job, Stand
from wijkwerk.jobs.loop import Loopstatus
from wijkwerk.jobs.melden import meld_mislukt
from wijkwerk.jobs.perioden import lees_periode
from wijkwerk.klok import vandaag
from wijkwerk.records.session import Work
from wijkwerk.systeem import JOBS, als_systeem, laat_voorgaan, nogmaals, systeemgebruiker

T = TypeVar("T")
Voortgang = Callable[[int, int | None], None]
"""Told after each step how many were done in all, and of how many, if that is known."""

MEESTE_STILSTAND: Final = 10
"""How often a step may come back at the same place with nothing done in between."""

_LOGGER: Final = logging.getLogger(__name__)


class Afloop(StrEnum):
    """How starting a job ended."""

    KLAAR = "KLAAR"
    WAS_KLAAR = "WAS_KLAAR"
    LOOPT_AL = "LOOPT_AL"
    OVERGENOMEN = "OVERGENOMEN"
    MISLUKT = "MISLUKT"


@dataclass(frozen=True, slots=True)
class Uitslag:
    """How it ended, how many were done over all times that the run was resumed, and the code of the error of one that failed."""

    afloop: Afloop
    gedaan: int = 0
    totaal: int | None = None
    code: str | None = None


class StaatStil(WijkwerkError):
    """A job that keeps saying "go on here" and does nothing: a fault of its author."""

    code = "JOB_STAAT_STIL"
    standaard = "Dit werk komt niet verder. Meld het bij wie dit werk heeft gemaakt."


async def draai(wijkwerk: Wijkwerk, job: Job, gemeente: UUID, periode: str, voortgang: Voortgang = lambda gedaan, totaal: None) -> Uitslag:
    """Do what is left of this job for this period of a municipality.

    Whatever stops it half-way, the same call goes on where it stopped; who is cancelled gives the run back at once. A step that raises
    is rolled back and makes the run MISLUKT. Raises OngeldigeInvoer for a period that can't be and a municipality without its own
    organisation, LogNietBeschikbaar and DatabaseNietBeschikbaar when the run can't be begun.
    """
    periode = lees_periode(job.per, periode, vandaag(wijkwerk.klok))
    async with wijkwerk.database.snapshot() as snapshot:
        loop = await snapshot.run(partial(zoek_loop, gemeente=gemeente, naam=job.naam, periode=periode))
        organisatie = await snapshot.run(partial(organisatie_van, gemeente_id=gemeente))
    if loop is not None and loop.status is Loopstatus.KLAAR:
        return Uitslag(Afloop.WAS_KLAAR, loop.gedaan, loop.totaal)
    if loop is not None and is_bezet(loop, wijkwerk.klok.nu()):
        return Uitslag(Afloop.LOOPT_AL, loop.gedaan, loop.totaal)
    if organisatie is None:
        raise OngeldigeInvoer("Deze gemeente heeft geen eigen organisatie. Maak die eerst, of kies een andere gemeente.", veld="gemeente")
    gebruiker = await nogmaals(lambda: systeemgebruiker(wijkwerk, JOBS, gemeente, organisatie))
    return await _Draaiend(wijkwerk, job, periode, gemeente, organisatie, gebruiker, voortgang).draai()


@dataclass(slots=True)
class _Draaiend:
    """One process at one run."""

    wijkwerk: Wijkwerk
    job: Job
    periode: str
    gemeente: UUID
    organisatie: UUID
    gebruiker: UUID
    voortgang: Voortgang
    _stil: Counter[str] = field(default_factory=Counter)

    async def draai(self) -> Uitslag:
        lease = timedelta(seconds=self.wijkwerk.settings.jobs.lease)
        beurt = await nogmaals(lambda: self._schrijf(lambda work: neem(work, self.job, self.periode, lease)))
        if beurt is None:
            return Uitslag(Afloop.LOOPT_AL)
        try:
            return await self._stappen(beurt)
        except BeurtKwijt:
            return Uitslag(Afloop.OVERGENOMEN)
        except asyncio.CancelledError:
            await self._geef_terug(beurt, None)
            raise
        except Exception as error:
            code = error.code if isinstance(error, WijkwerkError) else WijkwerkError.code
            _LOGGER.error("gepland werk %s is mislukt: %s", self.job.naam, code, exc_info=error)
            return await self._geef_terug(beurt, code)

    async def _stappen(self, beurt: Beurt) -> Uitslag:
        while True:
            stand, gedaan, totaal = await nogmaals(lambda: self._schrijf(lambda work: self._stap(work, beurt)))
            self.voortgang(gedaan, totaal)
            if stand.plek is None:
                return Uitslag(Afloop.KLAAR, gedaan, totaal)
            self._bewaak(stand, stand.plek)
            await laat_voorgaan(self.wijkwerk)

    def _stap(self, work: Work, beurt: Beurt) -> tuple[Stand, int, int | None]:
        loop = houd(work, beurt)
        stand = self.job.stap(work, self.periode, loop.plek)
        noteer(loop, stand, beurt, self.wijkwerk.klok.nu())
        return stand, loop.gedaan, loop.totaal

    def _bewaak(self, stand: Stand, plek: str) -> None:
        if stand.gedaan:
            self._stil.clear()
        self._stil[plek] += 1
        if self._stil[plek] > MEESTE_STILSTAND:
            raise StaatStil

    async def _geef_terug(self, beurt: Beurt, code: str | None) -> Uitslag:
        """What can't be given back now can be taken when the lease is over."""
        try:
            gestopt = await self._schrijf(lambda work: geef_terug(work, beurt, code))
            if gestopt.anders:
                await self._schrijf(lambda work: meld_mislukt(work, beurt.loop))
        except BeurtKwijt:
            return Uitslag(Afloop.OVERGENOMEN)
        except Exception as error:
            _LOGGER.error("gepland werk %s is niet teruggegeven, of niet gemeld", self.job.naam, exc_info=error)
            return Uitslag(Afloop.MISLUKT, code=code)
        return Uitslag(Afloop.MISLUKT, gestopt.gedaan, gestopt.totaal, code)

    async def _schrijf(self, unit: Callable[[Work], T]) -> T:
        actor = als_systeem(self.wijkwerk, JOBS, self.gebruiker, self.gemeente, self.organisatie)
        return await self.wijkwerk.write(actor, unit, onderdeel=f"job:{self.job.naam}")
