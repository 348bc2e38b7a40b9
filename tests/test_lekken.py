"""The leak matrix of the core with every plugin of this repository: each field, by each path, as everybody (design.md 11.1)."""

from __future__ import annotations

from typing import Any

import pytest

import wijkwerk_buurtgroepen
import wijkwerk_mantelzorg
import wijkwerk_tegenprestatie
import wijkwerk_vrijwilligerspool
from wijkwerk.plugins import Plugins
from wijkwerk.storage.migrate import Migraties
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing.lekken import Lekmatrix

PLUGINS = [kern, wijkwerk_buurtgroepen, wijkwerk_mantelzorg, wijkwerk_tegenprestatie, wijkwerk_vrijwilligerspool]


@pytest.fixture(scope="session")
def migraties() -> list[Migraties]:
    return Plugins(PLUGINS).migraties()


@pytest.fixture
def plugins() -> list[Any]:
    return PLUGINS


class TestLekken(Lekmatrix):
    """Everything there is, asked as who may ask it; as everybody in tests/test_systeem_lekmatrix.py."""

    iedereen = False
