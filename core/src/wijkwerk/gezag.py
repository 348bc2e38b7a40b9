"""Who has authority over a child, as it was registered; a code that is not known is kept as it is (domain.md 1.9)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import FAMILIE
from wijkwerk.records.checks import short
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, stored_enum, subject


class Gezagsoort(StrEnum):
    """The kinds of Haal Centraal; ONBEKEND is for a code outside the list, which stands in `brp_code`."""

    GEZAMENLIJK_OUDERLIJK_GEZAG = "GEZAMENLIJK_OUDERLIJK_GEZAG"
    EENHOOFDIG_OUDERLIJK_GEZAG = "EENHOOFDIG_OUDERLIJK_GEZAG"
    GEZAMENLIJK_GEZAG = "GEZAMENLIJK_GEZAG"
    VOOGDIJ = "VOOGDIJ"
    TIJDELIJK_GEEN_GEZAG = "TIJDELIJK_GEEN_GEZAG"
    GEZAG_NIET_TE_BEPALEN = "GEZAG_NIET_TE_BEPALEN"
    ONBEKEND = "ONBEKEND"


def gezagcode(value: str) -> str:
    """A code of BRP 11.32.10 as it was given, also one that is in no table."""
    return short(value, 20)


class Gezag(PersonRecord):
    """Welk gezag er over een kind is."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Retention("3.1.5", "P15Y", "sluitdatum laatste dossier")
    lezen = Permission("gezag:lezen", "Zien wie het gezag over een kind heeft.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("gezag:schrijven", "Vastleggen wie het gezag over een kind heeft.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("Het kind")
    soort: Mapped[Gezagsoort] = field("Welk gezag er is", level=N4, type_=stored_enum(Gezagsoort))
    brp_code: Mapped[str | None] = field(
        "De code in de basisregistratie, zoals die daar staat", level=N4, check=gezagcode, type_=String(20)
    )
    in_onderzoek: Mapped[bool] = field("Of het gezag in onderzoek is", level=N4, default=False)
    van: Mapped[date | None] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)
