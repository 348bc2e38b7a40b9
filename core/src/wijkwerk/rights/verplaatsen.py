"""Which rows name a resident, and how they go from one resident to another: it follows from what every plugin declared.

A plugin that declares a record takes part in a merge without knowing of it (peers.md C.10, D 16; docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, UniqueConstraint, and_, exists, insert, or_, select, union, update
from sqlalchemy.exc import IntegrityError

from wijkwerk.dubbelen import Dubbelvermoeden
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.declare import PersonRecord, Record, kader_of, subject_of
from wijkwerk.records.session import Work
from wijkwerk.rights.samenvoeging import samenvoegstap


class SamenvoegenKanNiet(OngeldigeInvoer):
    """The two files can't become one (or two again) as they stand; the message says what to do first."""

    code = "SAMENVOEGEN_KAN_NIET"


@dataclass(frozen=True, slots=True)
class Kolom:
    """A column that names a resident."""

    record: type[PersonRecord]
    naam: str

    @property
    def van_onderwerp(self) -> bool:
        """Whether it says whose row it is; else it names another person in the row."""
        return self.naam == subject_of(self.record)


@dataclass(frozen=True, slots=True)
class Verplaatst:
    """A row that now names another resident: whose row it is (after that)."""

    rij: UUID
    van: UUID


def personenrecords(records: Iterable[type[Record]]) -> tuple[type[PersonRecord], ...]:
    """Every declared record about persons, rows that others point to first."""
    order = {table.name: at for at, table in enumerate(Record.metadata.sorted_tables)}
    found = (record for record in records if issubclass(record, PersonRecord))
    return tuple(sorted(found, key=lambda record: order[record.__tablename__]))


def kolommen(records: Iterable[type[Record]]) -> tuple[Kolom, ...]:
    """Every declared column that names a resident: the plan of a merge."""
    return tuple(Kolom(record, naam) for record in personenrecords(records) for naam, veld in record.velden.items() if veld.to == "persoon")


def keur_verschillend(work: Work, plan: Iterable[Kolom], een: UUID, ander: UUID) -> None:
    """Raises SamenvoegenKanNiet when one row names both as different persons (parent and child, partners): then they are not one."""
    for record, namen in _meer_namen(plan):
        t = record.tabel()
        pairs = [and_(t.c[a] == x, t.c[b] == y) for a, b in combinations(namen, 2) for x, y in ((een, ander), (ander, een))]
        found = select(t.c.id).where(t.c.gemeente_id == work.actor.gemeente, or_(*pairs)).limit(1)
        if work.core_connection.execute(found).first():
            raise SamenvoegenKanNiet(
                f"Deze inwoners staan als twee personen in hetzelfde gegeven{_naam(work, record)}. Verbeter dat eerst."
            )


def verplaats(work: Work, kolom: Kolom, van: UUID, naar: UUID, samenvoeging: UUID) -> list[Verplaatst]:
    """Let every row that names `van` in this column name `naar`, and remember which: one statement each.

    A row that may exist only once stays, where its record says so; else SamenvoegenKanNiet, and nothing of the unit is kept.
    """
    t = kolom.record.tabel()
    rows = and_(t.c.gemeente_id == work.actor.gemeente, t.c[kolom.naam] == van)
    if (twice := _bestaat_al(kolom, naar)) is not None:
        if kolom.record.kan_achterblijven:
            rows = and_(rows, ~twice)
        elif work.core_connection.execute(select(t.c.id).where(rows, twice).limit(1)).first():
            raise _allebei(work, kolom.record)
    moved = _zet(work, kolom, rows, naar)
    stap = {"gemeente_id": work.actor.gemeente, "samenvoeging_id": samenvoeging, "tabel": t.name, "kolom": kolom.naam}
    if moved:
        work.core_connection.execute(insert(samenvoegstap), [{**stap, "rij_id": row.rij} for row in moved])
    return moved


def zet_terug(work: Work, kolom: Kolom, van: UUID, naar: UUID, samenvoeging: UUID) -> list[Verplaatst]:
    """Let the rows that a merge moved name `naar` again, as far as they are there and still name `van`."""
    t, s = kolom.record.tabel(), samenvoegstap
    moved = select(s.c.rij_id).where(
        s.c.gemeente_id == work.actor.gemeente, s.c.samenvoeging_id == samenvoeging, s.c.tabel == t.name, s.c.kolom == kolom.naam
    )
    return _zet(work, kolom, and_(t.c.gemeente_id == work.actor.gemeente, t.c[kolom.naam] == van, t.c.id.in_(moved)), naar)


def zet_mee(work: Work, kolom: Kolom, van: UUID, naar: UUID, which: ColumnElement[bool], values: Mapping[str, Any]) -> list[Verplaatst]:
    """Let rows of `van` that were made since a merge go along with what they belong to."""
    t = kolom.record.tabel()
    return _zet(work, kolom, and_(t.c.gemeente_id == work.actor.gemeente, t.c[kolom.naam] == van, which), naar, values)


def kaders(work: Work, records: Iterable[type[PersonRecord]], persoon: UUID) -> set[UUID]:
    """Every case, report, group or agreement that something of this resident belongs to. One statement."""
    parts = []
    for record in records:
        if (kader := kader_of(record)) is not None:
            t = record.tabel()
            mine = and_(t.c.gemeente_id == work.actor.gemeente, t.c[subject_of(record)] == persoon, t.c[kader].is_not(None))
            parts.append(select(t.c[kader].label("kader")).where(mine))
    return set(work.core_connection.execute(union(*parts)).scalars())


def noteer(work: Work, kolom: Kolom, moved: Collection[Verplaatst], personen: Iterable[UUID]) -> None:
    """Say in the log whose rows were changed, and that these residents were in them."""
    for persoon in {*(row.van for row in moved), *personen} if moved else ():
        work.changed(persoon, kolom.record.__name__, kolom.record.categorie.code, (kolom.naam,))


def _zet(
    work: Work, kolom: Kolom, which: ColumnElement[bool], naar: UUID, values: Mapping[str, Any] = MappingProxyType({})
) -> list[Verplaatst]:
    """The version of a moved row stays: its sealed values are bound to it (docs/decisions/0004), and nothing in it was changed."""
    t = kolom.record.tabel()
    statement = update(t).where(which).values({kolom.naam: naar}).returning(t.c.id, t.c[subject_of(kolom.record)])
    try:
        return [Verplaatst(*row) for row in work.core_connection.execute(statement, dict(values))]
    except IntegrityError:
        raise _allebei(work, kolom.record) from None


def _meer_namen(plan: Iterable[Kolom]) -> Iterator[tuple[type[PersonRecord], Sequence[str]]]:
    """Records that name more than one person; not those that name two because they may be one."""
    per_record: dict[type[PersonRecord], list[str]] = {}
    for kolom in plan:
        per_record.setdefault(kolom.record, []).append(kolom.naam)
    return ((record, namen) for record, namen in per_record.items() if len(namen) > 1 and record is not Dubbelvermoeden)


def _bestaat_al(kolom: Kolom, naar: UUID) -> ColumnElement[bool] | None:
    """Whether `naar` has a row that is in the way of this one; None when nothing can be."""
    t, other = kolom.record.tabel(), kolom.record.tabel().alias()
    ways = [_gelijk(t, other, kolom.naam, names) for names in _enig(kolom)]
    return exists(select(other.c.id).where(other.c[kolom.naam] == naar, or_(*ways))) if ways else None


def _gelijk(t: FromClause, other: FromClause, kolom: str, names: Iterable[str]) -> ColumnElement[bool]:
    return and_(*[t.c[name] == other.c[name] for name in names if name != kolom], t.c.id != other.c.id)


def _enig(kolom: Kolom) -> Iterator[list[str]]:
    """The columns of each UNIQUE constraint or index that this column is part of."""
    t = kolom.record.tabel()
    unique = [c.columns for c in t.constraints if isinstance(c, UniqueConstraint)] + [i.columns for i in t.indexes if i.unique]
    for columns in unique:
        names = [column.name for column in columns]
        if kolom.naam in names:
            yield names


def _allebei(work: Work, record: type[PersonRecord]) -> SamenvoegenKanNiet:
    return SamenvoegenKanNiet(f"Beide inwoners hebben hetzelfde gegeven{_naam(work, record)}. Verwijder er een, en probeer het opnieuw.")


def _naam(work: Work, record: type[PersonRecord]) -> str:
    """Which kind of record is in the way, for who may know of that kind."""
    return f" ({record.__name__})" if work.actor.may(record.lezen.naam) else " dat u niet mag zien"
