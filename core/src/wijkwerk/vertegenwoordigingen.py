"""Who may act for a resident, on what evidence and when (domain.md 1.11, 2.7)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import FAMILIE
from wijkwerk.records.checks import code
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, reference, related_person, sealed, stored_enum, subject
from wijkwerk.records.types.naam import lees_naam


class Hoedanigheid(StrEnum):
    """As what somebody represents a resident."""

    OUDER = "OUDER"
    VOOGD = "VOOGD"
    CURATOR = "CURATOR"
    MENTOR = "MENTOR"
    BEWINDVOERDER = "BEWINDVOERDER"
    GEMACHTIGDE = "GEMACHTIGDE"


class Vertegenwoordiging(PersonRecord):
    """Wie een inwoner vertegenwoordigt, en waaruit dat blijkt."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Retention("3.1.5", "P15Y", "einde vertegenwoordiging")
    lezen = Permission("vertegenwoordiging:lezen", "Zien wie een inwoner vertegenwoordigt.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("vertegenwoordiging:schrijven", "Vastleggen wie een inwoner vertegenwoordigt.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("De inwoner die wordt vertegenwoordigd")
    vertegenwoordiger_id: Mapped[UUID | None] = related_person("De vertegenwoordiger, als die ook inwoner is", level=N4)
    naam: Mapped[str | None] = field("De naam van een vertegenwoordiger die geen inwoner is", level=N4, check=lees_naam, type_=String(200))
    hoedanigheid: Mapped[Hoedanigheid] = field("Als wat", level=N4, type_=stored_enum(Hoedanigheid))
    bewijs: Mapped[str] = sealed("Waaruit dat blijkt, zoals een beschikking met datum en nummer", level=N4)
    gezien_door_id: Mapped[UUID] = reference("Welke medewerker het bewijs zag", "gebruiker", level=N4)
    van: Mapped[date] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)


class Wilsoordeel(PersonRecord):
    """Het oordeel van een professional of een inwoner een beslissing zelf kan overzien."""

    categorie = FAMILIE
    niveau = N4
    retention = Vertegenwoordiging.retention
    lezen = Vertegenwoordiging.lezen
    schrijven = Vertegenwoordiging.schrijven

    persoon_id: Mapped[UUID] = subject("Over welke inwoner")
    handeling: Mapped[str] = field("Voor welke beslissing", level=N4, check=code, type_=String(60))
    in_staat: Mapped[bool] = field("Of de inwoner de beslissing zelf kan overzien", level=N4)
    motivering: Mapped[str] = sealed("Waarom", level=N4)
    door_id: Mapped[UUID] = reference("Wie het oordeel gaf", "gebruiker", level=N4)
    op: Mapped[date] = field("Wanneer", level=N4, type_=Date)
