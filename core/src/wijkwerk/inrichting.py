"""A new municipality in this installation: its keys, its own organisation, and the administrator who does the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, select

from wijkwerk import entries
from wijkwerk.aanstellingen import Plaats, neem_in_dienst
from wijkwerk.access.actor import Aanroep, Actor, Functie
from wijkwerk.errors import OngeldigeInvoer, bij_veld
from wijkwerk.gebruikers import SYSTEEM, Gebruiker
from wijkwerk.log.entry import Gebeurtenis, Logregel
from wijkwerk.organisaties import Organisatie, Organisatiesoort, gemeente, gemeente_voluit, maak_gemeente
from wijkwerk.records.checks import short
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.verwerkingen import werk_bij

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

ONDERDEEL = "gemeente:new"
_CBS = re.compile(r"GM[0-9]{4}")
_BEHEER = "BEHEER"


@dataclass(frozen=True, slots=True)
class Beheerder:
    """The first functional administrator: a name, and who signs in as that (issuer and subject of the token)."""

    naam: str
    issuer: str
    onderwerp: str


async def maak_nieuwe_gemeente(wijkwerk: Wijkwerk, naam: str, cbs_code: str, beheerder: Beheerder) -> UUID:
    """Set a municipality up, in one transaction with its log entry; the id.

    It is done by a user of the system that nobody can sign in as: nobody gives oneself a role (domain.md 9.6). Raises OngeldigeInvoer for
    a name, a code or an administrator that can't be or is there already; then nothing was made.
    """
    with bij_veld("naam"):
        schoon = short(naam, 190)
    if not _CBS.fullmatch(cbs_code):
        raise OngeldigeInvoer("De code van een gemeente is GM en vier cijfers, zoals GM0599. Kijk die na bij het CBS.", veld="code")

    def unit(connection: Connection) -> tuple[UUID, list[Logregel]]:
        _is_nieuw(connection, schoon, cbs_code, beheerder)
        id = nieuw_id()
        maak_gemeente(connection, id, schoon, cbs_code)
        wijkwerk.keyring.prepare(connection, id)
        work = Work(connection, _inrichter(wijkwerk, id), wijkwerk.keyring, wijkwerk.catalogue)
        _richt_in(work, schoon, beheerder)
        work.flush()
        return id, [entries.of_change(work, Gebeurtenis.AANMAKEN, ONDERDEEL, wijkwerk.klok.nu()), *werk_bij(wijkwerk, connection, id)]

    return await wijkwerk.journal.transact(unit)


def _inrichter(wijkwerk: Wijkwerk, gemeente_id: UUID) -> Actor:
    functies, aanroep = [Functie(_BEHEER, nieuw_id())], Aanroep.opdrachtregel()
    return wijkwerk.toewijzer.actor(uuid4(), gemeente_id, functies, None, wijkwerk.klok.nu(), aanroep=aanroep)


def _richt_in(work: Work, naam: str, beheerder: Beheerder) -> None:
    eigen = work.actor.organisatie
    work.add(Organisatie(id=eigen, verantwoordelijke_id=eigen, naam=gemeente_voluit(naam), soort=Organisatiesoort.GEMEENTE))
    work.add(Gebruiker(id=work.actor.gebruiker, naam="Inrichting (systeem)", issuer=SYSTEEM, onderwerp="inrichting"))
    work.flush()
    plaats = Plaats(eigen, _BEHEER, work.actor.vandaag)
    neem_in_dienst(work, beheerder.issuer, beheerder.onderwerp, beheerder.naam, plaats)


def _is_nieuw(connection: Connection, naam: str, cbs_code: str, beheerder: Beheerder) -> None:
    g, u = gemeente.c, Gebruiker.tabel().c
    if connection.execute(select(g.id).where((func.lower(g.naam) == naam.lower()) | (g.cbs_code == cbs_code))).first() is not None:
        raise OngeldigeInvoer("Deze gemeente is er al. Bekijk ze met `wijkwerk gemeente list`.", veld="naam")
    known = select(u.id).where(u.issuer == beheerder.issuer.strip(), u.onderwerp == beheerder.onderwerp.strip())
    if connection.execute(known).first() is not None:
        # who is known in two municipalities gets in to neither (bekenden.py)
        raise OngeldigeInvoer("Deze beheerder is al gebruiker van een andere gemeente. Geef een ander onderwerp (sub).", veld="subject")
