"""Databases full of made-up residents for benchmarks: filled once, kept in a folder, thrown away when the tables are others now."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL
from sqlalchemy.schema import CreateIndex, CreateTable

from wijkwerk.app import Wijkwerk
from wijkwerk.settings import Settings
from wijkwerk.storage.metadata import metadata
from wijkwerk.testing import bevolking, namenlijst, plaatsen
from wijkwerk.testing.bevolking import bevolk
from wijkwerk.testing.postgres import PostgresServer, choose

DUURZAAM = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
"""PostgreSQL as somebody would run it: what is measured includes making the log durable."""


def op_beide(bench: Callable[[str, Settings], Coroutine[Any, Any, None]]) -> None:
    """Run on an empty SQLite database, then on an empty private PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(bench("SQLite", Settings(map=Path(folder) / "sqlite")))
        server = PostgresServer(choose())
        try:
            Path(folder, "postgresql").mkdir()
            url = server.url().render_as_string(hide_password=False)
            asyncio.run(bench("PostgreSQL", Settings(map=Path(folder) / "postgresql", database=url)))
        finally:
            server.stop()


def op_gevulde(bench: Callable[[str, Opslag], Coroutine[Any, Any, None]], inwoners: int) -> None:
    """Fill a database on each engine (or on those that the command names) in a folder that is thrown away, and run on it."""
    with tempfile.TemporaryDirectory(prefix="wwbench-") as folder:
        Path(folder).chmod(0o755)  # for the user that runs PostgreSQL when we are root
        opslag = Opslag(Path(folder))
        for engine in sys.argv[1:] or ("sqlite", "postgresql"):
            opslag.vul(engine, (inwoners,))
            asyncio.run(bench(engine, opslag))


@dataclass(frozen=True, slots=True)
class Opslag:
    """Where the databases are kept: a folder per engine and size, and one PostgreSQL cluster."""

    map: Path

    def instellingen(self, engine: str, aantal: int, server: PostgresServer | None) -> Settings:
        """The settings of one database."""
        url = None if server is None else server.url(_naam(aantal)).render_as_string(hide_password=False)
        return Settings(map=self._map(engine, aantal), database=url)

    def vul(self, engine: str, aantallen: tuple[int, ...]) -> None:
        """Make the databases that are not there yet, or not whole, or of other tables."""
        nodig = [aantal for aantal in aantallen if not self._klaar(engine, aantal)]
        if not nodig:
            return
        with self.server(engine, {}) as server:
            for aantal in nodig:
                self._begin_opnieuw(engine, aantal, server)
                asyncio.run(_vul(engine, aantal, self.instellingen(engine, aantal, server)))
                if server is not None:  # what autovacuum does by itself in a database that lives longer
                    asyncio.run(_doe(server.url(_naam(aantal)), "VACUUM ANALYZE"))
                self._merk(engine, aantal).write_text(_kenmerk())

    @contextmanager
    def server(self, engine: str, settings: dict[str, str]) -> Iterator[PostgresServer | None]:
        """PostgreSQL on the kept cluster; None for SQLite, which needs no server."""
        if engine == "sqlite":
            yield None
            return
        server = PostgresServer(choose(), data=self.map / "cluster", settings=settings)
        try:
            yield server
        finally:
            server.stop()

    def _begin_opnieuw(self, engine: str, aantal: int, server: PostgresServer | None) -> None:
        shutil.rmtree(self._map(engine, aantal), ignore_errors=True)
        self._map(engine, aantal).mkdir(parents=True)
        if server is not None:
            naam = _naam(aantal)
            asyncio.run(_doe(server.url(), f"DROP DATABASE IF EXISTS {naam}", f"CREATE DATABASE {naam}"))

    def _klaar(self, engine: str, aantal: int) -> bool:
        merk = self._merk(engine, aantal)
        return merk.exists() and merk.read_text() == _kenmerk()

    def _merk(self, engine: str, aantal: int) -> Path:
        return self._map(engine, aantal) / "gevuld"

    def _map(self, engine: str, aantal: int) -> Path:
        return self.map / f"{engine}-{aantal}"


def _naam(aantal: int) -> str:
    return f"inwoners_{aantal}"


def _kenmerk() -> str:
    """Changes when the tables change, or the residents that are made."""
    ddl = [str(CreateTable(table)) for table in metadata.sorted_tables]
    ddl += sorted(str(CreateIndex(index)) for table in metadata.sorted_tables for index in table.indexes)
    made = [Path(str(module.__file__)).read_text() for module in (bevolking, namenlijst, plaatsen)]
    return hashlib.sha256("\n".join([*ddl, *made]).encode()).hexdigest()


async def _doe(url: URL, *statements: str) -> None:
    connection = await asyncpg.connect(host=url.query["host"], user=url.username, database=url.database)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _vul(engine: str, aantal: int, settings: Settings) -> None:
    start = time.monotonic()

    def meld(rijen: int) -> None:
        print(f"\r{engine}: {aantal:,} residents, {rijen:,} rows, {time.monotonic() - start:.0f} s", end="", file=sys.stderr, flush=True)

    async with Wijkwerk(settings, []) as wijkwerk:
        await bevolk(wijkwerk, aantal, meld=meld)
    print(f"\r{engine}: {aantal:,} residents filled in {time.monotonic() - start:.0f} s" + " " * 30, file=sys.stderr)
