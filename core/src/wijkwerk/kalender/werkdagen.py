"""Working days: Monday to Friday, but for the public holidays of the law, and what the municipality recorded otherwise (`vrijedag.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from holidays import country_holidays
from sqlalchemy import Connection, select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.vrijedag import Vrijedag

EERSTE_JAAR, LAATSTE_JAAR = 1982, 2100
"""5 May is in the law since 1982, and the library knows no holidays after 2100; a day outside these years is a typing error."""
MEESTE = 1000
"""Working days that can be counted: almost four years."""

_DAG = timedelta(days=1)
_ZATERDAG = 5


@lru_cache(maxsize=64)
def feestdagen(jaar: int) -> frozenset[date]:
    """The public holidays of the Algemene termijnenwet, art. 3, with Goede Vrijdag (lid 2) and the two Sundays that the law leaves out.

    5 May is one each year by that article, also where a collective agreement makes it a day off once in five years only. Days that a
    royal decree puts on a par with them (lid 3) are not known here: a municipality records those as its own.
    """
    return frozenset(country_holidays("NL", years=jaar, categories=("public", "optional")))


@dataclass(frozen=True, slots=True)
class Werkkalender:
    """Which days a municipality works. `eigen`: the days on which it is free (true), or works after all (false)."""

    eigen: Mapping[date, bool]

    def is_werkdag(self, dag: date) -> bool:
        """Whether this is a working day. Raises OngeldigeInvoer for a year that can't be."""
        _keur(dag)
        vrij = self.eigen.get(dag)
        return werkdag_van_de_wet(dag) if vrij is None else not vrij

    def na(self, begin: date, aantal: int) -> date:
        """The working day that is so many after `begin`, which itself does not count. None after it is `begin`, whatever day that is.

        Raises OngeldigeInvoer for a number or a year that can't be.
        """
        if not 0 <= aantal <= MEESTE:
            raise OngeldigeInvoer(f"Geef een aantal werkdagen van 0 tot en met {MEESTE}.")
        _keur(begin)
        dag = begin
        while aantal > 0:
            dag += _DAG
            aantal -= self.is_werkdag(dag)
        return dag


def werkkalender(connection: Connection, gemeente: UUID, vanaf: date) -> Werkkalender:
    """The working days of a municipality from this day on. One statement, however many days are asked of it."""
    v = Vrijedag.tabel()
    rows = connection.execute(select(v.c.dag, v.c.vrij).where(v.c.gemeente_id == gemeente, v.c.dag >= vanaf))
    return Werkkalender({row.dag: row.vrij for row in rows})


def na_werkdagen(connection: Connection, gemeente: UUID, begin: date, aantal: int) -> date:
    """The working day of this municipality that is so many after `begin` (`Werkkalender.na`). One statement."""
    return werkkalender(connection, gemeente, begin).na(begin, aantal)


def is_werkdag(connection: Connection, gemeente: UUID, dag: date) -> bool:
    """Whether this is a working day of this municipality."""
    return werkkalender(connection, gemeente, dag).is_werkdag(dag)


def einde_van_wetstermijn(laatste: date) -> date:
    """The last day of a term set by a law: one that ends on a Saturday, Sunday or public holiday lasts until the next other day.

    Algemene termijnenwet, art. 1 lid 1. Not for a term that is counted back (lid 2), nor for one in hours, above 90 days, twelve weeks
    or three months, or in years (art. 4): who counts a term knows which it is. A free day of the municipality does not lengthen it.
    """
    while not werkdag_van_de_wet(laatste):
        laatste += _DAG
    return laatste


def werkdag_van_de_wet(dag: date) -> bool:
    """Whether this is a working day wherever no municipality said otherwise. Raises OngeldigeInvoer for a year that can't be."""
    _keur(dag)
    return dag.weekday() < _ZATERDAG and dag not in feestdagen(dag.year)


def _keur(dag: date) -> None:
    if not EERSTE_JAAR <= dag.year <= LAATSTE_JAAR:
        raise OngeldigeInvoer("Deze dag kan niet. Controleer het jaar.")
