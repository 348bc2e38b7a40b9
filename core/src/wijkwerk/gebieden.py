"""Areas: a tree of municipality, district and neighbourhood with CBS codes, valid for a time (domain.md 1.8).

Keeping them lives in `gebiedsbeheer`, who lives where in `woonbuurt`.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Column, Connection, Date, String, Table, UniqueConstraint, and_, inspect, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.checks import short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, reference, stored_enum
from wijkwerk.records.geldigheid import waar_geldig
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.storage.columns import Uuid16
from wijkwerk.storage.metadata import metadata

if TYPE_CHECKING:
    from wijkwerk.personen import Persoon
    from wijkwerk.records.read import Reader
    from wijkwerk.records.session import Work

GEBIED_BEHEREN = Permission("gebied:beheren", "De gebieden van de gemeente bijhouden.", ("BEHEER", "IMPORT"))

CBS_CODE = re.compile(r"GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}")
"""How the CBS builds its codes: two letters, four digits of the municipality, two of the wijk, two of the buurt."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,9}")


def gebiedscode(value: str) -> str:
    """The code of an area, of the CBS or of the municipality itself: up to ten letters, digits and signs."""
    if not _CODE.fullmatch(value):
        raise OngeldigeInvoer("Een gebiedscode heeft 1 tot 10 letters of cijfers, zonder spaties. Controleer de code.")
    return value


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

    code: Mapped[str] = field("De code, bij het CBS GM, WK of BU met cijfers", level=N1, check=gebiedscode, type_=String(10))
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


def gebied_van(connection: Connection, gemeente: UUID, postcode: Postcode, op: date) -> UUID | None:
    """The neighbourhood of a postcode on a day; None when nobody said which. One statement."""
    g = Gebied.tabel()
    same = and_(g.c.id == gebied_postcode.c.gebied_id, g.c.gemeente_id == gebied_postcode.c.gemeente_id)
    found = connection.execute(
        select(g.c.id)
        .select_from(gebied_postcode.join(g, same))
        .where(gebied_postcode.c.gemeente_id == gemeente, gebied_postcode.c.postcode == postcode.waarde, waar_geldig(g, op))
    ).scalar_one_or_none()
    return None if found is None else UUID(str(found))


def in_en_om(reader: Reader, gebied: UUID) -> list[UUID]:
    """This area, those that it lies in, and those that lie in it: what is there for who lives here. A statement per level."""
    found = {gebied}
    boven: set[UUID] = {gebied}
    while boven:
        rows = reader.by_key(Gebied, ("bovenliggend_id",), "id", sorted(boven))
        boven = {row.bovenliggend_id for row in rows if row.bovenliggend_id is not None} - found
        found |= boven
    onder = {gebied}
    while onder:
        onder = {row.id for row in reader.by_key(Gebied, (), "bovenliggend_id", sorted(onder))} - found
        found |= onder
    return sorted(found)


def volg_adres(work: Work, persoon: Persoon) -> None:
    """Put a resident in the neighbourhood of the postcode, unless it was chosen by hand. Call when the postcode was set."""
    if "gebied_gekozen" in inspect(persoon).unloaded and not inspect(persoon).transient:
        return  # who does not see where somebody lives may not change it either: the flush refuses
    if not persoon.gebied_gekozen:
        found = persoon.postcode and gebied_van(work.core_connection, work.actor.gemeente, persoon.postcode, work.actor.vandaag)
        persoon.gebied_id = found or None
