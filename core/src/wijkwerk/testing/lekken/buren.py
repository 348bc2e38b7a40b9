"""The neighbouring municipality: the same rows with the same numbers, other texts, and doors that are wide open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError

from ...access.betrokkenheid import Betrokkenheid
from ...records.declare import Record
from ..wijk import BEGIN, Wijk
from .kanaries import KANARIE


def spiegel(connection: Connection, wijk: Wijk) -> None:
    """Copy every row to the neighbour. What forgets in which municipality it looks finds these."""
    tabellen = {record.__tablename__ for record in wijk.wijkwerk.catalogue.records}
    for table in Record.metadata.sorted_tables:
        if table.name in tabellen:
            for row in connection.execute(select(table).where(table.c.gemeente_id == wijk.gemeente)).mappings().all():
                _zet(connection, table, {naam: _ander(waarde) for naam, waarde in row.items()} | {"gemeente_id": wijk.buurgemeente})


def _zet(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    if table.name == Betrokkenheid.__tablename__:
        row |= {"niveau_tot": 7, "van": BEGIN.replace(year=2020), "tot": None, "kader_id": None, "rol": None}
    try:
        with connection.begin_nested():
            connection.execute(insert(table), row)
    except IntegrityError:
        pass  # it points at a row that comes later, or there can be only one: enough others are there


def _ander(waarde: Any) -> Any:
    if isinstance(waarde, str):
        return KANARIE.sub(lambda found: f"r{found.group()[1:]}", waarde)
    return [_ander(each) for each in waarde] if isinstance(waarde, list) else waarde
