"""A policy in Dutch sentences, and what changes between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.access.policy import Policy

Recht = tuple[str, str]
"""A permission and the purpose that it is bound to; no purpose is always."""


@dataclass(frozen=True, slots=True)
class Rolverschil:
    """What a role gets and loses: rights, and fields that it never sees."""

    rol: str
    erbij: tuple[Recht, ...]
    eraf: tuple[Recht, ...]
    geweigerd: tuple[str, ...]
    niet_meer_geweigerd: tuple[str, ...]

    def regels(self, catalogue: Catalogue) -> Iterator[str]:
        """In Dutch; nothing for a role for which nothing changes."""
        for teken, rechten in (("krijgt erbij", self.erbij), ("raakt kwijt", self.eraf)):
            for recht in rechten:
                yield f"{self.rol} {teken}: {zin(catalogue, recht)}"
        for woord, velden in (("ziet nooit meer", self.geweigerd), ("kan weer zien", self.niet_meer_geweigerd)):
            yield from (f"{self.rol} {woord}: {veldzin(catalogue, veld)}" for veld in velden)


def verschil(oud: Policy, nieuw: Policy, catalogue: Catalogue) -> list[Rolverschil]:
    """Per role what differs; roles for which nothing does are left out."""
    found = []
    for rol in catalogue.rollen:
        had, heeft = _rechten(oud, rol), _rechten(nieuw, rol)
        weg, weigert = (policy.geweigerd.get(rol, frozenset()) for policy in (oud, nieuw))
        een = Rolverschil(
            rol, tuple(sorted(heeft - had)), tuple(sorted(had - heeft)), tuple(sorted(weigert - weg)), tuple(sorted(weg - weigert))
        )
        if any((een.erbij, een.eraf, een.geweigerd, een.niet_meer_geweigerd)):
            found.append(een)
    return found


def beschrijf(policy: Policy, catalogue: Catalogue, code: str) -> Iterator[str]:
    """What a role may, line by line."""
    rol = catalogue.rollen[code]
    yield f"{code} ({rol.naam}), ziet gegevens tot en met niveau {int(rol.plafond)}:"
    rechten = sorted(_rechten(policy, code) - {(PUBLIC.naam, "")})
    yield from (f"  mag: {zin(catalogue, recht)}" for recht in rechten)
    yield from (f"  ziet nooit: {veldzin(catalogue, veld)}" for veld in sorted(policy.geweigerd.get(code, ())))
    if not rechten:
        yield "  mag niets."


def zin(catalogue: Catalogue, recht: Recht) -> str:
    """A right in Dutch."""
    naam, doel = recht
    bij = f" Alleen voor het doel '{catalogue.doelen[doel].uitleg}' ({doel})." if doel else ""
    return f"{catalogue.permissions[naam].uitleg} ({naam}){bij}"


def veldzin(catalogue: Catalogue, veld: str) -> str:
    """A field in Dutch."""
    soort, naam = veld.split(".", 1)
    uitleg = next(record.velden[naam].uitleg for record in catalogue.records if record.__name__ == soort)
    return f"{uitleg} ({veld})"


def _rechten(policy: Policy, rol: str) -> set[Recht]:
    altijd = {(naam, "") for naam in policy.rechten[rol]}
    return altijd | {(naam, doel) for (code, doel), namen in policy.bij_doel.items() if code == rol for naam in namen}
