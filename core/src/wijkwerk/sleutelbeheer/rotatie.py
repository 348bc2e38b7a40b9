"""How far a rotation is: what a command shows, and where it goes on after a stop."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery, stored_enum
from wijkwerk.storage.columns import Tijdstip, Uuid16

SLEUTELBEHEER_LEZEN = Permission("sleutelbeheer:lezen", "Lezen wat er met sleutels is gedaan.", ("FG", "PRIVACY_OFFICER"))
SLEUTELBEHEER_SCHRIJVEN = Permission("sleutelbeheer:schrijven", "Vastleggen wat er met sleutels is gedaan.", ("TOEGANG",))
"""No person has it: what is done with keys is written down by the system."""


class Rotatiesoort(StrEnum):
    """Which keys are renewed."""

    HOOFDSLEUTEL = "HOOFDSLEUTEL"
    GEMEENTESLEUTEL = "GEMEENTESLEUTEL"
    GEGEVENSSLEUTEL = "GEGEVENSSLEUTEL"
    ZOEKSLEUTEL = "ZOEKSLEUTEL"


class Rotatie(ToezichtRecord):
    """Een vernieuwing van sleutels, met hoe ver ze is."""

    core_only = True
    lezen = SLEUTELBEHEER_LEZEN
    schrijven = SLEUTELBEHEER_SCHRIJVEN
    retention = Retention("eigen", "P5Y", "klaar")

    soort: Mapped[Rotatiesoort] = field("Welke sleutels worden vernieuwd", level=N1, type_=stored_enum(Rotatiesoort))
    begonnen: Mapped[datetime] = field("Wanneer het begon", level=N1, type_=Tijdstip)
    klaar: Mapped[datetime | None] = field("Wanneer het klaar was", level=N1, type_=Tijdstip, nullable=True)
    te_doen: Mapped[int] = field("Hoeveel er bij het begin te doen was", level=N1, type_=Integer)
    gedaan: Mapped[int] = field("Hoeveel er gedaan is", level=N1, type_=Integer)
    verder_na: Mapped[UUID | None] = machinery(Uuid16, nullable=True)
