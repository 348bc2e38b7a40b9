"""What somebody else thinks of a break-glass: once, with reasons, and never by who used it (domain.md 3.6 rules 4 and 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.betrokkenheden import herzie_deuren
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.noodtoegang.deuren import deuren_van
from wijkwerk.noodtoegang.kring import is_eigen, toezicht_van
from wijkwerk.noodtoegang.melden import vertel
from wijkwerk.noodtoegang.noodtoegang import BEOORDELAAR, NOODTOEGANG_BEOORDELEN, Noodoordeel, Noodtoegang
from wijkwerk.noodtoegang.zetten import als_rij, meld_aan_fg, zet
from wijkwerk.post.soorten import NOODTOEGANG_ONTERECHT
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.session import Work
from wijkwerk.systeem import TOEGANG, vervolg_als
from wijkwerk.taken.afronden import laat_vervallen


def beoordeel(work: Work, id: UUID, versie: int, oordeel: Noodoordeel, omdat: str) -> UUID:
    """Say whether a break-glass was justified, and why. One that was not ends at once, and the FG hears that it may be a breach
    (AVG art. 33: 72 hours).

    Raises NietGevonden, VersieVerouderd, OngeldigeInvoer for no reason and for one that was judged, and GeenRecht: for who has not the
    right, used it, stands in for who did, is the resident, or sees it only by break-glass.
    """
    rij = _te_beoordelen(work, id)
    if rij.versie != versie:
        raise VersieVerouderd
    if rij.beoordeeld:
        raise OngeldigeInvoer("Deze noodtoegang is al beoordeeld. Dat gebeurt één keer.", veld="noodtoegang")
    onterecht = oordeel is Noodoordeel.ONTERECHT
    einde = {"tot": work.actor.moment} if onterecht and rij.tot > work.actor.moment else {}
    zet(
        work, id, versie, omdat=keur_tekst(omdat, "omdat"), beoordeeld=True, oordeel=oordeel, beoordeeld_op=work.actor.moment,
        beoordeeld_door_id=work.actor.gebruiker, **einde,
    )  # fmt: skip
    _rond_af(work, id, onterecht=onterecht)
    work.gebeurtenis = Gebeurtenis.NOODTOEGANG_BEOORDEELD
    work.bijzonderheden = {"noodtoegang": id.hex, "oordeel": oordeel.value}
    return id


def _te_beoordelen(work: Work, id: UUID) -> Any:
    """The row, for who may judge it. Raises NietGevonden, GeenRecht."""
    actor = work.actor
    if not actor.may(NOODTOEGANG_BEOORDELEN.naam):
        raise GeenRecht
    if work.kijker.one(Noodtoegang, (), id) is None:
        raise NietGevonden
    rij = als_rij(work, id)  # whole: a field that a policy hides from who judges still says whose it is and that it was judged
    if rij.gebruiker_id in (actor.gebruiker, *actor.vervangt) or is_eigen(work, rij.persoon_id):
        raise GeenRecht("U kunt een eigen noodtoegang niet beoordelen, en ook niet die van wie u vervangt. Dat doet een ander.")
    aangewezen = BEOORDELAAR in actor.rollen and rij.beoordeel_team_id in actor.teams
    if not aangewezen and work.reader.editable(Noodtoegang, id) is None:
        raise GeenRecht("U ziet deze inwoner zelf alleen door noodtoegang. Een ander beoordeelt dit.")
    return rij


def _rond_af(work: Work, id: UUID, *, onterecht: bool) -> None:
    """What follows, in the name of the system: doors, the task, and the FG."""
    systeem = vervolg_als(work, TOEGANG, work.actor.organisatie, None)
    herzie_deuren(systeem, Bron.NOODTOEGANG, id, deuren_van(systeem, als_rij(work, id)))
    laat_vervallen(systeem, bron_id=id)
    if onterecht:
        _meld_lek(systeem, id, work.actor.moment)


def _meld_lek(work: Work, id: UUID, op: datetime) -> None:
    vertel(work, id, NOODTOEGANG_ONTERECHT, toezicht_van(work))
    meld_aan_fg(work, id, op)
