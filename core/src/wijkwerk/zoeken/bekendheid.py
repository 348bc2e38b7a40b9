"""Find but not open: who may ask whether somebody is known gets a team to call, and nothing else (peers.md D 14)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Bekendheidsvraag(ToezichtRecord):
    """Een vraag of iemand bekend is. Wie er werd gezocht, staat er niet in."""

    lezen = Permission("bekendheidsvraag:lezen", "Zien hoe vaak iemand vroeg of een inwoner bekend is.", ("FG", "PRIVACY_OFFICER"))
    schrijven = Permission(
        "bekendheidsvraag:schrijven",
        "Vragen of iemand bekend is bij een team.",
        ("WIJKTEAM", "REGISSEUR", "CRISISDIENST", "BUURTCOACH", "MZ_CONSULENT", "DOCK", "ZORG"),
    )
    core_only = True
    retention = Retention("eigen", "P1Y", "gevraagd")

    gebruiker_id: Mapped[UUID] = machinery(Uuid16)
    gevraagd: Mapped[datetime] = field("Wanneer er werd gevraagd", level=N1, type_=Tijdstip)
    __table_args__ = (Index("ix_bekendheidsvraag_gebruiker", "gemeente_id", "gebruiker_id", "gevraagd"),)
