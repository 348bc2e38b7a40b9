"""SQLite: the embedded database, for one process. Rows in one file, wrapped keys in another (design.md 6, 10)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..errors import DatabaseNietBeschikbaar, OpstartFout
from .base import Database, Snapshot
from .calls import awaited, call
from .sqlite_file import Mode, connect, connect_with_keys, driver, keys_of, make_engine, make_private, use_wal
from .sqlite_readers import SqliteReaders
from .sqlite_writer import SqliteWriter

T = TypeVar("T")


class SqliteDatabase(Database):
    """A SQLite database: one writer thread, `readers` reader threads; WAL, synchronous FULL.

    A snapshot is taken at its first statement. `Database.keys` inside a snapshot can read keys but not write them.
    """

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, path: Path, keys_path: Path | None = None, *, readers: int = 8) -> None:
        self.path = path
        self.keys_path = keys_path or path.with_name("keys.db")
        if self.keys_path == path:
            raise OpstartFout("De sleutels moeten in een ander bestand staan dan de gegevens. Kies een ander pad voor de sleutels.")
        self._size = readers
        self._engine = make_engine(path)
        self._keys_engine = make_engine(self.keys_path)
        self._writer: SqliteWriter | None = None
        self._readers: SqliteReaders | None = None

    @property
    def engines(self) -> tuple[Engine, ...]:
        return (self._engine, self._keys_engine)

    async def open(self) -> None:
        if self._writer is not None:
            return
        writer = SqliteWriter(lambda: self._connect("write"))
        try:
            await awaited(writer.alone(self._make_files))
        except BaseException:
            writer.close()
            raise
        self._writer, self._readers = writer, SqliteReaders(lambda: self._connect("read"), self._size)

    async def close(self) -> None:
        writer, readers = self._writer, self._readers
        self._writer = self._readers = None
        if writer is not None and readers is not None:
            await asyncio.gather(*map(awaited, [writer.close(), *readers.close()]))

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        readers = self._readers
        if readers is None:
            raise DatabaseNietBeschikbaar()
        reader = await readers.borrow()
        try:
            yield reader
        finally:
            readers.give_back(reader)

    async def transact(self, unit: Callable[[Connection], T]) -> T:
        return await awaited(self._running().submit(unit))

    @contextmanager
    def keys(self, connection: Connection, *, wipe: bool = True) -> Iterator[Connection]:
        keys = keys_of(connection)
        if keys.in_transaction():
            yield keys
            return
        before = driver(keys).total_changes
        with keys.begin():
            yield keys
        if wipe and driver(keys).total_changes != before:
            # a destroyed key must not live on in the write-ahead log
            driver(keys).execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def administer(self, work: Callable[[Connection], T], *, keys: bool = False) -> T:
        engine = self._keys_engine if keys else self._engine
        return await awaited(self._running().alone(lambda: _administer(engine, work)))

    def _running(self) -> SqliteWriter:
        if self._writer is None:
            raise DatabaseNietBeschikbaar()
        return self._writer

    def _connect(self, mode: Mode) -> Connection:
        return connect_with_keys(self._engine, self._keys_engine, mode)

    def _make_files(self) -> None:
        make_private(self.keys_path)  # first: where the data has content, the file of keys was there
        for path, engine in ((self.path, self._engine), (self.keys_path, self._keys_engine)):
            make_private(path)
            try:
                with connect(engine, "write") as connection:
                    use_wal(connection)
            except (sqlite3.Error, SQLAlchemyError) as error:
                raise OpstartFout("Dit bestand is geen SQLite-database, of een ander programma houdt het vast. Controleer het.") from error


def _administer(engine: Engine, work: Callable[[Connection], T]) -> T:
    with connect(engine, "migrate") as connection, connection.begin():
        result = call(work, connection)
        orphaned = _orphaned(connection)
        if orphaned:
            raise OpstartFout(
                f"Rijen zonder ouder in {', '.join(orphaned)}: de wijziging is teruggedraaid. Herstel de migratie of de gegevens."
            )
    return result


def _orphaned(connection: Connection) -> list[str]:
    rows: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
    return sorted({row[0] for row in rows})
