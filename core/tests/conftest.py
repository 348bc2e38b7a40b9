"""The core is tested without plugins."""

from __future__ import annotations

import pytest
from wijkwerk.storage.migrate import Migraties, of_core


@pytest.fixture(scope="session")
def migraties() -> list[Migraties]:
    return of_core()
