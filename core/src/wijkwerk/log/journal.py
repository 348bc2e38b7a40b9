"""The writer of the access log. Nothing personal leaves before its entry is durable (design.md 1, idea 3; 7).

Reads go through `record` (group commit, one stream a process for each kind of entry); a write's entries go in its own transaction
through `transact` (a leased stream). Streams are opened by their first entry and closed with an entry, at the latest after
`LEVENSDUUR`; their signing keys live in memory only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Self, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.klok import Klok
from wijkwerk.log.batcher import Batcher
from wijkwerk.log.checkpoint import ORIGIN
from wijkwerk.log.checkpointer import Checkpointer, attempt
from wijkwerk.log.entry import Logregel, Logsoort
from wijkwerk.log.leases import Leases
from wijkwerk.log.pen import Pen
from wijkwerk.storage.base import Database

T = TypeVar("T")

LEVENSDUUR: Final = timedelta(hours=24)
"""How long a stream lives at most, and with it the key that signs it."""

_LOGGER: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Life:
    """What exists only while a journal is open."""

    pennen: tuple[Pen, ...]
    leases: Leases
    batchers: Mapping[Logsoort, Batcher]
    checkpointer: Checkpointer


class Journal:
    """The log of one process. Use as `async with`, or `open()` and `close()`; both may be called twice.

    `writers`: how many `transact` calls may run at once. `interval`: seconds between checkpoints. `origin`: the log's name in
    its checkpoints. `levensduur`: how long a stream lives at most. `gezet`: called after each checkpoint.
    """

    def __init__(
        self,
        database: Database,
        identity: Ed25519PrivateKey,
        klok: Klok,
        *,
        writers: int = 4,
        interval: float = 60.0,
        origin: str = ORIGIN,
        levensduur: timedelta = LEVENSDUUR,
        gezet: Callable[[], None] = lambda: None,
    ) -> None:
        self.klok, self.origin = klok, origin
        self._database, self._identity = database, identity
        self._writers, self._interval, self._levensduur = writers, interval, levensduur
        self._gezet = gezet
        self._life: _Life | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Make fresh streams in memory and start the checkpointer. Writes nothing yet."""
        if self._life is not None:
            return
        reading = {soort: self._pen(soort) for soort in Logsoort}
        writing = [self._pen(Logsoort.INZAGE) for _ in range(self._writers)]
        batchers = {soort: Batcher(partial(self._append, pen)) for soort, pen in reading.items()}
        checkpointer = Checkpointer(
            self._database,
            self._identity,
            self.klok,
            interval=self._interval,
            origin=self.origin,
            vernieuw=self.vernieuw,
            gezet=self._gezet,
        )
        self._life = _Life((*reading.values(), *writing), Leases(writing), batchers, checkpointer)

    async def close(self) -> None:
        """Refuse new entries, finish those under way, close the streams, set a checkpoint and forget the keys.

        A stream that can't be closed stays open in the log, as after a crash; that is reported, not raised.
        """
        life, self._life = self._life, None
        if life is None:
            return
        await life.checkpointer.stop()
        for batcher in life.batchers.values():
            await batcher.stop()
        await life.leases.idle()
        for pen in life.pennen:
            await attempt("stroom niet gesloten", pen.sluit)
        await attempt("checkpoint mislukt", life.checkpointer.checkpoint)

    async def record(self, *regels: Logregel) -> None:
        """Return when the entries are durable, each in a stream of its kind.

        Raises `LogNietBeschikbaar` when they can't be written, or the journal is closed: then show nothing.
        """
        life = self._opened()
        _check(regels)
        for soort, kind in _split(regels).items():
            await life.batchers[soort].submit(kind)

    async def transact(self, unit: Callable[[Connection], tuple[T, Sequence[Logregel]]]) -> T:
        """Run `unit` in one write transaction, append the entries it returns in the same one, and give back its result.

        An exception of `unit` rolls everything back and passes unchanged, as does what the database raises when the commit
        fails. Raises `LogNietBeschikbaar`, with everything rolled back, when the entries can't be appended; `ValueError` for an
        entry of another kind than a write has.
        """
        async with self._opened().leases.one() as pen:
            await self._renewed(pen)
            return await self._database.transact(partial(_unit, pen, unit))

    async def vernieuw(self) -> None:
        """End each stream that got too old and that nobody writes to; who writes does it too. Raises `LogNietBeschikbaar` when it fails."""
        life = self._opened()
        for batcher in life.batchers.values():
            await batcher.submit(())
        with life.leases.unused() as pennen:
            for pen in pennen:
                await self._renewed(pen)

    async def checkpoint(self) -> str:
        """Cut, append to the tree and sign: the newest C2SP checkpoint note. Raises `LogNietBeschikbaar` when that fails."""
        checkpointer = self._opened().checkpointer
        try:
            return await checkpointer.checkpoint()
        except Exception as error:
            raise _unavailable(error) from None

    def _opened(self) -> _Life:
        if self._life is None:
            raise LogNietBeschikbaar
        return self._life

    def _pen(self, soort: Logsoort) -> Pen:
        return Pen(self._database, self._identity, self.klok, soort, self._levensduur)

    async def _renewed(self, pen: Pen) -> None:
        try:
            await pen.vernieuw()
        except Exception as error:
            raise _unavailable(error) from None

    async def _append(self, pen: Pen, regels: Sequence[Logregel]) -> None:
        await self._renewed(pen)
        try:
            if regels:
                await self._database.transact(lambda connection: pen.schrijf(connection, regels))
        except Exception as error:
            raise _unavailable(error) from None


def _unit(pen: Pen, unit: Callable[[Connection], tuple[T, Sequence[Logregel]]], connection: Connection) -> T:
    result, regels = unit(connection)
    if other := _split(regels).keys() - {pen.soort}:
        raise ValueError(f"entries of a write go in a stream of {pen.soort}, not of {', '.join(sorted(other))}")
    try:
        pen.schrijf(connection, regels)
    except Exception as error:
        raise _unavailable(error) from None
    return result


def _check(regels: Sequence[Logregel]) -> None:
    """Refuse here what can't be written down, so that one caller's fault never fails the others in its batch."""
    try:
        for regel in regels:
            regel.body("", 0)
    except (TypeError, ValueError) as error:
        raise _unavailable(error) from None


def _split(regels: Sequence[Logregel]) -> dict[Logsoort, list[Logregel]]:
    kinds: dict[Logsoort, list[Logregel]] = {}
    for regel in regels:
        kinds.setdefault(regel.gebeurtenis.soort, []).append(regel)
    return kinds


def _unavailable(error: Exception) -> LogNietBeschikbaar:
    """The kind of error is for the operator; its text may hold what was being logged."""
    _LOGGER.error("inzagelog niet beschikbaar: %s", type(error).__name__)
    return LogNietBeschikbaar()
