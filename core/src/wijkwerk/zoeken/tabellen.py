"""Where names are found: the words of each name, folded in Python, the same on both databases (design.md 10; measurements.md II.4)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table

from wijkwerk.records.types.sorteren import LANGSTE_WOORD
from wijkwerk.records.woorden import Woordregister
from wijkwerk.storage.columns import Gesorteerd, Uuid16
from wijkwerk.storage.metadata import metadata

zoekwoord = Table(
    "zoekwoord",
    metadata,
    Column("gemeente_id", Uuid16, primary_key=True),
    Column("woord", Gesorteerd(LANGSTE_WOORD), primary_key=True),
    info={"owner": "core"},
    sqlite_with_rowid=False,
)
"""Each word once per municipality: what typing errors are compared with. Never shown to anybody."""

zoekterm = Table(
    "zoekterm",
    metadata,
    Column("gemeente_id", Uuid16, primary_key=True),
    Column("term", Gesorteerd(LANGSTE_WOORD), primary_key=True),
    Column("persoon_id", Uuid16, primary_key=True),
    ForeignKeyConstraint(["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["gemeente_id", "term"], ["zoekwoord.gemeente_id", "zoekwoord.woord"]),
    Index("ix_zoekterm_persoon", "persoon_id", "gemeente_id"),
    info={"owner": "core"},
    sqlite_with_rowid=False,
)
"""A row per word of a resident's names. The second key lets no word of a resident be missing from `zoekwoord`. Not a record."""

NAMEN = Woordregister(
    velden=("geslachtsnaam", "partner_geslachtsnaam", "voornamen", "roepnaam"), guard="sorteernaam", termen=zoekterm, woorden=zoekwoord
)
"""By which words a resident is found. Voorvoegsels are not needed: "van den Berg", "v.d. Berg" and "Berg" are the same search."""
