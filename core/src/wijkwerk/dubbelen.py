"""Residents who may be registered twice: hints on entry and a work list; a person decides (libraries.md, duplicates)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, reference, related_person, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip


class Dubbelreden(StrEnum):
    """Why two residents may be one."""

    BSN = "BSN"
    EMAIL = "EMAIL"
    TELEFOON = "TELEFOON"
    ADRES_EN_GEBOORTEDATUM = "ADRES_EN_GEBOORTEDATUM"
    NAAM_EN_GEBOORTEDATUM = "NAAM_EN_GEBOORTEDATUM"


class Dubbelstatus(StrEnum):
    """What was decided."""

    OPEN = "OPEN"
    NIET_DUBBEL = "NIET_DUBBEL"
    SAMENGEVOEGD = "SAMENGEVOEGD"


class Dubbelvermoeden(PersonRecord):
    """Twee inwoners die misschien dezelfde zijn."""

    categorie = IDENTITEIT
    niveau = N4
    retention = Retention("eigen", "P1Y", "beslist")
    lezen = Permission("dubbelvermoeden:lezen", "Zien welke inwoners misschien dubbel staan.", ("WIJKTEAM", "REGISSEUR"))
    schrijven = Permission("dubbelvermoeden:schrijven", "Beslissen of inwoners dubbel staan.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("De ene inwoner")
    ander_id: Mapped[UUID | None] = related_person("De andere inwoner", level=N4)
    reden: Mapped[Dubbelreden] = field("Waarom het dezelfde kan zijn", level=N4, type_=stored_enum(Dubbelreden))
    score: Mapped[int] = field("Hoe sterk het vermoeden is, van 0 tot en met 100", level=N4)
    status: Mapped[Dubbelstatus] = field("Wat er is besloten", level=N4, default=Dubbelstatus.OPEN, type_=stored_enum(Dubbelstatus))
    gevonden: Mapped[datetime] = field("Wanneer dit is gevonden", level=N4, type_=Tijdstip)
    beslist: Mapped[datetime | None] = field("Wanneer dit is besloten", level=N4, type_=Tijdstip)
    beslist_door_id: Mapped[UUID | None] = reference("Wie dat besloot", "gebruiker", level=N4)
    __table_args__ = (UniqueConstraint("gemeente_id", "persoon_id", "ander_id"),)
