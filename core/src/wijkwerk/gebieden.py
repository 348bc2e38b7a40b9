"""Areas: a tree of municipality, district and neighbourhood with CBS codes, valid for a time (domain.md 1.8)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, Date, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.records.checks import code, short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, reference, stored_enum
from wijkwerk.storage.columns import Uuid16
from wijkwerk.storage.metadata import metadata

GEBIED_BEHEREN = Permission("gebied:beheren", "De gebieden van de gemeente bijhouden.", ("BEHEER",))


class Gebiedsoort(StrEnum):
    """The level of an area. What Rotterdam calls a wijk is a CBS buurt, and its gebied a CBS wijk."""

    GEMEENTE = "GEMEENTE"
    WIJK = "WIJK"
    BUURT = "BUURT"


class Gebiedsbron(StrEnum):
    """Whose division it is."""

    CBS = "CBS"
    GEMEENTE = "GEMEENTE"


class Gebied(OpenRecord):
    """Een gebied: de gemeente, een wijk of een buurt."""

    lezen = PUBLIC
    schrijven = GEBIED_BEHEREN
    retention = Retention("eigen", "P10Y", "einde geldigheid")

    code: Mapped[str] = field("De code, bij het CBS GM, WK of BU met cijfers", level=N1, check=code, type_=String(10))
    naam: Mapped[str] = field("De naam van het gebied", level=N1, check=short, type_=String(200))
    soort: Mapped[Gebiedsoort] = field("Gemeente, wijk of buurt", level=N1, type_=stored_enum(Gebiedsoort))
    herkomst: Mapped[Gebiedsbron] = field("Van wie de indeling is", level=N1, type_=stored_enum(Gebiedsbron))
    bovenliggend_id: Mapped[UUID | None] = reference("In welk groter gebied het ligt", "gebied", level=N1)
    van: Mapped[date] = field("Vanaf wanneer het gebied bestaat", level=N1, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N1, type_=Date)
    __table_args__ = (UniqueConstraint("gemeente_id", "code", "van"),)


gebied_postcode = Table(
    "gebied_postcode",
    metadata,
    Column("gemeente_id", Uuid16, primary_key=True),
    Column("postcode", String(6), primary_key=True),
    Column("gebied_id", Uuid16, nullable=False),
    info={"owner": "core"},
)
"""In which neighbourhood an address lies, by postcode: what `Persoon.gebied_id` follows from unless it was chosen by hand."""
