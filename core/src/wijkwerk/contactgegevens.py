"""How to reach a resident: numbers and addresses, which of them is preferred, and which is safe to use (domain.md 1.11)."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N2
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import CONTACT
from wijkwerk.personen import Persoon
from wijkwerk.records.checks import short
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, stored_enum, subject


class Contactsoort(StrEnum):
    """What kind of number or address it is."""

    TELEFOON = "TELEFOON"
    EMAIL = "EMAIL"


class Contactgegeven(PersonRecord):
    """Een telefoonnummer of e-mailadres van een inwoner."""

    categorie = CONTACT
    niveau = N2
    rij_afschermbaar = True
    retention = Retention("3.1.5", "P15Y", "sluitdatum laatste dossier")
    lezen = Permission("contactgegeven:lezen", "Zien hoe een inwoner te bereiken is.", Persoon.lezen.rollen)
    schrijven = Permission("contactgegeven:schrijven", "Vastleggen hoe een inwoner te bereiken is.", Persoon.schrijven.rollen)

    persoon_id: Mapped[UUID] = subject("Van welke inwoner")
    soort: Mapped[Contactsoort] = field("Telefoon of e-mail", level=N2, type_=stored_enum(Contactsoort))
    waarde: Mapped[str] = field("Het telefoonnummer of het e-mailadres", level=N2, check=short, type_=String(254))
    voorkeur: Mapped[bool] = field("Of de inwoner het liefst zo bereikt wordt", level=N2, default=False)
    veilig_te_gebruiken: Mapped[bool] = field(
        "Of een bericht hier veilig is. Bij nee: spreek niets in en stuur niets", level=N2, default=True
    )
    __table_args__ = (Index("ix_contactgegeven_waarde", "gemeente_id", "waarde"),)
