"""What is measured of the coverage, and that measuring never stands still (testing/dekking.py)."""

from __future__ import annotations

import sys
from importlib import import_module
from threading import Thread
from typing import Any
from weakref import ref

import pytest

from wijkwerk.testing.dekking import gemeten


def test_while_something_traces_the_greenlet_of_a_thread_outlives_it() -> None:
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(ref(import_module("greenlet").getcurrent())))
    thread.start()
    thread.join()
    assert found[0]() is not None or sys.gettrace() is None  # without coverage it goes whenever the main thread comes to it


@pytest.mark.parametrize(
    ("file", "name", "measured"),
    [
        pytest.param("test_domein_notities.py", "test_x[sqlite]", True, id="SQLite"),
        pytest.param("test_domein_notities.py", "test_x", True, id="no database"),
        pytest.param("test_domein_notities.py", "test_x[postgresql]", False, id="PostgreSQL"),
        pytest.param("test_domein_notities.py", "test_x[postgresql-0]", False, id="PostgreSQL and more"),
        pytest.param("test_domein_notities.py", "test_x[0-postgresql]", False, id="more and PostgreSQL"),
        pytest.param("test_crypto_keyring.py", "test_x[postgresql]", True, id="PostgreSQL, keys"),
    ],
)
def test_the_same_code_is_measured_on_one_database(file: str, name: str, measured: bool) -> None:
    assert gemeten(file, name) is measured


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_what_is_not_measured_is_traced_by_nothing(database: str, request: pytest.FixtureRequest) -> None:
    measured = gemeten(request.path.name, request.node.name)
    assert measured is (database == "sqlite")
    assert measured or sys.gettrace() is None
