"""Telling a story that checks itself: each step says what it saw, and stops the story when that is not as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Zeg = Callable[[str], None]


class Afwijking(Exception):
    """Something came out otherwise than told. The text is Dutch, and names no value."""


@dataclass(frozen=True, slots=True)
class Stap(Generic[T]):
    """One step: who does what, and the work. `doe` returns what was shown and refused, a line each, or raises."""

    wie: str
    wat: str
    doe: Callable[[T], Sequence[str]]


def verwacht(klopt: object, wat: str) -> None:
    """Hold the story to what it tells. Raises Afwijking."""
    if not klopt:
        raise Afwijking(wat)


def vertel(stappen: Sequence[Stap[T]], toneel: T, zeg: Zeg) -> bool:
    """Tell the steps in order on this stage; whether all came out as told. It stops at the first that did not: later ones build on it."""
    for nummer, stap in enumerate(stappen, start=1):
        try:
            regels = stap.doe(toneel)
        except Exception as fout:
            zeg(f"✗ {nummer:2} {stap.wie}: {stap.wat}\n       {_reden(fout)}")
            return False
        zeg("\n".join([f"✓ {nummer:2} {stap.wie}: {stap.wat}", *(f"       {regel}" for regel in regels)]))
    return True


def _reden(fout: Exception) -> str:
    """Of an error of another kind only the type: its text may hold what was asked."""
    return f"Anders dan verteld: {fout}" if isinstance(fout, Afwijking) else f"Dit ging mis: {type(fout).__name__}."
