"""The record of the outbox: one mail, sealed until it is sent, and what became of it. It holds no person that anybody can read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Integer, LargeBinary, String, or_
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.checks import code
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery, stored_enum
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Verzendstatus(StrEnum):
    """What became of a mail. The first one waits (or is being sent); the others are ends."""

    WACHT = "WACHT"
    VERZONDEN = "VERZONDEN"
    GEWEIGERD = "GEWEIGERD"
    TERUGGEKOMEN = "TERUGGEKOMEN"
    VERLOPEN = "VERLOPEN"
    INGETROKKEN = "INGETROKKEN"


class Verzending(ToezichtRecord):
    """Een e-mail die verstuurd moet worden of verstuurd is, zonder wie en zonder inhoud."""

    core_only = True
    retention = Retention("eigen", "P1Y", "verzonden")
    lezen = Permission("verzending:lezen", "Zien of e-mails aankomen, zonder wie en zonder inhoud.", ("BEHEER",))
    schrijven = Permission("verzending:schrijven", "E-mail versturen.", ("JOBS",))

    soort: Mapped[str] = field("Wat voor bericht het is", level=N1, check=code, type_=String(60))
    status: Mapped[Verzendstatus] = field("Wat er van de e-mail werd", level=N1, type_=stored_enum(Verzendstatus))
    pogingen: Mapped[int] = field("Hoe vaak het versturen is geprobeerd", level=N1, type_=Integer)
    gemaakt_op: Mapped[datetime] = field("Wanneer de e-mail is klaargezet", level=N1, type_=Tijdstip)
    verloopt_op: Mapped[datetime] = field("Na welk moment de e-mail geen zin meer heeft", level=N1, type_=Tijdstip)
    volgende_poging_op: Mapped[datetime] = field("Wanneer het versturen weer wordt geprobeerd", level=N1, type_=Tijdstip)
    verzonden_op: Mapped[datetime | None] = field("Wanneer de mailserver de e-mail aannam", level=N1, type_=Tijdstip)
    antwoord: Mapped[str | None] = field("De code die de mailserver gaf", level=N1, type_=String(20))
    message_id: Mapped[str] = machinery(String(200))
    inhoud: Mapped[bytes | None] = machinery(LargeBinary)
    eigenaar: Mapped[UUID | None] = machinery(Uuid16)
    geclaimd_tot: Mapped[datetime | None] = machinery(Tijdstip)
    __table_args__ = (Index("ix_verzending_wacht", "status", "volgende_poging_op", "gemeente_id"),)


VRIJ: Mapping[str, Any] = MappingProxyType({"eigenaar": None, "geclaimd_tot": None})
"""What a mail has that no worker claimed."""


def is_vrij(nu: datetime) -> ColumnElement[bool]:
    """No worker that lives has claimed it: a claim ends by itself."""
    v = Verzending.tabel().c
    return or_(v.geclaimd_tot.is_(None), v.geclaimd_tot <= nu)
