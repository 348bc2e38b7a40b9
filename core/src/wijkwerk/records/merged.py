"""One list out of several records: each read in one statement, and only the rows that are given back are opened and noted as shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from wijkwerk.records.conditions import Filter
from wijkwerk.records.declare import Record
from wijkwerk.records.read import Reader


@dataclass(frozen=True, slots=True)
class Lijst:
    """One of the lists, as `Reader.page` takes it; its filters choose few rows. `after`: past which place in its own order it goes on."""

    record: type[Record]
    velden: tuple[str, ...]
    order: tuple[str, ...]
    filters: Mapping[Filter, Any]
    after: Sequence[Any] | None


def merged(
    reader: Reader, lijsten: Sequence[Lijst], first: int, place: Callable[[int, Row[Any]], Any]
) -> tuple[list[tuple[int, Any]], bool]:
    """The first so many rows of all these lists in the order of `place`, each with the number of its list; and whether more follow.

    `place` is given the number of the list and a row of it with the columns that it is ordered by; two rows never have the same
    place, and within a list it goes up with the list's own order.
    """
    found = [
        reader.candidates(one.record, one.velden, order=one.order, filters=one.filters, first=first, after=one.after, narrow=True)
        for one in lijsten
    ]
    places = sorted((place(at, row), at, n) for at, each in enumerate(found) for n, row in enumerate(each.rows))
    chosen = [(at, n) for _, at, n in places[:first]]
    rows: dict[tuple[int, int], Any] = {}
    for at, each in enumerate(found):
        mine = [number for number in chosen if number[0] == at]
        rows |= zip(mine, reader.show(each, [each.rows[n] for _, n in mine]), strict=True)
    return [(at, rows[at, n]) for at, n in chosen], len(places) > first or any(each.more for each in found)
