"""Reading the log, for the auditor (domain.md 3.7): newest first, keyset paged, each statement led by an index.

Viewing the log is itself an event, for the caller to record first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, literal, literal_column, select, tuple_, union

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.termijnen import keur_periode
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.index import tussen_spaties
from wijkwerk.log.partities import plan_voor_waarden
from wijkwerk.log.tables import log_betrokkene, log_regel
from wijkwerk.storage.columns import Tijdstip, Uuid16

MAX_FIRST: Final = 500
MEESTE: Final = 10_000
"""What is counted to: that there are more says enough, and counting all of a log of years takes minutes."""

_CURSOR: Final = attrgetter("cursor")


class Cursor(NamedTuple):
    """The place of a row in the order of `zoek`."""

    tijdstip: datetime
    stroom: UUID
    seq: int

    def sql(self) -> ColumnElement[Any]:
        """To hold these three columns of a row against."""
        return tuple_(literal(self.tijdstip, Tijdstip), literal(self.stroom, Uuid16), literal(self.seq))


class Onder(NamedTuple):
    """A pseudonym that a resident is in the log under, from and until when; None has no bound."""

    pseudoniem: UUID
    van: datetime | None = None
    tot: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogRij:
    """An entry as it was written (`inhoud`: the parsed body), its place in the log, and its hash in the chain."""

    cursor: Cursor
    inhoud: dict[str, Any]
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Zoekvraag:
    """What is looked for: entries of a gemeente (None: of no gemeente) with `van` <= moment < `tot`, to which all that is given applies.

    `personen`: under which pseudonyms the one resident is in the log. `activiteiten`: those that have or had the purpose `doel`: the
    index of activities leads there. Raises OngeldigeInvoer for a period that can't be.
    """

    gemeente: UUID | None
    van: datetime
    tot: datetime
    personen: tuple[Onder, ...] = ()
    gebruiker: UUID | None = None
    organisatie: UUID | None = None
    gebeurtenis: Gebeurtenis | None = None
    resultaat: Resultaat | None = None
    activiteit: str | None = None
    doel: str | None = None
    activiteiten: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keur_periode(self.van, self.tot)


@dataclass(frozen=True, slots=True)
class _Tak:
    """One walk along one index: of a pseudonym, of an activity, or of what the question names itself."""

    van: datetime
    tot: datetime
    pseudoniem: UUID | None = None
    activiteit: str | None = None


def zoek(connection: Connection, vraag: Zoekvraag, *, after: Cursor | None = None, first: int = 50) -> list[LogRij]:
    """At most `first` (1 to 500) entries, newest first, those after the cursor. An entry that names a resident twice is there once.

    One statement for each pseudonym or activity, each in order by its own index. Raises `OngeldigeInvoer` for another `first`.
    """
    if not 1 <= first <= MAX_FIRST:
        raise OngeldigeInvoer(f"Vraag 1 tot en met {MAX_FIRST} regels tegelijk.", veld="first")
    plan_voor_waarden(connection)
    found = [list(_rows(connection, _page(vraag, tak, after).limit(first))) for tak in _takken(vraag)]
    once = (next(same) for _, same in groupby(merge(*found, key=_CURSOR, reverse=True), key=_CURSOR))
    return list(islice(once, first))


def tel(connection: Connection, vraag: Zoekvraag, *, meeste: int = MEESTE) -> int:
    """How many entries there are in all, counted to one more than `meeste`."""
    delen = [_found(vraag, tak).limit(meeste + 1).subquery() for tak in _takken(vraag)]
    if not delen:
        return 0
    plan_voor_waarden(connection)
    samen = union(*(select(deel) for deel in delen)).subquery()
    return int(connection.execute(select(func.count()).select_from(select(samen).limit(meeste + 1).subquery())).scalar_one())


def _takken(vraag: Zoekvraag) -> Iterator[_Tak]:
    if vraag.personen:
        for onder in vraag.personen:
            van, tot = max(vraag.van, onder.van or vraag.van), min(vraag.tot, onder.tot or vraag.tot)
            if van < tot:
                yield _Tak(van, tot, pseudoniem=onder.pseudoniem)
    elif vraag.doel is not None and vraag.activiteit is None:
        yield from (_Tak(vraag.van, vraag.tot, activiteit=code) for code in vraag.activiteiten)
    else:
        yield _Tak(vraag.van, vraag.tot)


def _place(tak: _Tak) -> tuple[FromClause, Sequence[ColumnElement[Any]]]:
    """Period, order and cursor run on the index that is read first: of the person when one is asked, else of the entries."""
    leading = log_regel if tak.pseudoniem is None else log_betrokkene
    return leading, (leading.c.tijdstip, leading.c.stroom, leading.c.seq)


def _found(vraag: Zoekvraag, tak: _Tak) -> Select[Any]:
    leading, place = _place(tak)
    statement = select(*place).where(place[0] >= tak.van, place[0] < tak.tot, *_conditions(vraag, tak))
    if tak.pseudoniem is None:
        return statement
    r, b = log_regel.c, log_betrokkene.c
    same = (r.stroom == b.stroom) & (r.seq == b.seq) & (r.tijdstip == b.tijdstip)
    same &= (r.tijdstip >= tak.van) & (r.tijdstip < tak.tot)  # says nothing new, but of which months PostgreSQL need not look
    return statement.select_from(leading.join(log_regel, same)).where(b.pseudoniem == tak.pseudoniem)


def _page(vraag: Zoekvraag, tak: _Tak, after: Cursor | None) -> Select[Any]:
    _, place = _place(tak)
    statement = _found(vraag, tak).add_columns(log_regel.c.body, log_regel.c.hash).order_by(*(column.desc() for column in place))
    return statement if after is None else statement.where(tuple_(*place) < after.sql())


def _conditions(vraag: Zoekvraag, tak: _Tak) -> Iterator[ColumnElement[bool]]:
    """What is rare has an index of its own, which is used only where the statement says, in so many words, that it is rare."""
    r = log_regel.c
    yield r.gemeente_id == vraag.gemeente
    activiteit = tak.activiteit or vraag.activiteit
    for column, value in ((r.gebruiker, vraag.gebruiker), (r.organisatie, vraag.organisatie), (r.activiteit, activiteit)):
        if value is not None:
            yield column == value
    for rare, chosen, common in ((r.gebeurtenis, vraag.gebeurtenis, Gebeurtenis.LEZEN), (r.resultaat, vraag.resultaat, Resultaat.GESLAAGD)):
        if chosen is not None:
            yield rare == chosen
            if chosen != common:
                yield rare != literal_column(f"'{common}'")
    if vraag.doel is not None:
        yield r.doelen.contains(tussen_spaties([vraag.doel]), autoescape=True)


def _rows(connection: Connection, statement: Select[Any]) -> Iterator[LogRij]:
    for *place, body, hash_ in connection.execute(statement):
        yield LogRij(Cursor(*place), orjson.loads(body), hash_)
