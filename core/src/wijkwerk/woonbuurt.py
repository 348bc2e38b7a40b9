"""In which neighbourhood a resident lives: it follows from the postcode, unless somebody chose it by hand (domain.md 1.11)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, select, true, update
from sqlalchemy.orm import make_transient_to_detached

from wijkwerk.access.register import ADRES
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.gebieden import Gebied, Gebiedsoort, gebied_postcode, volg_adres
from wijkwerk.personen import Persoon
from wijkwerk.records import history
from wijkwerk.records.geldigheid import geldig, waar_geldig
from wijkwerk.records.history import Wijzigingssoort
from wijkwerk.records.sealing import reseal, resealed_values, sealed_columns
from wijkwerk.records.session import Work

_GESLOTEN = sealed_columns(Persoon)

PER_KEER = 500
"""Residents in one transaction: other writers never wait long."""


def kies(work: Work, persoon: UUID, versie: int, gebied: UUID | None) -> UUID:
    """Put a resident in this neighbourhood by hand; without one, let it follow from the postcode again. Returns the resident's id.

    Raises NietGevonden, VersieVerouderd, GeenRecht for who does not see where the resident lives, and OngeldigeInvoer for an area that is
    no neighbourhood of today.
    """
    bewoner = work.get(Persoon, persoon, versie)
    if gebied is not None:
        _keur_buurt(work, gebied)
    bewoner.gebied_gekozen = gebied is not None
    if gebied is None:
        volg_adres(work, bewoner)
    else:
        bewoner.gebied_id = gebied
    return persoon


def _keur_buurt(work: Work, gebied: UUID) -> None:
    found = work.reader.one(Gebied, ("soort", "van", "tot"), gebied)
    if found is None:
        raise NietGevonden
    if found.soort is not Gebiedsoort.BUURT or not geldig(found, work.actor.vandaag):
        raise OngeldigeInvoer("Kies een buurt die er nu is, geen wijk of gemeente.", veld="gebied")


def werk_bij(work: Work, na: UUID | None = None) -> list[UUID]:
    """Give the next `PER_KEER` residents (after `na`) whose neighbourhood is another than their postcode says that one; who, in order.

    None left: all is well. With the last of them as `na`, a million residents are gone through once.
    For the import of postcodes. It writes past the door, because it looks at nobody and decides nothing: what it changes follows from the
    table, stands in each resident's history, and is in the log.
    """
    rows = work.core_connection.execute(_afwijkend(work, na)).all()
    if rows:
        history.write(work, [_onthouden(work, row) for row in rows])
        p = Persoon.tabel()
        own = and_(p.c.gemeente_id == work.actor.gemeente, p.c.id == bindparam("wie"))
        change = update(p).where(own).values(gebied_id=bindparam("buurt"), versie=p.c.versie + 1, **resealed_values(Persoon))
        sealed = reseal(work, Persoon, rows)
        work.core_connection.execute(
            change, [{"wie": row.id, "buurt": row.buurt} | values for row, values in zip(rows, sealed, strict=True)]
        )
    for row in rows:
        work.changed(row.id, Persoon.__name__, ADRES.code, ("gebied_id",))
    return [row.id for row in rows]


def _afwijkend(work: Work, na: UUID | None) -> Select[Any]:
    p, g, table, op = Persoon.tabel(), Gebied.tabel(), gebied_postcode, work.actor.vandaag
    told = and_(table.c.gemeente_id == p.c.gemeente_id, table.c.postcode == p.c.postcode)
    valid = and_(g.c.id == table.c.gebied_id, g.c.gemeente_id == p.c.gemeente_id, waar_geldig(g, op))
    return (
        select(p.c.id, p.c.versie, p.c.verantwoordelijke_id, p.c.gebied_id, g.c.id.label("buurt"), *(p.c[name] for name in _GESLOTEN))
        .select_from(p.outerjoin(table, told).outerjoin(g, valid))
        .where(p.c.gemeente_id == work.actor.gemeente, p.c.gebied_gekozen.is_(False), p.c.gebied_id.is_distinct_from(g.c.id))
        .where(true() if na is None else p.c.id > na)
        .order_by(p.c.id)
        .limit(PER_KEER)
        .with_for_update(of=p)
    )


def _onthouden(work: Work, row: Row[Any]) -> dict[str, Any]:
    """The entry of the history, from a record that stands for the row: nothing else of it is read."""
    record = Persoon(
        id=row.id,
        gemeente_id=work.actor.gemeente,
        versie=row.versie,
        verantwoordelijke_id=row.verantwoordelijke_id,
        gebied_id=row.gebied_id,
    )
    make_transient_to_detached(record)
    record.gebied_id = row.buurt
    return history.remember(work, record, Wijzigingssoort.GEWIJZIGD, ("gebied_id",))
