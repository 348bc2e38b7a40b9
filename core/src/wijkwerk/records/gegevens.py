"""What a service is given for a record, by the name of the column: which names it takes, and each value as its column wants it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from wijkwerk.errors import OngeldigeInvoer, bij_veld
from wijkwerk.records.declare import Record


def alleen(gegevens: Mapping[str, Any], velden: Collection[str]) -> dict[str, Any]:
    """What was given. Raises OngeldigeInvoer for a field that is not one of `velden`."""
    if unknown := set(gegevens) - set(velden):
        raise OngeldigeInvoer("Dit veld kunt u hier niet invullen. Laat het weg.", veld=min(unknown))
    return dict(gegevens)


def niet_leeg(veld: str) -> OngeldigeInvoer:
    """The refusal of nothing where there must be something."""
    return OngeldigeInvoer("Dit veld mag niet leeg zijn. Vul het in.", veld=veld)


def gekeurd(record: type[Record], naam: str, waarde: Any) -> Any:
    """A value as the check of its column makes it. Raises OngeldigeInvoer naming the field."""
    check = record.velden[naam].check
    if check is None or waarde is None:
        return waarde
    with bij_veld(naam):
        return check(waarde)


def zet(record: Record, gegevens: Mapping[str, Any], velden: Collection[str]) -> None:
    """Give a record these values; the session checks each at the flush. Raises OngeldigeInvoer for a field that is not one of `velden`."""
    for naam, waarde in alleen(gegevens, velden).items():
        setattr(record, naam, waarde)
