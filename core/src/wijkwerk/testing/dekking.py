"""What is measured of the coverage, and what measuring needs. Measuring takes as long again as the test itself.

Add `"wijkwerk.testing.dekking"` to `pytest_plugins`. Without coverage it does nothing.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Generator
from importlib import import_module
from typing import Any, Final

import pytest

BEIDE: Final = ("test_access_", "test_core_migratie", "test_crypto_", "test_log_", "test_sleutelbeheer_", "test_storage_")
"""Files of tests that are measured on both databases: what they test is not the same on each, or must be covered whole.

All else is measured on SQLite, and run on PostgreSQL without being measured: it is the same code.
"""
_HELD: deque[object] = deque(maxlen=64)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    """Hold the greenlet of every thread for a while, when something traces (pytest-cov has begun by now, also in a worker of xdist).

    Coverage has weak references to greenlets. The one of a thread that ended is cleared away in a pending call of the main thread, which
    runs Python (`WeakKeyDictionary.remove`); and CPython 3.11 repeats the first instruction of traced Python in a pending call forever,
    when meanwhile another pending call is asked for: when two threads end at the same time. What is held is cleared away later, by a thread
    that begins. Greenlet would look through the whole heap for who holds the one of a thread that ended.
    No setting does this: without `greenlet` in its `concurrency` what runs on asyncpg is missed, and sys.monitoring is of Python 3.12.
    """
    begin = threading.gettrace()
    if begin is None:
        return
    current = import_module("greenlet").getcurrent  # SQLAlchemy's requirement, not ours
    import_module("greenlet._greenlet").enable_optional_cleanup(False)

    def hold(*event: Any) -> Any:
        """The first that a thread traces; coverage puts its own in place of it."""
        _HELD.append(current())
        return begin(*event)

    threading.settrace(hold)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Nothing traces around a test that is not measured, nor in its fixtures: these pytest-cov's own `no_cover` would still measure.

    Threads that were traced before go on: what is begun once for many tests is measured by those that are.
    """
    traces = sys.gettrace()
    if traces is None or gemeten(item.path.name, item.name):
        return (yield)
    of_threads = threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(of_threads)
        sys.settrace(traces)  # at its first call coverage puts its own, quicker tracing back


def gemeten(file: str, name: str) -> bool:
    """Whether this test is measured: on PostgreSQL only those in the files of `BEIDE`."""
    return "postgresql" not in name.partition("[")[2] or file.startswith(BEIDE)
