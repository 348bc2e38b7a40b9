"""Absence: who takes over somebody's work for a time. It ends by itself, and says nothing of why somebody is away."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, Date, Index, and_, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.actor import Vervangt, gaat_samen
from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import AANSTELLING_LEZEN, GEBRUIKERS_BEHEREN, Aanstelling, eigen_organisatie, telt
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.organisaties import laatste_dag
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, machinery, reference
from wijkwerk.records.geldigheid import Periode, geldig, keur_volgorde, loopt, overlapt, waar_geldig
from wijkwerk.records.session import Work

LANGST = timedelta(days=366)


class Waarneming(OpenRecord):
    """Wie het werk van een collega waarneemt."""

    lezen = AANSTELLING_LEZEN
    schrijven = Permission(
        "waarneming:schrijven", "Regelen wie het werk van een collega waarneemt.", ("TEAMLEIDER", "BEHEER", "PARTNER_BEHEER")
    )
    retention = Retention("eigen", "P2Y", "einde waarneming")
    core_only = True

    afwezige_id: Mapped[UUID] = reference("Wie er niet is", "gebruiker", level=N1)
    vervanger_id: Mapped[UUID] = reference("Wie het werk waarneemt", "gebruiker", level=N1)
    organisatie_id: Mapped[UUID] = reference("Bij welke organisatie", "organisatie", level=N1)
    van: Mapped[date] = field("Vanaf welke dag", level=N1, type_=Date)
    tot: Mapped[date] = field("Tot en met welke dag", level=N1, type_=Date)
    openbaar: Mapped[bool] = machinery(default=False)
    __table_args__ = (Index("ix_waarneming_vervanger", "vervanger_id", "gemeente_id"),)


def neem_waar(work: Work, afwezige: UUID, vervanger: UUID, organisatie: UUID, van: date, tot: date) -> UUID:
    """Let a colleague take over the work of who is away, on these days (both included); the id.

    On each of those days it counts only while both hold the same role there (`access.actor.Toewijzer`); the rights of the two never add
    up, and it goes no further than one step. Raises GeenRecht for who makes oneself the replacement, NietGevonden for a colleague whom
    the actor doesn't manage, OngeldigeInvoer for days that can't be, for two without a role in common on the first day, for a role of
    the one that nobody holds beside a role of the other (`Rol.niet_met`: this is no way round it), and for what is there already.
    """
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    if vervanger == work.actor.gebruiker:
        raise GeenRecht("U kunt uzelf niet als vervanger aanwijzen. Vraag een andere beheerder.")
    if not work.actor.may(Waarneming.schrijven.naam):
        raise GeenRecht
    eigen_organisatie(work, organisatie)
    _keur_dagen(work, van, tot)
    if afwezige == vervanger:
        raise OngeldigeInvoer("Niemand kan zichzelf vervangen. Kies een collega.", veld="vervanger")
    van_afwezige, eigen = _rollen(work, afwezige, organisatie, van), _rollen(work, vervanger, organisatie, van)
    if not van_afwezige & eigen:
        raise OngeldigeInvoer("Deze collega heeft op de eerste dag niet dezelfde rol. Kies iemand met dezelfde rol.", veld="vervanger")
    if not all(gaat_samen(work.catalogue, rol, eigen) for rol in van_afwezige):
        raise OngeldigeInvoer("De rollen van deze collega's gaan niet samen. Kies iemand anders als vervanger.", veld="vervanger")
    _nog_niet(work, afwezige, vervanger, organisatie, van, tot)
    return work.grant(
        Waarneming(
            afwezige_id=afwezige, vervanger_id=vervanger, organisatie_id=organisatie, verantwoordelijke_id=organisatie, van=van, tot=tot
        )
    ).id  # fmt: skip


def beeindig(work: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
    """End it after this day; yesterday when none is given, so that the next request is without. Never later than it was.

    Raises OngeldigeInvoer for a day that can't be, NietGevonden (also for colleagues whom the actor doesn't manage), VersieVerouderd,
    GeenRecht.
    """
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    if not work.actor.may(Waarneming.schrijven.naam):
        raise GeenRecht
    waarneming = work.get(Waarneming, id, versie)
    for gebruiker in (waarneming.afwezige_id, waarneming.vervanger_id):
        _beheerd(work, gebruiker, waarneming.organisatie_id)
    laatste = laatste_dag(work, tot)
    if laatste >= waarneming.tot:
        raise OngeldigeInvoer("Deze waarneming eindigt dan al. Maak een nieuwe om langer door te gaan.", veld="tot")
    waarneming.tot = laatste
    return id


def afwezigen(connection: Connection, gemeente: UUID, vervanger: UUID, op: date) -> tuple[Vervangt, ...]:
    """Whose work this user takes over on this day: each role that the absent one holds then. One statement."""
    w, a = Waarneming.tabel(), Aanstelling.tabel()
    own = and_(a.c.gemeente_id == w.c.gemeente_id, a.c.gebruiker_id == w.c.afwezige_id, a.c.organisatie_id == w.c.organisatie_id)
    rows = connection.execute(
        select(w.c.afwezige_id, a.c.organisatie_id, a.c.rol)
        .select_from(w.join(a, and_(own, telt(a, op))))
        .where(w.c.vervanger_id == vervanger, w.c.gemeente_id == gemeente, waar_geldig(w, op))
    )
    return tuple(Vervangt(row.afwezige_id, row.organisatie_id, row.rol) for row in rows)


def _keur_dagen(work: Work, van: date, tot: date) -> None:
    if van < work.actor.vandaag:
        raise OngeldigeInvoer("Een waarneming begint op zijn vroegst vandaag. Kies een latere eerste dag.", veld="van")
    keur_volgorde(van, tot)
    if tot - van > LANGST:
        raise OngeldigeInvoer("Een waarneming duurt hoogstens een jaar. Kies een eerdere laatste dag.", veld="tot")


def _rollen(work: Work, gebruiker: UUID, organisatie: UUID, op: date) -> set[str]:
    return {a.rol for a in _beheerd(work, gebruiker, organisatie) if geldig(a, op)}


def _beheerd(work: Work, gebruiker: UUID, organisatie: UUID) -> list[Aanstelling]:
    """The employments of a colleague at this organisation. Raises NietGevonden when the actor manages none of them.

    Who leads a team manages that team; who manages users, the organisation.
    """
    found = work.reader.by_key(Aanstelling, ("organisatie_id", "team_id", "rol", "van", "tot"), "gebruiker_id", [gebruiker])
    here = [a for a in found if a.organisatie_id == organisatie]
    own = work.actor.may(GEBRUIKERS_BEHEREN.naam)
    if not any(own or (a.team_id in work.actor.teams and loopt(a, work.actor.vandaag)) for a in here):
        raise NietGevonden
    return here


def _nog_niet(work: Work, afwezige: UUID, vervanger: UUID, organisatie: UUID, van: date, tot: date) -> None:
    for een in work.reader.by_key(Waarneming, ("afwezige_id", "organisatie_id", "van", "tot"), "vervanger_id", [vervanger]):
        if (een.afwezige_id, een.organisatie_id) == (afwezige, organisatie) and overlapt(een, Periode(van, tot)):
            raise OngeldigeInvoer("Deze waarneming is er al. Beëindig die eerst, of kies een latere eerste dag.", veld="van")
