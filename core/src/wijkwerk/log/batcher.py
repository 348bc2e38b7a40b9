"""Group commit: callers wait together for one write (measurements.md II.3: 28,000 entries a second against 3,000)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.entry import Logregel

MAX_BATCH: Final = 500
"""Most entries in one write; a caller with more gets a write of its own."""

ROOM: Final = 10_000
"""Most entries that are taken and not yet being written; who comes later stands in line."""

PATIENCE: Final = 30.0
"""Seconds that a caller waits for its entries to be durable: no answer is given without, and none that nobody waits for any more."""


@dataclass(eq=False, slots=True)
class _Waiting:
    regels: Sequence[Logregel]
    written: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Batcher:
    """Hands entries of many callers to `write`, one batch at a time. `write` returns when they are durable, or raises.

    Entries are first in, first out, also those that wait for room. Use it in one event loop.
    """

    def __init__(self, write: Callable[[Sequence[Logregel]], Awaitable[None]], *, room: int = ROOM, patience: float = PATIENCE) -> None:
        self._write, self._room, self._patience = write, room, patience
        self._line: OrderedDict[_Waiting, None] = OrderedDict()
        self._taken: deque[_Waiting] = deque()
        self._size = 0
        self._batch: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._task = asyncio.create_task(self._run())

    async def submit(self, regels: Sequence[Logregel]) -> None:
        """Return when the entries are durable. They are written also when the caller goes away, unless it still stood in line.

        Raises `LogNietBeschikbaar` when they could not be written, not in time, or after `stop`.
        """
        if self._stopping:
            raise LogNietBeschikbaar
        waiting = _Waiting(regels)
        self._line[waiting] = None
        self._take()
        self._wake.set()
        try:
            async with asyncio.timeout(self._patience):
                await waiting.written
        except TimeoutError:
            raise LogNietBeschikbaar from None
        finally:
            self._line.pop(waiting, None)

    async def stop(self) -> None:
        """Take no new callers, write what waits, end."""
        self._stopping = True
        self._wake.set()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while await self._next():
                await self._write_batch()
        finally:
            self._stopping = True
            self._answer([*self._batch, *self._taken, *self._line], LogNietBeschikbaar)

    def _take(self) -> None:
        """From the line, as far as there is room. Who has more than all the room is taken when nothing else waits."""
        while self._line and (not self._taken or self._size + len(next(iter(self._line)).regels) <= self._room):
            waiting, _ = self._line.popitem(last=False)
            self._taken.append(waiting)
            self._size += len(waiting.regels)

    async def _next(self) -> bool:
        while not self._taken and not self._stopping:
            self._wake.clear()
            await self._wake.wait()
        size = 0
        while self._taken and (size == 0 or size + len(self._taken[0].regels) <= MAX_BATCH):
            self._batch.append(self._taken.popleft())
            size += len(self._batch[-1].regels)
        self._size -= size
        self._take()
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
    def _answer(batch: Iterable[_Waiting], error: type[LogNietBeschikbaar] | None) -> None:
        for waiting in batch:
            if waiting.written.done():
                continue
            if error is None:
                waiting.written.set_result(None)
            else:
                waiting.written.set_exception(error())
