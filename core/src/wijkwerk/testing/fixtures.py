"""Pytest fixtures: real databases, SQLite and PostgreSQL, migrated once and copied per test.

Put `pytest_plugins = ["wijkwerk.testing.fixtures"]` in the outermost conftest.py. Environment:
`WIJKWERK_PG_VERSION` chooses a PostgreSQL (default: the newest found), `WIJKWERK_REQUIRE_POSTGRES=1` turns a skip into a failure,
`WIJKWERK_REQUIRE_SOFTHSM=1` the same for a token.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from ..plugins import Plugins
from ..storage.base import Database
from ..storage.postgres import PostgresDatabase
from ..storage.revisions import Migraties
from .databases import PostgresTemplates, SavepointDatabase, SqliteTemplates
from .klaartekst import NAAM as KLAARTEKST
from .klaartekst import Klaartekst
from .postgres import PostgresAfwezig, PostgresServer, choose
from .softhsm import CONF, SoftHsmAfwezig, SoftToken

SUPPORTED_VERSIONS = (15, 16, 18)
WHEEL_VERSIONS = (16, 18)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Only asyncio: asyncpg knows no other."""
    return "asyncio"


@pytest.fixture(scope="session")
def migraties() -> list[Migraties]:
    """Whose tables the databases have; override it (session scope) in a conftest.py or test module."""
    return Plugins.installed().migraties()


@pytest.fixture(scope="session")
def pg_server(pytestconfig: pytest.Config) -> Iterator[PostgresServer]:
    """One private PostgreSQL for this process."""
    asked = os.environ.get("WIJKWERK_PG_VERSION")
    yield from _serve(pytestconfig, int(asked) if asked else None)


@pytest.fixture(scope="session", params=SUPPORTED_VERSIONS, ids="postgresql{}".format)
def pg_server_each(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """Each supported version, one after another, for the few tests that must hold on all; what no wheel brings (15) may be absent."""
    yield from _serve(request.config, request.param, optional=request.param not in WHEEL_VERSIONS)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplates:
    return SqliteTemplates(tmp_path_factory.mktemp("sjabloon"))


@pytest.fixture(scope="session")
def pg_templates(pg_server: PostgresServer) -> PostgresTemplates:
    return PostgresTemplates(pg_server)


@pytest.fixture(scope="session")
def pg_templates_each(pg_server_each: PostgresServer) -> PostgresTemplates:
    return PostgresTemplates(pg_server_each)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path: Path
) -> AsyncIterator[Database]:
    """An open, migrated database of its own, with real commits; every test runs on both engines."""
    if request.param == "sqlite":
        async with _opened(await sqlite_templates.copy(migraties, tmp_path)) as opened:
            yield opened
        return
    templates: PostgresTemplates = request.getfixturevalue("pg_templates")
    async with templates.clone(migraties) as url, _opened(PostgresDatabase(url)) as opened:
        templates.compiled.share(opened)
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_savepoint(
    request: pytest.FixtureRequest, migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path: Path
) -> AsyncIterator[Database]:
    """Like `database` but quicker: on PostgreSQL one connection in a transaction that is rolled back after the test."""
    if request.param == "sqlite":
        async with _opened(await sqlite_templates.copy(migraties, tmp_path)) as opened:
            yield opened
        return
    templates: PostgresTemplates = request.getfixturevalue("pg_templates")
    async with _opened(SavepointDatabase(await templates.shared(migraties), templates.compiled)) as opened:
        yield opened


@pytest.fixture
async def database_each(migraties: list[Migraties], pg_templates_each: PostgresTemplates) -> AsyncIterator[Database]:
    """Like `database`, on each supported version of PostgreSQL."""
    async with pg_templates_each.clone(migraties) as url, _opened(PostgresDatabase(url)) as opened:
        yield opened


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftToken:
    """A token of PKCS#11 of its own, without a key."""
    try:
        made = SoftToken(tmp_path / "token")
    except SoftHsmAfwezig as absent:
        if os.environ.get("WIJKWERK_REQUIRE_SOFTHSM"):
            pytest.fail(str(absent))
        pytest.skip(str(absent))
    monkeypatch.setenv(CONF, made.environment[CONF])
    return made


@asynccontextmanager
async def _opened(database: Database) -> AsyncIterator[Database]:
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def _serve(config: pytest.Config, version: int | None, *, optional: bool = False) -> Iterator[PostgresServer]:
    try:
        bindir = choose(version)
    except PostgresAfwezig as absent:
        _absent(str(absent), optional)
    server = PostgresServer(bindir)
    yield server
    watching: Klaartekst | None = config.pluginmanager.get_plugin(KLAARTEKST)
    server.stop(kijk=None if watching is None else watching.doorzoek)


def _absent(reason: str, optional: bool) -> NoReturn:
    if not optional and os.environ.get("WIJKWERK_REQUIRE_POSTGRES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
