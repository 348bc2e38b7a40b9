"""The receipt of a destruction: what became unreadable, what backups still hold, and until when (design.md 6; domain.md 4.1)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Integer
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Vernietiging(ToezichtRecord):
    """Een bewijs van vernietiging. De inwoner staat er met een pseudoniem in."""

    core_only = True
    lezen = Permission("vernietiging:lezen", "Bewijzen van vernietiging lezen.", ("FG", "PRIVACY_OFFICER", "ARCHIVARIS"))
    schrijven = Permission("vernietiging:schrijven", "De sleutels van een inwoner of een dossier vernietigen.", ("PRIVACY_OFFICER",))
    retention = Retention("eigen", "P20Y", "vernietigd")

    pseudoniem: Mapped[UUID] = field("Van wie het was, met een pseudoniem", level=N1, type_=Uuid16)
    dossier_id: Mapped[UUID | None] = machinery(Uuid16, nullable=True)
    vernietigd: Mapped[datetime] = field("Wanneer de sleutels zijn vernietigd", level=N1, type_=Tijdstip)
    door_id: Mapped[UUID] = machinery(Uuid16)
    sleutels: Mapped[int] = field("Hoeveel sleutels er zijn vernietigd", level=N1, type_=Integer)
    bij_anderen: Mapped[int] = field("Hoeveel notities er nog bij anderen staan, om te bekijken", level=N1, type_=Integer)
    reservekopie_tot: Mapped[date] = field("Tot wanneer reservekopieën van de sleutels nog bestaan", level=N1, type_=Date)
