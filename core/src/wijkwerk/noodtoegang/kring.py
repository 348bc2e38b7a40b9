"""Around a resident: who works with them now, and who must keep out; so who hears of a break-glass and who judges it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, case, select, union

from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.access.register import BETROKKENEN
from wijkwerk.gebruikers import met_rol
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang
from wijkwerk.noodtoegang.noodtoegang import BEOORDELAAR
from wijkwerk.records.geldigheid import waar_nu
from wijkwerk.records.session import Work

TOEZICHT = ("FG", "PRIVACY_OFFICER")
"""Who is told when nobody of a team can judge."""
_EERST = {Bron.DOSSIER: 0, Bron.AANMELDING: 1}


@dataclass(frozen=True, slots=True)
class Ander:
    """Somebody else: a user, in an organisation."""

    gebruiker: UUID
    organisatie: UUID


@dataclass(frozen=True, slots=True)
class Kader:
    """An open case or report of a resident, its team with the leaders, and its casusregisseur. Who must keep out is not in it."""

    id: UUID
    team: UUID
    is_dossier: bool
    leiders: tuple[Ander, ...] = ()
    regisseurs: tuple[Ander, ...] = ()


@dataclass(frozen=True, slots=True)
class Beoordeling:
    """Who judges: the leaders of a team, a casusregisseur, or (without both) who oversees. `kader`: in which case or report."""

    door: tuple[Ander, ...]
    team: UUID | None = None
    kader: Kader | None = None


def open_kaders(work: Work, persoon: UUID) -> tuple[Kader, ...]:
    """The cases and reports that are open about a resident, cases first and of those the newest."""
    b = Betrokkenheid.tabel()
    rows = work.core_connection.execute(
        select(b.c.bron, b.c.kader_id, b.c.partij_id, b.c.partijsoort, b.c.verantwoordelijke_id)
        .where(
            b.c.gemeente_id == work.actor.gemeente, b.c.persoon_id == persoon, b.c.bron.in_(_EERST), b.c.kader_id == b.c.bron_id,
            b.c.categorie_code == BETROKKENEN.code, b.c.niveau_tot > int(N4), waar_nu(b, work.actor.moment),
        )
        .order_by(case(_EERST, value=b.c.bron), b.c.van.desc(), b.c.id)
    ).all()  # fmt: skip
    weg = buiten(work, persoon)
    regie = {a.gebruiker_id: a.organisatie_id for a in _werkt_als(work, "REGISSEUR") if a.gebruiker_id not in weg} if rows else {}
    met: dict[UUID, list[Ander]] = {row.kader_id: [] for row in rows}
    for row in rows:
        if row.partij_id in regie:
            met[row.kader_id].append(Ander(row.partij_id, regie[row.partij_id]))
    return tuple(
        Kader(row.kader_id, row.partij_id, row.bron is Bron.DOSSIER, leiders_van(work, row.partij_id, weg), tuple(met[row.kader_id]))
        for row in rows if row.partijsoort is Partijsoort.TEAM
    )  # fmt: skip


def wie_beoordeelt(work: Work, persoon: UUID, kaders: tuple[Kader, ...]) -> Beoordeling | None:
    """The leader of a team that works with the resident; else a casusregisseur; else the leader of the user's own team; else who
    oversees. None when there is nobody at all.
    """
    for kader in kaders:
        if kader.leiders:
            return Beoordeling(kader.leiders, kader.team, kader)
    for kader in kaders:
        if kader.regisseurs:
            return Beoordeling(kader.regisseurs, kader=kader)
    weg = buiten(work, persoon)
    for team in work.actor.teams:
        if leiders := leiders_van(work, team, weg):
            return Beoordeling(leiders, team)
    toezicht = toezicht_van(work)
    return Beoordeling(toezicht) if toezicht else None


def leiders_van(work: Work, team: UUID, weg: frozenset[UUID]) -> tuple[Ander, ...]:
    """Who leads this team today and is not one of `weg`. A team that is itself held back has none."""
    found = [] if team in weg else _werkt_als(work, BEOORDELAAR, team=team)
    return tuple(Ander(a.gebruiker_id, a.organisatie_id) for a in found if a.gebruiker_id not in weg)


def toezicht_van(work: Work, rollen: tuple[str, ...] = TOEZICHT) -> tuple[Ander, ...]:
    """Who oversees today, but for the actor."""
    found = _werkt_als(work, *rollen)
    return tuple(Ander(a.gebruiker_id, a.organisatie_id) for a in found if a.gebruiker_id != work.actor.gebruiker)


def buiten(work: Work, persoon: UUID) -> frozenset[UUID]:
    """Who must keep out: the actor, the resident and who represents them, and from whom something of the resident is held back."""
    a, i = Afscherming.tabel(), Inwonertoegang.tabel()

    def van(table: FromClause, *where: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
        return (table.c.gemeente_id == work.actor.gemeente, table.c.persoon_id == persoon, *where)

    geweerd = select(a.c.partij_id.label("wie")).where(*van(a, a.c.partij_id.is_not(None), waar_nu(a, work.actor.moment)))
    zelf = select(i.c.gebruiker_id).where(*van(i))
    return frozenset({work.actor.gebruiker, *work.core_connection.execute(union(geweerd, zelf)).scalars()})


def is_eigen(work: Work, persoon: UUID) -> bool:
    """Whether the actor is this resident, or represents them or did."""
    return work.find_any(Inwonertoegang, persoon_id=persoon, gebruiker_id=work.actor.gebruiker) is not None


def _werkt_als(work: Work, *rollen: str, team: UUID | None = None) -> list[Any]:
    return met_rol(work.core_connection, work.actor.gemeente, rollen, work.actor.vandaag, None if team is None else [team])
