"""PostgreSQL on asyncpg: for teams with several processes (design.md 10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal, TypeVar

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..errors import DatabaseNietBeschikbaar
from .base import READS_ONLY, Database, Snapshot
from .calls import PATIENCE_SECONDS, call
from .postgres_errors import hide_values

T = TypeVar("T")


_SETTINGS = {"max_parallel_workers_per_gather": "0"}
"""With parallel workers PostgreSQL finds it cheap to read every resident of a municipality for the caseload of one team. Requests come
many at a time: one that takes all cores makes the others wait."""

_UNAVAILABLE = ("08", "53", "57P", "58")
"""SQLSTATE of a server that is out of reach, out of room, stopping or starting, or whose disk fails (PostgreSQL, appendix A). What it says
in its last moment comes before the connection is known to be closed."""


class PostgresDatabase(Database):
    """A PostgreSQL database. Open and close it in the event loop that uses it: connections belong to a loop.

    A snapshot is taken at its first statement.
    """

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, url: URL, *, connections: int = 10) -> None:
        self.url = url.set(drivername="postgresql+asyncpg")
        self._size = connections
        self._engine: AsyncEngine | None = None

    @property
    def engines(self) -> tuple[Engine, ...]:
        return (self._running().sync_engine,)

    async def open(self) -> None:
        if self._engine is not None:
            return
        self._engine = self._make_engine()
        try:
            async with self._connection():
                pass
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        async with self._connection() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True, **{READS_ONLY: True})
            yield ConnectionSnapshot(connection)

    async def transact(self, unit: Callable[[Connection], T]) -> T:
        async with self._connection() as connection:
            result = await _run(connection, unit)
            await _commit(connection)
        return result

    @contextmanager
    def keys(self, connection: Connection, *, wipe: bool = True) -> Iterator[Connection]:
        yield connection

    async def administer(self, work: Callable[[Connection], T], *, keys: bool = False) -> T:
        return await self.transact(work)

    def _make_engine(self) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            pool_size=self._size,
            max_overflow=0,
            pool_timeout=PATIENCE_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"server_settings": _SETTINGS},
        )
        event.listen(engine.sync_engine, "handle_error", hide_values)
        return engine

    def _running(self) -> AsyncEngine:
        if self._engine is None:
            raise DatabaseNietBeschikbaar()
        return self._engine

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        connection = self._running().connect()
        try:
            await connection.start()
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseNietBeschikbaar() from error
        try:
            yield connection
        finally:
            await asyncio.shield(_close(connection))


class ConnectionSnapshot:
    """A snapshot on one connection; calls wait for each other."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[Connection], T]) -> T:
        async with self._turn:
            return await _run(self._connection, work)


async def _close(connection: AsyncConnection) -> None:
    try:
        await connection.close()
    except (SQLAlchemyError, OSError) as error:  # rolling back is talking to a server that is gone
        raise DatabaseNietBeschikbaar() from error


async def _run(connection: AsyncConnection, work: Callable[[Connection], T]) -> T:
    try:
        return await connection.run_sync(lambda sync: call(work, sync))
    except PendingRollbackError as error:  # an earlier statement of this unit lost the connection
        raise DatabaseNietBeschikbaar() from error
    except DBAPIError as error:
        if error.connection_invalidated or (getattr(error.orig, "sqlstate", None) or "").startswith(_UNAVAILABLE):
            raise DatabaseNietBeschikbaar() from error
        raise


async def _commit(connection: AsyncConnection) -> None:
    try:
        await connection.commit()
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseNietBeschikbaar() from error
