"""The care relation (domain.md 6.2). The illness of the one cared for is not in it: that stays in that person's own file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Categorie, Domein
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, related_person, stored_enum, subject
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum, DatumType

MANTELZORG = Categorie(
    "MANTELZORG", "De zorg die u voor een naaste geeft", doelen=("WMO_ONDERZOEK", "WMO_ALG_VOORZIENING"), domein=Domein.WMO
)
"""Of the Wmo alone: no purpose of another act opens it, with or without consent (domain.md 2.5)."""
UREN_IN_EEN_WEEK = 168


class Zorgrelatie(StrEnum):
    """What the one cared for is to the carer."""

    PARTNER = "PARTNER"
    OUDER = "OUDER"
    KIND = "KIND"
    FAMILIE = "FAMILIE"
    BUUR = "BUUR"
    VRIEND = "VRIEND"
    ANDERS = "ANDERS"


def uren(value: Decimal) -> Decimal:
    """Hours of care in a week: more than 0, at most all there are, in quarters."""
    if not value.is_finite() or not 0 < value <= UREN_IN_EEN_WEEK or value % Decimal("0.25"):
        raise OngeldigeInvoer("Vul uren per week in, van 0,25 tot 168, in kwartieren.")
    return value


class Mantelzorgrelatie(PersonRecord):
    """Wie voor wie zorgt, en hoeveel."""

    categorie = MANTELZORG
    niveau = N4
    retention = Retention("3.1.5", "P15Y", "einde zorg")
    lezen = Permission("mantelzorg:relatie:lezen", "Zien voor wie een mantelzorger zorgt.", ("WIJKTEAM", "REGISSEUR", "MZ_CONSULENT"))
    schrijven = Permission(
        "mantelzorg:relatie:schrijven", "Vastleggen voor wie een mantelzorger zorgt.", ("WIJKTEAM", "REGISSEUR", "MZ_CONSULENT")
    )

    persoon_id: Mapped[UUID] = subject("De mantelzorger")
    zorgvrager_id: Mapped[UUID | None] = related_person("Voor wie de mantelzorger zorgt", level=N4)
    relatie: Mapped[Zorgrelatie] = field("Wat de ander is van de mantelzorger", level=N4, type_=stored_enum(Zorgrelatie))
    uren_per_week: Mapped[Decimal] = field("Gemiddeld aantal uren zorg per week", level=N4, check=uren, type_=Numeric(5, 2))
    sinds: Mapped[Datum] = field("Sinds wanneer; kan onvolledig zijn", level=N4, type_=DatumType)


INVOER = ("zorgvrager_id", "relatie", "uren_per_week", "sinds")


def leg_vast(work: Work, mantelzorger: UUID, gegevens: Mapping[str, Any]) -> UUID:
    """Record a care relation of a carer whom the actor may see; its id. Raises NietGevonden for either person out of reach."""
    if gegevens.get("zorgvrager_id") == mantelzorger:
        raise OngeldigeInvoer("Iemand kan geen mantelzorger van zichzelf zijn. Kies een andere zorgvrager.", veld="zorgvrager_id")
    return work.add(Mantelzorgrelatie(persoon_id=mantelzorger, **gegevens)).id
