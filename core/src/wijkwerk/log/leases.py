"""The streams that writes borrow: one write each at a time, and none ends while a write still has or wants one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from wijkwerk.log.stream import Stroom


class Leases:
    """Lends each of `stromen` to one borrower at a time; who comes later waits."""

    def __init__(self, stromen: Sequence[Stroom]) -> None:
        self._free: Final[asyncio.Queue[Stroom]] = asyncio.Queue()
        self._borrowers = 0
        self._idle = asyncio.Event()
        self._idle.set()
        for stroom in stromen:
            self._free.put_nowait(stroom)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Stroom]:
        """A stream for as long as the block lasts."""
        self._borrowers += 1
        self._idle.clear()
        try:
            stroom = await self._free.get()
            try:
                yield stroom
            finally:
                self._free.put_nowait(stroom)
        finally:
            self._borrowers -= 1
            if not self._borrowers:
                self._idle.set()

    async def idle(self) -> None:
        """Return when nobody has a stream or waits for one. To take the streams instead could leave who waits without any, for ever."""
        await self._idle.wait()
