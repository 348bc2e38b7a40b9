"""Cases in tests: colleagues in either team, a change of a case in its newest version, and what stands in the tables about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ..access.actor import Actor
from ..access.betrokkenheid import Betrokkenheid
from ..dossiers.dossier import Dossier, Dossierlid, Dossierstap
from ..dossiers.overdracht import Overdracht
from ..gebruikers import Aanstelling, Gebruiker
from ..records.declare import Record
from ..storage.columns import nieuw_id
from ..taken.taak import Taak
from .wijk import Wijk

RECORDS: tuple[type[Record], ...] = (Dossier, Dossierlid, Dossierstap, Overdracht, Betrokkenheid, Taak)
"""What a change of a case may write: unchanged after a refusal."""


async def collega(wijk: Wijk, rol: str, team: UUID) -> UUID:
    """Somebody else with this role in this team; the id of the user."""
    id = nieuw_id()

    def unit(connection: Any) -> None:
        wijk.put(connection, Gebruiker, id=id, naam="collega", issuer="test", onderwerp=id.hex)
        wijk.put(
            connection, Aanstelling, gebruiker_id=id, naam="collega", organisatie_id=wijk.stad, team_id=team, rol=rol, van=date(2026, 1, 1)
        )  # fmt: skip

    await wijk.wijkwerk.database.transact(unit)
    return id


async def rij(wijk: Wijk, record: type[Record], id: UUID) -> Any:
    """A row, past every check."""
    [row] = await wijk.rows(select(record.tabel()).where(record.tabel().c.id == id))
    return row


async def doe(wijk: Wijk, rol: str | Actor, service: Callable[..., UUID], id: UUID, *rest: Any, record: type[Record] = Dossier) -> UUID:
    """Let a service change this case (or offer) in its newest version."""
    versie = (await rij(wijk, record, id)).versie
    return await wijk.schrijf(rol, lambda work: service(work, id, versie, *rest))
