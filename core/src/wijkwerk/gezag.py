"""Who has authority over a child, as it was registered; a code that is not known is kept as it is (domain.md 1.9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import FAMILIE
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.familie import VASTLEGGEN, ZIEN, bereikbaar, keur_periode, vergrendel
from wijkwerk.personen import Persoon
from wijkwerk.records.checks import short
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.fields import field, stored_enum, subject
from wijkwerk.records.gegevens import zet
from wijkwerk.records.geldigheid import overlapt
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

VOLWASSEN = 18
WIJZIGBAAR = ("soort", "brp_code", "in_onderzoek", "van", "tot")


class Gezagsoort(StrEnum):
    """The kinds of Haal Centraal; ONBEKEND is for a code outside the list, which stands in `brp_code`."""

    GEZAMENLIJK_OUDERLIJK_GEZAG = "GEZAMENLIJK_OUDERLIJK_GEZAG"
    EENHOOFDIG_OUDERLIJK_GEZAG = "EENHOOFDIG_OUDERLIJK_GEZAG"
    GEZAMENLIJK_GEZAG = "GEZAMENLIJK_GEZAG"
    VOOGDIJ = "VOOGDIJ"
    TIJDELIJK_GEEN_GEZAG = "TIJDELIJK_GEEN_GEZAG"
    GEZAG_NIET_TE_BEPALEN = "GEZAG_NIET_TE_BEPALEN"
    ONBEKEND = "ONBEKEND"


SOORT_VAN_CODE: Mapping[str, Gezagsoort] = MappingProxyType(
    {
        "1": Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG,
        "2": Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG,
        "12": Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG,
        "1D": Gezagsoort.GEZAMENLIJK_GEZAG,
        "2D": Gezagsoort.GEZAMENLIJK_GEZAG,
        "D": Gezagsoort.VOOGDIJ,
    }
)
"""BRP 11.32.10 (table 61, domain.md 1.9). No kind fits 3D (both parents and a third party): that and every other code is for a person."""


def gezagcode(value: str) -> str:
    """A code of BRP 11.32.10 as it was given, also one that is in no table."""
    return short(value, 20)


class Gezag(PersonRecord):
    """Welk gezag er over een kind is."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Persoon.retention
    lezen = Permission("gezag:lezen", "Zien wie het gezag over een kind heeft.", ZIEN)
    schrijven = Permission("gezag:schrijven", "Vastleggen wie het gezag over een kind heeft.", VASTLEGGEN)

    persoon_id: Mapped[UUID] = subject("Het kind")
    soort: Mapped[Gezagsoort] = field("Welk gezag er is", level=N4, type_=stored_enum(Gezagsoort))
    brp_code: Mapped[str | None] = field(
        "De code in de basisregistratie, zoals die daar staat", level=N4, check=gezagcode, type_=String(20)
    )
    in_onderzoek: Mapped[bool] = field("Of het gezag in onderzoek is", level=N4, default=False)
    van: Mapped[date | None] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)


def leg_vast(
    work: Work,
    kind: UUID,
    *,
    soort: Gezagsoort | None = None,
    brp_code: str | None = None,
    in_onderzoek: bool = False,
    van: date | None = None,
    tot: date | None = None,
) -> UUID:
    """Record the gezag over a child, by its kind or by the code of the BRP, from which the kind follows; the id.

    One at a time: the one before has to be ended. Raises NietGevonden, and OngeldigeInvoer, also for who is of age on the first day.
    """
    if (soort is None) == (brp_code is None):
        raise OngeldigeInvoer("Vul de soort gezag in, of de code van de basisregistratie. Niet allebei.", veld="soort")
    bereikbaar(work, Gezag, [kind])
    vergrendel(work, [kind])
    gezag = Gezag(id=nieuw_id(), persoon_id=kind, soort=soort, in_onderzoek=in_onderzoek, van=van, tot=tot)
    if brp_code is not None:
        _volg_code(gezag, brp_code)
    _keur(work, gezag)
    _keur_leeftijd(work, kind, van)
    return work.add(gezag).id


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `WIJZIGBAAR`) of a gezag; the id. A kind that is given takes the code away, and a code gives the kind.

    Raises NietGevonden, VersieVerouderd, OngeldigeInvoer.
    """
    if "soort" in gegevens and gegevens.get("brp_code") is not None:
        raise OngeldigeInvoer("Vul de soort gezag in, of de code van de basisregistratie. Niet allebei.", veld="soort")
    gezag = work.get(Gezag, id, versie)
    vergrendel(work, [gezag.persoon_id])
    zet(gezag, gegevens, WIJZIGBAAR)
    if gegevens.get("brp_code") is not None:
        _volg_code(gezag, gegevens["brp_code"])
    elif "soort" in gegevens:
        gezag.brp_code = None
    _keur(work, gezag)
    return gezag.id


def beeindig(work: Work, id: UUID, versie: int, tot: date) -> UUID:
    """End a gezag with this day as the last. Raises as `wijzig`."""
    return wijzig(work, id, versie, {"tot": tot})


def _volg_code(gezag: Gezag, brp_code: str) -> None:
    gezag.brp_code = gezagcode(brp_code)
    gezag.soort = SOORT_VAN_CODE.get(gezag.brp_code, Gezagsoort.ONBEKEND)


def _keur(work: Work, gezag: Gezag) -> None:
    keur_periode(work, gezag.van, gezag.tot)
    for ander in work.reader.by_key(Gezag, ("van", "tot"), "persoon_id", [gezag.persoon_id]):
        if ander.id != gezag.id and overlapt(ander, gezag):
            raise OngeldigeInvoer("Er is dan al gezag vastgelegd. Beëindig dat eerst.", veld="van")


def _keur_leeftijd(work: Work, kind: UUID, van: date | None) -> None:
    """Only minors are under gezag (BW 1:233, 1:245). Who may be one gets the benefit of the doubt."""
    [persoon] = work.reader.by_key(Persoon, ("geboortedatum",), "id", [kind])
    if van is not None and persoon.geboortedatum is not None and persoon.geboortedatum.minstens(VOLWASSEN, van):
        raise OngeldigeInvoer(
            "Deze inwoner is dan 18 jaar of ouder. Gezag is er alleen over een kind. Controleer de inwoner en de dag.", veld="van"
        )
