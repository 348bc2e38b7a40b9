"""What the installation said when: versions of its grounds, purposes, categories and activities, and of its policy (AVG art. 30)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.checks import code
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, stored_enum
from wijkwerk.storage.columns import Tijdstip

REGISTER_LEZEN = Permission(
    "register:lezen", "Zien wat het register van verwerkingen en het beleid eerder zeiden.", ("FG", "PRIVACY_OFFICER", "ARCHIVARIS")
)
REGISTER_SCHRIJVEN = Permission("register:schrijven", "Vastleggen wat het register en het beleid zeggen.")
"""Nobody has it: the system does it when it starts."""


class Registersoort(StrEnum):
    """What a version is of."""

    GRONDSLAG = "GRONDSLAG"
    DOEL = "DOEL"
    CATEGORIE = "CATEGORIE"
    ACTIVITEIT = "ACTIVITEIT"


class Registerversie(ToezichtRecord):
    """Een versie van een grondslag, doel, categorie of verwerkingsactiviteit, zoals die vanaf een moment gold."""

    core_only = True
    lezen = REGISTER_LEZEN
    schrijven = REGISTER_SCHRIJVEN
    retention = Retention("eigen", "P20Y", "einde versie")

    soort: Mapped[Registersoort] = field("Waarvan dit een versie is", level=N1, type_=stored_enum(Registersoort))
    code: Mapped[str] = field("De code", level=N1, check=code, type_=String(60))
    nummer: Mapped[int] = field("De hoeveelste versie", level=N1, type_=Integer)
    inhoud: Mapped[dict[str, Any]] = field("Wat er toen in stond", level=N1, type_=JSON)
    sinds: Mapped[datetime] = field("Sinds wanneer dit systeem deze versie kent", level=N1, type_=Tijdstip)
    __table_args__ = (UniqueConstraint("gemeente_id", "soort", "code", "nummer"),)


class Beleidsversie(ToezichtRecord):
    """Een versie van het beleid: welke rol wat mag."""

    core_only = True
    lezen = REGISTER_LEZEN
    schrijven = REGISTER_SCHRIJVEN
    retention = Retention("eigen", "P20Y", "einde versie")

    kenmerk: Mapped[str] = field("Het kenmerk van deze versie, zoals het in het inzagelog staat", level=N1, type_=String(64))
    regels: Mapped[list[str]] = field("De regels", level=N1, type_=JSON)
    sinds: Mapped[datetime] = field("Sinds wanneer dit systeem deze versie kent", level=N1, type_=Tijdstip)
    __table_args__ = (UniqueConstraint("gemeente_id", "kenmerk"),)
