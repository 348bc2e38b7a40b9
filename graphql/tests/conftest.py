"""Fixtures for the tests of HTTP and identity."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from wijkwerk.app import Wijkwerk
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk_graphql.http.engine import Antwoord
from wijkwerk_graphql.http.limits import Vraag
from wijkwerk_graphql.testing import Dienst, draaiend


class KleineUitvoering:
    """Runs requests without a schema: these tests are about HTTP. What it was asked is in `gevraagd`."""

    def __init__(self, wijkwerk: Wijkwerk) -> None:
        self.wijkwerk = wijkwerk
        self.gevraagd: list[tuple[Any, Vraag]] = []
        self.fout: Exception | None = None
        self.antwoord: Antwoord | None = None
        self.wachten = asyncio.Event()
        self.wachten.set()

    async def __call__(self, actor: Any, vraag: Vraag) -> Antwoord:
        self.gevraagd.append((actor, vraag))
        await self.wachten.wait()
        if self.fout is not None:
            raise self.fout
        return self.antwoord or {"data": {"ik": actor.activiteit}}


@pytest.fixture(autouse=True)
def plan_klopt(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The plan may fail only where a test means it to (and clears `caplog`): the fallback would hide any fault of it."""
    yield
    assert not [record.getMessage() for record in caplog.get_records("call") if "het plan faalde" in record.getMessage()]


@pytest.fixture
async def dienst_elk(database: Database, tmp_path: Path) -> AsyncIterator[Dienst]:
    """A server of its own, on each engine."""
    async with draaiend(database, tmp_path, KleineUitvoering) as dienst:
        yield dienst


@pytest.fixture(scope="module")
async def dienst(
    migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dienst]:
    """One server on SQLite for the tests of a module that change nothing."""
    folder = tmp_path_factory.mktemp("dienst")
    async with draaiend(await sqlite_templates.copy(migraties, folder), folder, KleineUitvoering) as running:
        yield running


@pytest.fixture
def trace() -> str:
    """A trace of its own for this test."""
    return secrets.token_hex(16)


@pytest.fixture
def kleine() -> type[KleineUitvoering]:
    """For a test that starts a server in its own way."""
    return KleineUitvoering
