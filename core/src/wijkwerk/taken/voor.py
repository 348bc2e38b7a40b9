"""Whom a task is for: somebody who works here today, in a role that sees the resident in that kader (the same predicate as for reading)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.actor import Actor, Functie
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling, telt
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.taken.taak import Taak

KOLOM_VAN = {Partijsoort.GEBRUIKER: "gebruiker_id", Partijsoort.TEAM: "team_id", Partijsoort.ORGANISATIE: "organisatie_id"}
"""By which column of an employment a kind of party is found."""


@dataclass(frozen=True, slots=True)
class Voor:
    """Who does a task: a user, a team or an organisation; of those, who holds `rol` (empty: everybody)."""

    id: UUID
    soort: Partijsoort
    rol: str = ""


def functies(work: Work, voor: Voor) -> list[Functie]:
    """The employments of today that the task can be done in: without a task role, none. One statement.

    Raises OngeldigeInvoer when there is none.
    """
    found = _werkt_vandaag(work, voor)
    if not any(functie.rol in Taak.lezen.rollen for functie in found):
        raise OngeldigeInvoer("Hier werkt vandaag niemand die deze taak kan doen. Kies een andere medewerker, team of rol.", veld="voor")
    return found


def _werkt_vandaag(work: Work, voor: Voor) -> list[Functie]:
    a = Aanstelling.tabel()
    where = [a.c.gemeente_id == work.actor.gemeente, a.c[KOLOM_VAN[voor.soort]] == voor.id, telt(a, work.actor.vandaag)]
    if voor.rol:
        where.append(a.c.rol == voor.rol)
    rows = work.core_connection.execute(select(a.c.rol, a.c.organisatie_id, a.c.team_id).where(*where).distinct()).all()
    return [Functie(row.rol, row.organisatie_id, row.team_id) for row in rows]


def keur_zicht(work: Work, voor: Voor, taken: Collection[UUID]) -> None:
    """Raises OngeldigeInvoer when who the tasks are for can't see them: each is behind its resident's door (design.md 1, idea 2).

    Of a team or organisation somebody in a role of it must see them through what the party itself is let in to.
    """
    work.flush()
    functies(work, voor)
    if not ziet(work, voor, Taak, taken):
        raise OngeldigeInvoer(
            "Voor wie de taak is, kan dit van de inwoner niet zien. Kies iemand die bij het dossier betrokken is.", veld="voor"
        )


def ziet(work: Work, voor: Voor, record: type[PersonRecord], rijen: Collection[UUID]) -> bool:
    """Whether who it is for, working here today, sees all these rows of a record: with one of the jobs, in one activity.

    Asked of a reader of its own: what it finds is shown to nobody.
    """
    return any(found.issuperset(rijen) for found in _gezien(work, voor, record, rijen))


def zichtbaar(work: Work, voor: Voor, record: type[PersonRecord], rijen: Collection[UUID]) -> set[UUID]:
    """Which of these rows who it is for sees today, in any job and activity; shown to nobody, as with `ziet`."""
    return set().union(*_gezien(work, voor, record, rijen))


def _gezien(work: Work, voor: Voor, record: type[PersonRecord], rijen: Collection[UUID]) -> Iterator[set[UUID]]:
    work.flush()
    readers = (Reader(work.core_connection, kijker, work.keyring) for kijker in _kijkers(work, voor, record.lezen))
    return ({row.id for row in reader.by_key(record, (), "id", list(set(rijen)))} for reader in readers)


def _kijkers(work: Work, voor: Voor, lezen: Permission) -> Iterator[Actor]:
    """As whom the rows can be looked at: one organisation and one activity at a time, as in any request."""
    rollen = work.catalogue.rollen
    for groep in _groepen(voor, _werkt_vandaag(work, voor)):
        for activiteit in sorted({code for f in groep if f.rol in rollen for code in rollen[f.rol].activiteiten}):
            if work.toewijzer is None:
                return  # nobody knows what a role may do
            try:
                actor = work.toewijzer.actor(voor.id, work.actor.gemeente, groep, activiteit, work.actor.moment)
            except GeenRecht:
                continue  # a role that excludes every other
            if actor.may(lezen.naam):
                yield actor


def _groepen(voor: Voor, gevonden: Collection[Functie]) -> list[list[Functie]]:
    """A user acts in all jobs at one organisation; of a team or an organisation each role is another person."""
    bekend = sorted(gevonden, key=lambda f: (f.organisatie, f.rol))
    if voor.soort is Partijsoort.GEBRUIKER:
        return [[f for f in bekend if f.organisatie == organisatie] for organisatie in sorted({f.organisatie for f in bekend})]
    team = voor.id if voor.soort is Partijsoort.TEAM else None
    return [[Functie(rol, organisatie, team)] for rol, organisatie in sorted({(f.rol, f.organisatie) for f in bekend})]
