"""Rows that are found by the words of their names: kept in the transaction that writes the names, whichever service writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, and_, bindparam, delete, exists, func, insert, select

from wijkwerk.records.types.sorteren import vindwoorden
from wijkwerk.storage.columns import Uuid16, among
from wijkwerk.storage.insert import insert_absent

if TYPE_CHECKING:
    from wijkwerk.records.declare import Record

_BATCH = 2_000
_LOCK = 0x57696A6B776F
"""PostgreSQL advisory lock of who takes words away. On SQLite there is one writer."""
Paar = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Woordregister:
    """How the rows of a record are found by words: of which columns, and where the words are kept.

    `guard`: the column whose level says who may search. `termen` has (gemeente_id, term, persoon_id), `woorden` each word once.
    """

    velden: tuple[str, ...]
    guard: str
    termen: Table
    woorden: Table


def register_of(record: type[Record]) -> Woordregister:
    """How the rows of this record are found by words. Raises TypeError for a record whose rows are not."""
    if record.woordregister is None:
        raise TypeError(f"{record.__name__} is not found by words: it declares no woordregister")
    return record.woordregister


def bijwerken(connection: Connection, record: type[Record], gemeente: UUID, ids: Collection[UUID]) -> set[str]:
    """Make the words of these rows those of their names as they stand in the database now; a row that is gone has none. The new words.

    `Work.flush` calls it for what was written through it. Who writes names with SQL of its own calls it too.
    """
    register, rijen = register_of(record), {"gemeente": gemeente, "sleutels": sorted(ids)}
    nu = {
        (row[0], woord)
        for row in connection.execute(_namen(record).where(among(record.tabel().c.id, "sleutels")), rijen)
        for woord in _woorden(row[1:])
    }
    t = register.termen.c
    bekend = select(t.persoon_id, t.term).where(t.gemeente_id == _GEMEENTE, among(t.persoon_id, "sleutels"))
    was = {(row[0], row[1]) for row in connection.execute(bekend, rijen)}
    if was - nu:
        _om_de_beurt(connection)
    _erbij(connection, register, gemeente, nu - was)
    _eraf(connection, register, gemeente, was - nu)
    return {woord for _, woord in nu - was}


def ruim_op(connection: Connection, register: Woordregister, gemeente: UUID, woorden: Collection[str] | None = None) -> None:
    """Take words away that nobody has any more: of these, or (None) of all. What others add at the same time is waited for."""
    w, t = register.woorden.c, register.termen.c
    gebruikt = exists(select(t.term).where(t.gemeente_id == w.gemeente_id, t.term == w.woord))
    found = select(w.woord).where(w.gemeente_id == gemeente, ~gebruikt).order_by(w.woord).with_for_update(of=register.woorden)
    values: dict[str, Any] = {}
    if woorden is not None:
        found, values = found.where(among(w.woord, "woorden")), {"woorden": sorted(woorden)}
    leeg = list(connection.execute(found, values).scalars())
    if leeg:
        # asked again: who added one of them while this waited has committed now
        weg = delete(register.woorden).where(w.gemeente_id == gemeente, among(w.woord, "woorden"), ~gebruikt)
        connection.execute(weg, {"woorden": leeg})


def herbouw(connection: Connection, record: type[Record], gemeente: UUID) -> int:
    """Make all words of a municipality anew from the names; how many rows have names. For after a migration or a load with SQL."""
    register, aantal, na = register_of(record), 0, UUID(int=0)
    connection.execute(delete(register.termen).where(register.termen.c.gemeente_id == gemeente))
    id = record.tabel().c.id
    stuk = _namen(record).where(id > bindparam("na", type_=Uuid16())).order_by(id).limit(_BATCH)
    while rows := connection.execute(stuk, {"gemeente": gemeente, "na": na}).all():
        _erbij(connection, register, gemeente, {(row[0], woord) for row in rows for woord in _woorden(row[1:])})
        aantal, na = aantal + len(rows), rows[-1][0]
    ruim_op(connection, register, gemeente)
    return aantal


_GEMEENTE = bindparam("gemeente", type_=Uuid16())


def _namen(record: type[Record]) -> Select[Any]:
    table = record.tabel()
    return select(table.c.id, *[table.c[name] for name in register_of(record).velden]).where(table.c.gemeente_id == _GEMEENTE)


def _woorden(namen: Iterable[str | None]) -> set[str]:
    return {woord for naam in namen if naam for woord in vindwoorden(naam)}


def _erbij(connection: Connection, register: Woordregister, gemeente: UUID, paren: Collection[Paar]) -> None:
    """Words before terms, both sorted, so that two who write the same words wait for each other and never both."""
    if not paren:
        return
    _houd(connection, register, gemeente, {woord for _, woord in paren})
    termen = [{"gemeente_id": gemeente, "term": woord, "persoon_id": id} for woord, id in sorted((woord, id) for id, woord in paren)]
    connection.execute(insert(register.termen), termen)


def _houd(connection: Connection, register: Woordregister, gemeente: UUID, woorden: Collection[str]) -> None:
    """Make these words, and keep others from taking one away before it is used: what was there just now may be gone a moment later."""
    w, missing = register.woorden.c, set(woorden)
    there = select(w.woord).where(w.gemeente_id == gemeente, among(w.woord, "woorden")).order_by(w.woord)
    held = there.with_for_update(read=True, key_share=True)
    while missing:
        insert_absent(connection, register.woorden, [{"gemeente_id": gemeente, "woord": woord} for woord in sorted(missing)])
        missing -= set(connection.execute(held, {"woorden": sorted(missing)}).scalars())


def _om_de_beurt(connection: Connection) -> None:
    """Who takes words away does so one after another: of two who each add what the other takes away, neither could go on."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _eraf(connection: Connection, register: Woordregister, gemeente: UUID, paren: Collection[Paar]) -> None:
    if not paren:
        return
    t = register.termen.c
    eraf = and_(t.gemeente_id == gemeente, t.persoon_id == bindparam("rij"), t.term == bindparam("woord"))
    connection.execute(delete(register.termen).where(eraf), [{"rij": id, "woord": woord} for id, woord in sorted(paren)])
    ruim_op(connection, register, gemeente, {woord for _, woord in paren})
