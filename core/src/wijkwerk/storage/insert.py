"""An insert that leaves alone what is there already, the same on both engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: Final[dict[str, Callable[[Table], Any]]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_absent(connection: Connection, table: Table, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int:
    """Put in the rows whose key is not there yet. Returns how many; of several rows at once that number may be unknown (-1).

    On PostgreSQL it waits for another transaction that is putting in the same key: when that one is rolled back, the row goes in after all.
    """
    return int(connection.execute(_INSERT[connection.dialect.name](table).on_conflict_do_nothing(), values).rowcount)
