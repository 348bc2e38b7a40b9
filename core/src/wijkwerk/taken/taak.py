"""The records of a task: about a resident (behind that resident's door), or about none (for who has to do it)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import PLAN_EN_DOELEN
from wijkwerk.records.checks import code, omschrijving
from wijkwerk.records.declare import KaderRecord, PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16

WERKERS = ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "KLANTMANAGER", "BUURTCOACH", "VRIJW_COORD", "MZ_CONSULENT", "DOCK", "ZORG")
"""Who has a work list."""


def rol_of_leeg(value: str) -> str:
    """A role, or nothing: then the task is for every role of the party."""
    return value if value == "" else code(value)


class Taakstatus(StrEnum):
    """Where a task stands."""

    OPEN = "OPEN"
    GEDAAN = "GEDAAN"
    NIET_GEDAAN = "NIET_GEDAAN"
    VERVALLEN = "VERVALLEN"


class Taakgegeven:
    """What every task has. `voor_id` is the user, team or organisation who does it, `voor_rol` who of them (empty: all)."""

    soort: Mapped[str] = field("Wat voor taak het is", level=N1, check=code, type_=String(60))
    voor_soort: Mapped[Partijsoort] = field(
        "Of de taak voor een medewerker, een team of een organisatie is", level=N1, type_=stored_enum(Partijsoort)
    )
    voor_rol: Mapped[str] = field("Voor welke rol; leeg is voor iedereen", level=N1, check=rol_of_leeg, type_=String(60), default="")
    status: Mapped[Taakstatus] = field("Waar de taak staat", level=N1, type_=stored_enum(Taakstatus), default=Taakstatus.OPEN)
    uiterlijk: Mapped[date | None] = field("Op welke dag de taak klaar moet zijn", level=N1, type_=Date)
    herinneren_op: Mapped[date | None] = field("Op welke dag er een herinnering komt", level=N1, type_=Date)
    herinnerd_op: Mapped[datetime | None] = machinery(Tijdstip)
    gemaakt_op: Mapped[datetime] = field("Wanneer de taak is gemaakt", level=N1, type_=Tijdstip)
    gemaakt_door_id: Mapped[UUID | None] = reference("Wie de taak maakte", "gebruiker", level=N1)
    afgerond_op: Mapped[datetime | None] = field("Wanneer de taak is afgerond", level=N1, type_=Tijdstip)
    afgerond_door_id: Mapped[UUID | None] = reference("Wie de taak afrondde", "gebruiker", level=N1)
    bron_id: Mapped[UUID | None] = machinery(Uuid16, index=True)


class Taak(Taakgegeven, PersonRecord):
    """Een taak die over een inwoner gaat."""

    categorie = PLAN_EN_DOELEN
    niveau = N1
    categorie_kolom = "categorie_code"
    niveau_kolom = "niveau_vanaf"
    kader_kolom = "kader_id"
    voor_kolom = "voor_id"
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Permission("taak:lezen", "Taken zien.", WERKERS)
    schrijven = Permission("taak:schrijven", "Taken maken, doorgeven en afronden.", (*WERKERS, "JOBS", "SIGNALEN", "TOEGANG"))

    persoon_id: Mapped[UUID] = subject("Over welke inwoner de taak gaat")
    kader_id: Mapped[UUID | None] = field("Bij welk dossier of welke aanmelding de taak hoort", level=N1, type_=Uuid16)
    categorie_code: Mapped[str] = machinery(String(60))
    niveau_vanaf: Mapped[int] = machinery(Integer)
    voor_id: Mapped[UUID] = field("Wie de taak doet", level=N1, type_=Uuid16)
    tekst: Mapped[str | None] = sealed("Wat er moet gebeuren", level=N1)
    reden: Mapped[str | None] = sealed("Waarom de taak niet is gedaan", level=N1)
    __table_args__ = (
        Index("ix_taak_voor", "voor_id", "status", "uiterlijk", "gemeente_id"),
        Index("ix_taak_kader", "kader_id", "gemeente_id"),
    )


class AlgemeneTaak(Taakgegeven, KaderRecord):
    """Een taak die niet over een inwoner gaat. Noem hierin geen namen van inwoners."""

    retention = Retention("eigen", "P1Y", "afgerond")
    lezen = Taak.lezen
    schrijven = Taak.schrijven
    core_only = True

    tekst: Mapped[str] = field("Wat er moet gebeuren, zonder namen van inwoners", level=N1, check=omschrijving, type_=String(2000))
    reden: Mapped[str | None] = field(
        "Waarom de taak niet is gedaan, zonder namen van inwoners", level=N1, check=omschrijving, type_=String(2000)
    )
    __table_args__ = (Index("ix_algemenetaak_voor", "partij_id", "status", "uiterlijk", "gemeente_id"),)
