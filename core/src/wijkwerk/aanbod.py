"""The social map: what an organisation has to offer. Plugins put their groups and activities on it (domain.md 8.5)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.records.checks import omschrijving, short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, stored_enum
from wijkwerk.storage.columns import Uuid16


class Aanbodsoort(StrEnum):
    """What kind of offer it is."""

    DIENST = "DIENST"
    GROEP = "GROEP"
    ACTIVITEIT = "ACTIVITEIT"


class Aanbod(OpenRecord):
    """Een dienst, groep of activiteit van een organisatie."""

    lezen = PUBLIC
    schrijven = Permission(
        "aanbod:schrijven", "Het aanbod van de eigen organisatie bijhouden.", ("BEHEER", "PARTNER_BEHEER", "DOCK", "VRIJW_COORD")
    )
    retention = Retention("eigen", "P2Y", "einde aanbod")

    organisatie_id: Mapped[UUID] = reference("Van welke organisatie", "organisatie", level=N1)
    soort: Mapped[Aanbodsoort] = field("Dienst, groep of activiteit", level=N1, type_=stored_enum(Aanbodsoort))
    naam: Mapped[str] = field("Hoe het heet", level=N1, check=short, type_=String(200))
    omschrijving: Mapped[str | None] = field("Wat het is en voor wie", level=N1, check=omschrijving, type_=String(2000))
    gebied_id: Mapped[UUID | None] = reference("In welk gebied", "gebied", level=N1)
    van: Mapped[date] = field("Vanaf wanneer", level=N1, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N1, type_=Date)
    onderdeel: Mapped[str | None] = machinery(String(60))
    bron_id: Mapped[UUID | None] = machinery(Uuid16)
    __table_args__ = (
        Index("ix_aanbod_organisatie", "organisatie_id", "gemeente_id"),
        UniqueConstraint("gemeente_id", "onderdeel", "bron_id"),
    )
