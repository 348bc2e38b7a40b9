"""Municipalities, organisations and their teams: who works in the neighbourhood (domain.md 9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Date, String, Table, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.records.checks import code, kvk_nummer, omschrijving, short, vestigingsnummer, website
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, reference, stored_enum
from wijkwerk.records.gegevens import alleen, gekeurd, zet
from wijkwerk.records.geldigheid import loopt
from wijkwerk.records.session import Work
from wijkwerk.records.types.contact import lees_email, lees_telefoonnummer
from wijkwerk.storage.columns import Uuid16, nieuw_id
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


ORGANISATIE_VELDEN = (
    "naam", "soort", "kvk_nummer", "vestigingsnummer", "omschrijving", "telefoonnummer", "emailadres", "website", "bezoekadres",
    "gebied_id",
)  # fmt: skip
TEAM_VELDEN = ("naam", "gebied_id", "telefoonnummer")
"""What may be given and changed of a team; of which organisation it is never changes."""


def gemeenten(connection: Connection) -> list[UUID]:
    """The municipalities of this installation."""
    return list(connection.execute(select(gemeente.c.id).order_by(gemeente.c.id)).scalars())


def gemeente_voluit(naam: str) -> str:
    """How a municipality calls itself towards others."""
    return naam if naam.casefold().startswith("gemeente ") else f"Gemeente {naam}"


def maak_gemeente(connection: Connection, id: UUID, naam: str, cbs_code: str) -> None:
    """Put in a municipality. `cbs_code` is an attribute: the id stays when municipalities merge (design.md 10)."""
    connection.execute(insert(gemeente).values(id=id, naam=short(naam), cbs_code=code(cbs_code)))


def maak_organisatie(work: Work, gegevens: Mapping[str, Any]) -> UUID:
    """Put an organisation in; the id. Its people and its offer are its own: it is the controller of its own row.

    Raises OngeldigeInvoer for what can't be, a number that is known already (`_keur_nummers`) and a second municipality, GeenRecht.
    """
    id = nieuw_id()
    filled = alleen(gegevens, ORGANISATIE_VELDEN)
    for name in ("naam", "soort"):
        if filled.get(name) is None:
            raise OngeldigeInvoer("Vul de naam en de soort van de organisatie in.", veld=name)
    if filled["soort"] is Organisatiesoort.GEMEENTE:
        raise OngeldigeInvoer("De organisatie van de gemeente is er al. Kies een andere soort.", veld="soort")
    organisatie = work.add(Organisatie(id=id, verantwoordelijke_id=id, **filled))
    _keur_nummers(work, organisatie)
    return id


def wijzig_organisatie(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `ORGANISATIE_VELDEN`). Raises NietGevonden, VersieVerouderd, OngeldigeInvoer, GeenRecht."""
    organisatie = work.get(Organisatie, id, versie)
    soorten = (organisatie.soort, gegevens.get("soort", organisatie.soort))
    if Organisatiesoort.GEMEENTE in soorten and soorten[0] is not soorten[1]:
        raise OngeldigeInvoer("Er is één organisatie van de gemeente, en die blijft dat. Kies een andere soort.", veld="soort")
    zet(organisatie, gegevens, ORGANISATIE_VELDEN)
    if {"kvk_nummer", "vestigingsnummer"} & set(gegevens):
        _keur_nummers(work, organisatie)
    return id


def beeindig_organisatie(work: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
    """End the cooperation after this day; yesterday when none is given. From then on nobody of that organisation gets in.

    Raises OngeldigeInvoer for an earlier day and for the actor's own organisation, NietGevonden, VersieVerouderd, GeenRecht.
    """
    organisatie = work.get(Organisatie, id, versie)
    if id == work.actor.organisatie:
        raise OngeldigeInvoer("Uw eigen organisatie kunt u niet beëindigen: dan kan niemand er nog bij. Kies een andere.", veld="id")
    organisatie.tot = laatste_dag(work, tot)
    return id


def maak_team(work: Work, organisatie: UUID, gegevens: Mapping[str, Any]) -> UUID:
    """Put a team in; the id. Everybody may know the teams of the municipality, whom they must call; those of a partner are its own.

    Raises OngeldigeInvoer for what can't be and a name that another team of the organisation has, NietGevonden, GeenRecht.
    """
    filled = alleen(gegevens, TEAM_VELDEN)
    eigenaar = lopende_organisatie(work, organisatie)
    _vrije_teamnaam(work, organisatie, filled.get("naam"))
    openbaar = eigenaar.soort is Organisatiesoort.GEMEENTE
    return work.add(Team(organisatie_id=organisatie, verantwoordelijke_id=organisatie, openbaar=openbaar, **filled)).id


def wijzig_team(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `TEAM_VELDEN`) of a team. Raises NietGevonden, VersieVerouderd, OngeldigeInvoer, GeenRecht."""
    team = work.get(Team, id, versie)
    if "naam" in gegevens:
        _vrije_teamnaam(work, team.organisatie_id, gegevens["naam"], behalve=id)
    zet(team, gegevens, TEAM_VELDEN)
    return id


def beeindig_team(work: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
    """End a team after this day; yesterday when none is given. From then on an employment in it gives nothing.

    Raises OngeldigeInvoer for an earlier day, NietGevonden, VersieVerouderd, GeenRecht.
    """
    work.get(Team, id, versie).tot = laatste_dag(work, tot)
    return id


def lopende_organisatie(work: Work, id: UUID) -> Any:
    """An organisation that has not ended: `soort` and `tot`. Raises NietGevonden."""
    return _lopend(work, work.reader.by_key(Organisatie, ("soort", "tot"), "id", [id]))


def lopend_team(work: Work, id: UUID) -> Any:
    """A team in reach that has not ended: `organisatie_id` and `tot`. Raises NietGevonden."""
    return _lopend(work, work.reader.by_key(Team, ("organisatie_id", "tot"), "id", [id]))


def laatste_dag(work: Work, tot: date | None) -> date:
    """The last day of what ends: yesterday when none is given, never earlier, for what was true on a day stays true.

    Raises OngeldigeInvoer.
    """
    gisteren = work.actor.vandaag - timedelta(days=1)
    if tot is not None and tot < gisteren:
        raise OngeldigeInvoer("De laatste dag is op zijn vroegst gisteren. Kies een latere dag.", veld="tot")
    return gisteren if tot is None else tot


def _lopend(work: Work, rows: list[Any]) -> Any:
    if not rows or not loopt(rows[0], work.actor.vandaag):
        raise NietGevonden
    return rows[0]


def _keur_nummers(work: Work, organisatie: Organisatie) -> None:
    """An establishment has a KvK number too, and together they name one organisation."""
    kvk, vestiging = organisatie.kvk_nummer, organisatie.vestigingsnummer
    if kvk is None:
        if vestiging is not None:
            raise OngeldigeInvoer("Vul bij een vestigingsnummer ook het KvK-nummer in.", veld="kvk_nummer")
        return
    kvk, vestiging = gekeurd(Organisatie, "kvk_nummer", kvk), gekeurd(Organisatie, "vestigingsnummer", vestiging)
    for ander in work.reader.by_key(Organisatie, ("vestigingsnummer",), "kvk_nummer", [kvk]):
        if ander.id != organisatie.id and ander.vestigingsnummer == vestiging:
            raise OngeldigeInvoer(
                "Er is al een organisatie met dit KvK-nummer en vestigingsnummer. Wijzig die, of vul een ander vestigingsnummer in.",
                veld="kvk_nummer" if vestiging is None else "vestigingsnummer",
            )


def _vrije_teamnaam(work: Work, organisatie: UUID, naam: str | None, behalve: UUID | None = None) -> None:
    if naam is None or not naam.strip():
        raise OngeldigeInvoer("Vul de naam van het team in.", veld="naam")
    for team in work.reader.by_key(Team, ("naam", "tot"), "organisatie_id", [organisatie]):
        if loopt(team, work.actor.vandaag) and team.id != behalve and team.naam.casefold() == naam.strip().casefold():
            raise OngeldigeInvoer(
                "Deze organisatie heeft al een team met deze naam. Kies een andere naam, of wijzig dat team.", veld="naam"
            )
