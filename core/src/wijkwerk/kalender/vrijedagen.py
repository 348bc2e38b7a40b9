"""Recording on which days the municipality works otherwise than the law says: terms of its own are counted in its own working days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wijkwerk.errors import GeenRecht, OngeldigeInvoer, bij_veld
from wijkwerk.kalender.dagen import keur_komend
from wijkwerk.kalender.vrijedag import Vrijedag
from wijkwerk.kalender.werkdagen import werkdag_van_de_wet
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id


def leg_vast(work: Work, dag: date, naam: str, *, vrij: bool = True) -> UUID:
    """Record that the municipality is free on a working day, or works on a free one; the id. What was counted before stays as it was.

    Raises GeenRecht, and OngeldigeInvoer for a day that is over, far ahead, recorded already, or so by the law.
    """
    if not work.actor.may(Vrijedag.schrijven.naam):
        raise GeenRecht
    keur_komend(dag, work.actor.vandaag, "dag")
    with bij_veld("dag"):
        if werkdag_van_de_wet(dag) is not vrij:
            raise OngeldigeInvoer("Deze dag is dat al: vrij in het weekend en op feestdagen, anders een werkdag. Controleer de dag.")
    if work.reader.by_key(Vrijedag, (), "dag", [dag]):
        raise OngeldigeInvoer("Voor deze dag is al iets vastgelegd. Verwijder dat eerst.", veld="dag")
    return work.add(Vrijedag(id=nieuw_id(), dag=dag, vrij=vrij, naam=naam)).id


def verwijder(work: Work, id: UUID, versie: int) -> date:
    """Take a recorded day away: it is again what the law says; the day.

    Raises NietGevonden, VersieVerouderd, GeenRecht, and OngeldigeInvoer for a day that is over: terms were counted with it.
    """
    work.gebeurtenis = Gebeurtenis.VERWIJDEREN
    vrijedag = work.get(Vrijedag, id, versie)
    if vrijedag.dag < work.actor.vandaag:
        raise OngeldigeInvoer("Deze dag is voorbij en blijft staan: er zijn termijnen mee geteld.", veld="dag")
    work.delete(vrijedag)
    return vrijedag.dag
