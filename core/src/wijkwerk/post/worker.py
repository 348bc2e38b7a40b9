"""The worker: round after round, until it is told to stop. What it says is numbers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import DatabaseNietBeschikbaar, LogNietBeschikbaar, SleutelsNietBereikbaar
from wijkwerk.post.bezorgen import Bezorger
from wijkwerk.post.claim import nog_te_doen
from wijkwerk.post.smtp_verbinding import Onbereikbaar
from wijkwerk.post.verzending import Verzendstatus

RUST: Final = 2.0
"""Seconds between two looks at an empty outbox."""
LANGSTE_RUST: Final = 300.0
MINUUT: Final = 60.0
_WOORDEN: Final = {
    Verzendstatus.VERZONDEN: "verstuurd", "LATER": "later opnieuw", Verzendstatus.GEWEIGERD: "geweigerd",
    Verzendstatus.VERLOPEN: "verlopen", Verzendstatus.INGETROKKEN: "ingetrokken",
}  # fmt: skip

_LOGGER: Final = logging.getLogger(__name__)


async def werk(wijkwerk: Wijkwerk, bezorger: Bezorger, *, eenmalig: bool, meld: Callable[[str], None]) -> bool:
    """Send until `bezorger.stop` is set, or (`eenmalig`) until no mail is left that can go now; whether the mail server took them.

    With `eenmalig` raises LogNietBeschikbaar, DatabaseNietBeschikbaar and SleutelsNietBereikbaar; a worker that stays waits until they
    are there again.
    """
    verteller = asyncio.create_task(_vertel_steeds(wijkwerk, bezorger, meld))
    try:
        return await (_eenmalig(bezorger) if eenmalig else _steeds(bezorger))
    finally:
        verteller.cancel()
        await bezorger.sluit()
        await vertel(wijkwerk, bezorger, meld)


async def vertel(wijkwerk: Wijkwerk, bezorger: Bezorger, meld: Callable[[str], None]) -> None:
    """One line: how many wait, and what this worker did since it began."""
    with suppress(DatabaseNietBeschikbaar):
        async with wijkwerk.database.snapshot() as snapshot:
            wacht = await snapshot.run(nog_te_doen)
        meld(", ".join([f"{wacht} wachten", *(f"{bezorger.geteld[wat]} {woord}" for wat, woord in _WOORDEN.items())]) + ".")


async def _eenmalig(bezorger: Bezorger) -> bool:
    try:
        while not bezorger.stop.is_set() and await bezorger.ronde():
            pass
    except Onbereikbaar as error:
        _zeg(error)
        return False
    return True


async def _steeds(bezorger: Bezorger) -> bool:
    rust = RUST
    while not bezorger.stop.is_set():
        try:
            rust = 0 if await bezorger.ronde() else RUST
        except Onbereikbaar as error:
            _zeg(error)
            rust = _langer(rust)
        except (LogNietBeschikbaar, DatabaseNietBeschikbaar, SleutelsNietBereikbaar) as error:
            _LOGGER.error("versturen kan nu niet: %s", error.code)
            rust = _langer(rust)
        if rust:
            await bezorger.sluit()
            await _slaap(bezorger.stop, rust)
    return True


def _zeg(error: Onbereikbaar) -> None:
    _LOGGER.error("de mailserver neemt nu geen e-mail aan: %s (zie docs/beheer/post.md)", error.code)


def _langer(rust: float) -> float:
    return min(max(rust, RUST) * 2, LANGSTE_RUST)


async def _slaap(stop: asyncio.Event, seconden: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconden)


async def _vertel_steeds(wijkwerk: Wijkwerk, bezorger: Bezorger, meld: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(MINUUT)
        await vertel(wijkwerk, bezorger, meld)
