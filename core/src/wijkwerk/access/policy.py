"""What kinds of things a role may do: casbin reads the policy once, into an immutable snapshot; requests only look up.

`enforce` is never called per field, per row or from a request (measurements.md I.3: 60 µs to 58 ms a call, and not thread-safe).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

import casbin
from casbin.model import FastModel

from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.access.policybestand import Beleidsfout, Beleidsregel, Fout, Regel, Weigering, dubbel

if TYPE_CHECKING:
    from wijkwerk.access.catalogue import Catalogue
    from wijkwerk.access.roles import Rol
    from wijkwerk.records.declare import Record

K = TypeVar("K")

MODEL: Final = """
[request_definition]
r = sub, obj, doel
[policy_definition]
p = sub, obj, doel
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.doel == p.doel
"""


@dataclass(frozen=True, slots=True)
class Toegekend:
    """What roles have together in a request: rights, and the fields (`Soort.veld`) that it never sees."""

    rechten: frozenset[str]
    geweigerd: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """An immutable answer to "what may this role do". `versie` names the exact policy in every log entry; `regels` is what it says.

    `rechten`: per role what it may always; `bij_doel`: per role and purpose what it may more in a request for that purpose; `geweigerd`:
    per role the fields that it never sees.
    """

    versie: str
    regels: tuple[Beleidsregel, ...]
    rechten: Mapping[str, frozenset[str]]
    bij_doel: Mapping[tuple[str, str], frozenset[str]]
    geweigerd: Mapping[str, frozenset[str]]

    def of(self, rollen: Iterable[str], doelen: Iterable[str] = ()) -> frozenset[str]:
        """All rights of these roles together, in a request for these purposes. An unknown role has none; no role has none, not even
        what is public."""
        return self.toegekend(rollen, doelen).rechten

    def toegekend(self, rollen: Iterable[str], doelen: Iterable[str] = ()) -> Toegekend:
        """What these roles have together; worked out once per set of roles and purposes. What one of them never sees, none does."""
        return _toegekend(self, frozenset(rollen), frozenset(doelen))


@lru_cache(maxsize=1024)
def _toegekend(policy: Policy, rollen: frozenset[str], doelen: frozenset[str]) -> Toegekend:
    altijd = [policy.rechten.get(rol, frozenset()) for rol in rollen]
    bij_doel = [policy.bij_doel.get((rol, doel), frozenset()) for rol in rollen for doel in doelen]
    geweigerd = [policy.geweigerd.get(rol, frozenset()) for rol in rollen]
    return Toegekend(frozenset().union(*altijd, *bij_doel), frozenset().union(*geweigerd))


def default_lines(permissions: Iterable[Permission]) -> list[Regel]:
    """The policy that the declarations give: one line per role and permission."""
    return sorted(Regel(rol, permission.naam) for permission in permissions for rol in permission.rollen)


def load(lines: Sequence[Beleidsregel], catalogue: Catalogue, fouten: Iterable[Fout] = ()) -> Policy:
    """Evaluate the policy, once: another installation in this process with the same lines gets the same.

    `fouten`: what was wrong with it before. Raises Beleidsfout with that and every line that names what nobody declared, that stands there
    twice, or gives a person what is for the system alone: a typing error must not switch anything on or off.
    """
    if found := [*fouten, *gekeurd(lines, catalogue)]:
        raise Beleidsfout(found)
    return _evaluated(tuple(sorted({line._replace(nummer=0) for line in lines}, key=lambda line: line.tekst)), tuple(catalogue.rollen))


def gekeurd(lines: Sequence[Beleidsregel], catalogue: Catalogue) -> list[Fout]:
    """Everything that is wrong with these lines, where this is declared."""
    velden = weigerbaar(catalogue.records)
    found = dubbel(lines)
    for line in lines:
        if line.rol not in catalogue.rollen:
            found.append(Fout(line.nummer, f"de rol {line.rol!r} bestaat niet."))
        elif isinstance(line, Weigering):
            found += _keur_weigering(line, velden)
        else:
            found += _keur_regel(line, catalogue)
    return found


def weigerbaar(records: Iterable[type[Record]]) -> Mapping[str, bool]:
    """Every field by `Soort.veld`, and whether a role can be refused it: only what is read from a row itself has a level, and the version
    of a row is needed to change it."""
    found: dict[str, bool] = {}
    for record in records:
        found |= {f"{record.__name__}.{name}": veld.level is not None and name != "versie" for name, veld in record.velden.items()}
        found |= {f"{record.__name__}.{name}": False for name in record.afgeleid}
    return found


def _keur_weigering(line: Weigering, velden: Mapping[str, bool]) -> Iterator[Fout]:
    if line.veld not in velden:
        yield Fout(line.nummer, f"het veld {line.veld!r} bestaat niet. Schrijf Soort.veld, zoals Persoon.taal.")
    elif not velden[line.veld]:
        yield Fout(line.nummer, f"het veld {line.veld!r} kan niet worden geweigerd. Weiger de velden waaruit het volgt.")


def _keur_regel(line: Regel, catalogue: Catalogue) -> Iterator[Fout]:
    permission = catalogue.permissions.get(line.permissie)
    if permission is None:
        yield Fout(line.nummer, f"de permissie {line.permissie!r} bestaat niet.")
    elif not catalogue.rollen[line.rol].systeem and alleen_systeem(permission, catalogue.rollen):
        yield Fout(line.nummer, f"de permissie {line.permissie!r} is alleen voor het systeem zelf, niet voor {line.rol}.")
    if line.doel and line.doel not in catalogue.doelen:
        yield Fout(line.nummer, f"het doel {line.doel!r} bestaat niet.")


def alleen_systeem(permission: Permission, rollen: Mapping[str, Rol]) -> bool:
    """Whether only the system itself does this, by its declaration: then no policy gives it to a person."""
    return bool(permission.rollen) and all(rollen[rol].systeem for rol in permission.rollen)


@lru_cache(maxsize=8)
def _evaluated(lines: tuple[Beleidsregel, ...], codes: tuple[str, ...]) -> Policy:
    grants = [line for line in lines if isinstance(line, Regel)]
    enforcer = _enforcer([[line.rol, line.permissie, line.doel] for line in grants])
    altijd: dict[str, set[str]] = {code: {PUBLIC.naam} for code in codes}
    bij_doel: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rol, permissie, _, doel in [line for line in grants if enforcer.enforce(line.rol, line.permissie, line.doel)]:
        (bij_doel[rol, doel] if doel else altijd[rol]).add(permissie)
    geweigerd: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if isinstance(line, Weigering):
            geweigerd[line.rol].add(line.veld)
    return Policy(_versie(lines), lines, _frozen(altijd), _frozen(bij_doel), _frozen(geweigerd))


def _frozen(found: Mapping[K, set[str]]) -> Mapping[K, frozenset[str]]:
    return MappingProxyType({key: frozenset(names) for key, names in found.items()})


def _enforcer(lines: list[list[str]]) -> casbin.FastEnforcer:
    """An enforcer that looks at the lines of a role and permission alone: of the plain one, each question walks all of them."""
    model = FastModel([0, 1])
    model.load_model_from_text(MODEL)
    for line in lines:  # as its adapters do: `add_policies` looks for each line among all others first
        model["p"]["p"].policy.append(line)
    return casbin.FastEnforcer(
        model,
        cache_key_order=[0, 1],  # pragma: no mutate - without it a question walks all lines, and is answered the same
    )


def _versie(lines: Iterable[Beleidsregel]) -> str:
    return hashlib.sha256("\n".join(line.tekst for line in lines).encode()).hexdigest()[:16]
