"""Destroying entries whose term is over. The segments stay, so the tree and every checkpoint still hold; that it happened is an
entry of its own, without which the verifier calls it tampering (design.md 7; measurements.md II.3).

It goes in steps, each a transaction of its own that is short enough for the writers and leaves its own entry: at every moment what is
gone has been said, so a run that was killed can simply be done again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, delete, exists, func, insert, literal, select, tuple_

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.log.entry import Logsoort
from wijkwerk.log.partities import grenzen, laat_vallen, maand_van, plus
from wijkwerk.log.tables import log_betrokkene, log_regel, log_segment, log_stroom, log_vervallen

MEESTE_REGELS: Final = 2_000
MEESTE_SEGMENTEN: Final = 5_000
"""What one step destroys and looks at, at most: some 50 ms."""

_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_LAST_LEAF: Final = 2**62


class Plek(NamedTuple):
    """How far it is: the month and the leaf of a segment that was dealt with."""

    periode: str
    blad: int


class Stap(NamedTuple):
    """What a step did: how many entries went, of which month at most, and where to go on (`None`: that was all)."""

    verder: Plek | None
    regels: int = 0
    maand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opdracht:
    """What may go: the entries of one kind of all months up to and including `tot_en_met` ('YYYY-MM'). `maanden`: their term."""

    soort: Logsoort
    tot_en_met: str
    maanden: int

    def bijzonderheden(self, stap: Stap) -> dict[str, str | int]:
        """What the entry LOG_VERVALLEN of a step that destroyed anything says. The caller leaves it in the same transaction.

        It says no more than is done: what is held before a later step stays, and must not look as if it might be gone.
        """
        return {"soort": self.soort.value, "totEnMet": stap.maand, "regels": stap.regels, "maanden": self.maanden}


def laatste_maand(nu: datetime, maanden: int) -> str:
    """The last month that a term of so many months is over of. It counts from the end of the month of the entry."""
    return plus(maand_van(nu), -maanden - 1)


def keur_maand(maand: str, veld: str) -> str:
    """A month as 'YYYY-MM'. Raises OngeldigeInvoer."""
    if not _MONTH.fullmatch(maand):
        raise OngeldigeInvoer("Schrijf een maand als jjjj-mm, bijvoorbeeld 2027-03.", veld=veld)
    return maand


def verval(connection: Connection, opdracht: Opdracht, nu: datetime, *, vast_vanaf: str | None = None, na: Plek | None = None) -> Stap:
    """One step: destroy the next entries that may go and are under a checkpoint, after `na`. Whole segments; one month at most.

    `vast_vanaf`: the first month that is held; nothing goes from there on. Raises OngeldigeInvoer, with nothing destroyed, for what is no
    month, or one whose term is not over or that is held.
    """
    keur_maand(opdracht.tot_en_met, "tot_en_met")
    if opdracht.maanden < 1 or opdracht.tot_en_met > laatste_maand(nu, opdracht.maanden):
        raise OngeldigeInvoer("De bewaartermijn van deze maand is nog niet voorbij.", veld="tot_en_met")
    if vast_vanaf is not None and opdracht.tot_en_met >= vast_vanaf:
        raise OngeldigeInvoer(f"Het log wordt vanaf {vast_vanaf} langer bewaard. Beëindig dat eerst.", veld="tot_en_met")
    maand = _volgende_maand(connection, opdracht.tot_en_met, na)
    if maand is None:
        return Stap(None)
    blad = na.blad if na is not None and na.periode == maand else -1
    if blad < 0 and (heel := _hele_maand(connection, opdracht.soort, maand, nu)) is not None:
        return Stap(Plek(maand, _LAST_LEAF), heel, maand)
    return _segmenten(connection, opdracht.soort, Plek(maand, blad), nu)


def _volgende_maand(connection: Connection, tot_en_met: str, na: Plek | None) -> str | None:
    place = tuple_(log_segment.c.periode, log_segment.c.blad)
    first = select(log_segment.c.periode).where(log_segment.c.periode <= tot_en_met).order_by(log_segment.c.periode, log_segment.c.blad)
    if na is not None:
        first = first.where(place > tuple_(literal(na.periode), literal(na.blad)))
    found: str | None = connection.execute(first.limit(1)).scalar_one_or_none()
    return found


def _hele_maand(connection: Connection, soort: Logsoort, maand: str, nu: datetime) -> int | None:
    """The whole month at once, where it is a part of its own that holds nothing else."""
    s = log_segment.c
    asked = select(s.stroom, func.min(s.eerste), func.max(s.laatste)).join_from(log_segment, log_stroom, log_stroom.c.id == s.stroom)
    may_go = asked.where(s.periode == maand, log_stroom.c.soort == soort).group_by(s.stroom)
    gone = laat_vallen(connection, maand, lambda: {stroom: (eerste, laatste) for stroom, eerste, laatste in connection.execute(may_go)})
    if gone:
        _sta_toe(connection, soort, maand, nu)
    return gone


def _segmenten(connection: Connection, soort: Logsoort, na: Plek, nu: datetime) -> Stap:
    rows = _kandidaten(connection, soort, na)
    genomen, regels = 0, 0
    while genomen < len(rows) and regels < MEESTE_REGELS:
        row = rows[genomen]
        regels += row.er * (row.laatste - row.eerste + 1)
        genomen += 1
    bereik = _bereik(rows[:genomen])
    if bereik:
        _sta_toe(connection, soort, na.periode, nu)
    weg = sum(_destroy(connection, stroom, *each, na.periode) for stroom, each in bereik.items())
    blad = rows[genomen - 1].blad if genomen < len(rows) or len(rows) == MEESTE_SEGMENTEN else _LAST_LEAF
    return Stap(Plek(na.periode, blad), weg, na.periode)


def _kandidaten(connection: Connection, soort: Logsoort, na: Plek) -> Sequence[Row[Any]]:
    """The next segments of a month, and whether their entries are there still: all of them went, or none."""
    s, r, (begin, einde) = log_segment.c, log_regel.c, grenzen(na.periode)
    er = exists().where(r.stroom == s.stroom, r.seq == s.laatste, r.tijdstip >= begin, r.tijdstip < einde)
    joined = select(s.blad, s.stroom, s.eerste, s.laatste, er.label("er")).join_from(log_segment, log_stroom, log_stroom.c.id == s.stroom)
    asked = joined.where(s.periode == na.periode, s.blad > na.blad, log_stroom.c.soort == soort)
    return connection.execute(asked.order_by(s.blad).limit(MEESTE_SEGMENTEN)).all()


def _bereik(rows: Sequence[Row[Any]]) -> dict[UUID, tuple[int, int]]:
    """From and up to which number of each stream. What is of the month between two of its segments is in one of these too."""
    found: dict[UUID, tuple[int, int]] = {}
    for row in rows:
        if row.er:
            found[row.stroom] = (found.get(row.stroom, (row.eerste,))[0], row.laatste)
    return found


def _sta_toe(connection: Connection, soort: Logsoort, maand: str, nu: datetime) -> None:
    """What the triggers go by: only months of this kind that stand here."""
    v = log_vervallen.c
    known = connection.execute(select(func.max(v.tot_en_met)).where(v.soort == soort)).scalar_one()
    if known is None or known < maand:
        connection.execute(insert(log_vervallen).values(soort=soort, tot_en_met=maand, tijdstip=nu))


def _destroy(connection: Connection, stroom: UUID, eerste: int, laatste: int, maand: str) -> int:
    """The entries of a month with these numbers. The moment tells PostgreSQL in which part they are."""
    begin, einde = grenzen(maand)
    for table in (log_betrokkene, log_regel):
        t = table.c
        gone = connection.execute(
            delete(table).where(t.stroom == stroom, t.seq.between(eerste, laatste), t.tijdstip >= begin, t.tijdstip < einde)
        )
    return gone.rowcount
