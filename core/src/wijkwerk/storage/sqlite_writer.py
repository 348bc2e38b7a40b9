"""The one writer of a SQLite database: a thread that commits waiting units together (group commit, measurements.md II)."""

from __future__ import annotations

import contextvars
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, event

from ..errors import DatabaseNietBeschikbaar
from .calls import call
from .sqlite_file import close_with_keys, driver

T = TypeVar("T")

MAX_BATCH = 256


@dataclass(slots=True)
class _Pending:
    """A unit that waits for the writer; `run` calls it in the context of who asked."""

    unit: Callable[[Connection], Any]
    future: Future[Any] = field(default_factory=Future)
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    value: Any = None
    error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        try:
            with connection.begin_nested():
                self.value = self.context.run(call, self.unit, connection)
        except BaseException as error:
            self.error = error

    def resolve(self) -> None:
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(self.error)


class SqliteWriter:
    """Runs units in one thread: drain what waits, BEGIN IMMEDIATE, a savepoint per unit, one COMMIT, then tell who waited."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._waiting: deque[_Pending] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wijkwerk-schrijver")
        self._lock = Lock()
        self._closed = False
        self._committing = False

    def submit(self, unit: Callable[[Connection], T]) -> Future[T]:
        """Queue a unit. A unit that is cancelled before its turn is never run."""
        pending = _Pending(unit)
        with self._lock:
            if self._closed:
                raise DatabaseNietBeschikbaar()
            self._waiting.append(pending)
            self._thread.submit(self._drain)
        return pending.future

    def alone(self, work: Callable[[], T]) -> Future[T]:
        """Run `work` in the writer's thread, between two batches."""
        with self._lock:
            if self._closed:
                raise DatabaseNietBeschikbaar()
            return self._thread.submit(contextvars.copy_context().run, work)

    def close(self) -> Future[None]:
        """Finish what waits, then close the connection. The future is done when that has happened."""
        with self._lock:
            self._closed = True
            closed = self._thread.submit(self._discard)
            self._thread.shutdown(wait=False)
        return closed

    def _drain(self) -> None:
        batch: list[_Pending] = []
        while self._waiting and len(batch) < MAX_BATCH:
            pending = self._waiting.popleft()
            if pending.future.set_running_or_notify_cancel():
                batch.append(pending)
        if batch:
            self._commit(batch)

    def _commit(self, batch: Sequence[_Pending]) -> None:
        try:
            self._run(batch)
        except BaseException as error:
            try:
                self._discard()
            finally:
                for pending in batch:
                    pending.future.set_exception(_unavailable(error))
        else:
            for pending in batch:
                pending.resolve()

    def _run(self, batch: Sequence[_Pending]) -> None:
        self._committing = False
        if self._connection is None:
            self._connection = self._opened()
        with self._connection.begin() as transaction:
            for pending in batch:
                pending.run(self._connection)
                # a full disk makes SQLite roll back the whole transaction: what follows would commit on its own
                if not (transaction.is_active and driver(self._connection).in_transaction):
                    raise DatabaseNietBeschikbaar() from pending.error
            self._committing = True

    def _opened(self) -> Connection:
        connection = self._connect()
        event.listen(connection, "commit", self._guard)
        return connection

    def _guard(self, _connection: Connection) -> None:
        # a unit that commits would make half of its batch durable
        if not self._committing:
            raise RuntimeError("a unit can't commit: the writer does")

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            close_with_keys(connection)


def _unavailable(cause: BaseException) -> DatabaseNietBeschikbaar:
    error = DatabaseNietBeschikbaar()
    error.__cause__ = cause
    return error
