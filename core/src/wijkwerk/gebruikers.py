"""Users and their employment: in SQL, with validity (design.md 5). Roles are never in a token."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Date, FromClause, Index, String, UniqueConstraint, and_, exists, or_, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import ALLE_ORGANISATIES
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, bij_veld
from wijkwerk.klok import dag
from wijkwerk.organisaties import Organisatie, Team, lopende_organisatie
from wijkwerk.records.checks import code, short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, machinery, reference
from wijkwerk.records.gegevens import gekeurd
from wijkwerk.records.geldigheid import waar_geldig, waar_loopt
from wijkwerk.records.session import Work
from wijkwerk.records.types.contact import lees_email

GEBRUIKERS_BEHEREN = Permission(
    "gebruiker:beheren", "Gebruikers en aanstellingen van de eigen organisatie beheren.", ("BEHEER", "PARTNER_BEHEER")
)
_COLLEGAS = ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "BEHEER", "FG")
AANSTELLING_LEZEN = Permission("aanstelling:lezen", "Zien wie er bij de eigen organisatie werkt.", (*_COLLEGAS, "PARTNER_BEHEER"))
SYSTEEM = "systeem"
"""The issuer of the users of the system itself: no token comes from it, so nobody signs in as one."""
_EIGEN = Retention("eigen", "P2Y", "einde aanstelling")
_UUR, _DAG = timedelta(hours=1), timedelta(days=1)


class Gebruiker(OpenRecord):
    """Iemand die met het systeem werkt."""

    lezen = Permission("gebruiker:lezen", "De gebruikers van de eigen organisatie zien.", _COLLEGAS)
    """Not for who manages a partner: a user may have been known already, by another organisation; employments are always its own."""
    schrijven = GEBRUIKERS_BEHEREN
    retention = _EIGEN

    naam: Mapped[str] = field("De naam van de medewerker", level=N1, check=short, type_=String(200))
    issuer: Mapped[str] = machinery(String(200))
    onderwerp: Mapped[str] = machinery(String(200))
    email: Mapped[str | None] = field("Het e-mailadres van het werk", level=N1, check=lees_email, type_=String(254))
    openbaar: Mapped[bool] = machinery(default=False)
    __table_args__ = (UniqueConstraint("gemeente_id", "issuer", "onderwerp"),)


class Aanstelling(OpenRecord):
    """Een rol van een gebruiker bij een organisatie, met begin en einde."""

    lezen = AANSTELLING_LEZEN
    schrijven = GEBRUIKERS_BEHEREN
    retention = _EIGEN
    core_only = True

    gebruiker_id: Mapped[UUID] = reference("Van welke gebruiker", "gebruiker", level=N1)
    organisatie_id: Mapped[UUID] = reference("Bij welke organisatie", "organisatie", level=N1)
    naam: Mapped[str] = field("Hoe de medewerker bij deze organisatie heet", level=N1, check=short, type_=String(200))
    team_id: Mapped[UUID | None] = reference("In welk team", "team", level=N1)
    rol: Mapped[str] = field("Welke rol", level=N1, check=code, type_=String(60))
    van: Mapped[date] = field("Vanaf welke dag", level=N1, type_=Date)
    tot: Mapped[date | None] = field("Tot en met welke dag", level=N1, type_=Date)
    openbaar: Mapped[bool] = machinery(default=False)
    __table_args__ = (Index("ix_aanstelling_gebruiker", "gemeente_id", "gebruiker_id"),)


def neem_op(work: Work, issuer: str, onderwerp: str, naam: str, organisatie: UUID, email: str | None = None) -> UUID:
    """The user whom tokens of this issuer call `onderwerp`, made when not known; who is known already stays as they are.

    Says nobody which of the two it was: a user may work for an organisation that the actor knows nothing of. Raises OngeldigeInvoer,
    GeenRecht, and NietGevonden for an organisation that the actor has no business with (`eigen_organisatie`).
    """
    if not work.actor.may(GEBRUIKERS_BEHEREN.naam):
        raise GeenRecht
    eigen_organisatie(work, organisatie)
    given = {"issuer": issuer, "onderwerp": onderwerp, "naam": naam}
    for name, value in given.items():
        with bij_veld(name):
            given[name] = short(value)
    email = gekeurd(Gebruiker, "email", email)  # before it is asked who is known: a refusal would tell
    if given["issuer"] == SYSTEEM:
        raise OngeldigeInvoer("Deze uitgever is van het systeem zelf. Vul de uitgever van de tokens in.", veld="issuer")
    found = work.find_any(Gebruiker, issuer=given["issuer"], onderwerp=given["onderwerp"])
    if found is not None:
        return found
    # a random id: one in the order of time would tell who was known before
    return work.add(Gebruiker(id=uuid4(), verantwoordelijke_id=organisatie, email=email, **given)).id


def wijzig(work: Work, id: UUID, versie: int, naam: str) -> UUID:
    """Give a user another name. Raises NietGevonden, VersieVerouderd, GeenRecht (also for the administrator of a partner)."""
    work.get(Gebruiker, id, versie).naam = naam
    return id


def wijzig_email(work: Work, id: UUID, versie: int, email: str | None) -> UUID:
    """Where a user gets mail about work; None for nowhere. Raises as `wijzig`, and OngeldigeInvoer for what is no address."""
    work.get(Gebruiker, id, versie).email = email
    return id


def op_zijn_beurt(work: Work) -> None:
    """Let one unit of work of this user go on at a time, so that what they do can be counted. Raises GeenRecht for nobody."""
    g, actor = Gebruiker.tabel(), work.actor
    zelf = select(g.c.id).where(g.c.gemeente_id == actor.gemeente, g.c.id == actor.gebruiker).with_for_update(key_share=True)
    if work.core_connection.execute(zelf).first() is None:
        raise GeenRecht


def te_vaak(
    work: Work,
    van: FromClause,
    op: ColumnElement[datetime],
    *where: ColumnElement[bool],
    per_uur: int,
    per_dag: int,
    weigering_telt: bool = False,
) -> datetime | None:
    """From when the actor may do again what rows of `van` say that they did, at the moments `op`; None for now. After `op_zijn_beurt`.

    `weigering_telt`: the caller keeps a row of what is refused too, so that who goes on trying waits longer. The moment that is told
    has room by every limit, with the row of this refusal.
    """
    actor, grenzen = work.actor, ((per_uur, _UUR), (per_dag, _DAG))
    eigen = (van.c.gemeente_id == actor.gemeente, van.c.gebruiker_id == actor.gebruiker, op > actor.moment - _DAG, *where)
    newest = select(op).where(*eigen).order_by(op.desc()).limit(max(per_uur, per_dag))
    keren = list(work.core_connection.execute(newest).scalars())
    if not any(len(keren) >= meest and keren[meest - 1] > actor.moment - duur for meest, duur in grenzen):
        return None
    straks = [actor.moment, *keren] if weigering_telt else keren
    return max(straks[meest - 1] + duur for meest, duur in grenzen if len(straks) >= meest)


def naam_bij(connection: Connection, gemeente: UUID, gebruiker: UUID, organisatie: UUID, op: date) -> str | None:
    """Somebody by the name that this organisation uses on this day; None for who does not work there."""
    a = Aanstelling.tabel()
    own = (a.c.gemeente_id == gemeente, a.c.gebruiker_id == gebruiker, a.c.organisatie_id == organisatie, waar_geldig(a, op))
    return connection.execute(select(a.c.naam).where(*own).order_by(a.c.id).limit(1)).scalar()


def eigen_organisatie(work: Work, organisatie: UUID) -> None:
    """Raises NietGevonden for an organisation that is not there (any more) or whose users the actor doesn't manage."""
    if organisatie != work.actor.organisatie and not work.actor.may(ALLE_ORGANISATIES.naam):
        raise NietGevonden
    lopende_organisatie(work, organisatie)


def telt(aanstelling: FromClause, op: date) -> ColumnElement[bool]:
    """An employment counts on this day: it runs, and so do its organisation and its team."""
    a = aanstelling.c
    return and_(
        waar_geldig(aanstelling, op), _loopt(Organisatie.tabel(), aanstelling, "organisatie_id", op),
        or_(a.team_id.is_(None), _loopt(Team.tabel(), aanstelling, "team_id", op)),
    )  # fmt: skip


def _loopt(table: FromClause, aanstelling: FromClause, column: str, op: date) -> ColumnElement[bool]:
    t = table.alias()
    of_it = and_(t.c.gemeente_id == aanstelling.c.gemeente_id, t.c.id == aanstelling.c[column])
    return exists(select(t.c.id).where(of_it, waar_loopt(t, op)).correlate(aanstelling))


def met_rol(
    connection: Connection, gemeente_id: UUID, rollen: Collection[str], op: date, teams: Collection[UUID] | None = None
) -> list[Any]:
    """Who holds one of these roles on this day, in these teams (or anywhere): user, organisation and team. One statement."""
    a = Aanstelling.tabel()
    where = [a.c.gemeente_id == gemeente_id, a.c.rol.in_(rollen), telt(a, op)]
    if teams is not None:
        where.append(a.c.team_id.in_(teams))
    asked = select(a.c.gebruiker_id, a.c.organisatie_id, a.c.team_id).where(*where).distinct()
    return list(connection.execute(asked.order_by(a.c.gebruiker_id, a.c.organisatie_id)).all())


def heeft_rol(connection: Connection, gemeente_id: UUID, gebruiker: UUID, rol: str, team: UUID, moment: datetime) -> bool:
    """Whether a user holds a role in a team at this moment."""
    a, op = Aanstelling.tabel(), dag(moment)
    held = select(a.c.id).where(
        a.c.gemeente_id == gemeente_id, a.c.gebruiker_id == gebruiker, a.c.rol == rol, a.c.team_id == team,
        waar_geldig(a, op),
    )  # fmt: skip
    return connection.execute(held.limit(1)).first() is not None
