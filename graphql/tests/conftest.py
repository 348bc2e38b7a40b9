"""Fixtures for the tests of the schema, of HTTP and of identity."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from wijkwerk.access.permissions import PUBLIC
from wijkwerk.hookspecs import PluginInfo, hookimpl
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk.testing.klaartekst import Klaartekst
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql import Lezing, Query, extend, field, kern
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.testing import Dienst, Vrager, draaiend


class Proef:
    """A plugin with a field that waits until `verder`, and one that fails with `fout`. `bezig`: how many are waiting or have waited."""

    def __init__(self) -> None:
        self.verder, self.bezig = Event(), 0
        self.fout: Exception = RuntimeError("stuk")

    @property
    def plugin(self) -> SimpleNamespace:
        """As an entry point would give it."""
        info = PluginInfo("proef", "Trage en kapotte velden.", "0.1.0")
        return SimpleNamespace(__name__="proef", plugin_info=hookimpl(lambda: info), graphql_types=hookimpl(lambda: [self._velden()]))

    def _velden(self) -> type[Any]:
        @extend(Query)
        class Proefvelden:
            @field(bool, requires=PUBLIC, uitleg="Wacht")
            @staticmethod
            def wacht(lezer: Lezing) -> bool:
                self.bezig += 1
                return self.verder.wait(10)

            @field(bool | None, requires=PUBLIC, uitleg="Faalt")
            @staticmethod
            def kapot(lezer: Lezing) -> bool | None:
                raise self.fout

        return Proefvelden


@pytest.fixture(scope="session")
def proef() -> Proef:
    """What the servers of these tests have beside the core."""
    return Proef()


@pytest.fixture(scope="session", autouse=True)
def fouten_gehoord(klaartekst: Klaartekst) -> None:
    """The errors of each answer are among what was said."""
    klaartekst.om(Answer, "__init__", lambda args, _: klaartekst.hoor("antwoord", repr(args[0].errors)))


@pytest.fixture(autouse=True)
def plan_klopt(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The plan may fail only where a test means it to (and clears `caplog`): the fallback would hide any fault of it."""
    yield
    assert not [record.getMessage() for record in caplog.get_records("call") if "het plan faalde" in record.getMessage()]


@pytest.fixture
def plugins() -> list[Any]:
    """The core's own fields."""
    return [kern]


@pytest.fixture
def vraag(wijk: Wijk) -> Vrager:
    """To ask something as who has a role."""
    return Vrager(wijk)


@pytest.fixture
async def dienst_elk(database: Database, tmp_path: Path, proef: Proef) -> AsyncIterator[Dienst]:
    """A server of its own, on each engine."""
    async with draaiend(database, tmp_path, plugins=[kern, proef.plugin]) as dienst:
        yield dienst


@pytest.fixture(scope="module")
async def dienst(
    migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory, proef: Proef
) -> AsyncIterator[Dienst]:
    """One server on SQLite for the tests of a module that change nothing."""
    folder = tmp_path_factory.mktemp("dienst")
    async with draaiend(await sqlite_templates.copy(migraties, folder), folder, plugins=[kern, proef.plugin]) as running:
        yield running


@pytest.fixture
def trace() -> str:
    """A trace of its own for this test."""
    return secrets.token_hex(16)
