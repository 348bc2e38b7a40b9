"""A unit of work that stays open while others go on: for tests of what happens at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from threading import Event, get_ident
from typing import Generic, TypeVar

from sqlalchemy.util.concurrency import await_only

W = TypeVar("W")


class Bezig(Generic[W]):
    """A unit that has done its first part. `verder`: what it does before it ends; put in another one while it waits."""

    def __init__(self, eerst: Callable[[W], object]) -> None:
        self.verder: Callable[[W], object] = lambda _: None
        self.begonnen = asyncio.Event()
        self._eerst, self._loop, self._thread = eerst, asyncio.get_running_loop(), get_ident()
        self._door, self._door_thread = asyncio.Event(), Event()

    def unit(self, work: W) -> None:
        """All of it. PostgreSQL runs it in the event loop, SQLite in the thread of its writer."""
        try:
            self._eerst(work)
        finally:
            self._loop.call_soon_threadsafe(self.begonnen.set)
        if get_ident() == self._thread:
            await_only(self._door.wait())
        else:
            self._door_thread.wait()
        self.verder(work)

    def laat_door(self) -> None:
        """It may end."""
        self._door.set()
        self._door_thread.set()


@asynccontextmanager
async def bezig(uitvoeren: Callable[[Callable[[W], None]], Awaitable[None]], eerst: Callable[[W], object]) -> AsyncIterator[Bezig[W]]:
    """What `uitvoeren` runs (`Database.transact`, `Wijk.schrijf` of a role) did `eerst` and is open while the block runs; it ends after
    that. What goes wrong in it is raised there. On SQLite nobody else can write before that.
    """
    here = Bezig(eerst)
    task = asyncio.ensure_future(uitvoeren(here.unit))
    await here.begonnen.wait()
    try:
        yield here
    finally:
        here.laat_door()
        await task
