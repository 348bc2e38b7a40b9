"""The closed lists of one installation: what the core and its plugins declared together. Nothing outside them exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Grondslag, Instemming
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
    """Categories, grounds, purposes, activities, roles and permissions by code, and all records.

    `matrix` says which categories a purpose opens; `met_instemming` which more it opens by a consent, and of which kind.
    """

    categorieen: Mapping[str, Categorie]
    doelen: Mapping[str, Doel]
    activiteiten: Mapping[str, Activiteit]
    rollen: Mapping[str, Rol]
    permissions: Mapping[str, Permission]
    matrix: Mapping[str, frozenset[str]]
    records: tuple[type[Record], ...] = ()
    grondslagen: Mapping[str, Grondslag] = field(default_factory=dict)
    met_instemming: Mapping[str, Mapping[str, Instemming]] = field(default_factory=dict)
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
        asked, opened = tuple(dict.fromkeys(categorieen)), self.matrix[doel.code] | self.met_instemming[doel.code].keys()
        if not asked or not opened.issuperset(asked):
            known = ", ".join(sorted(opened))
            raise OngeldigeInvoer(f"Dit doel geeft geen toegang tot deze soort gegevens. Kies uit: {known}.", veld="categorieen")
        return asked

    def instemming(self, doel: Doel, categorie: str) -> Instemming:
        """What consent this purpose needs to open this category: of its ground, or of the category itself (domain.md 2.2, 2.5)."""
        return self.met_instemming[doel.code].get(categorie, doel.grondslag.instemming)


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
    grondslagen: Iterable[Grondslag] = (),
    taaksoorten: Iterable[Taaksoort] = (),
    berichtsoorten: Iterable[Berichtsoort] = (),
    werkbronnen: Iterable[Werkbron] = (),
    jobs: Iterable[Job] = (),
) -> Catalogue:
    """Put the lists together; the grounds of purposes come along by themselves.

    Raises OpstartFout for a code declared twice, one that refers to nothing, and data of one act that would open for another (domain.md
    2.5).
    """
    activiteiten, doelen = tuple(activiteiten), tuple(doelen)
    found = Catalogue(
        _by_code("categorie", [(c.code, c) for c in categorieen]),
        _by_code("doel", [(d.code, d) for d in doelen]),
        _by_code("activiteit", [(a.code, a) for a in activiteiten]),
        _by_code("rol", [(r.code, _met_activiteiten(r, activiteiten)) for r in rollen]),
        _by_code("permissie", [(p.naam, p) for p in permissions]),
        MappingProxyType({}),
    )
    _refer_to_something(found)
    found = replace(
        found,
        matrix=_matrix(found),
        met_instemming=_met_instemming(found),
        grondslagen=_by_code("grondslag", [(g.code, g) for g in (*grondslagen, *(doel.grondslag for doel in doelen))]),
        records=tuple(records),
        taaksoorten=_by_code("taaksoort", [(soort.code, soort) for soort in taaksoorten]),
        berichtsoorten=_by_code("berichtsoort", [(soort.code, soort) for soort in berichtsoorten]),
        werkbronnen=_by_code("werkbron", [(bron.code, bron) for bron in werkbronnen]),
        jobs=_by_code("job", [(job.naam, job) for job in jobs]),
    )
    _work_refers_to_something(found)
    _keeps_acts_apart(found)
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
        _known(f"categorie {categorie.code}", "doel", (*categorie.doelen, *dict(categorie.met_instemming)), found.doelen)
    for doel in found.doelen.values():
        _known(f"doel {doel.code}", "categorie", [c.code for c in doel.categorieen], found.categorieen)
    for activiteit in found.activiteiten.values():
        _known(f"activiteit {activiteit.code}", "doel", [d.code for d in activiteit.doelen], found.doelen)
        _known(f"activiteit {activiteit.code}", "rol", activiteit.rollen, found.rollen)
    for rol in found.rollen.values():
        _known(f"rol {rol.code}", "activiteit", rol.activiteiten, found.activiteiten)
        _known(f"rol {rol.code}", "rol", rol.niet_met, found.rollen)
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


def _met_instemming(found: Catalogue) -> Mapping[str, Mapping[str, Instemming]]:
    own: dict[str, dict[str, Instemming]] = {code: {} for code in found.doelen}
    for categorie in found.categorieen.values():
        for doel, instemming in categorie.met_instemming:
            own[doel][categorie.code] = instemming
    return MappingProxyType({doel: MappingProxyType(kinds) for doel, kinds in own.items()})


def _met_activiteiten(rol: Rol, activiteiten: Iterable[Activiteit]) -> Rol:
    """The role with the activities that name it."""
    erbij = [activiteit.code for activiteit in activiteiten if rol.code in activiteit.rollen]
    return replace(rol, activiteiten=tuple(dict.fromkeys((*rol.activiteiten, *erbij))))


def _keeps_acts_apart(found: Catalogue) -> None:
    """No purpose opens data of another act without consent, but for the resident's own eyes; none opens special data that its ground does
    not allow (domain.md 2.2, 2.5)."""
    for doel in found.doelen.values():
        for categorie in (found.categorieen[code] for code in sorted(found.matrix[doel.code])):
            if categorie.domein not in (None, doel.domein) and doel.domein is not Domein.INZAGE:
                raise OpstartFout(f"doel {doel.code} opent categorie {categorie.code!r} van een andere wet. Dat kan alleen met_instemming.")
            if categorie.bijzonder and not doel.grondslag.bijzonder:
                raise OpstartFout(f"doel {doel.code} opent bijzondere gegevens {categorie.code!r}, maar zijn grondslag staat dat niet toe.")
