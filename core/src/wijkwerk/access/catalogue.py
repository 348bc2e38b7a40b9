"""The closed lists of one installation: what the core and its plugins declared together. Nothing outside them exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Activiteit, Categorie, Doel
from wijkwerk.access.roles import Rol
from wijkwerk.errors import OngeldigeInvoer, OpstartFout

if TYPE_CHECKING:
    from wijkwerk.jobs.job import Job
    from wijkwerk.post.soorten import Berichtsoort
    from wijkwerk.records.declare import Record
    from wijkwerk.taken.bron import Werkbron
    from wijkwerk.taken.soorten import Taaksoort

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Categories, purposes, activities, roles and permissions by code, the closed matrix of purpose and category, and all records."""

    categorieen: Mapping[str, Categorie]
    doelen: Mapping[str, Doel]
    activiteiten: Mapping[str, Activiteit]
    rollen: Mapping[str, Rol]
    permissions: Mapping[str, Permission]
    matrix: Mapping[str, frozenset[str]]
    records: tuple[type[Record], ...] = ()
    taaksoorten: Mapping[str, Taaksoort] = field(default_factory=dict)
    berichtsoorten: Mapping[str, Berichtsoort] = field(default_factory=dict)
    werkbronnen: Mapping[str, Werkbron] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)

    def doel(self, code: str) -> Doel:
        """The purpose with this code. Raises OngeldigeInvoer for another."""
        if code not in self.doelen:
            raise OngeldigeInvoer(f"Dit doel kennen we niet. Kies uit: {', '.join(sorted(self.doelen))}.", veld="doel")
        return self.doelen[code]

    def opens(self, doel: Doel, categorieen: Iterable[str]) -> tuple[str, ...]:
        """These categories, all of which the purpose opens. Raises OngeldigeInvoer when it does not, or when there is none."""
        asked = tuple(dict.fromkeys(categorieen))
        if not asked or not self.matrix[doel.code].issuperset(asked):
            known = ", ".join(sorted(self.matrix[doel.code]))
            raise OngeldigeInvoer(f"Dit doel geeft geen toegang tot deze soort gegevens. Kies uit: {known}.", veld="categorieen")
        return asked


NIETS = Catalogue({}, {}, {}, {}, {}, {})
"""Where nobody said what there is, there is nothing."""


def catalogue(
    categorieen: Iterable[Categorie],
    doelen: Iterable[Doel],
    activiteiten: Iterable[Activiteit],
    rollen: Iterable[Rol],
    permissions: Iterable[Permission],
    records: Iterable[type[Record]] = (),
    *,
    taaksoorten: Iterable[Taaksoort] = (),
    berichtsoorten: Iterable[Berichtsoort] = (),
    werkbronnen: Iterable[Werkbron] = (),
    jobs: Iterable[Job] = (),
) -> Catalogue:
    """Put the lists together. Raises OpstartFout for a code declared twice, or one that refers to nothing."""
    found = Catalogue(
        _by_code("categorie", [(c.code, c) for c in categorieen]),
        _by_code("doel", [(d.code, d) for d in doelen]),
        _by_code("activiteit", [(a.code, a) for a in activiteiten]),
        _by_code("rol", [(r.code, r) for r in rollen]),
        _by_code("permissie", [(p.naam, p) for p in permissions]),
        MappingProxyType({}),
    )
    _refer_to_something(found)
    found = replace(
        found,
        matrix=_matrix(found),
        records=tuple(records),
        taaksoorten=_by_code("taaksoort", [(soort.code, soort) for soort in taaksoorten]),
        berichtsoorten=_by_code("berichtsoort", [(soort.code, soort) for soort in berichtsoorten]),
        werkbronnen=_by_code("werkbron", [(bron.code, bron) for bron in werkbronnen]),
        jobs=_by_code("job", [(job.naam, job) for job in jobs]),
    )
    _work_refers_to_something(found)
    return found


def _by_code(what: str, pairs: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for code, value in pairs:
        if found.get(code, value) != value:
            raise OpstartFout(f"{what} {code!r} is twee keer aangegeven, met een verschillende inhoud. Kies een andere code.")
        found[code] = value
    return MappingProxyType(found)


def _refer_to_something(found: Catalogue) -> None:
    for categorie in found.categorieen.values():
        _known(f"categorie {categorie.code}", "doel", categorie.doelen, found.doelen)
    for doel in found.doelen.values():
        _known(f"doel {doel.code}", "categorie", [c.code for c in doel.categorieen], found.categorieen)
    for activiteit in found.activiteiten.values():
        _known(f"activiteit {activiteit.code}", "doel", [d.code for d in activiteit.doelen], found.doelen)
    for rol in found.rollen.values():
        _known(f"rol {rol.code}", "activiteit", rol.activiteiten, found.activiteiten)
    for permission in found.permissions.values():
        _known(f"permissie {permission.naam}", "rol", permission.rollen, found.rollen)


def _work_refers_to_something(found: Catalogue) -> None:
    """A source that asks for a column that is not there would take the work list away from everybody, not only from its plugin."""
    records = {record.__name__: record for record in found.records}
    for soort in found.taaksoorten.values():
        _known(f"taaksoort {soort.code}", "categorie", [soort.categorie.code], found.categorieen)
    for bron in found.werkbronnen.values():
        _known(f"werkbron {bron.code}", "record", [bron.record.__name__], records)
        _known(f"werkbron {bron.code}", "veld", [bron.wanneer, *bron.velden], bron.record.velden)


def _known(who: str, what: str, codes: Iterable[str], known: Mapping[str, object]) -> None:
    if unknown := sorted(set(codes) - set(known)):
        raise OpstartFout(f"{who} noemt {what} {unknown[0]!r}, maar dat is er niet.")


def _matrix(found: Catalogue) -> Mapping[str, frozenset[str]]:
    own = {code: {categorie.code for categorie in doel.categorieen} for code, doel in found.doelen.items()}
    for categorie in found.categorieen.values():
        for doel in categorie.doelen:
            own[doel].add(categorie.code)
    return MappingProxyType({doel: frozenset(codes) for doel, codes in own.items()})
