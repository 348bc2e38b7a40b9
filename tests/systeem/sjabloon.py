"""The made-up neighbourhood, built once through the real services and copied for who asks."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
from tests.systeem.dienst import Buurt, Plek

from wijkwerk.app import Wijkwerk
from wijkwerk.demo.buurt import bouw
from wijkwerk.settings import IdentitySettings, Settings
from wijkwerk.testing.postgres import PostgresServer
from wijkwerk_graphql.identity.issuer import LokaleUitgever

HUIZEN, DOSSIERS = 18, 12


def _build(folder: Path, url: str) -> Buurt:
    identity = IdentitySettings(jwks=folder / "jwks.json")
    LokaleUitgever.open(folder / "uitgever.json", identity)

    async def build() -> Buurt:
        async with Wijkwerk(Settings(map=folder, database=url, identity=identity)) as wijkwerk:
            made = await bouw(wijkwerk, huizen=HUIZEN, dossiers=DOSSIERS)
            async with wijkwerk.database.snapshot() as snapshot:
                log = await snapshot.run(lambda connection: wijkwerk.keyring.signing_key(connection, "log"))
            return Buurt(made.instellingen, tuple(made.huishoudens), log.public_key())

    return asyncio.run(build())


def _copy(template: Path, to: Path) -> tuple[Path, Path]:
    """Folders for the installation and for the output of its servers."""
    folder, uitvoer = to / "plek", to / "uitvoer"
    shutil.copytree(template, folder)
    uitvoer.mkdir()
    return folder, uitvoer


class SqliteSjabloon:
    """The neighbourhood on SQLite, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._buurt = _build(folder, _sqlite(folder))

    @contextmanager
    def kopie(self, to: Path) -> Iterator[Plek]:
        """An installation of its own."""
        folder, uitvoer = _copy(self._folder, to)
        with _ended(Plek(folder, _sqlite(folder), self._buurt, uitvoer)) as plek:
            yield plek


@dataclass
class PostgresSjabloon:
    """The neighbourhood on PostgreSQL; its key files are in `folder`."""

    server: PostgresServer
    folder: Path
    naam: str = "buurtsjabloon"
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._execute(f"CREATE DATABASE {self.naam}")
        self._buurt = _build(self.folder, self._url(self.naam))

    @contextmanager
    def kopie(self, to: Path) -> Iterator[Plek]:
        """An installation of its own."""
        name = f"buurt{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self.naam} STRATEGY file_copy")
        folder, uitvoer = _copy(self.folder, to)
        try:
            with _ended(Plek(folder, self._url(name), self._buurt, uitvoer)) as plek:
                yield plek
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return self.server.url(name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        async def run() -> None:
            url = self.server.url()
            connection = await asyncpg.connect(host=url.query["host"], user=url.username, database=url.database)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(run())


@contextmanager
def _ended(plek: Plek) -> Iterator[Plek]:
    """No server outlives the test that started it."""
    try:
        yield plek
    finally:
        for dienst in plek.started:
            if dienst.process.poll() is None:
                dienst.kill()


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'wijkwerk.db'}"
