"""Where names are found: the words of each name, folded in Python, the same on both databases (design.md 10; measurements.md II.4)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table

from wijkwerk.storage.columns import Gesorteerd, Uuid16
from wijkwerk.storage.metadata import metadata

zoekterm = Table(
    "zoekterm",
    metadata,
    Column("gemeente_id", Uuid16, primary_key=True),
    Column("term", Gesorteerd(200), primary_key=True),
    Column("persoon_id", Uuid16, primary_key=True),
    ForeignKeyConstraint(["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], ondelete="CASCADE"),
    Index("ix_zoekterm_persoon", "persoon_id", "gemeente_id"),
    info={"owner": "core"},
    sqlite_with_rowid=False,
)
"""A row per word of a resident's names. Rebuilt from `persoon`; not a record."""

zoekwoord = Table(
    "zoekwoord",
    metadata,
    Column("gemeente_id", Uuid16, primary_key=True),
    Column("woord", Gesorteerd(200), primary_key=True),
    info={"owner": "core"},
    sqlite_with_rowid=False,
)
"""Each word once per municipality: what typing errors are compared with."""
