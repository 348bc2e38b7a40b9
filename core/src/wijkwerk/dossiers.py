"""The case: a question of one or more residents, held by a team and a casusregisseur (domain.md 9.1; GGM SociaalTeamDossier)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N4, N6, N7
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import PLAN_EN_DOELEN, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Partij, eigen_team, open_deur
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import heeft_rol
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, reference, sealed, stored_enum, subject
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip, nieuw_id

MAX_LEDEN = 20


class Dossierstatus(StrEnum):
    """Where a case stands."""

    OPEN = "OPEN"
    GESLOTEN = "GESLOTEN"


class Dossier(PersonRecord):
    """Een dossier van het wijkteam over een inwoner of een huishouden."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    kader_kolom = "id"
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Permission("dossier:lezen", "Dossiers zien.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("dossier:schrijven", "Een dossier openen en wijzigen.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("De inwoner om wie het dossier begon")
    team_id: Mapped[UUID] = reference("Welk team het dossier heeft", "team", level=N4)
    regisseur_id: Mapped[UUID | None] = reference("Wie de casusregisseur is", "gebruiker", level=N4)
    status: Mapped[Dossierstatus] = field(
        "Of het dossier open of gesloten is", level=N4, default=Dossierstatus.OPEN, type_=stored_enum(Dossierstatus)
    )
    geopend: Mapped[datetime] = field("Wanneer het dossier is geopend", level=N4, type_=Tijdstip)
    gesloten: Mapped[datetime | None] = field("Wanneer het dossier is gesloten", level=N4, type_=Tijdstip)
    vraag: Mapped[str | None] = sealed("De vraag, in eigen woorden", level=N6)


class Dossierlid(PersonRecord):
    """Een inwoner over wie een dossier gaat."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Dossier.lezen
    schrijven = Dossier.schrijven

    persoon_id: Mapped[UUID] = subject("De inwoner")
    dossier_id: Mapped[UUID] = kader("dossier")
    van: Mapped[datetime] = field("Vanaf wanneer", level=N4, type_=Tijdstip)


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
    _bereikbaar(work, leden)
    dossier = nieuw_id()
    partijen = [Partij(eigen, Partijsoort.TEAM, N6)]
    if regisseur is not None:
        partijen.append(Partij(_regisseur(work, regisseur, eigen), Partijsoort.GEBRUIKER, N7))
    open_deur(work, leden, partijen, doel=WMO_ONDERZOEK.code, bron=Bron.DOSSIER, bron_id=dossier, kader=dossier)
    work.add(Dossier(id=dossier, persoon_id=leden[0], team_id=eigen, regisseur_id=regisseur, geopend=work.actor.moment, vraag=vraag))
    work.flush()
    for persoon in leden:
        work.add(Dossierlid(persoon_id=persoon, dossier_id=dossier, van=work.actor.moment))
    return dossier


def leden_van(work: Work, dossier: UUID) -> list[UUID]:
    """The residents of a case the actor may see. Raises NietGevonden when there are none, or the case is out of reach."""
    rows = work.reader.by_key(Dossierlid, ("persoon_id",), "dossier_id", [dossier])
    leden = list(dict.fromkeys(row.persoon_id for row in rows))  # who was merged out of two members is one
    if not leden:
        raise NietGevonden
    return leden


def _bereikbaar(work: Work, personen: Sequence[UUID]) -> None:
    """Raises NietGevonden. Who is merged away at the same time is waited for: the case would make its own door to that one."""
    vergrendel(work, personen)
    if len(work.reader.by_key(Persoon, (), "id", personen)) != len(personen):
        raise NietGevonden


def _regisseur(work: Work, regisseur: UUID, team: UUID) -> UUID:
    """A casusregisseur holds that role today in the same team (domain.md 9.6) and is appointed by somebody else: N7 opens the BSN."""
    if regisseur == work.actor.gebruiker:
        raise OngeldigeInvoer("Een collega wijst de casusregisseur aan. Vraag een collega het dossier te openen.", veld="regisseur")
    if not heeft_rol(work.core_connection, work.actor.gemeente, regisseur, "REGISSEUR", team, work.actor.moment):
        raise OngeldigeInvoer("Deze medewerker is geen casusregisseur in uw team. Kies een andere casusregisseur.", veld="regisseur")
    return regisseur
