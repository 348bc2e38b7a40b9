"""Users and their employment: in SQL, with validity (design.md 5). Roles are never in a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Date, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.actor import Functie
from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.klok import dag
from wijkwerk.records.checks import code, short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, machinery, reference

_GEBRUIKERS = Permission("gebruiker:beheren", "Gebruikers en aanstellingen van de eigen organisatie beheren.", ("BEHEER", "PARTNER_BEHEER"))
GEBRUIKER_LEZEN = Permission(
    "gebruiker:lezen",
    "Zien wie er bij de eigen organisatie werkt.",
    ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "BEHEER", "PARTNER_BEHEER", "FG"),
)
_EIGEN = Retention("eigen", "P2Y", "einde aanstelling")


class Gebruiker(OpenRecord):
    """Iemand die met het systeem werkt."""

    lezen = GEBRUIKER_LEZEN
    schrijven = _GEBRUIKERS
    retention = _EIGEN

    naam: Mapped[str] = field("De naam van de medewerker", level=N1, check=short, type_=String(200))
    issuer: Mapped[str] = machinery(String(200))
    onderwerp: Mapped[str] = machinery(String(200))
    __table_args__ = (UniqueConstraint("gemeente_id", "issuer", "onderwerp"),)


class Aanstelling(OpenRecord):
    """Een rol van een gebruiker bij een organisatie, met begin en einde."""

    lezen = GEBRUIKER_LEZEN
    schrijven = _GEBRUIKERS
    retention = _EIGEN

    gebruiker_id: Mapped[UUID] = reference("Van welke gebruiker", "gebruiker", level=N1)
    organisatie_id: Mapped[UUID] = reference("Bij welke organisatie", "organisatie", level=N1)
    team_id: Mapped[UUID | None] = reference("In welk team", "team", level=N1)
    rol: Mapped[str] = field("Welke rol", level=N1, check=code, type_=String(60))
    van: Mapped[date] = field("Vanaf welke dag", level=N1, type_=Date)
    tot: Mapped[date | None] = field("Tot en met welke dag", level=N1, type_=Date)
    __table_args__ = (Index("ix_aanstelling_gebruiker", "gemeente_id", "gebruiker_id"),)


@dataclass(frozen=True, slots=True)
class Bekende:
    """A user that a token is about, with what that user is today."""

    gebruiker: UUID
    gemeente: UUID
    functies: tuple[Functie, ...]


def bekende(connection: Connection, issuer: str, onderwerp: str, op: date) -> Bekende | None:
    """The user of a token (issuer, subject), with the employments valid on this day; None for who is not known. One statement."""
    g, a = Gebruiker.tabel(), Aanstelling.tabel()
    valid = (a.c.gemeente_id == g.c.gemeente_id) & (a.c.gebruiker_id == g.c.id) & (a.c.van <= op) & or_(a.c.tot.is_(None), a.c.tot >= op)
    rows = connection.execute(
        select(g.c.id, g.c.gemeente_id, a.c.rol, a.c.organisatie_id, a.c.team_id)
        .select_from(g.outerjoin(a, valid))
        .where(g.c.issuer == issuer, g.c.onderwerp == onderwerp)
    ).all()
    if not rows or len({row.gemeente_id for row in rows}) != 1:
        return None
    functies = tuple(Functie(row.rol, row.organisatie_id, row.team_id) for row in rows if row.rol is not None)
    return Bekende(rows[0].id, rows[0].gemeente_id, functies)


def heeft_rol(connection: Connection, gemeente_id: UUID, gebruiker: UUID, rol: str, team: UUID, moment: datetime) -> bool:
    """Whether a user holds a role in a team at this moment."""
    a, op = Aanstelling.tabel(), dag(moment)
    held = select(a.c.id).where(
        a.c.gemeente_id == gemeente_id, a.c.gebruiker_id == gebruiker, a.c.rol == rol, a.c.team_id == team,
        a.c.van <= op, or_(a.c.tot.is_(None), a.c.tot >= op),
    )  # fmt: skip
    return connection.execute(held.limit(1)).first() is not None
