"""The record of a referral: a partner is asked to help a resident, sees what is offered, and accepts or declines (peers.md D 13).

It shares by reference: nothing is copied, so what ends is gone for the partner at the next request.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1, N2
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import IDENTITEIT, INTERN
from wijkwerk.records.checks import code, codes, level
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, machinery, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16

PARTNERS = ("DOCK", "ZORG", "BUURTCOACH", "MZ_CONSULENT", "VRIJW_COORD")


class Verwijzingstatus(StrEnum):
    """Where a referral stands. VERLOPEN: nobody ended it, its last day did."""

    AANGEBODEN = "AANGEBODEN"
    AANGENOMEN = "AANGENOMEN"
    GEWEIGERD = "GEWEIGERD"
    INGETROKKEN = "INGETROKKEN"
    BEEINDIGD = "BEEINDIGD"
    VERLOPEN = "VERLOPEN"


LOPEND = (Verwijzingstatus.AANGEBODEN, Verwijzingstatus.AANGENOMEN)
"""Where a referral lets the partner in, to little or to what it names."""


class Eindreden(StrEnum):
    """Why a referral ended before its last day."""

    AFGEROND = "AFGEROND"
    INWONER_WIL_NIET = "INWONER_WIL_NIET"
    TOESTEMMING_INGETROKKEN = "TOESTEMMING_INGETROKKEN"
    DOSSIER_GESLOTEN = "DOSSIER_GESLOTEN"
    UIT_DOSSIER = "UIT_DOSSIER"
    ANDERS = "ANDERS"


class Verwijzing(PersonRecord):
    """Een vraag aan een partner om een inwoner te helpen, en wat die partner daarvoor mag zien."""

    categorie = IDENTITEIT
    niveau = N1
    core_only = True
    voor_kolom = "organisatie_id"
    rol_kolom = "rol"
    retention = Retention("3.1.5", "P15Y", "einde verwijzing")
    lezen = Permission(
        "verwijzing:lezen", "Verwijzingen van inwoners zien.",
        ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "INWONER", "TOEGANG", "JOBS", *PARTNERS),
    )  # fmt: skip
    schrijven = Permission("verwijzing:schrijven", "Een inwoner verwijzen, en een verwijzing intrekken.", ("REGISSEUR", "TOEGANG", "JOBS"))

    persoon_id: Mapped[UUID] = subject("Welke inwoner")
    dossier_id: Mapped[UUID] = kader("dossier")
    organisatie_id: Mapped[UUID] = reference("Aan welke organisatie", "organisatie", level=N1)
    rol: Mapped[str | None] = field("Alleen wie daar deze rol heeft; leeg is voor iedereen", level=N1, check=code, type_=String(60))
    doel: Mapped[str] = field("Waarvoor de partner de gegevens gebruikt", level=N1, check=code, type_=String(60))
    categorieen: Mapped[list[str]] = field("Welke soorten gegevens de partner na het aannemen ziet", level=N1, check=codes, type_=JSON)
    niveau_tot: Mapped[int] = field("Tot welk niveau, van 1 tot en met 6", level=N1, check=level)
    vraag: Mapped[str] = sealed("Wat er van de partner wordt gevraagd", level=N1, requires=INTERN)
    status: Mapped[Verwijzingstatus] = field("Waar de verwijzing staat", level=N1, type_=stored_enum(Verwijzingstatus))
    tot: Mapped[date] = field("Tot en met welke dag de partner de gegevens ziet", level=N1, type_=Date)
    aangeboden_op: Mapped[datetime] = field("Wanneer de inwoner is verwezen", level=N1, type_=Tijdstip)
    aangeboden_door_id: Mapped[UUID] = reference("Wie de inwoner verwees", "gebruiker", level=N2)
    besloten_op: Mapped[datetime | None] = field("Wanneer de partner besloot", level=N1, type_=Tijdstip)
    besloten_door_id: Mapped[UUID | None] = reference("Wie bij de partner besloot", "gebruiker", level=N2)
    antwoord: Mapped[str | None] = sealed("Het antwoord van de partner", level=N1, requires=INTERN)
    beeindigd_op: Mapped[datetime | None] = field("Wanneer de verwijzing eindigde", level=N1, type_=Tijdstip)
    eindreden: Mapped[Eindreden | None] = field("Waarom de verwijzing eindigde", level=N1, type_=stored_enum(Eindreden))
    toestemming_id: Mapped[UUID | None] = machinery(Uuid16, to="toestemming", index=True)


VERWIJZING_BESLUITEN = Permission("verwijzing:besluiten", "Een verwijzing aannemen, weigeren of afronden.", PARTNERS)
"""The partner's own part: what it decides is written for it by the system, which opens and ends what follows (`Work.als`)."""
