"""The storage contract. Work on rows is written once, as plain synchronous functions of a `Connection`;
the engine decides where they run: SQLite in reader threads and one writer thread, PostgreSQL on asyncpg in a greenlet.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Final, Literal, Protocol, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
READS_ONLY: Final = "wijkwerk_reads_only"
"""The option of a connection that is in a snapshot: there no row can be written, or locked."""


class Snapshot(Protocol):
    """One consistent, read-only view of the database; what runs on it sees nothing that was committed later."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the snapshot's connection. Calls are one after another, never concurrent."""
        ...


class Database(ABC):
    """A database. `open()` before use, `close()` after; both may be called twice."""

    dialect: Literal["sqlite", "postgresql"]

    @property
    @abstractmethod
    def engines(self) -> tuple[Engine, ...]:
        """The engines below it, for events (counting statements, tracing); never for work on rows."""

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """A read-only snapshot (PostgreSQL: REPEATABLE READ, READ ONLY; SQLite: a WAL read transaction, query_only)."""

    @abstractmethod
    async def transact(self, unit: Callable[[Connection], T]) -> T:
        """Run `unit` in one write transaction and return only when it is durable.

        An exception from `unit` rolls back this unit alone and is raised here. Units may share one commit
        (SQLite: savepoints in the writer's batch). Raises `DatabaseNietBeschikbaar` when the commit fails.
        """

    @abstractmethod
    def keys(self, connection: Connection, *, wipe: bool = True) -> AbstractContextManager[Connection]:
        """Where wrapped keys live, for use inside a unit or snapshot: PostgreSQL yields `connection` itself,
        SQLite a connection to `keys.db` with its own transaction, committed on leaving (design.md 6: the key first, the row after).

        `wipe`: what was changed or deleted is not in the write-ahead log of SQLite any more after that. False for a step of long work, when
        the last step wipes: that costs writing everything twice, and waiting for the disk.
        """

    @abstractmethod
    async def administer(self, work: Callable[[Connection], T], *, keys: bool = False) -> T:
        """For migrations only: an exclusive connection, on SQLite with foreign keys off and a check after (libraries.md 10, trap 2).

        `keys=True` runs on the place where wrapped keys live.
        """
