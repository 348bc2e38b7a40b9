"""The social map: what an organisation has to offer. Plugins put their groups and activities on it (domain.md 8.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, String, UniqueConstraint, insert, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.access.register import ALLE_ORGANISATIES
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.organisaties import laatste_dag, lopende_organisatie
from wijkwerk.records.checks import omschrijving, short
from wijkwerk.records.conflict import translated
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, stored_enum
from wijkwerk.records.gegevens import alleen, gekeurd
from wijkwerk.records.geldigheid import keur_volgorde, waar_loopt
from wijkwerk.records.session import Change, Work
from wijkwerk.storage.columns import Uuid16, nieuw_id


class Aanbodsoort(StrEnum):
    """What kind of offer it is."""

    DIENST = "DIENST"
    GROEP = "GROEP"
    ACTIVITEIT = "ACTIVITEIT"


class Aanbod(OpenRecord):
    """Een dienst, groep of activiteit van een organisatie."""

    lezen = PUBLIC
    schrijven = Permission(
        "aanbod:schrijven", "Het aanbod van de eigen organisatie bijhouden.", ("BEHEER", "PARTNER_BEHEER", "DOCK", "VRIJW_COORD")
    )
    retention = Retention("eigen", "P2Y", "einde aanbod")

    organisatie_id: Mapped[UUID] = reference("Van welke organisatie", "organisatie", level=N1)
    soort: Mapped[Aanbodsoort] = field("Dienst, groep of activiteit", level=N1, type_=stored_enum(Aanbodsoort))
    naam: Mapped[str] = field("Hoe het heet", level=N1, check=short, type_=String(200))
    omschrijving: Mapped[str | None] = field("Wat het is en voor wie", level=N1, check=omschrijving, type_=String(2000))
    gebied_id: Mapped[UUID | None] = reference("In welk gebied", "gebied", level=N1)
    van: Mapped[date] = field("Vanaf wanneer", level=N1, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N1, type_=Date)
    onderdeel: Mapped[str | None] = machinery(String(60))
    bron_id: Mapped[UUID | None] = machinery(Uuid16)
    __table_args__ = (
        Index("ix_aanbod_organisatie", "organisatie_id", "gemeente_id"),
        UniqueConstraint("gemeente_id", "onderdeel", "bron_id"),
    )


VELDEN = ("soort", "naam", "omschrijving", "gebied_id", "van", "tot")
"""What may be given; of which organisation it is never changes."""


def bied_aan(work: Work, organisatie: UUID, gegevens: Mapping[str, Any]) -> UUID:
    """Put something that an organisation offers on the map, from today unless `van` says another day; the id.

    Raises NietGevonden for an organisation that the actor doesn't work for, OngeldigeInvoer, GeenRecht.
    """
    if organisatie != work.actor.organisatie and not work.actor.may(ALLE_ORGANISATIES.naam):
        raise NietGevonden
    lopende_organisatie(work, organisatie)
    filled = _keur(work, gegevens)
    return work.add(Aanbod(organisatie_id=organisatie, verantwoordelijke_id=organisatie, **filled)).id


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields of an offer; one that a plugin put there changes there.

    Raises NietGevonden, VersieVerouderd, OngeldigeInvoer, GeenRecht.
    """
    aanbod = _met_de_hand(work, id, versie)
    filled = {name: getattr(aanbod, name) for name in VELDEN} | dict(gegevens)
    for name, value in _keur(work, filled).items():
        setattr(aanbod, name, value)
    return id


def beeindig(work: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
    """Take an offer off the map after this day; yesterday when none is given. Raises as `wijzig`."""
    _met_de_hand(work, id, versie).tot = laatste_dag(work, tot)
    return id


def publiceer(work: Work, onderdeel: str, bron_id: UUID, gegevens: Mapping[str, Any]) -> UUID:
    """For plugins: let a group, activity or service of yours stand on the social map; the id of the row there.

    `onderdeel` is the name of the plugin and `bron_id` the id of your own record: the first call puts it there, each next call makes it
    what `gegevens` (fields of `VELDEN`: `soort` and `naam` at least) now says, so call it wherever you write that record, in the same
    unit of work. It is of the organisation that the actor works for, and nobody changes it by hand. The right to do this is yours to
    ask: the permission to write your record decides, not `aanbod:schrijven`. Nothing about a person belongs in it: everybody reads it.

        publiceer(werk, "buurtgroepen", groep.id, {"soort": Aanbodsoort.GROEP, "naam": groep.naam, "gebied_id": groep.gebied_id})

    Raises OngeldigeInvoer for a value that can't be, NietGevonden for what another organisation put there, VersieVerouderd for two at once.
    """
    filled = _keur(work, gegevens)
    b = Aanbod.tabel()
    found = _bron(work, onderdeel, bron_id)
    id = found or nieuw_id()
    key = {"id": id, "gemeente_id": work.actor.gemeente, "versie": 1, "onderdeel": onderdeel, "bron_id": bron_id, "openbaar": True}
    owner = {"organisatie_id": work.actor.organisatie, "verantwoordelijke_id": work.actor.organisatie}
    if found is not None and "van" not in gegevens:
        del filled["van"]
    changed = update(b).where(b.c.id == id, b.c.gemeente_id == work.actor.gemeente).values(versie=b.c.versie + 1, **filled)
    try:
        work.core_connection.execute(insert(b).values(**key, **owner, **filled) if found is None else changed)
    except StatementError as refused:
        if (error := translated(refused)) is None:
            raise
        raise error from None
    work.changes.add(Change.NEW if found is None else Change.CHANGED)
    return id


def haal_weg(work: Work, onderdeel: str, bron_id: UUID) -> bool:
    """For plugins: take what `publiceer` put there off the map, from today; whether it was there. Twice does no harm.

    Raises NietGevonden for what another organisation put there.
    """
    id = _bron(work, onderdeel, bron_id)
    if id is None:
        return False
    b, gisteren = Aanbod.tabel(), laatste_dag(work, None)
    ended = (
        update(b)
        .where(b.c.id == id, b.c.gemeente_id == work.actor.gemeente, waar_loopt(b, work.actor.vandaag))
        .values(tot=gisteren, versie=b.c.versie + 1)
    )
    gone = work.core_connection.execute(ended.returning(b.c.id)).first() is not None
    if gone:
        work.changes.add(Change.CHANGED)
    return gone


def _bron(work: Work, onderdeel: str, bron_id: UUID) -> UUID | None:
    b = Aanbod.tabel()
    here = select(b.c.id, b.c.organisatie_id).where(
        b.c.gemeente_id == work.actor.gemeente, b.c.onderdeel == onderdeel, b.c.bron_id == bron_id
    )
    found = work.core_connection.execute(here).first()
    if found is not None and found.organisatie_id != work.actor.organisatie:
        raise NietGevonden
    return None if found is None else UUID(str(found.id))


def _met_de_hand(work: Work, id: UUID, versie: int) -> Aanbod:
    aanbod = work.get(Aanbod, id, versie)
    if aanbod.onderdeel is not None:
        raise OngeldigeInvoer("Dit staat er vanuit een ander onderdeel van Wijkwerk. Wijzig het daar.")
    return aanbod


def _keur(work: Work, gegevens: Mapping[str, Any]) -> dict[str, Any]:
    """All fields, checked: what is left out is empty."""
    filled = dict.fromkeys(VELDEN) | alleen(gegevens, VELDEN)
    filled["van"] = filled["van"] or work.actor.vandaag
    for name in ("soort", "naam"):
        if filled[name] is None:
            raise OngeldigeInvoer("Vul de naam en de soort van het aanbod in.", veld=name)
    keur_volgorde(filled["van"], filled["tot"])
    return {name: gekeurd(Aanbod, name, value) for name, value in filled.items()}
