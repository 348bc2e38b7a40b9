"""What levels, a cap and hiding leave of a row, for every field of the core, by the rule said once more (domain.md 2.6, 1.10)."""

from __future__ import annotations

from itertools import product

import pytest

from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.masks import is_seen, visible_columns
from wijkwerk.records.plan import Plan, Shape, plan
from wijkwerk.register import CORE

RECORDS = [record for record in CORE.records if issubclass(record, PersonRecord)]


@pytest.mark.parametrize("record", RECORDS, ids=[record.__name__ for record in RECORDS])
def test_a_column_is_shown_at_its_level_through_the_door_of_its_category_alone(record: type[PersonRecord]) -> None:
    made = plan(Shape(record, tuple(record.velden), "id"))
    for plafond, cap, hidden in product((0, 1, 4, 7), (None, 0, 3), (False, True)):
        for level in (None, 0, 1, 4, 7):
            for only in made.doors:  # one door at this level, none for every other category
                levels = [level if door is only else None for door in made.doors]
                highest = dict.fromkeys(made.doors, -1) | ({} if level is None else {only: min(level, plafond, 7 if cap is None else cap)})
                expected = {
                    name for name, veld in record.velden.items()
                    if name in made.columns and not (veld.afschermbaar and hidden)
                    and (veld.level is None or veld.categorie is None or highest[veld.categorie] >= max(int(veld.level), 0))
                }  # fmt: skip
                assert visible_columns(made, plafond, (*levels, cap, hidden)) == expected, (plafond, cap, hidden, level, only.code)


def test_a_derived_field_is_shown_to_who_sees_all_that_it_is_made_of() -> None:
    made: Plan = plan(Shape(Persoon, ("leeftijd", "roepnaam"), "id"))
    nodig = frozenset(Persoon.afgeleid["leeftijd"].needs)
    assert nodig
    assert is_seen(made, "leeftijd", nodig)
    for weg in nodig:
        assert not is_seen(made, "leeftijd", nodig - {weg} | {"roepnaam"})
    assert is_seen(made, "roepnaam", frozenset({"roepnaam"}))
    assert not is_seen(made, "roepnaam", nodig)
