"""What a service is given for a record, by the name of the column: which names it takes, each value as its column wants it, and text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from wijkwerk.errors import OngeldigeInvoer, bij_veld
from wijkwerk.records.declare import Record

MAX_TEKST = 4000


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


def keur_tekst(tekst: str, veld: str) -> str:
    """Text that must say something. Raises OngeldigeInvoer."""
    if not tekst.strip() or len(tekst) > MAX_TEKST or "\x00" in tekst:
        raise OngeldigeInvoer(f"Schrijf hier een tekst van 1 tot {MAX_TEKST} tekens.", veld=veld)
    return tekst.strip()


def tekst_of_niets(tekst: str | None, veld: str) -> str | None:
    """Text that may be left out: None stays None. Raises as `keur_tekst`."""
    return None if tekst is None else keur_tekst(tekst, veld)


def keur_toelichting(reden: StrEnum | None, toelichting: str | None) -> str | None:
    """What is said with a reason from a list. Raises OngeldigeInvoer for the reason ANDERS without it, and as `keur_tekst`."""
    if reden is not None and reden.value == "ANDERS" and toelichting is None:
        raise OngeldigeInvoer("Schrijf bij een andere reden wat die is.", veld="toelichting")
    return tekst_of_niets(toelichting, "toelichting")


def zet(record: Record, gegevens: Mapping[str, Any], velden: Collection[str]) -> None:
    """Give a record these values; the session checks each at the flush. Raises OngeldigeInvoer for a field that is not one of `velden`."""
    for naam, waarde in alleen(gegevens, velden).items():
        setattr(record, naam, waarde)
