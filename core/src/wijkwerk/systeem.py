"""The system itself as an actor: a user per kind of work and municipality, that nobody can sign in as (it has no employment)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from wijkwerk.access.actor import Aanroep, Actor, Functie
from wijkwerk.errors import GeenRecht, VersieVerouderd
from wijkwerk.gebruikers import SYSTEEM, Gebruiker
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.organisaties import Organisatie
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

T = TypeVar("T")

POGINGEN: Final = 5
BEURT_SECONDEN: Final = 0.11
"""Between two transactions on SQLite: another process that waits for the file looks again every 0.1 s at most."""


@dataclass(frozen=True, slots=True)
class Systeemrol:
    """What the system acts as: a role for the system alone, under an activity of its own (design.md 1, idea 2)."""

    onderwerp: str
    naam: str
    rol: str
    activiteit: str


IMPORT = Systeemrol("import", "Gegevensimport (systeem)", "IMPORT", "GEGEVENSIMPORT")
JOBS = Systeemrol("jobs", "Gepland werk (systeem)", "JOBS", "GEPLAND_WERK")
TOEGANG = Systeemrol("toegang", "Toegang bewaken (systeem)", "TOEGANG", "TOEGANG_BEWAKEN")
SIGNALEN = Systeemrol("signalen", "Signalen van partners (systeem)", "SIGNALEN", "SIGNALEN_AANNEMEN")


async def systeemgebruiker(wijkwerk: Wijkwerk, als: Systeemrol, gemeente: UUID, organisatie: UUID) -> UUID:
    """The id of this user in this municipality, made (and logged) at first use. `organisatie`: the municipality as an organisation.

    Raises IntegrityError when another process makes it at the same moment: then ask again (`nogmaals`).
    """

    def unit(connection: Connection) -> tuple[UUID, list[Logregel]]:
        found = zoek_systeemgebruiker(connection, als, gemeente)
        if found is not None:
            return found, []
        made = _maak(connection, als, gemeente, organisatie)
        return made, [_gemaakt(wijkwerk, als, gemeente, organisatie, made)]

    return await wijkwerk.journal.transact(unit)


def zoek_systeemgebruiker(connection: Connection, als: Systeemrol, gemeente: UUID) -> UUID | None:
    """The id of this user, if there is one yet."""
    g = Gebruiker.tabel()
    return connection.execute(
        select(g.c.id).where(g.c.gemeente_id == gemeente, g.c.issuer == SYSTEEM, g.c.onderwerp == als.onderwerp)
    ).scalar_one_or_none()


def als_systeem(wijkwerk: Wijkwerk, als: Systeemrol, gebruiker: UUID, gemeente: UUID, organisatie: UUID, team: UUID | None = None) -> Actor:
    """The actor of one transaction of a command. With a team it acts in that team, so that the team's own door is the one it writes
    through."""
    functie, aanroep = Functie(als.rol, organisatie, team), Aanroep.opdrachtregel()
    return wijkwerk.toewijzer.actor(gebruiker, gemeente, [functie], als.activiteit, wijkwerk.klok.nu(), aanroep=aanroep)


def vervolg_als(work: Work, als: Systeemrol, organisatie: UUID, team: UUID | None) -> Work:
    """Go on with this unit of work as the system, in this team of the municipality: what it writes is the municipality's (`Work.als`).

    The user is made in the same transaction at first use. Raises GeenRecht when there is no policy to say what the system may do.
    """
    if work.toewijzer is None:
        raise GeenRecht
    connection, gemeente = work.core_connection, work.actor.gemeente
    gebruiker = zoek_systeemgebruiker(connection, als, gemeente) or _eenmaal(connection, als, gemeente, organisatie)
    actor = work.toewijzer.actor(
        gebruiker, gemeente, [Functie(als.rol, organisatie, team)], als.activiteit, work.actor.moment, aanroep=work.actor.aanroep.onder()
    )
    return work.als(actor)


async def nogmaals(poging: Callable[[], Awaitable[T]]) -> T:
    """Again when another process wrote the same at the same moment (a BSN, the system user): the next time it is found."""
    for _ in range(POGINGEN - 1):
        try:
            return await poging()
        except (VersieVerouderd, IntegrityError):
            continue
    return await poging()


async def laat_voorgaan(wijkwerk: Wijkwerk) -> None:
    """Between two transactions of long work: let others have their turn."""
    await asyncio.sleep(BEURT_SECONDEN if wijkwerk.database.dialect == "sqlite" else 0)


def _eenmaal(connection: Connection, als: Systeemrol, gemeente: UUID, organisatie: UUID) -> UUID:
    """The id of this user, made unless another transaction was first: one at a time for the municipality."""
    o = Organisatie.tabel()
    own = select(o.c.id).where(o.c.gemeente_id == gemeente, o.c.id == organisatie)
    connection.execute(own.with_for_update(key_share=True)).one()
    return zoek_systeemgebruiker(connection, als, gemeente) or _maak(connection, als, gemeente, organisatie)


def _maak(connection: Connection, als: Systeemrol, gemeente: UUID, organisatie: UUID) -> UUID:
    made = nieuw_id()
    connection.execute(
        insert(Gebruiker.tabel()).values(
            id=made, gemeente_id=gemeente, versie=1, verantwoordelijke_id=organisatie, openbaar=False, naam=als.naam, issuer=SYSTEEM,
            onderwerp=als.onderwerp,
        )
    )  # fmt: skip
    return made


def _gemaakt(wijkwerk: Wijkwerk, als: Systeemrol, gemeente: UUID, organisatie: UUID, made: UUID) -> Logregel:
    return Logregel(
        gebeurtenis=Gebeurtenis.AANMAKEN, actie=Actie.CREATE, resultaat=Resultaat.GESLAAGD, tijdstip=wijkwerk.klok.nu(),
        gemeente=gemeente, gebruiker=made, organisatie=organisatie, activiteit=als.activiteit, onderdeel="systeemgebruiker",
        details={"kanaal": "opdrachtregel"},
    )  # fmt: skip
