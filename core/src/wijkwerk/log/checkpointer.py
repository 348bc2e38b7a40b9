"""Sets checkpoints: when asked, and at an interval while the journal is open. Its failures are reported and retried; they stop nothing.

At that interval it also ends streams that got too old and that nobody writes to, and makes the parts of months to come.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from wijkwerk.klok import Klok
from wijkwerk.log.checkpoint import Uitkomst, zet_checkpoint
from wijkwerk.log.partities import zorg_vooruit
from wijkwerk.storage.base import Database

_LOGGER: Final = logging.getLogger(__name__)


class Checkpointer:
    """Made inside a running event loop; `stop()` ends it. `interval` in seconds; `vernieuw` sees to the streams, `gezet` is told of each
    checkpoint."""

    def __init__(
        self,
        database: Database,
        identity: Ed25519PrivateKey,
        klok: Klok,
        *,
        interval: float,
        origin: str,
        vernieuw: Callable[[], Awaitable[object]],
        gezet: Callable[[], None],
    ) -> None:
        self._database, self._identity, self._klok = database, identity, klok
        self._interval, self._origin = interval, origin
        self._vernieuw, self._gezet = vernieuw, gezet
        self._stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run())

    async def checkpoint(self) -> str:
        """Bring everything that is committed under a signed checkpoint, in short transactions. Raises what the database raises."""
        while True:
            uitkomst = await self._database.transact(self._cut)
            for plaats in uitkomst.beschadigd:
                _LOGGER.critical("het inzagelog is beschadigd bij %s; voer `wijkwerk log verify` uit", plaats)
            if uitkomst.compleet:
                self._gezet()
                return uitkomst.note

    async def stop(self) -> None:
        """End after the run that is under way; the last checkpoint is for the caller to ask."""
        self._stopped.set_result(None)
        await asyncio.wait([self._task])

    def _cut(self, connection: Connection) -> Uitkomst:
        return zet_checkpoint(connection, self._identity, self._klok, self._origin)

    async def _run(self) -> None:
        while True:
            stopped, _ = await asyncio.wait([self._stopped], timeout=self._interval)
            if stopped:
                return
            await attempt("stroom niet vernieuwd", self._vernieuw)
            await attempt("deel voor een maand niet gemaakt", partial(zorg_vooruit, self._database, self._klok))
            await attempt("checkpoint mislukt", self.checkpoint)


async def attempt(failure: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do `work`; when that fails, report what failed and the kind of error (its text may be personal), and go on."""
    try:
        await work()
    except Exception as error:
        _LOGGER.error("%s: %s", failure, type(error).__name__)
