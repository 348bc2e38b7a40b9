"""What kinds of things a role may do: casbin reads the policy once, into an immutable snapshot; requests only look up.

`enforce` is never called per field, per row or from a request (measurements.md I.3: 60 µs to 58 ms a call, and not thread-safe).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import casbin

from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.access.roles import Rol
from wijkwerk.errors import OpstartFout

MODEL = """
[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && r.sub == p.sub
"""


class Regel(NamedTuple):
    """A role may do something; `nummer` is the line of the file that says so, 0 when no file does."""

    rol: str
    permissie: str
    nummer: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """An immutable answer to "what may this role do". `versie` names the exact policy in every log entry."""

    versie: str
    rechten: Mapping[str, frozenset[str]]

    def of(self, rollen: Iterable[str]) -> frozenset[str]:
        """All rights of these roles together. An unknown role has none; no role has none, not even what is public."""
        found = [self.rechten.get(rol, frozenset()) for rol in rollen]
        return frozenset().union(*found)


def default_lines(permissions: Iterable[Permission]) -> list[Regel]:
    """The policy that the declarations give: one line per role and permission."""
    return sorted(Regel(rol, permission.naam) for permission in permissions for rol in permission.rollen)


def parse_lines(text: str) -> list[Regel]:
    """A policy file: lines `p, ROL, permission`; `#` starts a comment. Raises OpstartFout with the number of any other line."""
    found: list[Regel] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = [word.strip() for word in line.split("#")[0].split(",")]
        if words == [""]:
            continue
        if len(words) != 3 or words[0] != "p":
            raise OpstartFout(f"Beleid, regel {number}: schrijf 'p, ROL, permissie'.")
        found.append(Regel(words[1], words[2], number))
    return found


def read_file(file: Path) -> list[Regel]:
    """The lines of a policy file. Raises OpstartFout when it can't be read: without a policy nobody may do anything."""
    try:
        return parse_lines(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise OpstartFout("Het beleidsbestand kan niet worden gelezen. Controleer de plaats en de rechten van het bestand.") from error


def load(lines: Sequence[Regel], rollen: Iterable[Rol], permissions: Iterable[Permission]) -> Policy:
    """Evaluate the policy for every role and permission, once: another installation in this process with the same lines gets the same.

    Raises OpstartFout for a role or permission that nobody declared, naming the line: a typing error must not switch anything on or off.
    """
    names = {permission.naam for permission in permissions}
    codes = [rol.code for rol in rollen]
    for rol, naam, number in lines:
        if rol not in codes:
            raise OpstartFout(f"Beleid, regel {number}: de rol {rol!r} bestaat niet.")
        if naam not in names:
            raise OpstartFout(f"Beleid, regel {number}: de permissie {naam!r} bestaat niet.")
    return _evaluated(_pairs(lines), tuple(codes), frozenset(names))


@lru_cache(maxsize=8)
def _evaluated(pairs: tuple[tuple[str, str], ...], codes: tuple[str, ...], names: frozenset[str]) -> Policy:
    rechten = {code: frozenset({PUBLIC.naam, *_granted(code, pairs, names)}) for code in codes}
    return Policy(_versie(pairs), MappingProxyType(rechten))


def _granted(rol: str, pairs: Iterable[tuple[str, str]], names: Iterable[str]) -> list[str]:
    """Asked of an enforcer with this role's lines alone: it looks through all that it has, for every question."""
    enforcer = _enforcer([list(pair) for pair in pairs if pair[0] == rol])
    return [naam for naam in names if enforcer.enforce(rol, naam)]


def _enforcer(lines: list[list[str]]) -> casbin.Enforcer:
    model = casbin.Model()
    model.load_model_from_text(MODEL)
    enforcer = casbin.Enforcer(model)
    enforcer.add_policies(lines)
    return enforcer


def _pairs(lines: Iterable[Regel]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(line.rol, line.permissie) for line in lines}))


def _versie(pairs: Iterable[tuple[str, str]]) -> str:
    text = "\n".join(f"{rol},{naam}" for rol, naam in pairs)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
