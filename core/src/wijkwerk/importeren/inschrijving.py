"""What a good row of an import file holds: a resident, how to reach them, and with whom they live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from wijkwerk.contactgegevens import Contactsoort
from wijkwerk.huishoudens import Huishoudrol

Gegevens: TypeAlias = dict[str, Any]
"""Checked data by the names of fields. What is absent is not in it."""

CONTACTKOLOMMEN: Mapping[str, Contactsoort] = MappingProxyType(
    {"telefoonnummer": Contactsoort.TELEFOON, "tweede_telefoonnummer": Contactsoort.TELEFOON, "emailadres": Contactsoort.EMAIL}
)
"""Columns that become a contact detail, the first one first."""

HUISHOUDKOLOMMEN = ("huishouden", "huishoudrol")
"""Columns that make a resident a member of a household: the one says nothing without the other."""


@dataclass(frozen=True, slots=True)
class Inhuis:
    """In which household: `sleutel` is a text of the file that is the same for all who live together."""

    sleutel: str = field(repr=False)
    rol: Huishoudrol


@dataclass(frozen=True, slots=True)
class Inschrijving:
    """`persoon` has fields of `personen.INVOER`, each of `contactgegevens` those of `contactgegevens.INVOER`. The `repr` tells nothing."""

    persoon: Gegevens = field(repr=False)
    contactgegevens: tuple[Gegevens, ...] = field(default=(), repr=False)
    huis: Inhuis | None = field(default=None, repr=False)

    @classmethod
    def van(cls, gegevens: Mapping[str, Any]) -> Self:
        """From checked data by the names of the columns."""
        elders = {*CONTACTKOLOMMEN, *HUISHOUDKOLOMMEN}
        persoon = {veld: waarde for veld, waarde in gegevens.items() if veld not in elders}
        huis = Inhuis(gegevens["huishouden"], gegevens["huishoudrol"]) if "huishouden" in gegevens else None
        return cls(persoon, tuple(_contactgegevens(gegevens)), huis)


def _contactgegevens(gegevens: Mapping[str, Any]) -> Iterator[Gegevens]:
    """Each once: a file often has the same number in two columns."""
    gezien = set()
    for kolom, soort in CONTACTKOLOMMEN.items():
        waarde = gegevens.get(kolom)
        if waarde is not None and waarde.casefold() not in gezien:
            gezien.add(waarde.casefold())
            yield {"soort": soort, "waarde": waarde}
