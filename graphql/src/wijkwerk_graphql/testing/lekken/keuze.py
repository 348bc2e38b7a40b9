"""A document as a tree: what it asks, so that the answer can be walked beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Keuze:
    """A field with its arguments (as literals) and what is asked below it.

    `fragment`: what is below is printed as an inline fragment on this type. Of pages: `filters` says which values columns may have, and
    `na` how many rows come before the page.
    """

    naam: str
    onder: tuple[Keuze, ...] = ()
    args: Mapping[str, str] = field(default_factory=dict)
    alias: str | None = None
    fragment: str | None = None
    filters: Mapping[str, Collection[Any]] = field(default_factory=dict)
    na: int = 0

    @property
    def sleutel(self) -> str:
        """The name in the answer."""
        return self.alias or self.naam

    def tekst(self) -> str:
        """As GraphQL."""
        alias = f"{self.alias}:" if self.alias else ""
        args = "(" + ",".join(f"{naam}:{waarde}" for naam, waarde in self.args.items()) + ")" if self.args else ""
        onder = " ".join(each.tekst() for each in self.onder)
        binnen = f"...on {self.fragment}{{{onder}}}" if self.fragment else onder
        return f"{alias}{self.naam}{args}" + (f"{{{binnen}}}" if self.onder else "")

    def met(self, *onder: Keuze) -> Self:
        """The same, with this below it."""
        return replace(self, onder=onder)

    def namen(self) -> Iterator[str]:
        """The names of all fields in it."""
        yield self.naam
        for each in self.onder:
            yield from each.namen()


def document(*velden: Keuze) -> str:
    """A query of these root fields."""
    return "{" + " ".join(veld.tekst() for veld in velden) + "}"
