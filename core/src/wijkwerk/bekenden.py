"""Whose token it is: the user in SQL, with what that user is today (design.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, select

from wijkwerk.access.actor import Functie, Vervangt
from wijkwerk.gebruikers import Aanstelling, Gebruiker, telt
from wijkwerk.inwoners.inwonertoegang import INWONER, VERTEGENWOORDIGER, Inwonertoegang
from wijkwerk.klok import dag
from wijkwerk.records.geldigheid import waar_nu
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


def bekende(connection: Connection, issuer: str, onderwerp: str, moment: datetime) -> Bekende | None:
    """The user of a token (issuer, subject), with the employments valid on the day of this moment; None for who is not known.

    Two statements. The second says who is away today and replaced by this user (waarnemingen.py), or, of who has no employment, whose
    data this user may look at: who works here looks at the own file with another account.
    """
    op = dag(moment)
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
    if not functies:
        return Bekende(gebruiker, gemeente_id, rows[0].verantwoordelijke_id, _eigen(connection, gemeente_id, gebruiker, moment))
    return Bekende(gebruiker, gemeente_id, rows[0].verantwoordelijke_id, functies, afwezigen(connection, gemeente_id, gebruiker, op))


def _eigen(connection: Connection, gemeente: UUID, gebruiker: UUID, moment: datetime) -> tuple[Functie, ...]:
    """What a resident or representative is at this moment, at the organisation that let them in."""
    i = Inwonertoegang.tabel()
    zelf = i.c.vertegenwoordiging_id.is_(None).label("zelf")
    rows = select(zelf, i.c.verantwoordelijke_id).distinct().where(
        i.c.gemeente_id == gemeente, i.c.gebruiker_id == gebruiker, waar_nu(i, moment)
    )  # fmt: skip
    found = sorted((INWONER if row.zelf else VERTEGENWOORDIGER, row.verantwoordelijke_id) for row in connection.execute(rows))
    return tuple(Functie(rol, organisatie) for rol, organisatie in found)
