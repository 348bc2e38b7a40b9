"""Every answer that reached a client is in the log, and no change that was answered is lost, whenever `wijkwerk serve` is killed.

design.md 11, invariant 2. Many more rounds, with servers that start sooner: test_kill.py and `make soak`.
"""

from __future__ import annotations

import pytest
from tests.systeem.dienst import Plek
from tests.systeem.klanten import blok

RONDES = {"sqlite": 10, "postgresql": 4}


@pytest.mark.parametrize("engine", RONDES)
def test_killed_at_any_moment_no_answer_is_unlogged_and_no_change_is_lost(engine: str, request: pytest.FixtureRequest) -> None:
    plek: Plek = request.getfixturevalue(f"plek_{engine}")
    telling = blok(plek, plek.start, seed=7, rondes=RONDES[engine], hoeveel=4, antwoorden=(4, 40))
    assert telling.antwoorden >= 4 * RONDES[engine]
    assert telling.geschreven >= RONDES[engine]
    with plek.dienst() as again:
        assert again.als("wijkteam").data("{ ik { rollen } }")["ik"]["rollen"] == ["WIJKTEAM"]
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed
