"""Readers of a SQLite database: each is a thread with a connection of its own, lent to one snapshot at a time."""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from sqlite3 import ProgrammingError
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ..errors import DatabaseNietBeschikbaar
from .calls import PATIENCE_SECONDS, awaited, call
from .sqlite_file import close_with_keys, driver

T = TypeVar("T")


class SqliteReader:
    """A thread and a read-only connection; what it is given runs one after another, so nothing else ever touches the connection."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wijkwerk-lezer")

    async def run(self, work: Callable[[Connection], T]) -> T:
        future = self._submit(lambda: self._call(work))
        try:
            return await awaited(future)
        except asyncio.CancelledError:
            if not future.cancel() and not future.done():
                self._interrupt()
            raise

    def release(self, returned: Callable[[SqliteReader], None]) -> None:
        """End the read transaction after whatever is still running, then give the reader back."""
        with suppress(DatabaseNietBeschikbaar):
            self._submit(self._end).add_done_callback(lambda _done: returned(self))

    def close(self) -> Future[None]:
        """Close the connection after whatever is still running; nothing runs any more."""
        closed = self._thread.submit(self._discard)
        self._thread.shutdown(wait=False)
        return closed

    def _submit(self, job: Callable[[], T]) -> Future[T]:
        try:
            return self._thread.submit(contextvars.copy_context().run, job)
        except RuntimeError as error:
            raise DatabaseNietBeschikbaar() from error

    def _call(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._opened()
        return call(work, self._connection)

    def _opened(self) -> Connection:
        try:
            return self._connect()
        except SQLAlchemyError as error:
            raise DatabaseNietBeschikbaar() from error

    def _interrupt(self) -> None:
        connection = self._connection
        # closed in the meantime: then there is nothing to interrupt
        with suppress(SQLAlchemyError, ProgrammingError):
            if connection is not None:
                driver(connection).interrupt()

    def _end(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rollback()
        except BaseException:
            self._discard()

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            close_with_keys(connection)


class SqliteReaders:
    """At most `size` readers; who comes later waits for one to be returned."""

    def __init__(self, connect: Callable[[], Connection], size: int, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._lock = Lock()
        self._free = [SqliteReader(connect) for _ in range(size)]
        self._lent: set[SqliteReader] = set()
        self._waiting: deque[Future[SqliteReader]] = deque()
        self._closed = False

    async def borrow(self) -> SqliteReader:
        """A free reader, to be given back with `give_back`.

        Raises `DatabaseNietBeschikbaar` after `close`, and when none comes free in `patience` seconds.
        """
        future = self._ask()
        if future.done():
            return future.result()
        try:
            return await asyncio.wait_for(awaited(future), self._patience)
        except (asyncio.CancelledError, TimeoutError) as error:
            if not future.cancel() and future.exception() is None:
                self.give_back(future.result())
            if isinstance(error, TimeoutError):
                raise DatabaseNietBeschikbaar() from error
            raise

    def give_back(self, reader: SqliteReader) -> None:
        reader.release(self._returned)

    def close(self) -> list[Future[None]]:
        """Refuse who waits, and close every reader after what it is doing."""
        with self._lock:
            self._closed = True
            waiting, self._waiting = self._waiting, deque()
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(DatabaseNietBeschikbaar())
        return [reader.close() for reader in self._lent]  # the others have no connection, and not even a thread yet

    def _ask(self) -> Future[SqliteReader]:
        future: Future[SqliteReader] = Future()
        with self._lock:
            if self._closed:
                raise DatabaseNietBeschikbaar()
            if self._free:
                self._lent.add(reader := self._free.pop())
                future.set_result(reader)
            else:
                self._waiting.append(future)
        return future

    def _returned(self, reader: SqliteReader) -> None:
        with self._lock:
            while self._waiting:
                future = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    future.set_result(reader)
                    return
            self._free.append(reader)
