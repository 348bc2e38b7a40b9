"""What the worker does beside sending mail, round after round: small pieces of work that somebody waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import DatabaseNietBeschikbaar, LogNietBeschikbaar
from wijkwerk.partners.verwerken import verwerk

Klus = Callable[[Wijkwerk], Awaitable[int]]
"""Does a bounded part of what waits; how many were done. Raises LogNietBeschikbaar and DatabaseNietBeschikbaar when it can't now."""

KLUSSEN: Final[tuple[Klus, ...]] = (verwerk,)
RUST, LANGSTE_RUST = 2.0, 300.0
"""Seconds between two rounds that found nothing to do, and at most between two that could not be done."""

_LOGGER: Final = logging.getLogger(__name__)


async def doe(wijkwerk: Wijkwerk, stop: asyncio.Event, *, eenmalig: bool) -> None:
    """Until `stop` is set, or (`eenmalig`) until nothing is left to do.

    With `eenmalig` raises LogNietBeschikbaar and DatabaseNietBeschikbaar; a worker that stays waits for them to come back.
    """
    rust = RUST
    while not stop.is_set():
        try:
            gedaan = sum([await klus(wijkwerk) for klus in KLUSSEN])
        except (LogNietBeschikbaar, DatabaseNietBeschikbaar) as error:
            if eenmalig:
                raise
            _LOGGER.error("een klus kan nu niet: %s", error.code)
            gedaan, rust = 0, min(rust * 2, LANGSTE_RUST)
        else:
            rust = RUST
        if eenmalig and not gedaan:
            return
        if not gedaan:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rust)
