"""What a request has shown of whom: collected from the rows it read, never from what an author remembered (design.md 1, idea 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from wijkwerk.log.entry import Betrokkene, Getoond

What = tuple[str, tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class Shown:
    """Per person: which fields of which categories of which record type, and the betrokkenheden that allowed it.

    `scanned`: how many rows were opened to search in what is sealed, whether they had what was searched or not.
    """

    persons: dict[UUID, dict[What, set[UUID]]] = field(default_factory=lambda: defaultdict(dict))
    missed: set[bytes] = field(default_factory=set)
    searched: set[str] = field(default_factory=set)
    scanned: int = 0

    def add(
        self, persoon: UUID, soort: str, categorieen: tuple[str, ...], velden: tuple[str, ...], betrokkenheden: tuple[UUID, ...]
    ) -> None:
        """Note that these fields of this person were shown."""
        self.persons[persoon].setdefault((soort, categorieen, velden), set()).update(betrokkenheden)

    def miss(self, asked: UUID | bytes) -> None:
        """Note that something was asked for (by id, or by the blind index of a BSN) and not shown: absent or out of reach."""
        self.missed.add(asked.bytes if isinstance(asked, UUID) else asked)

    def search(self, velden: Iterable[str]) -> None:
        """Note which fields were searched on: what is found confirms the value that was asked, also when only counted."""
        self.searched.update(velden)

    def scan(self, rows: int) -> None:
        """Note that so many rows were opened to search in: of whom they are is noted when they are read."""
        self.scanned += rows

    def merge(self, other: Shown) -> None:
        """Add what another reading showed."""
        for persoon, whats in other.persons.items():
            for (soort, categorieen, velden), ids in whats.items():
                self.add(persoon, soort, categorieen, velden, tuple(ids))
        self.missed |= other.missed
        self.searched |= other.searched
        self.scanned += other.scanned

    @property
    def deuren(self) -> set[UUID]:
        """The betrokkenheden that allowed any of it."""
        return {id for whats in self.persons.values() for ids in whats.values() for id in ids}

    def betrokkenen(self, pseudoniemen: Mapping[UUID, UUID]) -> tuple[Betrokkene, ...]:
        """The persons of the log entry, by pseudonym. Raises KeyError for a person without one: no log, no answer."""
        return tuple(
            Betrokkene(pseudoniemen[persoon], tuple(Getoond(*what, tuple(sorted(ids))) for what, ids in sorted(whats.items())))
            for persoon, whats in sorted(self.persons.items(), key=lambda item: pseudoniemen[item[0]])
        )
