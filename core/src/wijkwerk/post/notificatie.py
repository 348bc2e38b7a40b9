"""The record of a notice inside the product: that something waits for a user, and where to look. It says nothing of any resident."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N0
from wijkwerk.access.permissions import Permission
from wijkwerk.records.checks import code
from wijkwerk.records.declare import KaderRecord, Retention
from wijkwerk.records.fields import field, machinery
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.taken.taak import WERKERS


class Notificatie(KaderRecord):
    """Een melding aan een medewerker dat er iets te doen of te weten is."""

    core_only = True
    retention = Retention("eigen", "P90D", "gemaakt")
    lezen = Permission("notificatie:lezen", "Uw eigen meldingen zien.", (*WERKERS, "PEERCOACH", "BEHEER", "FG", "PRIVACY_OFFICER"))
    schrijven = Permission(
        "notificatie:schrijven",
        "Een collega iets melden, en eigen meldingen als gelezen aanvinken.",
        (*WERKERS, "PEERCOACH", "BEHEER", "FG", "PRIVACY_OFFICER", "JOBS", "TOEGANG"),
    )

    versie: Mapped[int] = field("Het hoeveelste exemplaar dit is; stuur dit mee bij een wijziging", level=N0, sort_order=-1)
    soort: Mapped[str] = field("Waar de melding over gaat", level=N0, check=code, type_=String(60))
    over_soort: Mapped[str | None] = field("Wat voor gegeven u moet openen", level=N0, type_=String(60))
    over_id: Mapped[UUID | None] = field("Het nummer van dat gegeven", level=N0, type_=Uuid16)
    gemaakt_op: Mapped[datetime] = field("Wanneer de melding kwam", level=N0, type_=Tijdstip)
    gelezen_op: Mapped[datetime | None] = field("Wanneer u de melding las", level=N0, type_=Tijdstip)
    bron_id: Mapped[UUID | None] = machinery(Uuid16)
    __table_args__ = (Index("ix_notificatie_partij", "partij_id", "gelezen_op", "gemaakt_op", "gemeente_id"),)
