"""Many rows into a database in one go: COPY on PostgreSQL, one prepared statement on SQLite. Past every check; made-up rows only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Date, Table, text
from sqlalchemy.util.concurrency import await_only

from ..storage.base import Database
from ..storage.columns import Tijdstip, Uuid16
from ..storage.sqlite_file import driver

Rij = Mapping[str, Any]
_ENGINE_TYPES = (Uuid16, Tijdstip, Date)
"""What the engines hold in different ways; everything else must be given as it is stored."""


async def laad(
    database: Database, stukken: Iterable[Mapping[Table, Sequence[Rij]]], *, meld: Callable[[int], None] = lambda _: None
) -> None:
    """Put the rows in, in one transaction, without looking at foreign keys one by one; then ANALYZE. `meld` hears how many rows are in.

    The indexes of the tables are made after the rows: far quicker. On SQLite the foreign keys are checked at the end.
    """
    await database.administer(lambda connection: _laad(connection, stukken, meld))
    await database.transact(lambda connection: connection.execute(text("ANALYZE")) and None)


def _laad(connection: Connection, stukken: Iterable[Mapping[Table, Sequence[Rij]]], meld: Callable[[int], None]) -> None:
    schrijf = _PREPARED[connection.dialect.name](connection)
    tabellen: dict[str, Table] = {}
    aantal = 0
    for stuk in stukken:
        for tabel, rijen in stuk.items():
            if tabel.name not in tabellen:
                tabellen[tabel.name] = tabel
                _zonder_indexen(connection, tabel)
            schrijf(tabel, rijen)
            aantal += len(rijen)
        meld(aantal)
    for tabel in tabellen.values():
        for index in tabel.indexes:
            index.create(connection)


def _zonder_indexen(connection: Connection, tabel: Table) -> None:
    for index in tabel.indexes:
        index.drop(connection)


def _kolommen(rijen: Sequence[Rij]) -> list[str]:
    return list(dict.fromkeys(naam for rij in rijen for naam in rij))


def _waarden(connection: Connection, tabel: Table, kolommen: Sequence[str], rijen: Sequence[Rij]) -> list[tuple[Any, ...]]:
    reeksen = [_reeks(connection, tabel, naam, rijen) for naam in kolommen]
    return list(zip(*reeksen, strict=True))


def _reeks(connection: Connection, tabel: Table, kolom: str, rijen: Sequence[Rij]) -> list[Any]:
    soort = tabel.c[kolom].type
    to_driver = soort.dialect_impl(connection.dialect).bind_processor(connection.dialect) if isinstance(soort, _ENGINE_TYPES) else None
    if to_driver is None:
        return [rij.get(kolom) for rij in rijen]
    # the same municipality, party or resident row after row: most of the time of loading would go into turning it into bytes again
    quick = lru_cache(maxsize=4096)(to_driver)
    return [quick(rij.get(kolom)) for rij in rijen]


def _to_postgres(connection: Connection) -> Callable[[Table, Sequence[Rij]], None]:
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    raw: Any = connection.connection.driver_connection

    def schrijf(tabel: Table, rijen: Sequence[Rij]) -> None:
        kolommen = _kolommen(rijen)
        await_only(raw.copy_records_to_table(tabel.name, records=_waarden(connection, tabel, kolommen, rijen), columns=kolommen))

    return schrijf


def _to_sqlite(connection: Connection) -> Callable[[Table, Sequence[Rij]], None]:
    raw = driver(connection)
    raw.execute("PRAGMA cache_size=-1000000")

    def schrijf(tabel: Table, rijen: Sequence[Rij]) -> None:
        kolommen = _kolommen(rijen)
        marks = ", ".join("?" * len(kolommen))
        statement = f"INSERT INTO {tabel.name} ({', '.join(kolommen)}) VALUES ({marks})"  # noqa: S608 - names of our own tables
        raw.executemany(statement, _waarden(connection, tabel, kolommen, rijen))

    return schrijf


_PREPARED = {"postgresql": _to_postgres, "sqlite": _to_sqlite}
