"""One clock, given to whoever needs the time (design.md 10): no other module looks at the machine's time of day, nor asks the database."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DAYS = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}
"""What gives the time when asked of `datetime` or `date`."""
TIMES = {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime"}
"""The same of the module `time`. Not monotonic clocks: they measure how long something lasts, and know no time of day."""
ALONE = {"SysteemKlok", "uuid1", "uuid6", "uuid7", "formatdate", "make_msgid"}
"""Calls that look at the clock by themselves."""
SQL_FUNCTIONS = {"now", "current_timestamp", "current_date", "current_time", "localtimestamp", "clock_timestamp", "statement_timestamp"}
SQL = re.compile(r"\bnow\s*\(|\bcurrent_(?:timestamp|date|time)\b|\blocaltimestamp\b|_timestamp\s*\(\s*\)|'now'", re.IGNORECASE)

ALLOWED = {
    "core/src/wijkwerk/klok.py: datetime.now": "the one place",
    "core/src/wijkwerk/app.py: SysteemKlok": "the composition root: the clock of an installation that is given none",
    "graphql/src/wijkwerk_graphql/demo/command.py: SysteemKlok": "a command is a composition root too: tokens for the demo that runs now",
    "core/src/wijkwerk/cli_beleid.py: SysteemKlok": "a command is a composition root too: a policy looked at without a database, today",
    "core/src/wijkwerk/cli_beheer.py: SysteemKlok": "the entry that tables were changed, before there is an installation to ask the time",
    "graphql/src/wijkwerk_graphql/getuige/command.py: SysteemKlok": "a command is a composition root too: a witness needs no installation",
    "core/src/wijkwerk/storage/columns.py: uuid7": "ids are unique and nearly in the order they are made; no time in one decides",
    "core/src/wijkwerk/toezicht/missers.py: datetime.fromtimestamp": "for an auditor: whether a row was there, by the time in its id",
    "core/src/wijkwerk/log/verify.py: datetime.fromtimestamp": "the moment that a witness put under a checkpoint",
    "core/src/wijkwerk/quiet_logging.py: datetime.fromtimestamp": "the moment that Python put on a log line for operators",
}
"""Each exemption with its reason; one that is not needed any more fails as well."""


def sources() -> Iterator[Path]:
    """Every Python module that is shipped, but what tests are made with."""
    for folder in ("core/src", "graphql/src", *(path.relative_to(ROOT).as_posix() for path in ROOT.glob("plugins/*/src"))):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "/testing/" not in path.as_posix())


def clocks(tree: ast.AST) -> Iterator[str]:
    """What in this code tells the time of day."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id if isinstance(node.value, ast.Name) else ""
            told = (of in ("datetime", "date") and node.attr in DAYS) or (of == "time" and node.attr in TIMES)
            if told or (of == "func" and node.attr in SQL_FUNCTIONS):
                yield f"{of}.{node.attr}"
            elif node.attr in ALONE:
                yield node.attr
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"time.{alias.name}" for alias in node.names if alias.name in TIMES)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ALONE:
            yield node.func.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs and SQL.search(node.value):
            yield f"SQL: {node.value[:40]}"


def test_only_the_clock_looks_at_the_time_of_the_machine() -> None:
    found = {f"{path.relative_to(ROOT).as_posix()}: {what}" for path in sources() for what in clocks(ast.parse(path.read_text("utf-8")))}
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "dt = datetime.today", "time.time()", "from time import time_ns",
        "time.localtime()", "SysteemKlok()", "uuid7()", "uuid_utils.uuid7()", "func.now()", "sa.func.current_timestamp()",
        "text('select now()')", "text('DEFAULT CURRENT_TIMESTAMP')", "x = \"datetime('now')\"", "text('clock_timestamp()')",
        "email.utils.make_msgid()",
    ],
)  # fmt: skip
def test_whoever_looks_at_another_clock_is_found(code: str) -> None:
    assert list(clocks(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    ["klok.nu()", "request.now()", "time.monotonic()", "datetime.combine(dag, tijd)", "'''Known now() and then.'''", "date(2027, 1, 1)"],
)
def test_what_is_no_clock_is_left_alone(code: str) -> None:
    assert not list(clocks(ast.parse(code)))
