"""What this plugin adds to the schema leaks nothing: the leak matrix, by every path."""

from __future__ import annotations

from typing import Any

import pytest

import wijkwerk_mantelzorg
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing.lekken import Lekmatrix


@pytest.fixture
def plugins() -> list[Any]:
    return [kern, wijkwerk_mantelzorg]


class TestLekken(Lekmatrix):
    """The core with this plugin, asked as who may ask everything; as everybody in tests/test_systeem_lekmatrix.py."""

    iedereen = False
