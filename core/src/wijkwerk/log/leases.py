"""The streams that writes borrow: one write each at a time, and none ends while a write still has or wants one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.batcher import PATIENCE
from wijkwerk.log.pen import Pen


class Leases:
    """Lends each of `pennen` to one borrower at a time; who comes later waits, at most `patience` seconds."""

    def __init__(self, pennen: Sequence[Pen], *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._free: Final[asyncio.Queue[Pen]] = asyncio.Queue()
        self._borrowers = 0
        self._idle = asyncio.Event()
        self._idle.set()
        for pen in pennen:
            self._free.put_nowait(pen)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Pen]:
        """A stream for as long as the block lasts. Raises `LogNietBeschikbaar` when none comes free in time."""
        self._borrowers += 1
        self._idle.clear()
        try:
            pen = await self._lent()
            try:
                yield pen
            finally:
                self._free.put_nowait(pen)
        finally:
            self._borrowers -= 1
            if not self._borrowers:
                self._idle.set()

    async def _lent(self) -> Pen:
        try:
            async with asyncio.timeout(self._patience):
                return await self._free.get()
        except TimeoutError:
            raise LogNietBeschikbaar from None

    async def idle(self) -> None:
        """Return when nobody has a stream or waits for one. To take the streams instead could leave who waits without any, for ever."""
        await self._idle.wait()
