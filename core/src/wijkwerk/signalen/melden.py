"""Taking in a worry about a resident, with who reported it, for who has to look at it (domain.md 9.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import OPEN, Aanmelding
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N6, N7
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus, leden_van
from wijkwerk.dossiers.regisseur import is_regisseur
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.records.gegevens import keur_tekst, tekst_of_niets
from wijkwerk.records.session import Work
from wijkwerk.signalen.signaal import Melder, Signaal, Signaalmelder
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.soorten import SIGNAAL_BEOORDELEN
from wijkwerk.taken.voor import Voor


@dataclass(frozen=True, slots=True, kw_only=True)
class Wie:
    """Who reports a worry, and whether that person wants to stay unknown: then only the casusregisseur of the case sees who it was."""

    soort: Melder
    naam: str | None = None
    bereikbaar: str | None = None
    blijft_onbekend: bool = False
    organisatie: UUID | None = None
    gebruiker: UUID | None = None


def meld(work: Work, kader: UUID, persoon: UUID, inhoud: str, wie: Wie) -> UUID:
    """Record a worry about a resident of a case or open report of the actor, and have it looked at; the id of the signal.

    The casusregisseur gets a task, or else the team. Raises GeenRecht, NietGevonden for a case, report or resident out of reach, and
    OngeldigeInvoer for a case that is closed or a report that has ended, and for what is wrong or missing.
    """
    if not work.actor.may(Signaal.schrijven.naam):
        raise GeenRecht
    # who closes the case, or ends the report, at the same time is waited for: nobody would see the worry behind a door that is closed
    vergrendel(work, [persoon])
    beoordelaar = _beoordelaar(work, kader, persoon)
    return leg_vast(work, kader, persoon, inhoud, _gekeurd(wie), beoordelaar, door=work.actor.gebruiker)


def leg_vast(work: Work, kader: UUID, persoon: UUID, inhoud: str, wie: Wie, beoordelaar: Voor, *, door: UUID | None) -> UUID:
    """Put a signal in with its reporter, and a task for who looks at it; its id. `door`: which colleague recorded it, if one did.

    For services that know that it belongs there. Raises as `meld`.
    """
    signaal = work.add(
        Signaal(
            id=nieuw_id(), persoon_id=persoon, kader_id=kader, ontvangen=work.actor.moment, melder=wie.soort,
            inhoud=keur_tekst(inhoud, "inhoud"), vastgelegd_door_id=door,
        )
    )  # fmt: skip
    # granted: who writes down a name that must stay unknown does not see it again (records/allowed.py)
    work.grant(
        Signaalmelder(
            persoon_id=persoon, kader_id=kader, signaal_id=signaal.id, niveau_vanaf=int(N7 if wie.blijft_onbekend else N6),
            blijft_onbekend=wie.blijft_onbekend, naam=tekst_of_niets(wie.naam, "naam"),
            bereikbaar=tekst_of_niets(wie.bereikbaar, "bereikbaar"), organisatie_id=wie.organisatie, gebruiker_id=wie.gebruiker,
        )
    )  # fmt: skip
    maak_taak(work, persoon, beoordelaar, soort=SIGNAAL_BEOORDELEN, kader=kader, bron_id=signaal.id)
    return signaal.id


def _gekeurd(wie: Wie) -> Wie:
    """Raises OngeldigeInvoer for a reporter who is unknown and named, or is the actor and wants to stay unknown."""
    if wie.soort is Melder.ANONIEM and (wie.naam or wie.bereikbaar):
        raise OngeldigeInvoer("Een anonieme melder heeft geen naam. Laat de naam weg, of kies een andere soort melder.", veld="naam")
    if wie.blijft_onbekend and wie.soort is Melder.PROFESSIONAL and wie.naam is None:
        raise OngeldigeInvoer(
            "Collega's zien wie een signaal vastlegt. Uw eigen naam blijft dus niet onbekend; vul de naam van de melder in.",
            veld="blijft_onbekend",
        )
    return wie


def _beoordelaar(work: Work, kader: UUID, persoon: UUID) -> Voor:
    """Who looks at a signal there: the casusregisseur who works in the team today, or else the team. Raises as `meld`."""
    dossiers = work.reader.by_key(Dossier, ("team_id", "regisseur_id", "status"), "id", [kader])
    return _van_dossier(work, dossiers[0], persoon) if dossiers else _van_aanmelding(work, kader, persoon)


def _van_dossier(work: Work, dossier: Any, persoon: UUID) -> Voor:
    if persoon not in leden_van(work, dossier.id):
        raise NietGevonden
    if dossier.status is Dossierstatus.GESLOTEN:
        raise OngeldigeInvoer("Dit dossier is gesloten. Heropen het dossier, of meld de inwoner opnieuw aan.", veld="kader")
    if dossier.regisseur_id is not None and is_regisseur(work, dossier.regisseur_id, dossier.team_id):
        return Voor(dossier.regisseur_id, Partijsoort.GEBRUIKER)
    return Voor(dossier.team_id, Partijsoort.TEAM)


def _van_aanmelding(work: Work, id: UUID, persoon: UUID) -> Voor:
    aanmelding = work.reader.one(Aanmelding, ("persoon_id", "team_id", "status"), id)
    if aanmelding is None or aanmelding.persoon_id != persoon:
        raise NietGevonden
    if aanmelding.status not in OPEN:
        raise OngeldigeInvoer("Deze melding is afgehandeld. Heropen haar, of kies het dossier dat eruit kwam.", veld="kader")
    return Voor(aanmelding.team_id, Partijsoort.TEAM)
