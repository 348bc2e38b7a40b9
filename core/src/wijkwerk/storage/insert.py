"""Inserts that leave alone what is there already, the same on both engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, literal
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: Final[dict[str, Callable[[Table], Any]]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_absent(connection: Connection, table: Table, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int:
    """Put in the rows whose key is not there yet. Returns how many; of several rows at once that number may be unknown (-1).

    On PostgreSQL it waits for another transaction that is putting in the same key: when that one is rolled back, the row goes in after all.
    """
    return int(connection.execute(_insert(connection, table), values).rowcount)


def insert_where(connection: Connection, table: Table, values: Mapping[str, Any], found: Select[Any]) -> None:
    """Put the row in when `found` finds something, and its key is not there yet. Looking and writing are one statement."""
    given = found.add_columns(*(literal(value, table.c[name].type) for name, value in values.items()))
    connection.execute(_insert(connection, table).from_select(list(values), given))


def _insert(connection: Connection, table: Table) -> Any:
    return _INSERT[connection.dialect.name](table).on_conflict_do_nothing()
