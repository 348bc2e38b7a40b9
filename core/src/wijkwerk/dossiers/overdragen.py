"""Handing a case over to another team: what is offered, what the other team sees beforehand, and what changes when it accepts.

Within a team another casusregisseur is enough (`regisseur.py`). Partners that were coupled in the case, and those with a consent, stay when
it changes hands: the controller, the purpose and the resident's wish are the same, and the help goes on; the new team sees them and may end
them (domain.md 2.3, 4.6).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.register import IDENTITEIT, PLAN_EN_DOELEN, WMO_ONDERZOEK
from wijkwerk.dossiers.deuren import stel_bij
from wijkwerk.dossiers.dossier import Dossier, Dossierstapsoort, leg_stap_vast
from wijkwerk.dossiers.inhanden import InHanden, neem_in_handen, pak
from wijkwerk.dossiers.overdracht import Overdracht, Overdrachtstatus
from wijkwerk.dossiers.regisseur import keur_regisseur
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling, telt
from wijkwerk.organisaties import lopend_team
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.afronden import gedaan, geef_over, laat_vervallen
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.soorten import OVERDRACHT_BEOORDELEN
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.taken.voor import Voor

MINSTENS = (IDENTITEIT.code, PLAN_EN_DOELEN.code)
"""What a team sees at least of a case that it has to decide about: whose it is, and that it is there."""


class OverdrachtAfgehandeld(OngeldigeInvoer):
    """Somebody decided about the offer already."""

    code = "OVERDRACHT_AFGEHANDELD"
    standaard = "Over deze overdracht is al besloten. Bied het dossier opnieuw aan als dat nodig is."


def bied_aan(work: Work, dossier: UUID, versie: int, team: UUID, reden: str, categorieen: Sequence[str] = ()) -> UUID:
    """Offer a case to another team of the same organisation; the id of the offer. That team gets a task, and sees `categorieen` (and always
    `MINSTENS`) at N4 until it decides.

    Raises as `neem_in_handen`, NietGevonden for a team that is not there, OngeldigeInvoer for the own team, a case that is offered already
    or a team in which nobody can decide about it.
    """
    vast, tekst = neem_in_handen(work, dossier, versie), keur_tekst(reden, "reden")
    _keur_team(work, vast.dossier, team)
    codes = work.catalogue.opens(WMO_ONDERZOEK, (*MINSTENS, *categorieen))
    if work.find_any(Overdracht, dossier_id=dossier, status=Overdrachtstatus.AANGEBODEN):
        raise OngeldigeInvoer("Dit dossier is al aangeboden. Trek dat aanbod eerst in.")
    aanbod = work.add(
        Overdracht(
            id=nieuw_id(), persoon_id=vast.dossier.persoon_id, dossier_id=dossier, van_team_id=vast.dossier.team_id, naar_team_id=team,
            categorieen=sorted(codes), status=Overdrachtstatus.AANGEBODEN, reden=tekst, aangeboden_op=work.actor.moment,
            aangeboden_door_id=work.actor.gebruiker,
        )
    )  # fmt: skip
    stel_bij(work, vast)
    voor = Voor(team, Partijsoort.TEAM)
    maak_taak(work, vast.dossier.persoon_id, voor, soort=OVERDRACHT_BEOORDELEN, kader=dossier, bron_id=aanbod.id)
    return aanbod.id


def neem_aan(work: Work, overdracht: UUID, versie: int, regisseur: UUID | None = None) -> UUID:
    """Take over a case that is offered to a team of the actor; the id of the case. Who is let in changes at once: the old team and its
    casusregisseur see nothing of it any more, and all open tasks of people and teams in it are for the new team.

    Raises as `weiger` and `keur_regisseur`.
    """
    vast, aanbod = _aanbod(work, overdracht, versie)
    _keur_partij(work, aanbod.naar_team_id)
    if regisseur is not None:
        keur_regisseur(work, regisseur, aanbod.naar_team_id)
    _besluit(work, aanbod, Overdrachtstatus.AANGENOMEN)
    _taken_klaar(work, overdracht)
    for kader in vast.kaders:
        geef_over(work, kader, _werkers(work, kader), Voor(aanbod.naar_team_id, Partijsoort.TEAM))
    vast.dossier.team_id, vast.dossier.regisseur_id = aanbod.naar_team_id, regisseur
    leg_stap_vast(work, vast.dossier, Dossierstapsoort.OVERGEDRAGEN)
    stel_bij(work, vast)
    return vast.dossier.id


def weiger(work: Work, overdracht: UUID, versie: int, antwoord: str) -> UUID:
    """Refuse a case that is offered, with an answer; the id of the offer. The team sees nothing of the case any more.

    Raises NietGevonden, VersieVerouderd, GeenRecht for who is not of the receiving team, OverdrachtAfgehandeld.
    """
    vast, aanbod = _aanbod(work, overdracht, versie)
    _keur_partij(work, aanbod.naar_team_id)
    aanbod.antwoord = keur_tekst(antwoord, "antwoord")
    _besluit(work, aanbod, Overdrachtstatus.GEWEIGERD)
    _taken_klaar(work, overdracht)
    stel_bij(work, vast)
    return overdracht


def trek_in(work: Work, overdracht: UUID, versie: int) -> UUID:
    """Take an offer back; its id. For the team that has the case. Raises as `weiger`."""
    vast, aanbod = _aanbod(work, overdracht, versie)
    _keur_partij(work, aanbod.van_team_id)
    _besluit(work, aanbod, Overdrachtstatus.INGETROKKEN)
    laat_vervallen(work, bron_id=overdracht)
    stel_bij(work, vast)
    return overdracht


def _aanbod(work: Work, overdracht: UUID, versie: int) -> tuple[InHanden, Overdracht]:
    """The case in hand and its offer, that nobody decided about yet."""
    row = work.reader.one(Overdracht, ("dossier_id",), overdracht)
    if row is None:
        raise NietGevonden
    vast = pak(work, row.dossier_id)
    aanbod = work.get(Overdracht, overdracht, versie)
    if aanbod.status is not Overdrachtstatus.AANGEBODEN:
        raise OverdrachtAfgehandeld
    return vast, aanbod


def _keur_team(work: Work, dossier: Dossier, team: UUID) -> None:
    if lopend_team(work, team).organisatie_id != dossier.verantwoordelijke_id:
        raise OngeldigeInvoer("Dit team is van een andere organisatie. Kies een team van de eigen organisatie.", veld="team")
    if team == dossier.team_id:
        raise OngeldigeInvoer("Dit team heeft het dossier al. Kies een ander team.", veld="team")


def _keur_partij(work: Work, team: UUID) -> None:
    if team not in work.actor.teams:
        raise GeenRecht("Hierover beslist het andere team. Vraag een medewerker van dat team om dit te doen.")


def _besluit(work: Work, aanbod: Overdracht, status: Overdrachtstatus) -> None:
    aanbod.status, aanbod.besloten_op, aanbod.besloten_door_id = status, work.actor.moment, work.actor.gebruiker


def _taken_klaar(work: Work, overdracht: UUID) -> None:
    """The task to decide is done, while the actor still sees it."""
    for taak in work.reader.by_key(Taak, ("versie", "status"), "bron_id", [overdracht]):
        if taak.status is Taakstatus.OPEN:
            gedaan(work, Taak, taak.id, taak.versie)
    work.flush()


def _werkers(work: Work, kader: UUID) -> Collection[UUID]:
    """The users and teams who have something to do in this case; not partners, nor who works at one alone: they go on."""
    t, a, eigen = Taak.tabel(), Aanstelling.tabel(), work.actor.organisatie
    werk = select(a.c.id).where(a.c.gemeente_id == t.c.gemeente_id, a.c.gebruiker_id == t.c.voor_id, telt(a, work.actor.vandaag))
    van = select(t.c.voor_id).where(
        t.c.gemeente_id == work.actor.gemeente, t.c.kader_id == kader, t.c.status == Taakstatus.OPEN,
        t.c.voor_soort != Partijsoort.ORGANISATIE,
        exists(werk.where(a.c.organisatie_id == eigen)) | ~exists(werk.where(a.c.organisatie_id != eigen)),
    )  # fmt: skip
    return set(work.core_connection.execute(van).scalars())
