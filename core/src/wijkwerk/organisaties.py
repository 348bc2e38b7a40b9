"""Municipalities, organisations and their teams: who works in the neighbourhood (domain.md 9.1)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, Connection, Date, String, Table, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.records.checks import code, kvk_nummer, omschrijving, short, vestigingsnummer, website
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, reference, stored_enum
from wijkwerk.records.types.contact import lees_email, lees_telefoonnummer
from wijkwerk.storage.columns import Uuid16
from wijkwerk.storage.metadata import metadata

_BEHEER = Permission("organisatie:beheren", "Organisaties en teams beheren.", ("BEHEER",))

gemeente = Table(
    "gemeente",
    metadata,
    Column("id", Uuid16, primary_key=True),
    Column("naam", String(200), nullable=False),
    Column("cbs_code", String(6), nullable=False),
    info={"owner": "core"},
)


class Organisatiesoort(StrEnum):
    """What kind of organisation it is."""

    GEMEENTE = "GEMEENTE"
    WELZIJN = "WELZIJN"
    ZORG = "ZORG"
    VRIJWILLIGERS = "VRIJWILLIGERS"
    BEWONERS = "BEWONERS"
    OVERIG = "OVERIG"


class Organisatie(OpenRecord):
    """Een organisatie die in de buurt werkt."""

    lezen = PUBLIC
    schrijven = _BEHEER
    retention = Retention("eigen", "P5Y", "einde samenwerking")

    naam: Mapped[str] = field("De naam van de organisatie", level=N1, check=short, type_=String(200))
    soort: Mapped[Organisatiesoort] = field("Wat voor organisatie het is", level=N1, type_=stored_enum(Organisatiesoort))
    kvk_nummer: Mapped[str | None] = field("Het nummer bij de Kamer van Koophandel", level=N1, check=kvk_nummer, type_=String(8))
    vestigingsnummer: Mapped[str | None] = field(
        "Het nummer van de vestiging bij de Kamer van Koophandel", level=N1, check=vestigingsnummer, type_=String(12)
    )
    omschrijving: Mapped[str | None] = field("Wat de organisatie doet", level=N1, check=omschrijving, type_=String(2000))
    telefoonnummer: Mapped[str | None] = field("Het telefoonnummer", level=N1, check=lees_telefoonnummer, type_=String(20))
    emailadres: Mapped[str | None] = field("Het e-mailadres", level=N1, check=lees_email, type_=String(254))
    website: Mapped[str | None] = field("De website", level=N1, check=website, type_=String(200))
    bezoekadres: Mapped[str | None] = field("Het adres waar mensen terechtkunnen", level=N1, check=short, type_=String(200))
    gebied_id: Mapped[UUID | None] = reference("In welk gebied de organisatie werkt", "gebied", level=N1)
    tot: Mapped[date | None] = field("Tot en met wanneer de samenwerking loopt", level=N1, type_=Date)
    __table_args__ = (UniqueConstraint("gemeente_id", "kvk_nummer", "vestigingsnummer"),)


class Team(OpenRecord):
    """Een team van een organisatie, met het gebied waar het werkt."""

    lezen = PUBLIC
    schrijven = _BEHEER
    retention = Retention("eigen", "P2Y", "einde team")

    naam: Mapped[str] = field("De naam van het team", level=N1, check=short, type_=String(200))
    organisatie_id: Mapped[UUID] = reference("Van welke organisatie het team is", "organisatie", level=N1)
    gebied_id: Mapped[UUID | None] = reference("In welk gebied het team werkt", "gebied", level=N1)
    telefoonnummer: Mapped[str | None] = field("Het telefoonnummer van het team", level=N1, check=lees_telefoonnummer, type_=String(20))
    tot: Mapped[date | None] = field("Tot en met wanneer het team bestaat", level=N1, type_=Date)


def gemeenten(connection: Connection) -> list[UUID]:
    """The municipalities of this installation."""
    return list(connection.execute(select(gemeente.c.id).order_by(gemeente.c.id)).scalars())


def maak_gemeente(connection: Connection, id: UUID, naam: str, cbs_code: str) -> None:
    """Put in a municipality. `cbs_code` is an attribute: the id stays when municipalities merge (design.md 10)."""
    connection.execute(insert(gemeente).values(id=id, naam=short(naam), cbs_code=code(cbs_code)))
