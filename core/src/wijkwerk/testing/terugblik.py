"""Looking back in tests: what a row was, and what its history tells whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.history import Wijziging
from wijkwerk.records.versions import Versie, history, known_at
from wijkwerk.testing.wijk import Wijk


async def verander(wijk: Wijk, persoon: UUID, versie: int, rol: str = "WIJKTEAM", **velden: Any) -> UUID:
    """A change of these fields of a resident."""
    return await wijk.schrijf(rol, lambda w: wijzig(w, persoon, versie, velden))


async def rijen(wijk: Wijk) -> list[Any]:
    """All that is kept of changes, past every check."""
    w = Wijziging.tabel()
    return list(await wijk.rows(select(w).order_by(w.c.op, w.c.nummer, w.c.id)))


async def versies(wijk: Wijk, id: UUID, record: type[PersonRecord] = Persoon, rol: Any = "WIJKTEAM") -> list[Versie]:
    """The history of a row, newest first, as somebody with this role is told it."""
    found = await wijk.lees(rol, lambda r: history(r, record, [id]))
    return found[id]


def verschillen(versie: Versie) -> dict[str, tuple[Any, Any]]:
    """Per field what a change made of what."""
    return {each.veld: (each.oud, each.nieuw) for each in versie.velden}


async def toen_dit(wijk: Wijk, record: type[PersonRecord], velden: Sequence[str], id: UUID, moment: datetime, rol: Any = "WIJKTEAM") -> Any:
    """A row as it was known at a moment."""
    [row] = await wijk.lees(rol, lambda r: known_at(r, record, velden, [id], moment))
    return row


async def toen(wijk: Wijk, persoon: UUID, moment: datetime, *velden: str, rol: Any = "WIJKTEAM") -> Any:
    """A resident as known at a moment."""
    return await toen_dit(wijk, Persoon, velden, persoon, moment, rol)
