"""The story tells the truth about itself: a step that comes out otherwise is seen, said, and ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from wijkwerk_graphql.demo.verhaal import Stap, vertel, verwacht

CANARY = "kanarie-in-een-foutmelding"


def goed(toneel: list[str]) -> Sequence[str]:
    toneel.append("goed")
    return ["Te zien: iets."]


def anders(toneel: list[str]) -> Sequence[str]:
    verwacht(len(toneel) > 5, "er zijn te weinig stappen gedaan")
    return []


def stuk(toneel: list[str]) -> Sequence[str]:
    raise LookupError(CANARY)


def verteld(*doen: Callable[[list[str]], Sequence[str]]) -> tuple[bool, list[str], str]:
    toneel: list[str] = []
    gezegd: list[str] = []
    uitkomst = vertel([Stap("Wies", f"doet iets {at}", doe) for at, doe in enumerate(doen)], toneel, gezegd.append)
    return uitkomst, toneel, "\n".join(gezegd)


def test_a_story_in_which_every_step_comes_out_is_told_to_the_end() -> None:
    uitkomst, toneel, gezegd = verteld(goed, goed)
    assert uitkomst
    assert toneel == ["goed", "goed"]
    assert gezegd.count("✓") == 2
    assert "Te zien: iets." in gezegd


@pytest.mark.parametrize(("doe", "reden"), [(anders, "er zijn te weinig stappen gedaan"), (stuk, "LookupError")], ids=["anders", "stuk"])
def test_a_step_that_comes_out_otherwise_is_named_and_ends_the_story(doe: Callable[[list[str]], Sequence[str]], reden: str) -> None:
    uitkomst, toneel, gezegd = verteld(goed, doe, goed)
    assert not uitkomst
    assert toneel == ["goed"]
    assert "✗  2 Wies" in gezegd
    assert reden in gezegd
    assert "3 Wies" not in gezegd


def test_the_text_of_an_unexpected_error_is_not_told() -> None:
    assert CANARY not in verteld(stuk)[2]
