"""Databases for tests: migrated once per process and per set of migrations, copied per test."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, Connection, Dialect, Table, event, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import LRUCache

from ..errors import DatabaseNietBeschikbaar
from ..klok import StaandeKlok
from ..log.partities import zorg_vooruit
from ..storage.base import READS_ONLY, Database, Snapshot
from ..storage.calls import call
from ..storage.migrate import Migraties, migrate
from ..storage.postgres import PostgresDatabase
from ..storage.sqlite import SqliteDatabase
from .postgres import PostgresServer

T = TypeVar("T")

_COMPILED = 3000
_LENT = 25
"""So many tests share a database: nothing clears away what they rolled back, so that each would be slower than the last."""
_TRANSACTION_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


class Compiled:
    """Statements, compiled once for all databases of a process: by itself each engine compiles all that it runs."""

    def __init__(self) -> None:
        self._first: list[tuple[Dialect, LRUCache[Any, Any]]] = []

    def share(self, database: Database) -> None:
        """Let this database use what was compiled for those before it, all of the same kind. The first one must be open."""
        if not self._first:
            self._first = [(engine.dialect, LRUCache(_COMPILED)) for engine in database.engines]
        for engine, (dialect, compiled) in zip(database.engines, self._first, strict=True):
            # what is compiled is kept by statement and dialect, and a dialect equals only itself
            engine.dialect = dialect
            engine.update_execution_options(compiled_cache=compiled)


class SqliteTemplates:
    """Migrated SQLite files in `folder`, copied for who asks (2 ms)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[Migraties, ...], SqliteDatabase] = {}
        self._compiled = Compiled()

    async def copy(self, owners: Sequence[Migraties], to: Path) -> SqliteDatabase:
        """A database of its own in the folder `to`, not yet opened."""
        template = self._made.get(tuple(owners)) or await self._make(owners)
        copied = SqliteDatabase(to / "wijkwerk.db", to / "keys.db", readers=4)
        shutil.copy(template.path, copied.path)
        shutil.copy(template.keys_path, copied.keys_path)
        self._compiled.share(copied)
        for engine in copied.engines:
            event.listen(engine, "connect", _without_waiting_for_the_disk)
        return copied

    async def _make(self, owners: Sequence[Migraties]) -> SqliteDatabase:
        template = SqliteDatabase(self._folder / str(len(self._made)) / "wijkwerk.db", readers=1)
        await _fill(template, owners)
        self._compiled.share(template)
        self._made[tuple(owners)] = template
        return template


def _without_waiting_for_the_disk(raw: sqlite3.Connection, _record: Any) -> None:
    # as on the PostgreSQL of tests: only a machine that loses its power could notice (what FULL is, test_storage_sqlite_files.py holds)
    raw.execute("PRAGMA synchronous=OFF")


class PostgresTemplates:
    """Migrated template databases on one server, cloned for who asks (30 ms) or lent inside a transaction (2 ms)."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.compiled = Compiled()
        self._numbers = count()
        self._made: dict[tuple[Migraties, ...], str] = {}
        self._lent: dict[tuple[Migraties, ...], tuple[str, int]] = {}

    @asynccontextmanager
    async def clone(self, owners: Sequence[Migraties]) -> AsyncIterator[URL]:
        """The address of a database of its own, dropped afterwards."""
        name = await self._clone(owners)
        try:
            yield self._server.url(name)
        finally:
            await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def shared(self, owners: Sequence[Migraties]) -> URL:
        """The address of one database for all tests that roll back what they do, one after another; now and then a new one."""
        key = tuple(owners)
        name, keren = self._lent.get(key, (None, 0))
        if name is not None and keren == _LENT:
            await self._execute(f"DROP DATABASE {name} WITH (FORCE)")
            name, keren = None, 0
        if name is None:
            name = await self._clone(owners)
        self._lent[key] = (name, keren + 1)
        return self._server.url(name)

    async def _clone(self, owners: Sequence[Migraties]) -> str:
        template = self._made.get(tuple(owners)) or await self._make(owners)
        name = f"kopie{next(self._numbers)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    async def _make(self, owners: Sequence[Migraties]) -> str:
        name = f"sjabloon{next(self._numbers)}"
        await self._execute(f"CREATE DATABASE {name}")
        await _fill(PostgresDatabase(self._server.url(name), connections=1), owners)
        await self._execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true")
        self._made[tuple(owners)] = name
        return name

    async def _execute(self, statement: str) -> None:
        url = self._server.url()
        connection = await asyncpg.connect(host=url.query["host"], user=url.username, database=url.database)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class SavepointDatabase(PostgresDatabase):
    """PostgreSQL in one outer transaction that is never committed: a unit is a savepoint.

    For tests that need no second connection: a snapshot here refuses writes, but sees what was written later.
    """

    def __init__(self, url: URL, compiled: Compiled) -> None:
        super().__init__(url, connections=1)
        self._compiled = compiled
        self._turn = asyncio.Lock()
        self._outer: AsyncConnection | None = None

    async def open(self) -> None:
        await super().open()
        if self._outer is None:
            self._compiled.share(self)
            self._outer = await self._running().connect()

    async def close(self) -> None:
        outer, self._outer = self._outer, None
        if outer is not None:
            await outer.close()
        await super().close()

    async def transact(self, unit: Callable[[Connection], T]) -> T:
        async with self._turn, self._held().begin_nested():
            return await self._held().run_sync(lambda sync: call(unit, sync))

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        self._held()
        yield _SavepointSnapshot(self)

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read-only savepoint and forget it."""
        async with self._turn:
            savepoint = await self._held().begin_nested()
            try:
                await self._held().execute(text("SET LOCAL transaction_read_only = on"))
                await self._held().execution_options(**{READS_ONLY: True})
                return await self._held().run_sync(lambda sync: call(work, sync))
            finally:
                await self._held().execution_options(**{READS_ONLY: False})
                await savepoint.rollback()

    def _held(self) -> AsyncConnection:
        if self._outer is None:
            raise DatabaseNietBeschikbaar()
        return self._outer


class _SavepointSnapshot:
    def __init__(self, database: SavepointDatabase) -> None:
        self._database = database

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await self._database.look(work)


@contextmanager
def count_statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements that run inside the block, in order, without BEGIN, SAVEPOINT and their like: `len()` is the count."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(_TRANSACTION_CONTROL):
            seen.append(statement)

    engines = database.engines
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def make_tables(database: Database, tables: Iterable[Table]) -> None:
    """Make tables without migrations, each where its owner lives; for tests of tables that exist only in a test."""
    chosen = list(tables)
    for keys in (False, True):
        own = [table for table in chosen if (table.info.get("owner") == "sleutels") is keys]
        await database.administer(partial(_create, own), keys=keys)


def _create(tables: Sequence[Table], connection: Connection) -> None:
    for metadata in {table.metadata for table in tables}:
        metadata.create_all(connection, tables=[table for table in tables if table.metadata is metadata])


async def _fill(database: Database, owners: Sequence[Migraties]) -> None:
    from .wijk import BEGIN

    await database.open()
    try:
        await migrate(database, owners)
        if any(owner.claims("log_regel") for owner in owners):  # the log has parts by month: made here once, not when each test begins
            await zorg_vooruit(database, StaandeKlok(BEGIN))
    finally:
        await database.close()
