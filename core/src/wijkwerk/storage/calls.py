"""Calling work on rows from a thread or greenlet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
"""How long who asks waits for a connection that others hold."""


def call(work: Callable[[Connection], T], connection: Connection) -> T:
    """`work(connection)`; a StopIteration becomes a RuntimeError, because a Future can't carry it and its waiter would hang (PEP 479)."""
    try:
        return work(connection)
    except StopIteration as error:
        raise RuntimeError("work on rows raised StopIteration") from error


async def awaited(future: Future[T]) -> T:
    """The result of a thread's future, in whatever event loop runs now."""
    return await asyncio.wrap_future(future)
