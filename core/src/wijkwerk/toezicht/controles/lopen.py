"""Walking the log of a period, user by user: all that somebody did is together, in the order of time, and is read in pages.

What is kept in memory does not grow with the log. Who comes next is found in the index of users, and of each user only the period is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.log.partities import plan_voor_waarden
from wijkwerk.log.query import Cursor
from wijkwerk.log.tables import log_regel
from wijkwerk.storage.columns import among
from wijkwerk.toezicht.controles.controle import BLADZIJ, Blik, Regel

V = TypeVar("V")
R: Final = log_regel.c


def aantal_regels(blik: Blik, meeste: int) -> int:
    """How many entries the period has; one more than `meeste` for anything above that."""
    plan_voor_waarden(blik.connection)
    some = select(R.seq).where(R.gemeente_id == blik.gemeente, R.tijdstip >= blik.van, R.tijdstip < blik.tot).limit(meeste + 1)
    return int(blik.connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def gebruikers(blik: Blik, vanaf: UUID | None = None) -> Iterator[UUID]:
    """Who did something, ever, from this one on, in order."""
    return genoemd(blik, R.gebruiker, vanaf)


def genoemd(blik: Blik, kolom: ColumnElement[V], vanaf: V | None = None) -> Iterator[V]:
    """What stands in a column of the log that has an index, each once and in order: one step in the index for each."""
    plan_voor_waarden(blik.connection)
    volgende = select(kolom).where(R.gemeente_id == blik.gemeente).order_by(kolom).limit(1)
    waar = kolom.is_not(None) if vanaf is None else kolom >= vanaf
    while (gevonden := blik.connection.execute(volgende.where(waar)).scalar()) is not None:
        yield gevonden
        waar = kolom > gevonden


def regels_van(blik: Blik, gebruiker: UUID) -> Iterator[Sequence[Regel]]:
    """What a user did in the period, oldest first, page by page."""
    plek: Cursor | None = None
    plan_voor_waarden(blik.connection)
    while True:
        rijen = blik.connection.execute(_statement(blik, gebruiker, plek)).all()
        if rijen:
            yield _regels(blik, gebruiker, rijen)
        if len(rijen) < BLADZIJ:
            return
        plek = Cursor(rijen[-1].tijdstip, rijen[-1].stroom, rijen[-1].seq)


def _regels(blik: Blik, gebruiker: UUID, rijen: Sequence[Row[Any]]) -> list[Regel]:
    inhouden = [orjson.loads(rij.body) for rij in rijen]
    oud = _bronnen(blik, inhouden)
    return [
        Regel(
            Cursor(rij.tijdstip, rij.stroom, rij.seq), gebruiker, inhoud,
            {deur: oud[deur] for deur in _genoemd(inhoud) if deur in oud} | {deur[0]: deur[1] for deur in inhoud.get("toegang", ())},
        )
        for rij, inhoud in zip(rijen, inhouden, strict=True)
    ]  # fmt: skip


def _statement(blik: Blik, gebruiker: UUID, plek: Cursor | None) -> Select[Any]:
    """One lower bound at a time: beside another the place would not be looked up in the index, but walked to."""
    plaats = (R.tijdstip, R.stroom, R.seq)
    if plek is None:
        vanaf: ColumnElement[bool] = R.tijdstip >= blik.van
    else:
        vanaf = tuple_(*plaats) > plek.sql()
    eigen = (R.gemeente_id == blik.gemeente, R.gebruiker == gebruiker, vanaf, R.tijdstip < blik.tot)
    return select(*plaats, R.body).where(*eigen).order_by(*plaats).limit(BLADZIJ)


def _bronnen(blik: Blik, inhouden: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The sources of doors that entries name by number alone, as those of version 1 do: one statement for a page, if there are any."""
    genoemd = {deur for inhoud in inhouden for deur in _genoemd(inhoud) - {each[0] for each in inhoud.get("toegang", ())}}
    if not genoemd:
        return {}
    b = Betrokkenheid.tabel()
    statement = select(b.c.id, b.c.bron).where(b.c.gemeente_id == blik.gemeente, among(b.c.id, "deuren"))
    rijen = blik.connection.execute(statement, {"deuren": [UUID(hex=each) for each in sorted(genoemd)]}).all()
    return {rij.id.hex: rij.bron.value for rij in rijen}


def _genoemd(inhoud: dict[str, Any]) -> set[str]:
    return {deur for betrokkene in inhoud.get("betrokkenen", ()) for getoond in betrokkene["getoond"] for deur in getoond[3]}
