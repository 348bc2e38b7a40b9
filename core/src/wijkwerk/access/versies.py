"""Which version of a ground, purpose or activity holds on which day (docs/decisions/0016).

Of one code the highest version that has begun holds, until it ends: an older version never comes back. Categories have no versions: rows
belong to them for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar

from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Geldigheid, Grondslag
from wijkwerk.errors import OpstartFout
from wijkwerk.records.geldigheid import geldig


class MetCode(Protocol):
    """What has a code."""

    @property
    def code(self) -> str: ...


class MetVersie(MetCode, Protocol):
    """What has versions as well: a dataclass, of which the next version is made from the one before."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def geldigheid(self) -> Geldigheid: ...


T = TypeVar("T")
C = TypeVar("C", bound=MetCode)
V = TypeVar("V", bound=MetVersie)


@dataclass(frozen=True, slots=True)
class Register:
    """Categories, and all versions of grounds, purposes and activities. They point to each other by code, whatever the version."""

    categorieen: tuple[Categorie, ...] = ()
    grondslagen: tuple[Grondslag, ...] = ()
    doelen: tuple[Doel, ...] = ()
    activiteiten: tuple[Activiteit, ...] = ()

    def met(self, erbij: Register) -> Register:
        """With what a file adds: more versions, and categories in the place of those with the same code."""
        return Register(
            tuple({each.code: each for each in (*self.categorieen, *erbij.categorieen)}.values()),
            (*self.grondslagen, *erbij.grondslagen),
            (*self.doelen, *erbij.doelen),
            (*self.activiteiten, *erbij.activiteiten),
        )

    def dagen(self) -> tuple[date, ...]:
        """The days on which something begins, or no longer holds, in order."""
        found: set[date] = set()
        versies: tuple[MetVersie, ...] = (*self.grondslagen, *self.doelen, *self.activiteiten)
        for each in versies:
            van, tot = each.geldigheid.van, each.geldigheid.tot
            found |= {van} if van is not None else set()
            found |= {tot + timedelta(days=1)} if tot is not None and tot < date.max else set()
        return tuple(sorted(found))

    def op(self, dag: date | None) -> Register:
        """What holds on this day, each pointing to what holds then; without a day the newest version of each code, held or not.

        A purpose does not hold without its ground, and what does not hold is pointed to by nothing.
        """
        grondslagen = _gekozen(self.grondslagen, dag)
        gekozen = {code: doel for code, doel in _gekozen(self.doelen, dag).items() if doel.grondslag.code in grondslagen}
        categorieen = {each.code: _zonder(each, gekozen) for each in self.categorieen}
        doelen = {
            code: replace(
                doel, grondslag=grondslagen[doel.grondslag.code], categorieen=tuple(categorieen[each.code] for each in doel.categorieen)
            )
            for code, doel in gekozen.items()
        }
        activiteiten = tuple(
            replace(each, doelen=tuple(doelen[doel.code] for doel in each.doelen if doel.code in doelen))
            for each in _gekozen(self.activiteiten, dag).values()
        )
        return Register(tuple(categorieen.values()), tuple(grondslagen.values()), tuple(doelen.values()), activiteiten)


def verklaard(
    categorieen: Iterable[Categorie], grondslagen: Iterable[Grondslag], doelen: Iterable[Doel], activiteiten: Iterable[Activiteit]
) -> Register:
    """What code declares: one version of each code. Raises OpstartFout for a second."""
    return Register(
        tuple(by_code("categorie", [(each.code, each) for each in categorieen]).values()),
        tuple(by_code("grondslag", [(each.code, each) for each in grondslagen]).values()),
        tuple(by_code("doel", [(each.code, each) for each in doelen]).values()),
        tuple(by_code("activiteit", [(each.code, each) for each in activiteiten]).values()),
    )


def by_code(what: str, pairs: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    """By code, each declared once. Raises OpstartFout for a code with two contents."""
    found: dict[str, T] = {}
    for code, value in pairs:
        if found.get(code, value) != value:
            raise OpstartFout(f"{what} {code!r} is twee keer aangegeven, met een verschillende inhoud. Kies een andere code.")
        found[code] = value
    return MappingProxyType(found)


def op_code(items: Iterable[C]) -> Mapping[str, C]:
    """The same, of which no code is there twice."""
    return MappingProxyType({each.code: each for each in items})


def nieuwste(versies: Iterable[V]) -> Mapping[str, V]:
    """The highest version of each code."""
    return {each.code: each for each in sorted(versies, key=lambda each: each.geldigheid.versie)}


def _gekozen(versies: Iterable[V], dag: date | None) -> Mapping[str, V]:
    if dag is None:
        return nieuwste(versies)
    begonnen = [each for each in versies if each.geldigheid.van is None or each.geldigheid.van <= dag]
    return {code: each for code, each in nieuwste(begonnen).items() if geldig(each.geldigheid, dag)}


def _zonder(categorie: Categorie, doelen: Mapping[str, Doel]) -> Categorie:
    """The category without the purposes that do not hold."""
    return replace(
        categorie,
        doelen=tuple(code for code in categorie.doelen if code in doelen),
        met_instemming=tuple((code, soort) for code, soort in categorie.met_instemming if code in doelen),
    )
