"""Fixtures for tests of the whole system: the made-up neighbourhood, and a server on it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# tests.systeem is found from the root of the repository; at the end, so that it hides nothing
sys.path.append(str(Path(__file__).resolve().parents[1]))

from tests.systeem.dienst import Dienst, Plek
from tests.systeem.sjabloon import PostgresSjabloon, SqliteSjabloon

from wijkwerk.testing.postgres import PostgresServer

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_sjabloon(tmp_path_factory: pytest.TempPathFactory) -> SqliteSjabloon:
    return SqliteSjabloon(tmp_path_factory.mktemp("buurt-sqlite"))


@pytest.fixture(scope="session")
def postgresql_sjabloon(pg_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> PostgresSjabloon:
    return PostgresSjabloon(pg_server, tmp_path_factory.mktemp("buurt-postgresql"))


@pytest.fixture
def plek_sqlite(sqlite_sjabloon: SqliteSjabloon, tmp_path: Path) -> Iterator[Plek]:
    """An installation of its own, on SQLite."""
    with sqlite_sjabloon.kopie(tmp_path) as plek:
        yield plek


@pytest.fixture
def plek_postgresql(postgresql_sjabloon: PostgresSjabloon, tmp_path: Path) -> Iterator[Plek]:
    """An installation of its own, on PostgreSQL."""
    with postgresql_sjabloon.kopie(tmp_path) as plek:
        yield plek


@pytest.fixture(params=ENGINES)
def plek(request: pytest.FixtureRequest) -> Plek:
    """An installation of its own, on each engine."""
    made: Plek = request.getfixturevalue(f"plek_{request.param}")
    return made


@pytest.fixture(scope="module", params=ENGINES)
def dienst(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dienst]:
    """One server on each engine for the tests of a module: each looks at what it made itself."""
    sjabloon: Any = request.getfixturevalue(f"{request.param}_sjabloon")
    with sjabloon.kopie(tmp_path_factory.mktemp("dienst")) as plek, plek.dienst() as running:
        yield running
