"""Who imports: the system itself, and one import of a municipality at a time."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk import systeem
from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.importeren.plek import Plek


async def systeemgebruiker(wijkwerk: Wijkwerk, plek: Plek) -> UUID:
    """The id of the import's own user in this municipality. Raises as `systeem.systeemgebruiker`."""
    return await systeem.systeemgebruiker(wijkwerk, systeem.IMPORT, plek.gemeente, plek.organisatie)


def zoek_systeemgebruiker(connection: Connection, gemeente: UUID) -> UUID | None:
    """The id of the import's own user, if there is one yet."""
    return systeem.zoek_systeemgebruiker(connection, systeem.IMPORT, gemeente)


def neem_beurt(connection: Connection, actor: Actor) -> None:
    """Imports of one municipality write in turn: wait until no other one does. SQLite has one writer at a time of itself."""
    g = Gebruiker.tabel()
    connection.execute(select(g.c.id).where(g.c.gemeente_id == actor.gemeente, g.c.id == actor.gebruiker).with_for_update()).one()


def als_import(wijkwerk: Wijkwerk, plek: Plek, gebruiker: UUID) -> Actor:
    """The actor of one transaction. With a team it acts in that team, so that the team's own door is the one it writes through."""
    return systeem.als_systeem(wijkwerk, systeem.IMPORT, gebruiker, plek.gemeente, plek.organisatie, plek.team)
