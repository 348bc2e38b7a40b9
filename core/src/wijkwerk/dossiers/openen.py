"""Opening a case, and who is let in by it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wijkwerk.betrokkenheden import eigen_team
from wijkwerk.dossiers.deuren import stel_bij
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstapsoort, leg_stap_vast
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import heeft_rol
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

MAX_LEDEN = 20


def open_dossier(
    work: Work, personen: Sequence[UUID], *, vraag: str | None = None, regisseur: UUID | None = None, team: UUID | None = None
) -> UUID:
    """Open a case for a team of the actor, about residents whom the actor may see already; the id of the case.

    The team is let in at N6, the casusregisseur at N7, for WMO_ONDERZOEK and within this case. Raises as `eigen_team`,
    NietGevonden for a resident out of reach, OngeldigeInvoer for no or too many residents.
    """
    eigen = eigen_team(work, team)
    leden = list(dict.fromkeys(personen))
    if not 1 <= len(leden) <= MAX_LEDEN:
        raise OngeldigeInvoer(f"Een dossier gaat over 1 tot {MAX_LEDEN} inwoners.", veld="personen")
    bereikbaar(work, leden)
    if regisseur is not None:
        keur_regisseur(work, regisseur, eigen)
    dossier = Dossier(
        id=nieuw_id(), persoon_id=leden[0], team_id=eigen, regisseur_id=regisseur, geopend=work.actor.moment, vraag=vraag
    )  # fmt: skip
    stel_bij(work, dossier, leden)
    work.add(dossier)
    for persoon in leden:
        work.add(Dossierlid(persoon_id=persoon, dossier_id=dossier.id, van=work.actor.moment))
    leg_stap_vast(work, dossier, Dossierstapsoort.GEOPEND)
    return dossier.id


def bereikbaar(work: Work, personen: Sequence[UUID]) -> None:
    """Raises NietGevonden. Who is merged away at the same time is waited for: the case would make its own door to that one."""
    vergrendel(work, personen)
    if len(work.reader.by_key(Persoon, (), "id", personen)) != len(personen):
        raise NietGevonden


def keur_regisseur(work: Work, regisseur: UUID, team: UUID) -> None:
    """A casusregisseur holds that role today in the same team (domain.md 9.6) and is appointed by somebody else: N7 opens the BSN.

    Raises OngeldigeInvoer.
    """
    if regisseur == work.actor.gebruiker:
        raise OngeldigeInvoer("Een collega wijst de casusregisseur aan. Vraag een collega het dossier te openen.", veld="regisseur")
    if not heeft_rol(work.core_connection, work.actor.gemeente, regisseur, "REGISSEUR", team, work.actor.moment):
        raise OngeldigeInvoer("Deze medewerker is geen casusregisseur in uw team. Kies een andere casusregisseur.", veld="regisseur")
