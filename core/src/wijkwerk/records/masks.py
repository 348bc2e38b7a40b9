"""Which columns of a row are shown: what levels, a cap and hiding leave (domain.md 2.6, 1.10)."""

from __future__ import annotations

from typing import Any, Final

from wijkwerk.access.levels import N7
from wijkwerk.records.plan import Plan

DICHT: Final = -1
"""Without a door not even what is at N0 is shown."""


def needs(made: Plan, name: str) -> tuple[str, ...]:
    """The columns that a field is made of."""
    return made.record.afgeleid[name].needs if name in made.record.afgeleid else (name,)


def is_seen(made: Plan, name: str, seen: frozenset[str]) -> bool:
    """Whether a field is shown to who sees these columns."""
    return seen.issuperset(needs(made, name))


def visible_columns(made: Plan, plafond: int, pattern: tuple[Any, ...]) -> frozenset[str]:
    """Which columns this combination of door levels, cap and hiding leaves."""
    *levels, capped, hidden = pattern
    ceiling = min(plafond, int(N7) if capped is None else capped)
    doors = zip(made.doors, levels, strict=True)  # pragma: no mutate - there is a level for each door: `strict` can't be noticed
    reached = {kind: DICHT if level is None else min(level, ceiling) for kind, level in doors}
    found = set()
    for name in made.columns:
        veld = made.record.velden[name]
        niveau, soort = veld.level, veld.categorie
        too_high = (
            niveau is not None and soort is not None  # pragma: no mutate - a field has both or neither: which is asked can't be noticed
            and reached[soort] < niveau
        )  # fmt: skip
        if not too_high and not (veld.afschermbaar and hidden):
            found.add(name)
    return frozenset(found)
