"""Opened keys, for a short time: bounded, least recently used first, and never longer than the time to live."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import takewhile
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """At most `size` values, each at most `ttl` seconds after it was put. Safe for threads."""

    def __init__(self, ttl: float, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl, self._size, self._clock = ttl, size, clock
        self._values: OrderedDict[K, V] = OrderedDict()
        self._ends: dict[K, float] = {}
        self._barred: dict[K, float] = {}
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            self._drop_expired()
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: K, value: V) -> None:
        """Keep `value`, unless `key` was evicted less than `ttl` seconds ago. A value that is there already stays as it is."""
        with self._lock:
            self._drop_expired()
            if key in self._barred or key in self._values:
                return
            self._values[key] = value
            self._ends[key] = self._clock() + self._ttl
            if len(self._values) > self._size:
                self._drop(next(iter(self._values)))

    def evict(self, key: K) -> None:
        """Drop `key` and do not keep it again for `ttl` seconds: a reader who fetched it just before must not bring it back."""
        with self._lock:
            self._drop_expired()
            self._drop(key)
            self._barred.pop(key, None)
            self._barred[key] = self._clock() + self._ttl

    def __len__(self) -> int:
        with self._lock:
            self._drop_expired()
            return len(self._values)

    def _drop(self, key: K) -> None:
        self._values.pop(key, None)
        self._ends.pop(key, None)

    def _drop_expired(self) -> None:
        now = self._clock()
        for key in list(takewhile(lambda key: self._ends[key] <= now, self._ends)):
            self._drop(key)
        for key in list(takewhile(lambda key: self._barred[key] <= now, self._barred)):
            del self._barred[key]
