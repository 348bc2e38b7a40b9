"""What comes of a report: looked at, followed up by a case, or ended without one and opened again (domain.md 9.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelden import keur_melding
from wijkwerk.aanmeldingen.aanmelding import INVOER, OPEN, ZONDER_VERVOLG, Aanmelding, Aanmeldstatus, Afhandelreden
from wijkwerk.aanmeldingen.deuren import stel_bij
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import heeft_rol
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.organisaties import lopende_organisatie
from wijkwerk.records.gegevens import keur_toelichting, niet_leeg, zet
from wijkwerk.records.session import Work
from wijkwerk.signalen.signaal import wacht_nog
from wijkwerk.taken.afronden import laat_vervallen


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change what was said of an open report (fields of `aanmelding.INVOER`): what was not asked at first is asked later.

    Raises NietGevonden (also for a reporting resident out of reach), VersieVerouderd, GeenRecht, OngeldigeInvoer.
    """
    if leeg := [name for name, value in gegevens.items() if value is None and name in INVOER and not Aanmelding.tabel().c[name].nullable]:
        raise niet_leeg(leeg[0])
    zet(_open(work, id, versie), keur_melding(gegevens), INVOER)
    return id


def neem_in_behandeling(work: Work, id: UUID, versie: int, behandelaar: UUID | None = None) -> UUID:
    """Somebody looks at this open report: the actor, or a colleague who may do that in the same team today. Raises as `wijs_af`."""
    melding = _open(work, id, versie)
    wie = behandelaar or work.actor.gebruiker
    if wie != work.actor.gebruiker and not _werkt_in(work, wie, melding.team_id):
        raise OngeldigeInvoer("Deze medewerker werkt vandaag niet in het team van deze melding. Kies een collega.", veld="behandelaar")
    melding.status, melding.behandelaar_id = Aanmeldstatus.IN_BEHANDELING, wie
    return id


def wijs_af(work: Work, id: UUID, versie: int, reden: Afhandelreden, toelichting: str | None = None) -> UUID:
    """No case comes of this report. The team sees it for 42 days more, in which it can be opened again (domain.md 4.1 no. 3.3.1).

    Raises NietGevonden, VersieVerouderd, GeenRecht, and OngeldigeInvoer for a report that has ended or has a signal that waits,
    and for a reason without the words it needs.
    """
    _zonder_vervolg(work, id, versie, Aanmeldstatus.AFGEWEZEN, reden, toelichting)
    return id


def breek_af(work: Work, id: UUID, versie: int, reden: Afhandelreden, toelichting: str | None = None) -> UUID:
    """The first contact ended before anything came of it: for instance the resident stopped. Raises as `wijs_af`."""
    _zonder_vervolg(work, id, versie, Aanmeldstatus.AFGEBROKEN, reden, toelichting)
    return id


def verwijs(work: Work, id: UUID, versie: int, reden: Afhandelreden, toelichting: str | None = None, *, naar: UUID | None = None) -> UUID:
    """The resident is better helped elsewhere: by an organisation of the social map (`naar`), or where `toelichting` says.

    Nothing is sent to anybody. Raises as `wijs_af`, NietGevonden for an organisation that is not there, and OngeldigeInvoer when
    nothing says where.
    """
    if naar is None and toelichting is None:
        raise OngeldigeInvoer("Kies de organisatie, of schrijf in de toelichting waar de inwoner terechtkan.", veld="naar")
    if naar is not None:
        lopende_organisatie(work, naar)
    _zonder_vervolg(work, id, versie, Aanmeldstatus.VERWEZEN, reden, toelichting, naar)
    return id


def heropen(work: Work, id: UUID, versie: int) -> UUID:
    """Go on with a report that ended without a case, within its 42 days; why it had ended stays in the history.

    Raises NietGevonden (also when those days are over), VersieVerouderd, GeenRecht, OngeldigeInvoer for one that is open or has a case.
    """
    melding = work.get(Aanmelding, id, versie)
    if melding.status not in ZONDER_VERVOLG:
        raise OngeldigeInvoer("Alleen een melding die zonder dossier is afgehandeld, kunt u heropenen.", veld="aanmelding")
    melding.status = Aanmeldstatus.NIEUW if melding.behandelaar_id is None else Aanmeldstatus.IN_BEHANDELING
    melding.reden = melding.toelichting = melding.verwezen_naar_id = melding.afgehandeld_op = melding.vervalt_op = None
    stel_bij(work, melding)
    return id


def kreeg_vervolg(work: Work, aanmelding: UUID, dossier: UUID, personen: Collection[UUID]) -> None:
    """A case came from this report: its own door ends, for the case opens what was written within it (`dossiers/deuren.py`).

    Who calls this has put the case in with its doors, those to this report among them. `personen`: whom the case is about.
    Raises NietGevonden for a report out of reach, OngeldigeInvoer for one that has ended or is about somebody else, GeenRecht.
    """
    work.flush()  # the report is going to point at the case
    melding = _open(work, aanmelding)
    if melding.persoon_id not in personen:
        raise OngeldigeInvoer("Deze melding gaat over iemand anders. Kies een melding over een inwoner van dit dossier.", veld="aanmelding")
    melding.status, melding.dossier_id, melding.afgehandeld_op = Aanmeldstatus.VERVOLG, dossier, work.actor.moment
    stel_bij(work, melding)


def _open(work: Work, id: UUID, versie: int | None = None) -> Aanmelding:
    """A report that waits for what comes of it. Raises NietGevonden, VersieVerouderd, and OngeldigeInvoer for one that has ended."""
    melding = work.get(Aanmelding, id, versie)
    if melding.status not in OPEN:
        raise OngeldigeInvoer("Deze melding is al afgehandeld. Haal de melding opnieuw op, of heropen haar eerst.", veld="aanmelding")
    return melding


def _werkt_in(work: Work, gebruiker: UUID, team: UUID) -> bool:
    """Whether this user may handle reports of this team today."""
    rollen, actor = Aanmelding.schrijven.rollen, work.actor
    return any(heeft_rol(work.core_connection, actor.gemeente, gebruiker, rol, team, actor.moment) for rol in rollen)


def _zonder_vervolg(
    work: Work,
    id: UUID,
    versie: int,
    status: Aanmeldstatus,
    reden: Afhandelreden,
    toelichting: str | None,
    naar: UUID | None = None,
) -> None:
    """End a report without a case: its door ends by itself when the term is over, and its open tasks lapse now."""
    uitleg = keur_toelichting(reden, toelichting)
    melding = _open(work, id, versie)
    vergrendel(work, [melding.persoon_id])  # a signal that comes in at the same time is waited for
    if wacht_nog(work, [id], [melding.persoon_id]):
        raise OngeldigeInvoer("Bij deze melding wacht nog een signaal. Handel dat eerst af.", veld="aanmelding")
    melding.status, melding.reden, melding.afgehandeld_op = status, reden, work.actor.moment
    melding.verwezen_naar_id, melding.toelichting = naar, uitleg
    melding.vervalt_op = na_termijn(work.actor.vandaag, Aanmelding.retention.termijn)
    stel_bij(work, melding)
    laat_vervallen(work, kader=id)
