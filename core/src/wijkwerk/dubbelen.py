"""Residents who may be registered twice: hints on entry and a work list; a person decides (libraries.md, duplicates)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, UniqueConstraint, and_, or_, select, update
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, reference, related_person, stored_enum, subject
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip


class Dubbelreden(StrEnum):
    """Why two residents may be one."""

    BSN = "BSN"
    EMAIL = "EMAIL"
    TELEFOON = "TELEFOON"
    ADRES_EN_GEBOORTEDATUM = "ADRES_EN_GEBOORTEDATUM"
    NAAM_EN_GEBOORTEDATUM = "NAAM_EN_GEBOORTEDATUM"


class Dubbelstatus(StrEnum):
    """What was decided."""

    OPEN = "OPEN"
    NIET_DUBBEL = "NIET_DUBBEL"
    SAMENGEVOEGD = "SAMENGEVOEGD"


BESLUIT = ("status", "beslist", "beslist_door_id")


class Dubbelvermoeden(PersonRecord):
    """Twee inwoners die misschien dezelfde zijn."""

    categorie = IDENTITEIT
    niveau = N4
    kan_achterblijven = True  # a hint about a pair that has one already says nothing more
    retention = Retention("eigen", "P1Y", "beslist")
    lezen = Permission("dubbelvermoeden:lezen", "Zien welke inwoners misschien dubbel staan.", ("WIJKTEAM", "REGISSEUR"))
    schrijven = Permission("dubbelvermoeden:schrijven", "Beslissen of inwoners dubbel staan.", ("WIJKTEAM", "REGISSEUR", "SIGNALEN"))

    persoon_id: Mapped[UUID] = subject("De ene inwoner")
    ander_id: Mapped[UUID | None] = related_person("De andere inwoner", level=N4)
    reden: Mapped[Dubbelreden] = field("Waarom het dezelfde kan zijn", level=N4, type_=stored_enum(Dubbelreden))
    score: Mapped[int] = field("Hoe sterk het vermoeden is, van 0 tot en met 100", level=N4)
    status: Mapped[Dubbelstatus] = field("Wat er is besloten", level=N4, default=Dubbelstatus.OPEN, type_=stored_enum(Dubbelstatus))
    gevonden: Mapped[datetime] = field("Wanneer dit is gevonden", level=N4, type_=Tijdstip)
    beslist: Mapped[datetime | None] = field("Wanneer dit is besloten", level=N4, type_=Tijdstip)
    beslist_door_id: Mapped[UUID | None] = reference("Wie dat besloot", "gebruiker", level=N4)
    __table_args__ = (UniqueConstraint("gemeente_id", "persoon_id", "ander_id"),)


def noteer_vermoedens(work: Work, persoon: UUID, hints: Iterable[tuple[UUID, Dubbelreden, int]]) -> None:
    """Put hints (who, why, how strongly) about a resident on the work list, of each pair one, in whatever order; also not when decided."""
    for ander, reden, score in hints if work.actor.may(Dubbelvermoeden.schrijven.naam) else ():
        if ander != persoon and not over_beiden(work, persoon, ander):
            work.add(Dubbelvermoeden(persoon_id=persoon, ander_id=ander, reden=reden, score=score, gevonden=work.actor.moment))


def is_niet_dubbel(work: Work, id: UUID, versie: int) -> UUID:
    """Decide for good that these are two residents: no hint about the two is made again. Returns the id of the hint.

    Raises NietGevonden when either of them is out of reach, VersieVerouderd, and OngeldigeInvoer when it was decided before.
    """
    row = work.reader.one(Dubbelvermoeden, ("ander_id",), id)
    if row is None or row.ander_id is None:
        raise NietGevonden
    vermoeden = work.get(Dubbelvermoeden, id, versie)
    if vermoeden.status is not Dubbelstatus.OPEN:
        raise OngeldigeInvoer("Hierover is al besloten. Haal de lijst opnieuw op.", veld="id")
    pair = over_beiden(work, vermoeden.persoon_id, row.ander_id)
    for same in [vermoeden, *(work.get(Dubbelvermoeden, other) for other in pair if other != id)]:
        if same.status is Dubbelstatus.OPEN:
            same.status, same.beslist, same.beslist_door_id = Dubbelstatus.NIET_DUBBEL, work.actor.moment, work.actor.gebruiker
    return id


def over_beiden(work: Work, een: UUID, ander: UUID) -> dict[UUID, dict[str, Any]]:
    """For a merge: the hints that these two are one, each with what was decided about it."""
    d = Dubbelvermoeden.tabel()
    pair = or_(and_(d.c.persoon_id == een, d.c.ander_id == ander), and_(d.c.persoon_id == ander, d.c.ander_id == een))
    rows = work.core_connection.execute(
        select(d.c.id, *[d.c[name] for name in BESLUIT]).where(d.c.gemeente_id == work.actor.gemeente, pair)
    )
    return {row.id: {name: getattr(row, name) for name in BESLUIT} for row in rows}


def beslis_samengevoegd(work: Work, vermoedens: Iterable[UUID]) -> None:
    """For a merge: these hints were right. Their version stays, so that undo gives back what stood there."""
    besluit = {"status": Dubbelstatus.SAMENGEVOEGD, "beslist": work.actor.moment, "beslist_door_id": work.actor.gebruiker}
    for id in vermoedens:
        work.core_connection.execute(update(Dubbelvermoeden.tabel()).where(*_eigen(work, id)).values(besluit))


def heropen(work: Work, vermoedens: Mapping[UUID, Mapping[str, Any]]) -> None:
    """For an undone merge: what was decided about these hints before it."""
    d = Dubbelvermoeden.tabel()
    for id, besluit in vermoedens.items():
        work.core_connection.execute(update(d).where(*_eigen(work, id), d.c.status == Dubbelstatus.SAMENGEVOEGD).values(besluit))


def _eigen(work: Work, id: UUID) -> tuple[ColumnElement[bool], ...]:
    d = Dubbelvermoeden.tabel()
    return d.c.gemeente_id == work.actor.gemeente, d.c.id == id
