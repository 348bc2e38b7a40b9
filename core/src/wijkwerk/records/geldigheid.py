"""When a row holds, declared once, for a row in hand (`geldig`) and in a statement (`waar_geldig`).

With days both `van` and `tot` count; with moments the row no longer holds at `tot` itself. No end is None.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, or_

from wijkwerk.errors import OngeldigeInvoer


class Periode(NamedTuple):
    """A first and a last day; None has no bound."""

    van: date | None
    tot: date | None


def geldig(rij: Any, op: date) -> bool:
    """Whether a row with `van` and `tot` holds on a day."""
    return (rij.van is None or rij.van <= op) and loopt(rij, op)


def loopt(rij: Any, op: date) -> bool:
    """Whether a row with `tot` has not ended before a day."""
    return rij.tot is None or rij.tot >= op


def open_op(rij: Any, moment: datetime) -> bool:
    """Whether a row with a moment `tot` has not ended at a moment."""
    return rij.tot is None or rij.tot > moment


def overlapt(een: Any, ander: Any) -> bool:
    """Whether two rows with `van` and `tot` have a day in common."""
    return (een.van or date.min) <= (ander.tot or date.max) and (ander.van or date.min) <= (een.tot or date.max)


def keur_volgorde(van: date | None, tot: date | None) -> None:
    """Raises OngeldigeInvoer for a last day before the first."""
    if van is not None and tot is not None and tot < van:
        raise OngeldigeInvoer("De laatste dag ligt voor de eerste dag. Controleer beide dagen.", veld="tot")


def waar_geldig(rij: FromClause, op: date) -> ColumnElement[bool]:
    """The rows that hold on a day. `van` is never empty here."""
    return and_(rij.c.van <= op, waar_loopt(rij, op))


def waar_loopt(rij: FromClause, op: date | BindParameter[Any]) -> ColumnElement[bool]:
    """The rows that have not ended before a day."""
    return or_(rij.c.tot.is_(None), rij.c.tot >= op)


def waar_nu(rij: FromClause, moment: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """The rows that hold at a moment."""
    return and_(rij.c.van <= moment, waar_open(rij, moment))


def waar_open(rij: FromClause, moment: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """The rows that have not ended at a moment."""
    return or_(rij.c.tot.is_(None), rij.c.tot > moment)
