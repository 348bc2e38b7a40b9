"""What a client sent under a number of its own making: sent twice, it is done once and answered the same."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, String, Table

from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.storage.metadata import metadata

inzending = Table(
    "inzending",
    metadata,
    Column("gemeente_id", Uuid16, nullable=False),
    Column("gebruiker_id", Uuid16, nullable=False),
    Column("nummer", Uuid16, nullable=False),
    Column("wijziging", String(80), nullable=False),
    Column("afdruk", LargeBinary(16), nullable=False),
    Column("gevolg_id", Uuid16),
    Column("op", Tijdstip, nullable=False),
    PrimaryKeyConstraint("nummer", "gebruiker_id", "gemeente_id"),
    info={"owner": "core"},
)
"""Per user and number: which mutation it was, a keyed digest of what was given with it, and the id of what came of it."""
