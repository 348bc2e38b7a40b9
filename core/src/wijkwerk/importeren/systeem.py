"""Who imports: a user of the system itself, one per municipality, that nobody can sign in as (it has no employment)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, insert, select

from wijkwerk.access.actor import Actor, Functie
from wijkwerk.app import Wijkwerk
from wijkwerk.gebruikers import SYSTEEM, Gebruiker
from wijkwerk.importeren.plek import Plek
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.storage.columns import nieuw_id

_ONDERWERP = "import"
_ROL = "IMPORT"
_ACTIVITEIT = "GEGEVENSIMPORT"


async def systeemgebruiker(wijkwerk: Wijkwerk, plek: Plek) -> UUID:
    """The id of the import's own user in this municipality, made (and logged) at first use.

    Raises IntegrityError when another process makes it at the same moment: then ask again.
    """

    def unit(connection: Connection) -> tuple[UUID, list[Logregel]]:
        found = zoek_systeemgebruiker(connection, plek.gemeente)
        if found is not None:
            return found, []
        made = _maak(connection, plek)
        return made, [_gemaakt(wijkwerk, plek, made)]

    return await wijkwerk.journal.transact(unit)


def zoek_systeemgebruiker(connection: Connection, gemeente: UUID) -> UUID | None:
    """The id of the import's own user, if there is one yet."""
    g = Gebruiker.tabel()
    return connection.execute(
        select(g.c.id).where(g.c.gemeente_id == gemeente, g.c.issuer == SYSTEEM, g.c.onderwerp == _ONDERWERP)
    ).scalar_one_or_none()


def neem_beurt(connection: Connection, actor: Actor) -> None:
    """Imports of one municipality write in turn: wait until no other one does. SQLite has one writer at a time of itself."""
    g = Gebruiker.tabel()
    connection.execute(select(g.c.id).where(g.c.gemeente_id == actor.gemeente, g.c.id == actor.gebruiker).with_for_update()).one()


def als_import(wijkwerk: Wijkwerk, plek: Plek, gebruiker: UUID) -> Actor:
    """The actor of one transaction. With a team it acts in that team, so that the team's own door is the one it writes through."""
    functie = Functie(_ROL, plek.organisatie, plek.team)
    return wijkwerk.toewijzer.actor(gebruiker, plek.gemeente, [functie], _ACTIVITEIT, wijkwerk.klok.nu())


def _maak(connection: Connection, plek: Plek) -> UUID:
    made = nieuw_id()
    connection.execute(
        insert(Gebruiker.tabel()).values(
            id=made, gemeente_id=plek.gemeente, versie=1, verantwoordelijke_id=plek.organisatie, openbaar=False,
            naam="Gegevensimport (systeem)", issuer=SYSTEEM, onderwerp=_ONDERWERP,
        )
    )  # fmt: skip
    return made


def _gemaakt(wijkwerk: Wijkwerk, plek: Plek, made: UUID) -> Logregel:
    return Logregel(
        gebeurtenis=Gebeurtenis.AANMAKEN, actie=Actie.CREATE, resultaat=Resultaat.GESLAAGD, tijdstip=wijkwerk.klok.nu(),
        gemeente=plek.gemeente, gebruiker=made, organisatie=plek.organisatie, activiteit=_ACTIVITEIT, onderdeel="systeemgebruiker",
    )  # fmt: skip
