"""The core with this plugin, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

import wijkwerk_mantelzorg
from wijkwerk.plugins import Plugins
from wijkwerk.storage.migrate import Migraties


@pytest.fixture(scope="session")
def migraties() -> list[Migraties]:
    return Plugins([wijkwerk_mantelzorg]).migraties()


@pytest.fixture
def plugins() -> list[Any]:
    return [wijkwerk_mantelzorg]
