"""The leak matrix of the core with every plugin of this repository, as everybody, on both databases (design.md 11.1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

import wijkwerk_buurtgroepen
import wijkwerk_mantelzorg
import wijkwerk_tegenprestatie
import wijkwerk_vrijwilligerspool
from wijkwerk.plugins import Plugins
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.testing.databases import PostgresTemplates
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing.lekken import Lekmatrix

PLUGINS = [kern, wijkwerk_buurtgroepen, wijkwerk_mantelzorg, wijkwerk_tegenprestatie, wijkwerk_vrijwilligerspool]


@pytest.fixture(scope="session")
def migraties() -> list[Migraties]:
    return Plugins(PLUGINS).migraties()


@pytest.fixture
def plugins() -> list[Any]:
    return PLUGINS


class TestSqlite(Lekmatrix):
    """Every field, by every path."""


class TestPostgres(Lekmatrix):
    """The same on the other engine."""

    @pytest.fixture
    async def lekdatabase(self, migraties: list[Migraties], pg_templates: PostgresTemplates) -> AsyncIterator[Database]:
        """A database of its own."""
        async with pg_templates.clone(migraties) as url:
            database = PostgresDatabase(url)
            await database.open()
            yield database
            await database.close()
