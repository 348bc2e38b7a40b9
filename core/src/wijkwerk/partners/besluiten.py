"""What a partner does with a referral: accepts it, declines it, has finished. The system writes it, and opens and ends what follows.

A partner writes nothing in the municipality's file (domain.md 9.6): its user is in the row as who decided, and both stand in the log, each
with what they did, under one trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.betrokkenheden import herzie_deuren
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.familie import vergrendel
from wijkwerk.partners.deuren import van_verwijzing
from wijkwerk.partners.verwijzen import VerwijzingAfgehandeld
from wijkwerk.partners.verwijzing import VERWIJZING_BESLUITEN, Eindreden, Verwijzing, Verwijzingstatus
from wijkwerk.post.notificeren import notificeer
from wijkwerk.post.soorten import VERWIJZING_BESLOTEN
from wijkwerk.records.gegevens import keur_tekst, tekst_of_niets
from wijkwerk.records.session import Change, Work
from wijkwerk.systeem import TOEGANG, vervolg_als


@dataclass(frozen=True, slots=True)
class _TerHand:
    """A referral as the system holds it, and who at the municipality hears what came of it."""

    systeem: Work
    verwijzing: Verwijzing
    gemeente: UUID
    regisseur: UUID


def neem_aan(work: Work, verwijzing: UUID, versie: int, antwoord: str | None = None) -> UUID:
    """Accept a referral: the partner sees what it names, in its purpose, until its last day; its id.

    Raises GeenRecht, NietGevonden for a referral to somebody else, VersieVerouderd, VerwijzingAfgehandeld, OngeldigeInvoer.
    """
    tekst = tekst_of_niets(antwoord, "antwoord")
    vast = _ter_hand(work, verwijzing, versie, Verwijzingstatus.AANGEBODEN)
    _besluit(work, vast.verwijzing, Verwijzingstatus.AANGENOMEN, tekst)
    _sluit_af(vast)
    return verwijzing


def weiger(work: Work, verwijzing: UUID, versie: int, antwoord: str) -> UUID:
    """Decline a referral, with an answer: the partner sees nothing of it any more. Raises as `neem_aan`."""
    tekst = keur_tekst(antwoord, "antwoord")
    vast = _ter_hand(work, verwijzing, versie, Verwijzingstatus.AANGEBODEN)
    _besluit(work, vast.verwijzing, Verwijzingstatus.GEWEIGERD, tekst)
    _sluit_af(vast)
    return verwijzing


def rond_af(work: Work, verwijzing: UUID, versie: int, antwoord: str | None = None) -> UUID:
    """The partner has finished: it sees nothing of the resident by this referral any more. Raises as `neem_aan`."""
    tekst = tekst_of_niets(antwoord, "antwoord")
    vast = _ter_hand(work, verwijzing, versie, Verwijzingstatus.AANGENOMEN)
    found = vast.verwijzing
    found.status, found.beeindigd_op, found.eindreden = Verwijzingstatus.BEEINDIGD, work.actor.moment, Eindreden.AFGEROND
    if tekst is not None:
        found.antwoord = tekst
    _sluit_af(vast)
    return verwijzing


def _besluit(work: Work, verwijzing: Verwijzing, status: Verwijzingstatus, antwoord: str | None) -> None:
    verwijzing.status, verwijzing.antwoord = status, antwoord
    verwijzing.besloten_op, verwijzing.besloten_door_id = work.actor.moment, work.actor.gebruiker


def _ter_hand(work: Work, id: UUID, versie: int, moet_zijn: Verwijzingstatus) -> _TerHand:
    """A referral that the actor sees and that is to the actor's organisation, locked: who withdraws it waits, or was first."""
    if not work.actor.may(VERWIJZING_BESLUITEN.naam):
        raise GeenRecht
    if (gezien := work.reader.one(Verwijzing, ("organisatie_id",), id)) is None or gezien.organisatie_id != work.actor.organisatie:
        raise NietGevonden
    van = _waar(work, id)
    systeem = vervolg_als(work, TOEGANG, van.verantwoordelijke_id, van.team_id)
    vergrendel(systeem, {van.persoon_id})
    verwijzing = systeem.get(Verwijzing, id, versie)
    # one whose last day is over can still be seen, by another referral in the same case
    if verwijzing.status is not moet_zijn or verwijzing.tot < work.actor.vandaag:
        raise VerwijzingAfgehandeld
    work.changes.add(Change.CHANGED)
    return _TerHand(systeem, verwijzing, van.verantwoordelijke_id, van.regisseur_id or van.aangeboden_door_id)


def _sluit_af(vast: _TerHand) -> None:
    """The doors follow, and the casusregisseur hears of it."""
    herzie_deuren(vast.systeem, Bron.VERWIJZING, vast.verwijzing.id, van_verwijzing(vast.systeem, vast.verwijzing))
    notificeer(
        vast.systeem, vast.regisseur, vast.gemeente, VERWIJZING_BESLOTEN.code, over_soort=Verwijzing.__name__, over_id=vast.verwijzing.id
    )


def _waar(work: Work, id: UUID) -> Any:
    """Whose case a referral is from. Read past the scope: the partner sees nothing of the case."""
    v, d = Verwijzing.tabel(), Dossier.tabel()
    found = select(v.c.persoon_id, v.c.aangeboden_door_id, d.c.team_id, d.c.regisseur_id, d.c.verantwoordelijke_id)
    found = found.join(d, (d.c.id == v.c.dossier_id) & (d.c.gemeente_id == v.c.gemeente_id))
    return work.core_connection.execute(found.where(v.c.gemeente_id == work.actor.gemeente, v.c.id == id)).one()
