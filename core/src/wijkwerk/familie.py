"""What households, relations, gezag and representation share: who is in reach, one writer at a time, days that can be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import inspect, select

from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.records.geldigheid import keur_volgorde
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import DATUM_ONBEKEND, VROEGSTE_JAAR, Datum
from wijkwerk.storage.columns import among

R = TypeVar("R", bound=Record)
ZIEN = ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "TOEGANG")
VASTLEGGEN = ("WIJKTEAM", "REGISSEUR")
"""The roles that see, and record, with whom a resident lives, who is family and who decides. The system looks whether who looks may."""

JAREN_BEGIN, JAREN_EINDE = 1, 100
"""How many years ahead a period can begin and end; later is a typing error."""


def bereikbaar(work: Work, record: type[Record], personen: Sequence[UUID]) -> dict[UUID, Datum]:
    """The dates of birth of these residents; unknown where the actor may not see it: what is refused must not tell it.

    Also of those whom this unit has just put in. Raises GeenRecht for who may not write `record`, NietGevonden when one of them is
    absent or out of reach.
    """
    if not work.actor.may(record.schrijven.naam):
        raise GeenRecht
    work.flush()
    uniek = list(dict.fromkeys(personen))
    found = {row.id: row.geboortedatum or DATUM_ONBEKEND for row in work.reader.by_key(Persoon, ("geboortedatum",), "id", uniek)}
    if len(found) != len(uniek):
        raise NietGevonden
    return found


def vergrendel(work: Work, personen: Collection[UUID]) -> None:
    """Let one unit of work at a time decide something about these residents: what is read after this is what the others left,
    and what this one wrote before. SQLite has one writer; there this locks nothing more.
    """
    work.flush()
    p = Persoon.tabel()
    rows = select(p.c.id).where(p.c.gemeente_id == work.actor.gemeente, among(p.c.id, "personen")).order_by(p.c.id)
    work.core_connection.execute(rows.with_for_update(key_share=True), {"personen": list(personen)}).all()


def geladen(record: R, *namen: str) -> R:
    """The record. Raises NietGevonden when it names somebody whom the actor may not see: then it is not the actor's to change."""
    if inspect(record).unloaded & set(namen):
        raise NietGevonden
    return record


def keur_periode(work: Work, van: date | None, tot: date | None) -> None:
    """Raises OngeldigeInvoer for a first or last day that can't be."""
    for veld, dag, ahead in (("van", van, JAREN_BEGIN), ("tot", tot, JAREN_EINDE)):
        if dag is not None and not VROEGSTE_JAAR <= dag.year <= work.actor.vandaag.year + ahead:
            raise OngeldigeInvoer("Deze dag kan niet. Controleer het jaar.", veld=veld)
    keur_volgorde(van, tot)
