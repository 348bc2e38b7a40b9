"""The core is tested without plugins."""

from __future__ import annotations

import pytest

from wijkwerk.plugins import Plugins
from wijkwerk.storage.revisions import Migraties


@pytest.fixture(scope="session")
def migraties() -> list[Migraties]:
    return Plugins([]).migraties()
