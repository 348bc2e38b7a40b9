"""One round of sending: claim, look once more, send, write down what became of it; each mail on its own (docs/decisions/0013).

What the mail server took and we could not write down is sent again, with the same Message-ID: docs/beheer/post.md says when.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from secrets import SystemRandom
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import DatabaseNietBeschikbaar
from wijkwerk.post.claim import Klaar, Oordeel, Teken, bekijk, claim, eind, geef_vrij, later, met_werk
from wijkwerk.post.mislukt import sluit_af
from wijkwerk.post.namens import Namens
from wijkwerk.post.retour import Retour
from wijkwerk.post.smtp import Antwoord, Mailserver, Uitslag
from wijkwerk.post.smtp_verbinding import Onbereikbaar
from wijkwerk.post.verzending import Verzendstatus
from wijkwerk.storage.columns import nieuw_id

T = TypeVar("T")

MEESTE: Final = 50
"""Mails that are claimed at once: one entry in the log for so many."""
EERSTE_WACHT, LANGSTE_WACHT = timedelta(minutes=1), timedelta(hours=4)
_ACHTERAAN: Final = timedelta(minutes=1)
_NOG_EENS: Final = (0.5, 1.0, 2.0)
"""Seconds before a result is written down again that could not be: each time that works is a mail less that arrives twice."""

_LOGGER: Final = logging.getLogger(__name__)


class Bezorger:
    """Sends for all municipalities, over one connection. `geteld` counts what became of mails; `stop` ends after the mail in hand."""

    def __init__(self, wijkwerk: Wijkwerk, server: Mailserver, retour: Retour, *, stop: asyncio.Event | None = None) -> None:
        self._wijkwerk, self._server, self._retour = wijkwerk, server, retour
        self.stop = stop or asyncio.Event()
        self.geteld: Counter[str] = Counter()
        self._eigenaar = nieuw_id()
        self._uiterlijk = timedelta(seconds=server.uiterlijk)
        self._duur = 3 * self._uiterlijk
        self._namens: dict[UUID, Namens] = {}

    async def ronde(self) -> int:
        """A batch of each municipality that has mail to send now; how many were claimed.

        Raises Onbereikbaar when the mail server takes none, LogNietBeschikbaar and DatabaseNietBeschikbaar: what was claimed waits.
        """
        nu = self._wijkwerk.klok.nu()
        gemeenten = await self._lees(partial(met_werk, nu=nu))
        return sum([await self._gemeente(gemeente) for gemeente in gemeenten if not self.stop.is_set()])

    async def sluit(self) -> None:
        """Say goodbye to the mail server, until there is mail again."""
        await self._server.sluit()

    async def _gemeente(self, gemeente: UUID) -> int:
        namens = self._namens.get(gemeente) or await Namens.in_gemeente(self._wijkwerk, gemeente)
        if namens is None:
            _LOGGER.error("een gemeente heeft geen eigen organisatie; haar e-mail wacht")
            return 0
        self._namens[gemeente] = namens
        unit = partial(claim, eigenaar=self._eigenaar, duur=self._duur, aantal=MEESTE)
        ids = await self._wijkwerk.write(namens.actor(), unit, onderdeel="post:bezorgen")
        try:
            for id in ids:
                if self.stop.is_set():
                    break
                await self._een(namens, Teken(gemeente, id, self._eigenaar))
        finally:
            with suppress(DatabaseNietBeschikbaar):  # then the claims end by themselves
                await self._wijkwerk.database.transact(partial(geef_vrij, eigenaar=self._eigenaar))
        return len(ids)

    async def _een(self, namens: Namens, teken: Teken) -> None:
        nu = self._wijkwerk.klok.nu()
        found = await self._lees(lambda connection: bekijk(connection, self._wijkwerk.keyring, teken, nu, self._uiterlijk))
        if isinstance(found, Klaar):
            await self._verstuur(namens, teken, found)
        elif found is Oordeel.VERVALST:
            _LOGGER.critical("een e-mail die wacht is buiten Wijkwerk om veranderd; hij wordt niet verstuurd")
            await self._later(teken, nu + LANGSTE_WACHT, found.value, telt=True)
        elif found is not Oordeel.NIET_ONS:
            await self._sluit_af(namens, teken, Verzendstatus(found.value))

    async def _verstuur(self, namens: Namens, teken: Teken, klaar: Klaar) -> None:
        try:
            antwoord = await self._server.stuur(self._retour.adres(teken.id), klaar.envelop.aan, klaar.envelop.mime)
        except Onbereikbaar as error:
            # not its fault, but the next time another one goes first: it might be
            await self._later(teken, self._wijkwerk.klok.nu() + _ACHTERAAN, error.code, telt=False)
            raise
        if antwoord.uitslag is Uitslag.AANGENOMEN:
            unit = partial(eind, teken=teken, status=Verzendstatus.VERZONDEN, antwoord=antwoord.code, verzonden_op=self._wijkwerk.klok.nu())
            await self._noteer(unit)
            self.geteld[Verzendstatus.VERZONDEN] += 1
        elif antwoord.uitslag is Uitslag.GEWEIGERD:
            await self._sluit_af(namens, teken, Verzendstatus.GEWEIGERD, antwoord.code)
        else:
            await self._nog_eens(namens, teken, klaar, antwoord)

    async def _nog_eens(self, namens: Namens, teken: Teken, klaar: Klaar, antwoord: Antwoord) -> None:
        """Each time twice as long after the one before, and never past the moment that the mail is of no use."""
        op = self._wijkwerk.klok.nu() + wachttijd(klaar.pogingen)
        if op >= klaar.verloopt_op:
            await self._sluit_af(namens, teken, Verzendstatus.VERLOPEN, antwoord.code)
        else:
            await self._later(teken, op, antwoord.code, telt=True)

    async def _later(self, teken: Teken, op: datetime, code: str, *, telt: bool) -> None:
        await self._noteer(partial(later, teken=teken, op=op, antwoord=code, telt=telt))
        self.geteld["LATER"] += 1

    async def _sluit_af(self, namens: Namens, teken: Teken, status: Verzendstatus, code: str | None = None) -> None:
        if await sluit_af(namens, teken.id, partial(eind, teken=teken, status=status, antwoord=code)):
            self.geteld[status] += 1

    async def _noteer(self, unit: Callable[[Connection], T]) -> T:
        """Write a result down; it is no reading of anybody and makes no entry. Raises DatabaseNietBeschikbaar after some patience."""
        for seconden in _NOG_EENS:
            try:
                return await self._wijkwerk.database.transact(unit)
            except DatabaseNietBeschikbaar:
                await asyncio.sleep(seconden)
        return await self._wijkwerk.database.transact(unit)

    async def _lees(self, work: Callable[[Connection], T]) -> T:
        async with self._wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(work)


def wachttijd(pogingen: int) -> timedelta:
    """How long a mail waits after so many attempts before this one: doubled each time, and not all mails at the same moment."""
    doubled: timedelta = EERSTE_WACHT * 2 ** min(pogingen, 20)
    return min(doubled, LANGSTE_WACHT) * SystemRandom().uniform(0.8, 1.2)
