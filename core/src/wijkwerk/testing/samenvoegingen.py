"""Merging and undoing in tests: with the versions as they are now, all rows about residents to compare, and at the same time as others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text

from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.rights.ongedaan import maak_ongedaan
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.testing.wijk import Wijk


async def persoon(wijk: Wijk, id: UUID) -> Any:
    """The row of a resident, past every check."""
    p = Persoon.tabel()
    [row] = await wijk.rows(select(p).where(p.c.id == id))
    return row


async def samen(
    wijk: Wijk, een: UUID, ander: UUID, *, rol: Any = "WIJKTEAM", reden: str = "Zelfde inwoner", kies: tuple[str, ...] = ()
) -> UUID:
    """Merge `ander` into `een`; the id of the merge."""
    versies = ((await persoon(wijk, een)).versie, (await persoon(wijk, ander)).versie)
    return await wijk.schrijf(rol, lambda w: voeg_samen(w, een, ander, versies, reden, kies))


async def ongedaan(wijk: Wijk, samenvoeging: UUID, *, versie: int | None = None, rol: Any = "WIJKTEAM") -> UUID:
    """Undo a merge, in this version of it or in the newest."""
    s = Samenvoeging.tabel()
    [(now,)] = await wijk.rows(select(s.c.versie).where(s.c.id == samenvoeging))
    return await wijk.schrijf(rol, lambda w: maak_ongedaan(w, samenvoeging, versie or now))


async def inhoud(wijk: Wijk) -> dict[str, Any]:
    """Every row of every record about persons, as it is in the database."""
    records = [record for record in wijk.wijkwerk.catalogue.records if issubclass(record, PersonRecord)]
    return {record.__name__: sorted(await wijk.rows(select(record.tabel())), key=lambda row: row.id) for record in records}


_WACHT = text("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")


def wacht_op_een_ander(connection: Connection, keer: int = 5000) -> None:
    """Until somebody waits for this transaction. SQLite lets nobody begin."""
    if connection.dialect.name == "sqlite":
        return
    for _ in range(keer):
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        if connection.execute(_WACHT).scalar():
            return
    raise AssertionError
