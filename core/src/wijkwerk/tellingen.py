"""Counts for policy: fixed dimensions, no persons, nothing under five (design.md 1, idea 2; domain.md 2.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from wijkwerk.access.permissions import Permission
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht
from wijkwerk.gebieden import Gebied
from wijkwerk.organisaties import Team
from wijkwerk.records.declare import Record
from wijkwerk.records.read import Reader

VLOER = 5
TELLINGEN_LEZEN = Permission("telling:lezen", "Aantallen per gebied zien, zonder personen.", ("GEBIED", "TEAMLEIDER"))


@dataclass(frozen=True, slots=True)
class Telling:
    """A declared count: what is counted, and over which one dimension. No filters: two of them would tell a single person apart."""

    naam: str
    uitleg: str
    record: type[Record]
    dimensie: Callable[[], ColumnElement[Any]]
    joins: Callable[[], Sequence[tuple[type[Record], ColumnElement[bool]]]] = tuple


@dataclass(frozen=True, slots=True)
class Cel:
    """One cell: a value of the dimension and its count; None means "fewer than five, or held back to protect such a cell"."""

    waarde: str
    aantal: int | None


DOSSIERS_PER_GEBIED = Telling(
    "dossiersPerGebied",
    "Het aantal dossiers per gebied",
    Dossier,
    lambda: Gebied.tabel().c.code,
    lambda: [
        (Team, (Dossier.tabel().c.team_id == Team.tabel().c.id) & (Dossier.tabel().c.gemeente_id == Team.tabel().c.gemeente_id)),
        (Gebied, (Team.tabel().c.gebied_id == Gebied.tabel().c.id) & (Team.tabel().c.gemeente_id == Gebied.tabel().c.gemeente_id)),
    ],
)
TELLINGEN: Mapping[str, Telling] = {DOSSIERS_PER_GEBIED.naam: DOSSIERS_PER_GEBIED}


def tel(reader: Reader, telling: Telling) -> list[Cel]:
    """The cells of a count over the actor's municipality, those under the floor held back. Raises GeenRecht."""
    if not reader.actor.may(TELLINGEN_LEZEN.naam):
        raise GeenRecht
    table, value = telling.record.tabel(), telling.dimensie()
    source: Any = table
    for record, condition in telling.joins():
        source = source.join(record.tabel(), condition)
    counted = (
        select(value, func.count()).select_from(source).where(table.c.gemeente_id == reader.actor.gemeente).group_by(value).order_by(value)
    )
    rows = reader.connection.execute(counted).all()
    return onderdruk({str(key): int(count) for key, count in rows if key is not None})


def onderdruk(aantallen: Mapping[str, int]) -> list[Cel]:
    """Hold back the cells under the floor, and the next smallest ones until none can be worked out from a total.

    That takes two cells or more, whose sum leaves each at least VLOER + 1 possible values.
    """
    klein = sorted(aantallen, key=lambda waarde: (aantallen[waarde], waarde))
    weg = sum(aantal < VLOER for aantal in aantallen.values())
    while 0 < weg < len(klein) and (weg < 2 or sum(aantallen[waarde] for waarde in klein[:weg]) - weg < VLOER):
        weg += 1
    return [Cel(waarde, None if waarde in klein[:weg] else aantal) for waarde, aantal in aantallen.items()]
