"""The core is tested without plugins."""

from __future__ import annotations

import os

import pytest

from wijkwerk.access import policy
from wijkwerk.plugins import Plugins
from wijkwerk.records.plan import plan
from wijkwerk.storage.revisions import Migraties


@pytest.fixture(scope="session")
def migraties() -> list[Migraties]:
    return Plugins([]).migraties()


if "MUTANT_UNDER_TEST" in os.environ:  # `make mutate`

    @pytest.fixture(autouse=True)
    def nieuwe_statements() -> None:
        """A statement or a policy that an earlier test made knows nothing of the mutant: each test makes its own."""
        plan.cache_clear()
        policy._evaluated.cache_clear()
