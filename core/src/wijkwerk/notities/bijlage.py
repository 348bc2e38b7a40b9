"""A file with a note. Its bytes stand apart, in parts, sealed with a key of their own; who is in the note holds that key."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, PrimaryKeyConstraint, Table
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N5
from wijkwerk.notities.notitie import Notitiegegeven
from wijkwerk.records.fields import field, machinery, reference, sealed, stored_enum
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.storage.metadata import metadata


class Bestandssoort(StrEnum):
    """What a file may be: what a professional gets from a resident or a colleague, and nothing that a computer runs."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    TEKST = "TEKST"
    DOCX = "DOCX"
    ODT = "ODT"


class Bijlage(Notitiegegeven):
    """Een bestand bij een notitie."""

    versioned = False  # never changed

    notitie_id: Mapped[UUID] = reference("Bij welke notitie dit bestand hoort", "notitie", level=N5, index=True)
    naam: Mapped[str] = sealed("De naam van het bestand", level=N5)
    bestandssoort: Mapped[Bestandssoort] = field("Wat voor bestand het is", level=N5, type_=stored_enum(Bestandssoort))
    omvang: Mapped[int] = field("Hoeveel bytes het bestand is", level=N5, type_=BigInteger)
    inhoud_id: Mapped[UUID] = machinery(Uuid16, index=True)
    sleutel: Mapped[str] = sealed("De sleutel van het bestand", level=N5, shown=False)


bijlagedeel = Table(
    "bijlagedeel",
    metadata,
    Column("gemeente_id", Uuid16, nullable=False),
    Column("inhoud_id", Uuid16, nullable=False),
    Column("nummer", Integer, nullable=False),
    Column("gesloten", LargeBinary, nullable=False),
    Column("sinds", Tijdstip, nullable=False),
    PrimaryKeyConstraint("inhoud_id", "nummer", "gemeente_id"),
    info={"owner": "core"},
)
"""The sealed parts of a file, when they are kept in the database and not in a folder."""
