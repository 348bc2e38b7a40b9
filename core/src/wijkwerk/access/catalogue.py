"""The closed lists of one installation: what the core and its plugins declared together. Nothing outside them exists."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Grondslag, Instemming
from wijkwerk.access.registerbestand import lees
from wijkwerk.access.roles import Rol
from wijkwerk.access.versies import Register, by_code, op_code, verklaard
from wijkwerk.errors import OngeldigeInvoer, OpstartFout

if TYPE_CHECKING:
    from wijkwerk.jobs.job import Job
    from wijkwerk.post.soorten import Berichtsoort
    from wijkwerk.records.declare import Record
    from wijkwerk.taken.bron import Werkbron
    from wijkwerk.taken.soorten import Taaksoort


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Categories, grounds, purposes, activities, roles and permissions by code, and all records.

    `matrix` says which categories a purpose opens; `met_instemming` which more it opens by a consent, and of which kind.
    As it was put together it names the newest version of everything, whether that holds or not; `op` gives what holds on a day, and
    `register` has all versions.
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
    register: Register = field(default_factory=Register)
    wisseldagen: tuple[date, ...] = ()
    perioden: tuple[Catalogue, ...] = ()

    def op(self, dag: date) -> Catalogue:
        """What holds on this day. A purpose that does not, opens nothing."""
        return self.perioden[bisect_right(self.wisseldagen, dag)] if self.perioden else self

    def doel(self, code: str) -> Doel:
        """The purpose with this code. Raises OngeldigeInvoer for another."""
        if code not in self.doelen:
            raise OngeldigeInvoer(f"Dit doel kennen we niet. Kies uit: {', '.join(sorted(self.doelen))}.", veld="doel")
        return self.doelen[code]

    def opens(self, doel: Doel, categorieen: Iterable[str]) -> tuple[str, ...]:
        """These categories, all of which the purpose opens. Raises OngeldigeInvoer when it does not, or when there is none."""
        asked, opened = tuple(dict.fromkeys(categorieen)), self.matrix[doel.code] | self.met_instemming[doel.code].keys()
        known = ", ".join(sorted(opened))
        if not asked:
            raise OngeldigeInvoer(f"Noem ten minste een soort gegevens. Kies uit: {known}.", veld="categorieen")
        if not opened.issuperset(asked):
            raise OngeldigeInvoer(f"Dit doel geeft geen toegang tot deze soort gegevens. Kies uit: {known}.", veld="categorieen")
        return asked

    def instemming(self, doel: Doel, categorie: str) -> Instemming:
        """What consent this purpose needs to open this category: of its ground, or of the category itself (domain.md 2.2, 2.5)."""
        return self.met_instemming[doel.code].get(categorie, doel.grondslag.instemming)

    def mag_bijzonder(self, doelen: Iterable[str]) -> bool:
        """Whether one of these purposes rests on a ground on which special categories of data may be processed (domain.md 2.2)."""
        return any(self.doelen[code].grondslag.bijzonder for code in doelen if code in self.doelen)

    def geopend(self, doelen: Iterable[str]) -> frozenset[str]:
        """The categories that these purposes open, with or without a consent."""
        found = [self.matrix[code] | self.met_instemming[code].keys() for code in doelen if code in self.doelen]
        return frozenset().union(*found)


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
    register_file: Path | None = None,
) -> Catalogue:
    """Put the lists together; the grounds of purposes come along by themselves. `register_file`: what the installation adds.

    Raises OpstartFout for a code declared twice, one that refers to nothing, and data of one act that would open for another (domain.md
    2.5), on whichever day that would be.
    """
    doelen = tuple(doelen)
    wie = _wederzijds(by_code("rol", [(r.code, r) for r in rollen]))
    register = verklaard(categorieen, [*grondslagen, *(doel.grondslag for doel in doelen)], doelen, activiteiten)
    if register_file is not None:
        register = register.met(lees(register_file, register, wie))
    vast = Catalogue(
        {}, {}, {}, wie,
        by_code("permissie", [(p.naam, p) for p in permissions]), {},
        records=tuple(records),
        taaksoorten=by_code("taaksoort", [(soort.code, soort) for soort in taaksoorten]),
        berichtsoorten=by_code("berichtsoort", [(soort.code, soort) for soort in berichtsoorten]),
        werkbronnen=by_code("werkbron", [(bron.code, bron) for bron in werkbronnen]),
        jobs=by_code("job", [(job.naam, job) for job in jobs]),
        register=register,
    )  # fmt: skip
    _refer_to_something(vast)
    found, dagen = _op(vast, None), register.dagen()
    _work_refers_to_something(found)
    perioden = tuple(_op(vast, dag) for dag in (date.min, *dagen)) if dagen else ()
    return replace(found, wisseldagen=dagen, perioden=perioden)


def _op(vast: Catalogue, dag: date | None) -> Catalogue:
    """What holds on this day, looked through; without a day the newest of everything."""
    holds = vast.register.op(dag)
    found = replace(
        vast,
        categorieen=op_code(holds.categorieen),
        grondslagen=op_code(holds.grondslagen),
        doelen=op_code(holds.doelen),
        activiteiten=op_code(holds.activiteiten),
        rollen=MappingProxyType({code: _met_activiteiten(rol, holds.activiteiten) for code, rol in vast.rollen.items()}),
    )
    codes = {doel.code for doel in vast.register.doelen}
    found = replace(found, matrix=_matrix(found, codes), met_instemming=_met_instemming(found, codes))
    _keeps_acts_apart(found)
    return found


def _wederzijds(rollen: Mapping[str, Rol]) -> Mapping[str, Rol]:
    """The roles, each with all that exclude it: a plugin's own role may exclude one of the core, which cannot name it (domain.md 9.6)."""
    andersom = {code: [rol.code for rol in rollen.values() if code in rol.niet_met] for code in rollen}
    met = {code: replace(rol, niet_met=tuple(dict.fromkeys((*rol.niet_met, *andersom[code])))) for code, rol in rollen.items()}
    return MappingProxyType(met)


def _refer_to_something(vast: Catalogue) -> None:
    """Every version, also one that does not hold yet."""
    register = vast.register
    categorieen, doelen, activiteiten = (op_code(each) for each in (register.categorieen, register.doelen, register.activiteiten))
    for categorie in register.categorieen:
        _known(f"categorie {categorie.code}", "doel", (*categorie.doelen, *dict(categorie.met_instemming)), doelen)
    for doel in register.doelen:
        _known(f"doel {doel.code}", "categorie", [c.code for c in doel.categorieen], categorieen)
    for activiteit in register.activiteiten:
        _known(f"activiteit {activiteit.code}", "doel", [d.code for d in activiteit.doelen], doelen)
        _known(f"activiteit {activiteit.code}", "rol", activiteit.rollen, vast.rollen)
    for rol in vast.rollen.values():
        _known(f"rol {rol.code}", "activiteit", rol.activiteiten, activiteiten)
        _known(f"rol {rol.code}", "rol", rol.niet_met, vast.rollen)
        if rol.code in rol.niet_met:
            raise OpstartFout(f"rol {rol.code} noemt zichzelf in niet_met. Noem daar de rollen die niemand erbij heeft.")
    for permission in vast.permissions.values():
        _known(f"permissie {permission.naam}", "rol", permission.rollen, vast.rollen)


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


def _matrix(found: Catalogue, codes: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """For every purpose there is; one that does not hold opens nothing."""
    own: dict[str, set[str]] = {code: set() for code in codes}
    for doel in found.doelen.values():
        own[doel.code].update(categorie.code for categorie in doel.categorieen)
    for categorie in found.categorieen.values():
        for code in categorie.doelen:
            own[code].add(categorie.code)
    return MappingProxyType({doel: frozenset(opened) for doel, opened in own.items()})


def _met_instemming(found: Catalogue, codes: Iterable[str]) -> Mapping[str, Mapping[str, Instemming]]:
    own: dict[str, dict[str, Instemming]] = {code: {} for code in codes}
    for categorie in found.categorieen.values():
        for doel, instemming in categorie.met_instemming:
            if instemming is Instemming.NIET_NODIG:
                raise OpstartFout(f"categorie {categorie.code} opent voor doel {doel!r} met_instemming NIET_NODIG. Noem een instemming.")
            own[doel][categorie.code] = instemming
    return MappingProxyType({doel: MappingProxyType(kinds) for doel, kinds in own.items()})


def _met_activiteiten(rol: Rol, activiteiten: Iterable[Activiteit]) -> Rol:
    """The role with the activities that name it, and without those that do not hold."""
    there = {activiteit.code: activiteit.rollen for activiteit in activiteiten}
    own = [code for code in rol.activiteiten if code in there]
    return replace(rol, activiteiten=tuple(dict.fromkeys((*own, *(code for code, rollen in there.items() if rol.code in rollen)))))


def _keeps_acts_apart(found: Catalogue) -> None:
    """No purpose opens data of another act without consent, but for the resident's own eyes; none opens special data that its ground does
    not allow (domain.md 2.2, 2.5)."""
    for doel in found.doelen.values():
        if doel.domein is Domein.INZAGE and doel.koppelbaar:
            raise OpstartFout(f"doel {doel.code} is voor de inwoner zelf (INZAGE). Een partner kan daar niet voor worden gekoppeld.")
        for categorie in (found.categorieen[code] for code in sorted(found.matrix[doel.code])):
            if categorie.domein not in (None, doel.domein) and doel.domein is not Domein.INZAGE:
                raise OpstartFout(f"doel {doel.code} opent categorie {categorie.code!r} van een andere wet. Dat kan alleen met_instemming.")
            if categorie.bijzonder and not doel.grondslag.bijzonder:
                raise OpstartFout(f"doel {doel.code} opent bijzondere gegevens {categorie.code!r}, maar zijn grondslag staat dat niet toe.")
