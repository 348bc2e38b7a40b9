"""The streams that writes borrow: one write each at a time, and none ends while a write still has or wants one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.batcher import PATIENCE
from wijkwerk.log.pen import Pen


class Leases:
    """Lends each of `pennen` to one borrower at a time; who comes later waits, at most `patience` seconds."""

    def __init__(self, pennen: Sequence[Pen], *, patience: float = PATIENCE) -> None:
        self._patience = patience
        # the one that was used last first: a process that writes little has few streams, and few segments of them
        self._free: Final[asyncio.Queue[Pen]] = asyncio.LifoQueue()
        self._borrowers = 0
        self._idle = asyncio.Event()
        self._idle.set()
        for pen in pennen:
            self._free.put_nowait(pen)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Pen]:
        """A stream for as long as the block lasts. Raises `LogNietBeschikbaar` when none comes free in time."""
        with self._borrower():
            pen = await self._lent()
            try:
                yield pen
            finally:
                self._free.put_nowait(pen)

    @contextmanager
    def unused(self) -> Iterator[list[Pen]]:
        """Those that nobody has now, for as long as the block lasts."""
        with self._borrower():
            pennen = [self._free.get_nowait() for _ in range(self._free.qsize())]
            try:
                yield pennen
            finally:
                for pen in reversed(pennen):
                    self._free.put_nowait(pen)

    @contextmanager
    def _borrower(self) -> Iterator[None]:
        self._borrowers += 1
        self._idle.clear()
        try:
            yield
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
