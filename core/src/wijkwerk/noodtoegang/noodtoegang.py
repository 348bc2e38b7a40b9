"""The record of a break-glass: who looked at whom, why, how long, and what somebody else thinks of it (domain.md 3.6)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1, N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import BETROKKENEN, INTERN
from wijkwerk.records.checks import code
from wijkwerk.records.declare import PersonRecord, Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16


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
BEOORDELAAR = "TEAMLEIDER"
"""Who of a team is asked to judge (domain.md 9.6); the casusregisseur of a case may as well."""
VERTROUWELIJK = frozenset({Noodreden.VEILIGHEID_KIND})
"""Reasons that a resident does not see by oneself, because somebody's safety may hang on it (domain.md 3.6 rule 6)."""
NOODTOEGANG_BEOORDELEN = Permission("noodtoegang:beoordelen", "Beoordelen of een noodtoegang terecht was.", ("REGISSEUR", "TEAMLEIDER"))


class Noodtoegang(PersonRecord):
    """Een medewerker die in nood gegevens van een inwoner zag zonder bij die inwoner betrokken te zijn.

    The resident sees that it happened, when, why, by which organisation and function; not by whom (`INTERN`; domain.md 3.5).
    """

    categorie = BETROKKENEN
    niveau = N4
    categorie_kolom = "categorie_code"
    core_only = True
    maakt_bereik = True
    versioned = False  # each of its steps stands in the row: opened, ended, judged, told
    retention = Retention("3.1.5", "P15Y", "einde noodtoegang")
    lezen = Permission(
        "noodtoegang:lezen", "Zien wie in nood gegevens van een inwoner zag.",
        ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "CRISISDIENST", "INWONER"),
    )  # fmt: skip
    schrijven = Permission(
        "noodtoegang:schrijven", "In nood gegevens van een inwoner bekijken.", (*MAG_OPENEN, "TEAMLEIDER", "TOEGANG", "JOBS")
    )

    persoon_id: Mapped[UUID] = subject("Van welke inwoner")
    categorie_code: Mapped[str] = machinery(String(60))
    gebruiker_id: Mapped[UUID] = reference("Welke medewerker", "gebruiker", level=N4, requires=INTERN)
    organisatie_id: Mapped[UUID] = reference("Bij welke organisatie de medewerker werkt", "organisatie", level=N4)
    rol: Mapped[str] = field("In welke functie de medewerker dit deed", level=N4, check=code, type_=String(60))
    reden: Mapped[Noodreden] = field("Waarom het niet kon wachten", level=N4, type_=stored_enum(Noodreden))
    toelichting: Mapped[str] = sealed("Waarom, in eigen woorden", level=N4, requires=INTERN)
    dossier_id: Mapped[UUID | None] = reference("Om welk dossier het ging, als dat bekend was", "dossier", level=N4)
    van: Mapped[datetime] = field("Vanaf wanneer", level=N4, type_=Tijdstip)
    tot: Mapped[datetime] = field("Tot wanneer", level=N4, type_=Tijdstip)
    beoordelen_voor: Mapped[date] = field("Op welke dag een ander dit uiterlijk beoordeelt", level=N4, type_=Date)
    beoordeel_team_id: Mapped[UUID | None] = reference(
        "Van welk team de teamleider dit beoordeelt; leeg als er geen is", "team", level=N4, requires=INTERN
    )
    beoordeeld: Mapped[bool] = field("Of een ander dit heeft beoordeeld", level=N4, default=False)
    oordeel: Mapped[Noodoordeel | None] = field("Wat een ander ervan vindt", level=N4, type_=stored_enum(Noodoordeel))
    oordeel_omdat: Mapped[str | None] = sealed("Waarom", level=N4, requires=INTERN)
    beoordeeld_op: Mapped[datetime | None] = field("Wanneer dit is beoordeeld", level=N4, type_=Tijdstip)
    beoordeeld_door_id: Mapped[UUID | None] = reference("Wie dit beoordeelde", "gebruiker", level=N4, requires=INTERN)
    gemeld_aan_fg_op: Mapped[datetime | None] = field("Wanneer de functionaris gegevensbescherming dit hoorde", level=N4, type_=Tijdstip)
    __table_args__ = (
        Index("ix_noodtoegang_gebruiker", "gebruiker_id", "tot", "gemeente_id"),
        Index("ix_noodtoegang_wacht", "beoordeeld", "van", "gemeente_id"),
    )


class Noodpoging(ToezichtRecord):
    """Een poging om in nood gegevens van een inwoner te zien. Om wie het ging, staat er niet in."""

    lezen = Permission("noodpoging:lezen", "Zien hoe vaak iemand noodtoegang vroeg.", ("FG", "PRIVACY_OFFICER"))
    schrijven = Permission("noodpoging:schrijven", "Noodtoegang vragen.", MAG_OPENEN)
    core_only = True
    retention = Retention("eigen", "P1Y", "gevraagd")

    gebruiker_id: Mapped[UUID] = machinery(Uuid16)
    gevraagd: Mapped[datetime] = field("Wanneer erom werd gevraagd", level=N1, type_=Tijdstip)
    __table_args__ = (Index("ix_noodpoging_gebruiker", "gemeente_id", "gebruiker_id", "gevraagd"),)
