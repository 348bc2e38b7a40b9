"""How large an answer may become. Documents are refused beforehand by what they can give; this counts what they do give.

A list without `first` (a household, a family) is as long as it is: asked within itself a few times, its length to that power.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wijkwerk_graphql.schema.problems import DocumentTeZwaar

MAX_COST = 200_000
"""Field values in one answer."""


@dataclass(slots=True)
class Budget:
    """How many field values one execution may still give."""

    left: int = MAX_COST

    def spend(self, answers: Sequence[Any], velden: int) -> None:
        """Take off what these answers have, with so many fields each. Raises DocumentTeZwaar when there is no more."""
        rows = sum(len(answer) if isinstance(answer, list | tuple) else 1 for answer in answers)
        self.left -= rows * max(1, velden)
        if self.left < 0:
            raise DocumentTeZwaar
