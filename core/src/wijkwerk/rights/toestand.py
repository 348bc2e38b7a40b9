"""The state before a merge, as it is kept sealed in `Samenvoeging.toestand` until the merge is undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from wijkwerk.dubbelen import Dubbelvermoeden
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.frozen import freeze, thaw
from wijkwerk.records.opening import from_plain, open_stored
from wijkwerk.records.session import Work
from wijkwerk.rights.persoonsgegevens import BSN_VELDEN, Stand, gegevensvelden


@dataclass(frozen=True, slots=True)
class Toestand:
    """Both residents before the merge, what it changed of the survivor, which kaders were of the other only, and the hints about both."""

    blijft: Stand
    gaat_op: Stand
    gewijzigd: Stand
    kaders: frozenset[UUID]
    vermoedens: Mapping[UUID, Stand]

    def tekst(self) -> str:
        """As JSON."""
        personen = {name: _bevroren(Persoon, getattr(self, name)) for name in ("blijft", "gaat_op", "gewijzigd")}
        hints = {id.hex: _bevroren(Dubbelvermoeden, stand) for id, stand in self.vermoedens.items()}
        return orjson.dumps({**personen, "kaders": sorted(id.hex for id in self.kaders), "vermoedens": hints}).decode()

    @classmethod
    def lees(cls, tekst: str) -> Toestand:
        """What `tekst` gave. A field of a resident that was taken away since is left out."""
        kept = orjson.loads(tekst)
        personen = {name: _ontdooid(Persoon, kept[name]) for name in ("blijft", "gaat_op", "gewijzigd")}
        hints = {UUID(id): _ontdooid(Dubbelvermoeden, stand) for id, stand in kept["vermoedens"].items()}
        return cls(**personen, kaders=frozenset(map(UUID, kept["kaders"])), vermoedens=hints)


def stand(work: Work, persoon: Persoon) -> dict[str, Any]:
    """What a resident's row says now, opened."""
    return {name: _waarde(work, persoon, name) for name in (*gegevensvelden(), *BSN_VELDEN)}


def geopend(work: Work, record: PersonRecord, naam: str) -> bytes | None:
    """The plain bytes of a sealed column of a record that `work.get` gave; None when empty or its key was destroyed."""
    value = getattr(record, naam)
    return None if value is None else open_stored(work, record, naam, value)


def _waarde(work: Work, persoon: Persoon, name: str) -> Any:
    veld = Persoon.velden[name]
    if veld.kind != "sealed":
        return getattr(persoon, name)
    plain = geopend(work, persoon, name)
    return None if plain is None else from_plain(veld.sealed_type or str, plain)


def _bevroren(record: type[PersonRecord], values: Stand) -> dict[str, Any]:
    return {name: freeze(record, name, value) for name, value in values.items()}


def _ontdooid(record: type[PersonRecord], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: thaw(record, name, value) for name, value in values.items() if name in record.velden}
