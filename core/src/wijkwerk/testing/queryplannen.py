"""What the database does for a statement: which tables it walks whole, where an index should have led it to a few rows.

Walking a table whole is: reading it row by row, through an index with nothing but the municipality, or to make an index for this once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, event

from ..storage.base import Database
from ..storage.metadata import metadata

_ALIAS = re.compile(r"\b(?:FROM|JOIN|,)\s+(\w+) AS (\w+)")
_SQLITE_STEP = re.compile(r"(?:SCAN|SEARCH) (\w+)(?P<how>[^(]*)(?:\((?P<by>.*)\))?")
_DEEL = re.compile(r"_(?:rest|\d{4}_\d{2})$")
"""What stands behind the name of a table in that of a part of it."""
_CAST = re.compile(r"::[a-z ]+(?:\[\])?")
_COLUMN = re.compile(r"(\w+)\)*\s*[=<>]")
_GENERIC_PLAN = 160_000
"""The version of PostgreSQL that first shows the plan it makes for any values."""


@dataclass(frozen=True, slots=True)
class Vraag:
    """A statement as it went to the driver."""

    statement: str
    parameters: Any


@dataclass(frozen=True, slots=True)
class Stap:
    """A table that a plan reads, and by which columns of an index."""

    tabel: str
    kolommen: frozenset[str]
    tekst: str

    @property
    def heel(self) -> bool:
        """Whether the table is walked whole, or all of a municipality."""
        return self.kolommen <= {"gemeente_id"}


@contextmanager
def opgenomen(database: Database) -> Iterator[list[Vraag]]:
    """The SELECTs on the rows (not on keys beside them) that run inside the block, in order, with their values."""
    seen: list[Vraag] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(Vraag(statement, parameters))

    rows = database.engines[0]
    event.listen(rows, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(rows, "before_cursor_execute", note)


async def stappen(database: Database, vraag: Vraag, *, klein: bool = False) -> list[Stap]:
    """What the database would do for this statement with these values; PostgreSQL 16 and later also what it does for any values.

    `klein`: the tables hold so little that reading them whole is the quickest; PostgreSQL then says what it would do if it were not.
    """
    explain = _sqlite if database.dialect == "sqlite" else _postgresql

    def ask(connection: Connection) -> list[Stap]:
        if klein and database.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return explain(connection, vraag)

    async with database.snapshot() as snapshot:
        return [stap for stap in await snapshot.run(ask) if stap.tabel in metadata.tables]


def _sqlite(connection: Connection, vraag: Vraag) -> list[Stap]:
    tabellen = {alias: tabel for tabel, alias in _ALIAS.findall(vraag.statement)}
    found = []
    for *_, tekst in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {vraag.statement}", vraag.parameters):
        step = _SQLITE_STEP.match(tekst)
        if step is not None:
            by = "" if "AUTOMATIC" in step["how"] else step["by"] or ""
            found.append(Stap(tabellen.get(str(step[1]), str(step[1])), frozenset(_COLUMN.findall(by)), tekst))
    return found


def _postgresql(connection: Connection, vraag: Vraag) -> list[Stap]:
    newer = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) >= _GENERIC_PLAN
    plans = [
        connection.exec_driver_sql(f"EXPLAIN ({options}) {vraag.statement}", vraag.parameters).scalar_one()
        for options in ("FORMAT JSON", *(["FORMAT JSON, GENERIC_PLAN"] if newer else []))
    ]
    trees = [orjson.loads(plan) if isinstance(plan, str) else plan for plan in plans]
    return [stap for tree in trees for stap in _nodes(tree[0]["Plan"], "")]


def _nodes(node: dict[str, Any], heap: str) -> Iterator[Stap]:
    kind, tabel = node["Node Type"], _DEEL.sub("", node.get("Relation Name", heap))
    if kind.endswith("Scan") and tabel and kind != "Bitmap Heap Scan":
        by = _CAST.sub("", node.get("Index Cond", ""))
        yield Stap(tabel, frozenset(_COLUMN.findall(by)), f"{kind} on {tabel} {node.get('Index Name', '')} {by}".strip())
    for child in node.get("Plans", ()):
        yield from _nodes(child, tabel if kind.startswith("Bitmap") else "")
