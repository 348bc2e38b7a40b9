"""Reminders of tasks, once a day: a notice for who has to do each, and one mail with how many there are.

In parts that are each one transaction: first the tasks, a bounded number at a time, then the mails, user by user. What was reminded of
is marked, so that it is done once, however often this runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from sqlalchemy import and_, func, or_, select, update

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N1
from wijkwerk.errors import GeenRecht
from wijkwerk.gebruikers import Aanstelling, telt
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.perioden import eerste_dag
from wijkwerk.kalender.werkdagen import na_werkdagen
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.notificeren import mail_gebruiker, notificeer
from wijkwerk.post.soorten import TAKEN_HERINNERING
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among
from wijkwerk.taken.taak import AlgemeneTaak, Taak, Taakstatus
from wijkwerk.taken.voor import KOLOM_VAN, Voor, zichtbaar

NAAM = "taken-herinneren"
VOORAF = 2
"""So many working days before its last day a task is reminded of, unless somebody chose a day."""
PER_STAP = 50
_MAIL = "MAIL:"
_Ontvanger: TypeAlias = tuple[UUID, UUID, UUID]
"""A task, who is reminded of it, and in which organisation."""


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """Remind of the next tasks, or send the next mails. Raises GeenRecht for who is not the system."""
    if not work.actor.may(Taak.schrijven.naam) or not work.actor.may(Notificatie.schrijven.naam):
        raise GeenRecht
    if plek is not None and plek.startswith(_MAIL):
        return _mail(work, periode, UUID(plek.removeprefix(_MAIL)))
    record = AlgemeneTaak if plek == AlgemeneTaak.__name__ else Taak
    taken = _kies(work, record, eerste_dag(periode))
    ontvangers = list(_ontvangers(work, taken))
    for taak, gebruiker, organisatie in _die_zien(work, ontvangers) if record is Taak else ontvangers:
        notificeer(
            work, gebruiker, organisatie, TAKEN_HERINNERING.code, over_soort=record.__name__, over_id=taak, bron_id=_bron(work, periode)
        )
    if len(taken) == PER_STAP:
        return Stand(record.__name__, len(taken))
    return Stand(AlgemeneTaak.__name__ if record is Taak else f"{_MAIL}{UUID(int=0)}", len(taken))


HERINNEREN = Job(NAAM, "Medewerkers herinneren aan taken die bijna klaar moeten zijn", Per.DAG, stap)


def _kies(work: Work, record: type[Taak] | type[AlgemeneTaak], op: date) -> list[Any]:
    """Mark the next open tasks that are to be reminded of on this day; these. Their version stays: nobody reads the mark."""
    t, gemeente = record.tabel(), work.actor.gemeente
    bijna = na_werkdagen(work.core_connection, gemeente, op, VOORAF)
    nu = or_(t.c.herinneren_op <= op, and_(t.c.herinneren_op.is_(None), t.c.uiterlijk <= bijna))
    wacht = and_(t.c.gemeente_id == gemeente, t.c.status == Taakstatus.OPEN, t.c.herinnerd_op.is_(None))
    eerste = select(t.c.id).where(wacht, nu).order_by(t.c.id).limit(PER_STAP)
    rows = work.core_connection.execute(
        update(t).where(wacht, t.c.id.in_(eerste)).values(herinnerd_op=work.actor.moment).returning(*t.c)
    ).all()
    for row in rows if record is Taak else ():
        work.changed(row.persoon_id, Taak.__name__, row.categorie_code, ())
    return sorted(rows, key=lambda row: row.id)


def _ontvangers(work: Work, taken: Collection[Any]) -> Iterator[_Ontvanger]:
    """Of each task who is reminded, and in which organisation: who does such work there today, in a role that sees that much."""
    voor = {taak.id: taak.voor_id if hasattr(taak, "voor_id") else taak.partij_id for taak in taken}
    werkers = _werkers(work, set(voor.values()))
    for taak in taken:
        niveau = getattr(taak, "niveau_vanaf", int(N1))
        found = {
            (a.gebruiker_id, a.organisatie_id)
            for a in werkers[taak.voor_soort, voor[taak.id]]
            if taak.voor_rol in ("", a.rol) and a.rol in Taak.lezen.rollen and work.catalogue.rollen[a.rol].plafond >= niveau
        }
        for gebruiker in sorted({gebruiker for gebruiker, _ in found}):
            yield taak.id, gebruiker, min(organisatie for who, organisatie in found if who == gebruiker)


def _die_zien(work: Work, ontvangers: Collection[_Ontvanger]) -> Iterator[_Ontvanger]:
    """Those who see the task today: who is held back from the resident, or is let in no longer, learns not even that there is one."""
    taken = defaultdict(list)
    for taak, gebruiker, _ in ontvangers:
        taken[gebruiker].append(taak)
    gezien = {wie: zichtbaar(work, Voor(wie, Partijsoort.GEBRUIKER), Taak, ids) for wie, ids in taken.items()}
    return (ontvanger for ontvanger in ontvangers if ontvanger[0] in gezien[ontvanger[1]])


def _werkers(work: Work, partijen: Collection[UUID]) -> dict[tuple[Partijsoort, UUID], list[Any]]:
    """The employments of today of all these users, teams and organisations. One statement."""
    a = Aanstelling.tabel()
    een_van = [among(a.c[kolom], "partijen") for kolom in KOLOM_VAN.values()]
    rows = work.core_connection.execute(
        select(a).where(a.c.gemeente_id == work.actor.gemeente, telt(a, work.actor.vandaag), or_(*een_van)), {"partijen": list(partijen)}
    )
    found: dict[tuple[Partijsoort, UUID], list[Any]] = defaultdict(list)
    for row in rows:
        for soort, kolom in KOLOM_VAN.items():
            found[soort, getattr(row, kolom)].append(row)
    return found


def _mail(work: Work, periode: str, na: UUID) -> Stand:
    """One mail for each of the next users who got notices in this period: how many."""
    n = Notificatie.tabel()
    rows = work.core_connection.execute(
        select(n.c.partij_id, func.count().label("aantal"))
        .where(n.c.gemeente_id == work.actor.gemeente, n.c.bron_id == _bron(work, periode), n.c.partij_id > na)
        .group_by(n.c.partij_id)
        .order_by(n.c.partij_id)
        .limit(PER_STAP)
    ).all()
    for row in rows:
        mail_gebruiker(work, row.partij_id, TAKEN_HERINNERING, {"aantal": str(row.aantal)})
    return Stand(f"{_MAIL}{rows[-1].partij_id}" if len(rows) == PER_STAP else None)


def _bron(work: Work, periode: str) -> UUID:
    """What made the notices: this job in this period, by which the mails count them."""
    return uuid5(work.actor.gemeente, f"{NAAM} {periode}")
