"""The record of a break-glass: who looked at whom, why, how long, and what somebody else thinks of it (domain.md 3.6)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4, N6
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import BETROKKENEN
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip


class Noodreden(StrEnum):
    """Why it could not wait."""

    ACUUT_GEVAAR = "ACUUT_GEVAAR"
    VEILIGHEID_KIND = "VEILIGHEID_KIND"
    CRISISDIENST = "CRISISDIENST"
    TECHNISCH_HERSTEL = "TECHNISCH_HERSTEL"


class Noodoordeel(StrEnum):
    """What somebody else thinks of it."""

    TERECHT = "TERECHT"
    ONTERECHT = "ONTERECHT"
    ONDUIDELIJK = "ONDUIDELIJK"


MAG_OPENEN = ("WIJKTEAM", "REGISSEUR", "CRISISDIENST")
"""Never partners, volunteers, peer coaches or the klantmanager (domain.md 3.6 rule 1)."""
NOODTOEGANG_BEOORDELEN = Permission("noodtoegang:beoordelen", "Beoordelen of een noodtoegang terecht was.", ("REGISSEUR", "TEAMLEIDER"))


class Noodtoegang(PersonRecord):
    """Een medewerker die in nood gegevens van een inwoner zag zonder bij die inwoner betrokken te zijn."""

    categorie = BETROKKENEN
    niveau = N4
    core_only = True
    maakt_bereik = True
    retention = Retention("3.1.5", "P15Y", "einde noodtoegang")
    lezen = Permission(
        "noodtoegang:lezen", "Zien wie in nood gegevens van een inwoner zag.",
        ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "CRISISDIENST", "INWONER", "TOEGANG", "JOBS"),
    )  # fmt: skip
    schrijven = Permission(
        "noodtoegang:schrijven", "In nood gegevens van een inwoner bekijken.", (*MAG_OPENEN, "TEAMLEIDER", "TOEGANG", "JOBS")
    )

    persoon_id: Mapped[UUID] = subject("Van welke inwoner")
    gebruiker_id: Mapped[UUID] = reference("Welke medewerker", "gebruiker", level=N4)
    organisatie_id: Mapped[UUID] = reference("Bij welke organisatie de medewerker werkt", "organisatie", level=N4)
    reden: Mapped[Noodreden] = field("Waarom het niet kon wachten", level=N4, type_=stored_enum(Noodreden))
    toelichting: Mapped[str] = sealed("Waarom, in eigen woorden", level=N6)
    dossier_id: Mapped[UUID | None] = reference("Om welk dossier het ging, als dat bekend was", "dossier", level=N4)
    van: Mapped[datetime] = field("Vanaf wanneer", level=N4, type_=Tijdstip)
    tot: Mapped[datetime] = field("Tot wanneer", level=N4, type_=Tijdstip)
    beoordelen_voor: Mapped[date] = field("Voor welke dag een ander dit moet beoordelen", level=N4, type_=Date)
    oordeel: Mapped[Noodoordeel | None] = field("Wat een ander ervan vindt", level=N4, type_=stored_enum(Noodoordeel))
    oordeel_omdat: Mapped[str | None] = sealed("Waarom", level=N6)
    beoordeeld_op: Mapped[datetime | None] = field("Wanneer dit is beoordeeld", level=N4, type_=Tijdstip)
    beoordeeld_door_id: Mapped[UUID | None] = reference("Wie dit beoordeelde", "gebruiker", level=N4)
    gemeld_aan_fg_op: Mapped[datetime | None] = field("Wanneer de functionaris gegevensbescherming dit hoorde", level=N4, type_=Tijdstip)
