"""What a request answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Answer:
    """`data` is what was asked, None when nothing may be told; `errors` as GraphQL writes them; `executed` whether anything ran.

    Where nothing ran, the key `data` is left out (GraphQL specification, 7.1).
    """

    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    executed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The response, to be written as JSON."""
        made: dict[str, Any] = {"data": self.data} if self.executed else {}
        return made | ({"errors": self.errors} if self.errors else {})
