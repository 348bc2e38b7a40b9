"""The record of a partner's request to be let in to somebody: always answered the same, looked into afterwards (design.md 1, idea 2)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.crypto.envelope import Binding
from wijkwerk.partners.verwijzing import PARTNERS
from wijkwerk.records.checks import code
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery, stored_enum
from wijkwerk.records.opening import binding
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Verzoekstatus(StrEnum):
    """Where a request stands. VERWERKT says nothing about whether somebody was found."""

    ONTVANGEN = "ONTVANGEN"
    VERWERKT = "VERWERKT"


class Toegangsverzoek(ToezichtRecord):
    """Een verzoek van een partner om bij een inwoner te worden toegelaten. Om wie het gaat, staat er versleuteld in tot het is verwerkt."""

    core_only = True
    lezen = Permission("toegangsverzoek:lezen", "Zien hoe vaak partners om toegang vragen.", ("FG", "PRIVACY_OFFICER", "TOEGANG"))
    schrijven = Permission("toegangsverzoek:schrijven", "Om toegang tot een inwoner vragen.", (*PARTNERS, "PEERCOACH", "TOEGANG", "JOBS"))
    retention = Retention("eigen", "P1Y", "ontvangen")

    gebruiker_id: Mapped[UUID] = machinery(Uuid16)
    organisatie_id: Mapped[UUID] = machinery(Uuid16)
    rol: Mapped[str] = field("In welke rol", level=N1, check=code, type_=String(60))
    ontvangen_op: Mapped[datetime] = field("Wanneer het verzoek kwam", level=N1, type_=Tijdstip)
    verwerkt_op: Mapped[datetime | None] = field("Wanneer het is verwerkt", level=N1, type_=Tijdstip)
    volgende_poging_op: Mapped[datetime] = machinery(Tijdstip)
    status: Mapped[Verzoekstatus] = field("Waar het verzoek staat", level=N1, type_=stored_enum(Verzoekstatus))
    inhoud: Mapped[bytes | None] = machinery(LargeBinary, nullable=True)
    __table_args__ = (
        Index("ix_toegangsverzoek_wacht", "status", "volgende_poging_op", "gemeente_id"),
        Index("ix_toegangsverzoek_gebruiker", "gemeente_id", "gebruiker_id", "ontvangen_op"),
    )


def plaats(gemeente: UUID, verzoek: UUID) -> Binding:
    """What the sealed content of a request is bound to."""
    return binding(Toegangsverzoek.__tablename__, gemeente, verzoek, "inhoud", 1)
