"""Which words of a municipality are nearly what was typed. In memory, bounded, never shown (design.md 10; measurements.md II.4)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from threading import Lock
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from wijkwerk.records.woorden import Woordregister

TTL_SECONDS = 60.0
MOST_WORDS = 1_000_000
MOST_ALIKE = 50


@dataclass(frozen=True, slots=True)
class _Lijst:
    """The words of one municipality, and how they sound: `ij` and `y` are the same. `nieuw`: what was written since, here."""

    sinds: float
    woorden: list[str]
    klanken: list[str]
    nieuw: set[str] = field(default_factory=set)

    def near(self, woord: str, most: int) -> Iterator[tuple[float, str]]:
        """The words within so many errors."""
        klank, nieuw = _klank(woord), sorted(self.nieuw)
        for words, sounds in ((self.woorden, self.klanken), (nieuw, [_klank(one) for one in nieuw])):
            for _, afstand, at in process.extract(klank, sounds, scorer=OSA.distance, score_cutoff=most, limit=None):
                yield afstand, words[at]


class Woordgeheugen:
    """The distinct words per municipality, as they were at most `ttl` seconds ago, `most` words in all. Safe for threads.

    A word that another process wrote since is found exactly and by its beginning, and with a typing error after `ttl`.
    """

    def __init__(self, *, ttl: float = TTL_SECONDS, most: int = MOST_WORDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl, self._most, self._clock = ttl, most, clock
        self._lijsten: OrderedDict[tuple[str, UUID], _Lijst] = OrderedDict()
        self._lock = Lock()

    def gelijkend(self, connection: Connection, register: Woordregister, gemeente: UUID, woord: str) -> tuple[str, ...]:
        """The words that `woord` may be a typing error of, nearest first, at most 50; not those that begin with it."""
        most = fouten(woord)
        if most == 0:
            return ()
        lijst = self._lijst(connection, register, gemeente)
        found = sorted({(afstand, ander) for afstand, ander in lijst.near(woord, most) if not ander.startswith(woord)})
        return tuple(ander for _, ander in found[:MOST_ALIKE])

    def learn(self, register: Woordregister, gemeente: UUID, woorden: Collection[str]) -> None:
        """These words were just written. When that is undone, they are words of nobody, which find nobody."""
        with self._lock:
            if (known := self._lijsten.get((register.woorden.name, gemeente))) is not None:
                self._lijsten[register.woorden.name, gemeente] = replace(known, nieuw=known.nieuw | set(woorden))

    def forget(self) -> None:
        """Read the words again at the next search."""
        with self._lock:
            self._lijsten.clear()

    def _lijst(self, connection: Connection, register: Woordregister, gemeente: UUID) -> _Lijst:
        key = (register.woorden.name, gemeente)
        with self._lock:
            known = self._lijsten.get(key)
        if known is not None and self._clock() - known.sinds < self._ttl:
            return known
        read = self._read(connection, register, gemeente)
        with self._lock:
            self._lijsten[key] = read
            self._lijsten.move_to_end(key)
            while sum(len(lijst.woorden) for lijst in self._lijsten.values()) > self._most:
                self._lijsten.popitem(last=False)
        return read

    def _read(self, connection: Connection, register: Woordregister, gemeente: UUID) -> _Lijst:
        w = register.woorden.c
        woorden = list(connection.execute(select(w.woord).where(w.gemeente_id == gemeente).order_by(w.woord)).scalars())
        return _Lijst(self._clock(), woorden, [_klank(woord) for woord in woorden])


def fouten(woord: str) -> int:
    """How many typing errors a word may hold: a letter too many, too few, another, or two that changed places."""
    return 0 if len(woord) < 4 else 1 if len(woord) < 8 else 2


def _klank(woord: str) -> str:
    return woord.replace("ij", "y")
