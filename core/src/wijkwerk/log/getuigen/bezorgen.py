"""Gives each new checkpoint to each witness, beside everything else: nothing waits for a witness, and one not for another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, NamedTuple

from wijkwerk.klok import Klok
from wijkwerk.log.getuigen.bron import Bewaarder, Bron, NietBezorgd, Tegenspraak
from wijkwerk.storage.base import Database

PAUZE: Final = 60.0
"""Seconds before a witness that did not confirm is tried again; each next time twice as long."""

LANGSTE_PAUZE: Final = 3_600.0

SLUITEN: Final = 5.0
"""Seconds that closing waits for witnesses."""

_LOGGER: Final = logging.getLogger(__name__)


class Getuigestand(NamedTuple):
    """How a witness stands. `mislukt` says why it did not confirm the newest checkpoint, None when it did."""

    naam: str
    soort: str
    bevestigd: int
    sinds: datetime | None
    nieuwste: int
    mislukt: str | None


class _Bezorger:
    """What goes to one witness."""

    def __init__(self, bron: Bron, bewaarder: Bewaarder) -> None:
        self._bron, self.bewaarder = bron, bewaarder
        self.wekker = asyncio.Event()
        self._beurt = asyncio.Lock()

    async def probeer(self) -> str | None:
        """Give it the newest checkpoint if it has not confirmed that; what went wrong, after saying so to the operator."""
        try:
            async with self._beurt:
                await self._geef()
        except NietBezorgd as error:
            _LOGGER.log(error.niveau, "getuige %s van het log: %s", self.bewaarder.naam, error)
            return str(error)
        except Exception as error:
            _LOGGER.error("getuige %s van het log: %s", self.bewaarder.naam, type(error).__name__)
            return f"onverwachte fout ({type(error).__name__})"
        return None

    async def _geef(self) -> None:
        stand = await self._bron.stand(self.bewaarder.naam)
        nieuw = stand.nieuwste.omvang if stand.nieuwste else 0
        if stand.bevestigd > nieuw:
            raise Tegenspraak(f"bevestigd was omvang {stand.bevestigd}, maar ons log heeft omvang {nieuw}")
        if stand.nieuwste is not None and stand.bevestigd < nieuw:
            bevestiging = await self.bewaarder.geef(self._bron, stand.nieuwste, stand.bevestigd)
            await self._bron.bewaar(self.bewaarder.naam, bevestiging)

    async def stand(self) -> Getuigestand:
        """After trying once more."""
        mislukt, stand = await self.probeer(), await self._bron.stand(self.bewaarder.naam)
        nieuwste = stand.nieuwste.omvang if stand.nieuwste else 0
        return Getuigestand(self.bewaarder.naam, self.bewaarder.soort, stand.bevestigd, stand.sinds, nieuwste, mislukt)


class Getuigen:
    """The witnesses of this installation. `wek()` says that there is a checkpoint; between `open()` and `close()` it then goes out.

    `pauze`: seconds before a second try. `sluiten`: seconds that closing waits at most.
    """

    def __init__(
        self, database: Database, klok: Klok, bewaarders: Sequence[Bewaarder], *, pauze: float = PAUZE, sluiten: float = SLUITEN
    ) -> None:
        bron = Bron(database, klok)
        self._bezorgers = [_Bezorger(bron, each) for each in bewaarders]
        self._pauze, self._sluiten = pauze, sluiten
        self._gestopt = asyncio.Event()
        self._taken: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Start, inside a running event loop, with what is still to be given from before. Twice does no harm."""
        if not self._taken:
            self._gestopt.clear()
            self.wek()
            self._taken = [asyncio.create_task(self._draai(each)) for each in self._bezorgers]

    async def close(self) -> None:
        """Give out what is left, for as long as closing may take, and stop. Whom it did not reach catches up after the next start."""
        self._gestopt.set()
        self.wek()
        if self._taken:
            _, over = await asyncio.wait(self._taken, timeout=self._sluiten)
            for taak in over:
                taak.cancel()
            await asyncio.gather(*self._taken, return_exceptions=True)
        self._taken = []

    def wek(self) -> None:
        """There may be a new checkpoint."""
        for each in self._bezorgers:
            each.wekker.set()

    async def stand(self) -> list[Getuigestand]:
        """How each stands, after one more try with all at once."""
        return await asyncio.gather(*(each.stand() for each in self._bezorgers))

    async def _draai(self, bezorger: _Bezorger) -> None:
        mislukt, laatste = 0, False
        while not laatste:
            await self._wacht(bezorger, mislukt)
            laatste = self._gestopt.is_set()
            bezorger.wekker.clear()
            mislukt = 0 if await bezorger.probeer() is None else mislukt + 1

    async def _wacht(self, bezorger: _Bezorger, mislukt: int) -> None:
        """For a checkpoint; who failed is left alone for a while, whatever comes meanwhile."""
        if not mislukt:
            await bezorger.wekker.wait()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(pauze(self._pauze, mislukt)):
                await self._gestopt.wait()


def pauze(eerste: float, mislukt: int) -> float:
    """Seconds to wait after this many failures in a row."""
    return min(eerste * 2.0 ** min(mislukt - 1, 30), LANGSTE_PAUZE)
