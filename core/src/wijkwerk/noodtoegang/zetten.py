"""Changing a break-glass: never through a door of its own, which lets nobody write (domain.md 3.6). Who calls this asked who may."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from wijkwerk.errors import GeenRecht, VersieVerouderd
from wijkwerk.noodtoegang.noodtoegang import Noodtoegang
from wijkwerk.records.many import change_many
from wijkwerk.records.opening import binding, to_plain
from wijkwerk.records.session import Change, Work


def zet(work: Work, id: UUID, versie: int, *, omdat: str | None = None, **values: Any) -> None:
    """Give a break-glass these values and the next version; `omdat` is sealed. Raises GeenRecht, VersieVerouderd."""
    if not work.actor.may(Noodtoegang.schrijven.naam):
        raise GeenRecht
    n = Noodtoegang.tabel()
    rows = change_many(work, Noodtoegang, (n.c.id == id, n.c.versie == versie), values, ook=("persoon_id",))
    if not rows:
        raise VersieVerouderd
    work.changes.add(Change.CHANGED)
    if omdat is not None:
        _verzegel(work, id, rows[0].persoon_id, versie + 1, omdat)


def meld_aan_fg(work: Work, id: UUID, op: datetime) -> None:
    """Mark that the FG was told. The version stays: who judges at the same time is not in the way of this, nor this of them."""
    if not work.actor.may(Noodtoegang.schrijven.naam):
        raise GeenRecht
    n = Noodtoegang.tabel()
    mark = update(n).where(n.c.gemeente_id == work.actor.gemeente, n.c.id == id, n.c.gemeld_aan_fg_op.is_(None)).values(gemeld_aan_fg_op=op)
    for persoon, code in work.core_connection.execute(mark.returning(n.c.persoon_id, n.c.categorie_code)).all():
        work.changed(persoon, Noodtoegang.__name__, code, ("gemeld_aan_fg_op",))


def als_rij(work: Work, id: UUID) -> Any:
    """The row as it stands, past the scope: for the doors that follow from it."""
    n = Noodtoegang.tabel()
    return work.core_connection.execute(select(n).where(n.c.gemeente_id == work.actor.gemeente, n.c.id == id)).one()


def _verzegel(work: Work, id: UUID, persoon: UUID, versie: int, omdat: str) -> None:
    gemeente, connection, n = work.actor.gemeente, work.core_connection, Noodtoegang.tabel()
    key = work.keyring.data_key(connection, gemeente, persoon, None)
    sealed = work.keyring.seal(connection, key, to_plain(omdat), binding(n.name, gemeente, id, "oordeel_omdat", versie))
    connection.execute(update(n).where(n.c.gemeente_id == gemeente, n.c.id == id).values(oordeel_omdat=sealed))
