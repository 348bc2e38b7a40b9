"""Handing a case over to another team: offered, looked at, accepted or refused; nothing changes hands before it is accepted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import PLAN_EN_DOELEN
from wijkwerk.dossiers.dossier import BEWAREN, TEAM, Dossier
from wijkwerk.records.checks import codes
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.fields import field, kader, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip


class Overdrachtstatus(StrEnum):
    """Where handing over stands."""

    AANGEBODEN = "AANGEBODEN"
    AANGENOMEN = "AANGENOMEN"
    GEWEIGERD = "GEWEIGERD"
    INGETROKKEN = "INGETROKKEN"


class Overdracht(PersonRecord):
    """Een dossier dat aan een ander team wordt aangeboden, en wat dat team alvast mag zien."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    retention = BEWAREN
    lezen = Permission("overdracht:lezen", "Zien aan welke teams een dossier is aangeboden.", TEAM)
    schrijven = Dossier.schrijven

    persoon_id: Mapped[UUID] = subject("De inwoner om wie het dossier begon")
    dossier_id: Mapped[UUID] = kader("dossier")
    van_team_id: Mapped[UUID] = reference("Welk team het dossier aanbiedt", "team", level=N4)
    naar_team_id: Mapped[UUID] = reference("Aan welk team het dossier wordt aangeboden", "team", level=N4)
    categorieen: Mapped[list[str]] = field("Welke soorten gegevens het andere team alvast ziet", level=N4, check=codes, type_=JSON)
    status: Mapped[Overdrachtstatus] = field("Waar de overdracht staat", level=N4, type_=stored_enum(Overdrachtstatus))
    reden: Mapped[str] = sealed("Waarom het dossier wordt aangeboden", level=N4)
    antwoord: Mapped[str | None] = sealed("Het antwoord van het andere team", level=N4)
    aangeboden_op: Mapped[datetime] = field("Wanneer het dossier is aangeboden", level=N4, type_=Tijdstip)
    aangeboden_door_id: Mapped[UUID] = reference("Wie het dossier aanbood", "gebruiker", level=N4)
    besloten_op: Mapped[datetime | None] = field("Wanneer is besloten", level=N4, type_=Tijdstip)
    besloten_door_id: Mapped[UUID | None] = reference("Wie heeft besloten", "gebruiker", level=N4)
