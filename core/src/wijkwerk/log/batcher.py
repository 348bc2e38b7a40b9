"""Group commit: callers wait together for one write (measurements.md II.3: 28,000 entries a second against 3,000)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.entry import Logregel

MAX_BATCH: Final = 500
"""Most entries in one write; a caller with more gets a write of its own."""


class _Waiting(NamedTuple):
    regels: Sequence[Logregel]
    written: asyncio.Future[None]


class Batcher:
    """Hands entries of many callers to `write`, one batch at a time. `write` returns when they are durable, or raises."""

    def __init__(self, write: Callable[[Sequence[Logregel]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: deque[_Waiting] = deque()
        self._batch: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._task = asyncio.create_task(self._run())

    async def submit(self, regels: Sequence[Logregel]) -> None:
        """Return when the entries are durable. A caller that is cancelled leaves its entries in the batch: they are written.

        Raises `LogNietBeschikbaar` when they could not be written, or after `stop`.
        """
        if self._stopping:
            raise LogNietBeschikbaar
        waiting = _Waiting(regels, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._wake.set()
        await waiting.written

    async def stop(self) -> None:
        """Take nothing new, write what waits, end."""
        self._stopping = True
        self._wake.set()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while await self._next():
                await self._write_batch()
        finally:
            self._stopping = True
            self._answer([*self._batch, *self._waiting], LogNietBeschikbaar)

    async def _next(self) -> bool:
        while not self._waiting and not self._stopping:
            self._wake.clear()
            await self._wake.wait()
        size = 0
        while self._waiting and (size == 0 or size + len(self._waiting[0].regels) <= MAX_BATCH):
            self._batch.append(self._waiting.popleft())
            size += len(self._batch[-1].regels)
        return bool(self._batch)

    async def _write_batch(self) -> None:
        try:
            await self._write([regel for waiting in self._batch for regel in waiting.regels])
        except Exception:
            self._answer(self._batch, LogNietBeschikbaar)
        else:
            self._answer(self._batch, None)
        self._batch = []

    @staticmethod
    def _answer(batch: Sequence[_Waiting], error: type[LogNietBeschikbaar] | None) -> None:
        for waiting in batch:
            if waiting.written.done():
                continue
            if error is None:
                waiting.written.set_result(None)
            else:
                waiting.written.set_exception(error())
