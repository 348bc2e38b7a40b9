"""The leak matrix as everybody, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.test_lekken import migraties, plugins

from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.testing.databases import PostgresTemplates
from wijkwerk_graphql.testing.lekken import Lekmatrix

__all__ = ["migraties", "plugins"]


class TestSqlite(Lekmatrix):
    """Every field, by every path, as everybody."""


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
