"""Whose token it is: the user in SQL, with what that user is today (design.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, select

from wijkwerk.access.actor import Functie, Vervangt
from wijkwerk.gebruikers import Aanstelling, Gebruiker, telt
from wijkwerk.waarnemingen import afwezigen


@dataclass(frozen=True, slots=True)
class Bekende:
    """A user that a token is about, with what that user is today, and whose work that user takes over today.

    `thuis` is the organisation that took the user on first.
    """

    gebruiker: UUID
    gemeente: UUID
    thuis: UUID
    functies: tuple[Functie, ...]
    afwezigen: tuple[Vervangt, ...] = ()


def bekende(connection: Connection, issuer: str, onderwerp: str, op: date) -> Bekende | None:
    """The user of a token (issuer, subject), with the employments valid on this day; None for who is not known.

    Two statements: the second says who is away today and replaced by this user (waarnemingen.py).
    """
    g, a = Gebruiker.tabel(), Aanstelling.tabel()
    rows = connection.execute(
        select(g.c.id, g.c.gemeente_id, g.c.verantwoordelijke_id, a.c.rol, a.c.organisatie_id, a.c.team_id)
        .select_from(g.outerjoin(a, and_(a.c.gemeente_id == g.c.gemeente_id, a.c.gebruiker_id == g.c.id, telt(a, op))))
        .where(g.c.issuer == issuer, g.c.onderwerp == onderwerp)
    ).all()
    if not rows or len({row.gemeente_id for row in rows}) != 1:
        return None
    functies = tuple(Functie(row.rol, row.organisatie_id, row.team_id) for row in rows if row.rol is not None)
    gebruiker, gemeente_id = rows[0].id, rows[0].gemeente_id
    return Bekende(gebruiker, gemeente_id, rows[0].verantwoordelijke_id, functies, afwezigen(connection, gemeente_id, gebruiker, op))
