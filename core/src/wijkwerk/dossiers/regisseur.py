"""Who directs a case: one casusregisseur of the team, appointed by somebody else, or none (domain.md 9.6)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.dossiers.deuren import stel_bij
from wijkwerk.dossiers.dossier import Dossierstapsoort, leg_stap_vast
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebruikers import heeft_rol
from wijkwerk.records.session import Work
from wijkwerk.taken.afronden import geef_over
from wijkwerk.taken.voor import Voor


def wijs_regisseur_aan(work: Work, dossier: UUID, versie: int, regisseur: UUID | None) -> UUID:
    """Appoint a casusregisseur, or none; the id of the case. The old one is let in no longer, and the open tasks that were theirs go to the
    new one, or to the team. Who directs it already stays so.

    Raises as `neem_in_handen` and `keur_regisseur`.
    """
    vast = neem_in_handen(work, dossier, versie)
    gevonden, oud = vast.dossier, vast.dossier.regisseur_id
    if regisseur == oud:
        return dossier
    if regisseur is not None:
        keur_regisseur(work, regisseur, gevonden.team_id)
    gevonden.regisseur_id = regisseur
    leg_stap_vast(work, gevonden, Dossierstapsoort.ZONDER_REGISSEUR if regisseur is None else Dossierstapsoort.REGISSEUR_AANGEWEZEN)
    naar = Voor(gevonden.team_id, Partijsoort.TEAM) if regisseur is None else Voor(regisseur, Partijsoort.GEBRUIKER)
    if oud is not None:
        for kader in vast.kaders:
            geef_over(work, kader, [oud], naar)
    stel_bij(work, vast)
    return dossier


def keur_regisseur(work: Work, regisseur: UUID, team: UUID) -> None:
    """A casusregisseur holds that role today in the team of the case and is appointed by somebody else: N7 opens the BSN.

    Raises OngeldigeInvoer.
    """
    if regisseur == work.actor.gebruiker:
        raise OngeldigeInvoer("Een collega wijst de casusregisseur aan. Vraag een collega om dit te doen.", veld="regisseur")
    if not is_regisseur(work, regisseur, team):
        raise OngeldigeInvoer("Deze medewerker is geen casusregisseur in dit team. Kies een andere casusregisseur.", veld="regisseur")


def is_regisseur(work: Work, gebruiker: UUID, team: UUID) -> bool:
    """Whether somebody holds that role in this team today."""
    return heeft_rol(work.core_connection, work.actor.gemeente, gebruiker, "REGISSEUR", team, work.actor.moment)
