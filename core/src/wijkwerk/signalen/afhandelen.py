"""What is done with a worry: looked into, told to the resident or not, finished (domain.md 9.4)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.dagen import keur_geweest
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.session import Work
from wijkwerk.signalen.signaal import AFGEHANDELD, Signaal, Signaalstatus
from wijkwerk.taken.afronden import laat_vervallen


def onderzoek(work: Work, id: UUID, versie: int) -> UUID:
    """Somebody looks into this new signal. Raises NietGevonden, VersieVerouderd, GeenRecht, OngeldigeInvoer for one that is not new."""
    signaal = work.get(Signaal, id, versie)
    if signaal.status is not Signaalstatus.NIEUW:
        raise OngeldigeInvoer("Dit signaal is al in onderzoek of afgehandeld. Haal het opnieuw op.", veld="signaal")
    signaal.status = Signaalstatus.IN_ONDERZOEK
    return id


def leg_informeren_vast(work: Work, id: UUID, versie: int, *, op: date | None = None, omdat: str | None = None) -> UUID:
    """On which day the resident was told of the signal, or why not (yet): for instance somebody's safety.

    Also after it is finished: who was not told then may be told later. Raises NietGevonden, VersieVerouderd, GeenRecht, and
    OngeldigeInvoer for both or neither, and a day that can't be.
    """
    signaal = work.get(Signaal, id, versie)
    if (op is None) == (omdat is None):
        raise OngeldigeInvoer("Vul de dag in waarop de inwoner het hoorde, of waarom de inwoner dit nog niet weet.", veld="op")
    if op is not None:
        keur_geweest(op, work.actor.vandaag, "op")
        signaal.inwoner_geinformeerd_op = op
    if omdat is not None:
        signaal.niet_geinformeerd_omdat = keur_tekst(omdat, "omdat")
    return id


def rond_af(work: Work, id: UUID, versie: int, status: Signaalstatus, uitkomst: str) -> UUID:
    """Finish a signal that was looked into, with what came of it; the task to look at it lapses.

    Not before somebody has written down that the resident was told, or why not (domain.md 9.4: informed unless safety).
    Raises NietGevonden, VersieVerouderd, GeenRecht, OngeldigeInvoer.
    """
    if status not in AFGEHANDELD:
        raise OngeldigeInvoer("Kies hoe het signaal is afgehandeld: GEEN_ZORG of OPGEPAKT.", veld="status")
    signaal = work.get(Signaal, id, versie)
    if signaal.status is Signaalstatus.NIEUW:
        raise OngeldigeInvoer("Dit signaal is nog niet in onderzoek. Neem het eerst in onderzoek.", veld="signaal")
    if signaal.status is not Signaalstatus.IN_ONDERZOEK:
        raise OngeldigeInvoer("Dit signaal is al afgehandeld. Is er een nieuwe zorg? Meld dan een nieuw signaal.", veld="signaal")
    if signaal.inwoner_geinformeerd_op is None and signaal.niet_geinformeerd_omdat is None:
        raise OngeldigeInvoer("Leg eerst vast of de inwoner dit weet: op welke dag, of waarom nog niet.", veld="signaal")
    signaal.status, signaal.uitkomst, signaal.afgehandeld_op = status, keur_tekst(uitkomst, "uitkomst"), work.actor.moment
    laat_vervallen(work, bron_id=id)
    return id
