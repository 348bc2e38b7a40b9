"""Absence: who takes over somebody's work for a time. It ends by itself, and says nothing of why somebody is away."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Index
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.gebruikers import GEBRUIKER_LEZEN
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, reference


class Waarneming(OpenRecord):
    """Wie het werk van een collega waarneemt."""

    lezen = GEBRUIKER_LEZEN
    schrijven = Permission(
        "waarneming:schrijven", "Regelen wie het werk van een collega waarneemt.", ("TEAMLEIDER", "BEHEER", "PARTNER_BEHEER")
    )
    retention = Retention("eigen", "P2Y", "einde waarneming")

    afwezige_id: Mapped[UUID] = reference("Wie er niet is", "gebruiker", level=N1)
    vervanger_id: Mapped[UUID] = reference("Wie het werk waarneemt", "gebruiker", level=N1)
    organisatie_id: Mapped[UUID] = reference("Bij welke organisatie", "organisatie", level=N1)
    van: Mapped[date] = field("Vanaf welke dag", level=N1, type_=Date)
    tot: Mapped[date] = field("Tot en met welke dag", level=N1, type_=Date)
    __table_args__ = (Index("ix_waarneming_vervanger", "vervanger_id", "gemeente_id"),)
