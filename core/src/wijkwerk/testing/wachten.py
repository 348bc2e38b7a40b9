"""Waiting in tests for what another connection or process does, when nothing tells that it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def tot(waar: Callable[[], Awaitable[object]]) -> None:
    """Until this is so. Raises TimeoutError after ten seconds."""
    async with asyncio.timeout(10):
        while not await waar():  # noqa: ASYNC110 - an event would have to be set by who does not know that we wait
            await asyncio.sleep(0.01)
