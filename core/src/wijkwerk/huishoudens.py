"""Households: who lives with whom, in time. Not the same as an address, nor as the family of benefit law (domain.md 1.9)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import HUISHOUDEN
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, stored_enum, subject
from wijkwerk.storage.columns import Uuid16


class Huishoudrol(StrEnum):
    """What somebody is in a household."""

    HOOFD = "HOOFD"
    PARTNER = "PARTNER"
    KIND = "KIND"
    OUDER = "OUDER"
    OVERIG_FAMILIELID = "OVERIG_FAMILIELID"
    MEDEBEWONER = "MEDEBEWONER"


class Huishoudsoort(StrEnum):
    """What kind of household somebody lives in (GGM Huishouden.soort)."""

    PARTICULIER = "PARTICULIER"
    INSTITUTIONEEL = "INSTITUTIONEEL"


class Huishoudlid(PersonRecord):
    """Een inwoner als lid van een huishouden."""

    categorie = HUISHOUDEN
    niveau = N4
    rij_afschermbaar = True
    retention = Retention("3.1.5", "P15Y", "sluitdatum laatste dossier")
    lezen = Permission("huishouden:lezen", "Zien met wie een inwoner samenwoont.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("huishouden:schrijven", "Vastleggen met wie een inwoner samenwoont.", ("WIJKTEAM", "REGISSEUR", "IMPORT"))

    persoon_id: Mapped[UUID] = subject("De inwoner")
    huishouden_id: Mapped[UUID] = field("Het nummer van het huishouden", level=N4, afschermbaar=True, type_=Uuid16, index=True)
    rol: Mapped[Huishoudrol] = field("Wat de inwoner in het huishouden is", level=N4, afschermbaar=True, type_=stored_enum(Huishoudrol))
    soort: Mapped[Huishoudsoort] = field(
        "Wat voor huishouden het is", level=N4, default=Huishoudsoort.PARTICULIER, type_=stored_enum(Huishoudsoort)
    )
    van: Mapped[date] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot wanneer", level=N4, type_=Date)
