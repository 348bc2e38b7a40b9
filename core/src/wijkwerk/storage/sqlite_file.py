"""One SQLite file: made private, opened with the same settings everywhere."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from ..errors import OpstartFout
from .base import READS_ONLY

BUSY_TIMEOUT_MS = 10_000

_KEYS = "wijkwerk_keys"

Mode = Literal["read", "write", "migrate"]

_BEGIN = {"read": "BEGIN", "write": "BEGIN IMMEDIATE", "migrate": "BEGIN IMMEDIATE"}
_PRAGMA = {"read": "PRAGMA query_only=ON", "write": "PRAGMA foreign_keys=ON", "migrate": "PRAGMA foreign_keys=OFF"}


def make_private(path: Path) -> None:
    """Make the file (0600) and its folder (0700) when absent; SQLite gives its -wal and -shm files the mode of the file.

    Only the last folder is made: more that are absent are a typing error. Raises `OpstartFout` then, and where nothing can be made.
    """
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except FileNotFoundError as error:
        raise OpstartFout("De map boven die van de database bestaat niet. Controleer het pad, of maak die map eerst.") from error
    except OSError as error:
        raise OpstartFout("Het databasebestand kan niet worden gemaakt of geopend. Controleer de map en de rechten.") from error


def make_engine(path: Path) -> Engine:
    """An engine whose connections are held by one thread at a time, not pooled."""
    url = URL.create("sqlite", database=str(path.absolute()))
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def connect(engine: Engine, mode: Mode) -> Connection:
    """A connection for reading (can't write), writing, or migrating (foreign keys off: libraries.md 10, trap 2)."""
    connection = engine.connect().execution_options(wijkwerk_begin=_BEGIN[mode], **{READS_ONLY: mode == "read"})
    driver(connection).execute(_PRAGMA[mode])
    return connection


def connect_with_keys(engine: Engine, keys_engine: Engine, mode: Mode) -> Connection:
    """A connection to the rows that carries one to the keys, in the same thread and with the same rights."""
    connection = connect(engine, mode)
    try:
        connection.info[_KEYS] = connect(keys_engine, mode)
    except BaseException:
        connection.close()
        raise
    return connection


def keys_of(connection: Connection) -> Connection:
    """The connection to the keys that `connect_with_keys` made beside it."""
    return cast(Connection, connection.info[_KEYS])


def close_with_keys(connection: Connection) -> None:
    """Close both; what was not committed is rolled back."""
    keys_of(connection).close()
    connection.close()


def driver(connection: Connection) -> sqlite3.Connection:
    """The connection of the sqlite3 module below it."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def use_wal(connection: Connection) -> None:
    """Switch the file to write-ahead logging (kept in the file). Raises `OpstartFout` where that is impossible (network drives)."""
    if driver(connection).execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):
        raise OpstartFout("Deze schijf kan geen SQLite-database met WAL dragen. Zet het bestand op een lokale schijf.")


def _prepare(raw: sqlite3.Connection, _record: Any) -> None:
    # SQLAlchemy emits BEGIN itself: sqlite3's own handling leaves savepoints and DDL outside the transaction
    raw.isolation_level = None
    raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA secure_delete=ON")
    raw.create_function("wijkwerk_uuid", 1, _uuid_bytes, deterministic=True)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options()["wijkwerk_begin"])


def _uuid_bytes(text: str | None) -> bytes | None:
    return None if text is None else UUID(text).bytes
