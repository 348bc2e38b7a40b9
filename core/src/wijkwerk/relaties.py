"""Who is what to whom: parents, children, partners and other family (domain.md 1.1, 1.9)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import FAMILIE
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, related_person, stored_enum, subject
from wijkwerk.records.types.datum import Datum, DatumType
from wijkwerk.records.types.naam import lees_naam, lees_voorvoegsel


class Relatiesoort(StrEnum):
    """What the other is to the resident."""

    OUDER = "OUDER"
    KIND = "KIND"
    BROER_OF_ZUS = "BROER_OF_ZUS"
    GROOTOUDER = "GROOTOUDER"
    KLEINKIND = "KLEINKIND"
    VOOGD = "VOOGD"
    PLEEGOUDER = "PLEEGOUDER"
    OVERIG_FAMILIELID = "OVERIG_FAMILIELID"
    BEKENDE = "BEKENDE"


class Verbintenis(StrEnum):
    """BRP 05.15.10: marriage or registered partnership."""

    HUWELIJK = "H"
    GEREGISTREERD_PARTNERSCHAP = "P"


class Relatie(PersonRecord):
    """Wat een ander is van een inwoner, en of die ander het gezag heeft."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Retention("3.1.5", "P15Y", "sluitdatum laatste dossier")
    lezen = Permission("relatie:lezen", "Zien wie familie van een inwoner is.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("relatie:schrijven", "Vastleggen wie familie van een inwoner is.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("De inwoner")
    ander_id: Mapped[UUID | None] = related_person("De ander", level=N4)
    soort: Mapped[Relatiesoort] = field("Wat de ander is van de inwoner", level=N4, type_=stored_enum(Relatiesoort))
    gezag: Mapped[bool] = field("Of de ander het gezag over de inwoner heeft", level=N4, default=False)
    van: Mapped[date | None] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)


class Partnerschap(PersonRecord):
    """Een huwelijk of geregistreerd partnerschap van een inwoner."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Relatie.retention
    lezen = Relatie.lezen
    schrijven = Relatie.schrijven

    persoon_id: Mapped[UUID] = subject("De inwoner")
    partner_id: Mapped[UUID | None] = related_person("De partner, als die ook inwoner is", level=N4)
    soort_verbintenis: Mapped[Verbintenis] = field("Huwelijk of geregistreerd partnerschap", level=N4, type_=stored_enum(Verbintenis))
    voorvoegsel: Mapped[str | None] = field("Het voorvoegsel van de partner", level=N4, check=lees_voorvoegsel, type_=String(10))
    geslachtsnaam: Mapped[str] = field("De achternaam van de partner", level=N4, check=lees_naam, type_=String(200))
    datum_aangaan: Mapped[Datum | None] = field("Wanneer het begon; kan onvolledig zijn", level=N4, type_=DatumType)
    datum_ontbinding: Mapped[Datum | None] = field("Wanneer het eindigde; kan onvolledig zijn", level=N4, type_=DatumType)
