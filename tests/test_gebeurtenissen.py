"""Every event of the log is made somewhere, tested somewhere, and explained to who reads the log (domain.md 3.4)."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from wijkwerk.log.entry import Gebeurtenis

ROOT = Path(__file__).resolve().parents[1]
UITLEG = ROOT / "docs/log/gebeurtenissen.md"
EIGEN = ("core/src/wijkwerk/log/entry.py", "core/src/wijkwerk/testing/")
ALLES = {each.name for each in Gebeurtenis}


def bronnen(*patronen: str) -> Iterator[ast.Module]:
    """The modules that these patterns find, but the declaration itself and what only tests use."""
    for path in sorted(path for patroon in patronen for path in ROOT.glob(patroon)):
        if not path.relative_to(ROOT).as_posix().startswith(EIGEN) and path != Path(__file__).resolve():
            yield ast.parse(path.read_text(encoding="utf-8"))


def gemaakt(node: ast.AST) -> Iterator[str]:
    """The events that a node names, but where they are compared with, and in tables of a module."""
    for child in ast.iter_child_nodes(node):
        table = isinstance(node, ast.Module) and isinstance(child, ast.Assign | ast.AnnAssign)
        if isinstance(child, ast.Compare) or table:
            continue
        if isinstance(child, ast.Attribute) and isinstance(child.value, ast.Name) and child.value.id == "Gebeurtenis":
            yield child.attr
        yield from gemaakt(child)


def genoemd(module: ast.Module) -> Iterator[str]:
    """The events that a test names, as a member or as it stands in an entry."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_event_is_never_made() -> None:
    made = {name for module in bronnen("core/src/**/*.py", "graphql/src/**/*.py", "plugins/*/src/**/*.py") for name in gemaakt(module)}
    assert sorted(ALLES - made) == []


def test_no_event_is_in_no_test() -> None:
    named = {name for module in bronnen("core/tests/**/*.py", "graphql/tests/**/*.py", "plugins/*/tests/**/*.py", "tests/**/*.py")
             for name in genoemd(module)}  # fmt: skip
    assert sorted(ALLES - named) == []


def test_each_event_is_explained_once() -> None:
    rows = Counter(re.findall(r"^\| `([A-Z_]+)` \|", UITLEG.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows == Counter(ALLES)


def test_what_only_compares_or_explains_makes_nothing() -> None:
    text = "WAT = {Gebeurtenis.LEZEN: 'x'}\ndef f(a):\n    if a is Gebeurtenis.ZOEKEN:\n        return Gebeurtenis.IMPORT\n"
    assert list(gemaakt(ast.parse(text))) == ["IMPORT"]
