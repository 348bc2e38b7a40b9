"""Reading the log, for the auditor (domain.md 3.7): newest first, keyset paged, one indexed statement.

Viewing the log is itself an event, for the caller to record first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Connection, FromClause, Select, literal, select, tuple_

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.tables import log_betrokkene, log_regel
from wijkwerk.storage.columns import Tijdstip, Uuid16

MAX_FIRST: Final = 500


class Cursor(NamedTuple):
    """The place of a row in the order of `zoek`."""

    tijdstip: datetime
    stroom: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class LogRij:
    """An entry as it was written (`inhoud`: the parsed body) and its place in the log."""

    cursor: Cursor
    inhoud: dict[str, Any]


def zoek(
    connection: Connection,
    *,
    gemeente: UUID,
    van: datetime,
    tot: datetime,
    pseudoniem: UUID | None = None,
    gebruiker: UUID | None = None,
    gebeurtenis: Gebeurtenis | None = None,
    resultaat: Resultaat | None = None,
    after: Cursor | None = None,
    first: int = 50,
) -> list[LogRij]:
    """At most `first` (1 to 500) entries of a gemeente with `van` <= moment < `tot`, newest first, those after the cursor.

    Raises `OngeldigeInvoer` for another `first` or an empty period.
    """
    _check(van, tot, first)
    statement = _base(pseudoniem, van, tot, after).where(log_regel.c.gemeente_id == gemeente).limit(first)
    for column, value in ((log_regel.c.gebruiker, gebruiker), (log_regel.c.gebeurtenis, gebeurtenis), (log_regel.c.resultaat, resultaat)):
        if value is not None:
            statement = statement.where(column == value)
    return list(_rows(connection, statement))


def _check(van: datetime, tot: datetime, first: int) -> None:
    if not 1 <= first <= MAX_FIRST:
        raise OngeldigeInvoer(f"Vraag 1 tot en met {MAX_FIRST} regels tegelijk.", veld="first")
    if van.tzinfo is None or tot.tzinfo is None or van >= tot:
        raise OngeldigeInvoer("De periode klopt niet. Geef een begin dat voor het einde ligt, met tijdzone.", veld="tot")


def _base(pseudoniem: UUID | None, van: datetime, tot: datetime, after: Cursor | None) -> Select[Any]:
    """Period, order and cursor run on the index that is read first: of the person when one is asked, else of the entries."""
    order: FromClause = log_regel if pseudoniem is None else log_betrokkene
    place = (order.c.tijdstip, order.c.stroom, order.c.seq)
    statement = select(log_regel.c.body, *place).where(order.c.tijdstip >= van, order.c.tijdstip < tot)
    if pseudoniem is not None:
        same = (log_regel.c.stroom == log_betrokkene.c.stroom) & (log_regel.c.seq == log_betrokkene.c.seq)
        statement = statement.select_from(log_betrokkene.join(log_regel, same)).where(log_betrokkene.c.pseudoniem == pseudoniem)
    if after is not None:
        before = tuple_(literal(after.tijdstip, Tijdstip), literal(after.stroom, Uuid16), literal(after.seq))
        statement = statement.where(tuple_(*place) < before)
    return statement.order_by(*(column.desc() for column in place))


def _rows(connection: Connection, statement: Select[Any]) -> Iterator[LogRij]:
    for body, *place in connection.execute(statement):
        yield LogRij(Cursor(*place), orjson.loads(body))
