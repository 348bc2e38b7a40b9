"""The work of the made-up team: cases, notes and tasks. Each function is one unit of work of one user."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Afhandelreden
from wijkwerk.aanmeldingen.triage import wijs_af
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.afspraken.afspraak import Afspraaksoort
from wijkwerk.afspraken.plannen import maak as maak_afspraak
from wijkwerk.demo import teksten
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Informatiebron, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.records.session import Work
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.voor import Voor


def open_met_verslagen(work: Work, at: int, personen: Sequence[UUID], regisseur: UUID) -> UUID:
    """The `at`-th case: out of the reports about these residents, with one to three notes about the first; every third has one to share."""
    vraag = teksten.VRAGEN[at % len(teksten.VRAGEN)]
    dossier = open_dossier(work, personen, vraag=vraag, regisseur=regisseur, aanmeldingen=_meldingen(work, personen))
    work.flush()
    for n in range(at % 3 + 1):
        tekst = teksten.VERSLAGEN[(at + n) % len(teksten.VERSLAGEN)]
        schrijf(work, dossier, personen[0], Notitiesoort.CONTACTVERSLAG, Inhoud(tekst, Informatiebron.EIGEN_WAARNEMING))
    if at % 3 == 0:
        schrijf(work, dossier, personen[0], Notitiesoort.CONTACTVERSLAG, Inhoud(teksten.DEELBAAR, Informatiebron.INWONER), deelbaar=True)
    if at % 5 == 0:
        schrijf(work, dossier, personen[0], Notitiesoort.BESLUIT, Inhoud(teksten.BESLUIT, Informatiebron.PROFESSIONAL))
    return dossier


def plan_werk(work: Work, at: int, dossier: UUID, persoon: UUID, regisseur: UUID) -> None:
    """What there is to do in the `at`-th case: a task for the team or the casusregisseur, and now and then an appointment."""
    tekst, dagen = teksten.TAKEN[at % len(teksten.TAKEN)], 1 + at % 12
    voor = Voor(regisseur, Partijsoort.GEBRUIKER) if at % 3 == 0 else Voor(work.actor.teams[0], Partijsoort.TEAM)
    if at % 2 == 0:
        maak_taak(work, persoon, voor, kader=dossier, tekst=tekst, werkdagen=dagen)
    if at % 5 == 0:
        begin = begin_van(work.actor.vandaag + timedelta(days=dagen)) + timedelta(hours=10 + at % 6)
        gegevens = {"soort": Afspraaksoort.HUISBEZOEK, "begin": begin, "einde": begin + timedelta(hours=1)}
        maak_afspraak(work, persoon, gegevens, kader=dossier)


def wijs_meldingen_af(work: Work, personen: Sequence[UUID]) -> None:
    """These residents need no case: their reports end, and are still seen for 42 days."""
    for melding in _meldingen(work, personen):
        wijs_af(work, melding, 1, Afhandelreden.GEEN_HULPVRAAG)


def _meldingen(work: Work, personen: Sequence[UUID]) -> list[UUID]:
    return [row.id for row in work.reader.by_key(Aanmelding, (), "persoon_id", personen)]


def strikt(work: Work, dossier: UUID, persoon: UUID) -> UUID:
    """A note for the casusregisseur alone."""
    return schrijf(work, dossier, persoon, Notitiesoort.STRIKT, Inhoud(teksten.STRIKT, Informatiebron.PROFESSIONAL))
