"""What a request has shown of whom: collected from the rows it read, never from what an author remembered (design.md 1, idea 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from wijkwerk.log.entry import Betrokkene, Getoond

What = tuple[str, tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class Shown:
    """Per person: which fields of which categories of which record type, and the betrokkenheden that allowed it."""

    persons: dict[UUID, dict[What, set[UUID]]] = field(default_factory=lambda: defaultdict(dict))
    missed: set[UUID] = field(default_factory=set)

    def add(
        self, persoon: UUID, soort: str, categorieen: tuple[str, ...], velden: tuple[str, ...], betrokkenheden: tuple[UUID, ...]
    ) -> None:
        """Note that these fields of this person were shown."""
        self.persons[persoon].setdefault((soort, categorieen, velden), set()).update(betrokkenheden)

    def miss(self, asked: UUID) -> None:
        """Note that something was asked for by id and not shown: absent or out of reach."""
        self.missed.add(asked)

    def merge(self, other: Shown) -> None:
        """Add what another reading showed."""
        for persoon, whats in other.persons.items():
            for (soort, categorieen, velden), ids in whats.items():
                self.add(persoon, soort, categorieen, velden, tuple(ids))
        self.missed |= other.missed

    def betrokkenen(self, pseudoniemen: Mapping[UUID, UUID]) -> tuple[Betrokkene, ...]:
        """The persons of the log entry, by pseudonym. Raises KeyError for a person without one: no log, no answer."""
        return tuple(
            Betrokkene(pseudoniemen[persoon], tuple(Getoond(*what, tuple(sorted(ids))) for what, ids in sorted(whats.items())))
            for persoon, whats in sorted(self.persons.items(), key=lambda item: pseudoniemen[item[0]])
        )
