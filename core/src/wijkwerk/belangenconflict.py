"""Conflict of interest: a colleague who is also a resident is hidden from colleagues, and a resident from who stands too close.

Who is shielded sees nothing of the resident, not even that there is one: every way in answers as for somebody who is not known.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, or_, select

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Partijsoort
from wijkwerk.access.levels import N0, N1
from wijkwerk.access.permissions import Permission
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import SYSTEEM, Gebruiker
from wijkwerk.organisaties import Team
from wijkwerk.personen import Persoon
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.geldigheid import open_op, waar_nu
from wijkwerk.records.session import Work

VASTLEGGEN = Permission("belangenconflict:vastleggen", "Een inwoner afschermen voor een medewerker of een team.", ("REGISSEUR",))

_ZELF = (
    "Uzelf of uw eigen team afschermen kan niet: u zou er zelf niet meer bij kunnen. Draag het dossier over, of vraag een andere regisseur."
)


def scherm_af_voor(work: Work, persoon: UUID, partij: UUID, partijsoort: Partijsoort, reden: str) -> UUID:
    """Hide a resident from this user or this whole team, from the next request on; the id of the afscherming.

    Raises GeenRecht, NietGevonden for a resident out of reach and a user or team that is not there, and OngeldigeInvoer without a reason,
    for oneself or the own team, and for who is shielded already.
    """
    _mag(work)
    waarom = keur_tekst(reden, "reden")
    if work.reader.one(Persoon, (), persoon) is None or not _bestaat(work, partij, partijsoort):
        raise NietGevonden
    if partij in work.actor.partijen:
        raise OngeldigeInvoer(_ZELF, veld="partij")
    vergrendel(work, [persoon])
    if _is_afgeschermd(work, persoon, [partij]):
        raise OngeldigeInvoer("Voor deze medewerker of dit team is de inwoner al afgeschermd.", veld="partij")
    found = scherm_af(work, persoon, Afschermsoort.BELANGENCONFLICT, niveau_tot=N0, partij=partij)
    found.reden, found.door_id = waarom, work.actor.gebruiker
    return found.id


def hef_op(work: Work, id: UUID, reden: str) -> UUID:
    """Lift such a shield, with a reason; the id. Who is shielded doesn't see it, so never lifts it.

    Raises GeenRecht, NietGevonden for one out of reach and for afscherming of another kind, and OngeldigeInvoer without a reason or for
    one that is lifted already.
    """
    _mag(work)
    waarom = keur_tekst(reden, "reden")
    found = work.get(Afscherming, id)
    if found.soort is not Afschermsoort.BELANGENCONFLICT:
        raise NietGevonden
    if not open_op(found, work.actor.moment):
        raise OngeldigeInvoer("Deze afscherming is al opgeheven.", veld="id")
    found.tot, found.opgeheven_door_id, found.reden_opheffing = work.actor.moment, work.actor.gebruiker, waarom
    return id


def weggehouden(work: Work, persoon: UUID) -> bool:
    """For core services that find a resident past the actor's scope: whether all of this one is held back from the actor."""
    return _is_afgeschermd(work, persoon, work.actor.partijen, ook_buiten=work.actor.buiten_gemeente)


def _mag(work: Work) -> None:
    if not work.actor.may(VASTLEGGEN.naam):
        raise GeenRecht


def _bestaat(work: Work, partij: UUID, soort: Partijsoort) -> bool:
    """A user (of people) or a team: an organisation is let in or not, never shielded."""
    if soort is Partijsoort.TEAM:
        return work.find_any(Team, id=partij) is not None
    systeem = work.find_any(Gebruiker, id=partij, issuer=SYSTEEM)
    return soort is Partijsoort.GEBRUIKER and systeem is None and work.find_any(Gebruiker, id=partij) is not None


def _is_afgeschermd(work: Work, persoon: UUID, partijen: Collection[UUID], *, ook_buiten: bool = False) -> bool:
    work.flush()
    a = Afscherming.tabel()
    voor = or_(a.c.partij_id.in_(partijen), a.c.partij_id.is_(None)) if ook_buiten else a.c.partij_id.in_(partijen)
    alles = (a.c.gemeente_id == work.actor.gemeente, a.c.persoon_id == persoon, voor, a.c.niveau_tot < int(N1))
    return bool(work.core_connection.execute(select(exists().where(*alles, waar_nu(a, work.actor.moment)))).scalar())
