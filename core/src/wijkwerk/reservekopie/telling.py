"""What is counted of a database for a backup of it, on either engine; as text (`str`) for who has no SQLAlchemy connection."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, column, func, select, table

Telling = tuple[dict[str, int], dict[str, str]]
"""Of a database: rows by table, and revisions by owner."""


def aantal_in(tabel: str) -> Select[int]:
    """How many rows there are."""
    return select(func.count()).select_from(table(tabel))


def revisie_in(tabel: str) -> Select[Any]:
    """Up to where the migrations of one owner were run."""
    return select(column("version_num")).select_from(table(tabel))
