"""The record of an appointment with a resident: when, where, with whom, and what came of it (domain.md 9.1).

A no-show is a fact with a time and nothing more: nothing counts it, nothing follows from it (domain.md 2.4). What the appointment is about
is a matter of the case, not of the planning: who is let in to the planning alone sees when and how, not where or what about.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4, N5
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import ADRES, PLAN_EN_DOELEN, PLANNING
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Afspraaksoort(StrEnum):
    """How professional and resident meet."""

    HUISBEZOEK = "HUISBEZOEK"
    OP_LOCATIE = "OP_LOCATIE"
    TELEFOON = "TELEFOON"
    BEELDBELLEN = "BEELDBELLEN"


class Afspraakstatus(StrEnum):
    """What became of an appointment. Only GEPLAND changes; the others are ends."""

    GEPLAND = "GEPLAND"
    AFGEZEGD = "AFGEZEGD"
    GEHOUDEN = "GEHOUDEN"
    NIET_VERSCHENEN = "NIET_VERSCHENEN"


class Afzegger(StrEnum):
    """Who called an appointment off."""

    INWONER = "INWONER"
    MEDEWERKER = "MEDEWERKER"
    ANDERS = "ANDERS"


class Afspraak(PersonRecord):
    """Een afspraak met een inwoner."""

    categorie = PLANNING
    niveau = N4
    kader_kolom = "kader_id"
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Permission(
        "afspraak:lezen", "Afspraken met inwoners zien.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "INWONER", "VERTEGENWOORDIGER")
    )
    schrijven = Permission("afspraak:schrijven", "Afspraken met inwoners maken en bijwerken.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("Met welke inwoner")
    kader_id: Mapped[UUID | None] = field("Bij welk dossier of welke aanmelding de afspraak hoort", level=N4, type_=Uuid16)
    met_id: Mapped[UUID] = reference("Met welke medewerker", "gebruiker", level=N4)
    soort: Mapped[Afspraaksoort] = field("Hoe u elkaar spreekt", level=N4, type_=stored_enum(Afspraaksoort))
    begin: Mapped[datetime] = field("Wanneer de afspraak begint", level=N4, type_=Tijdstip)
    einde: Mapped[datetime] = field("Wanneer de afspraak eindigt", level=N4, type_=Tijdstip)
    plaats: Mapped[str | None] = sealed("Waar de afspraak is", level=N4, categorie=ADRES, afschermbaar=True)
    onderwerp: Mapped[str | None] = sealed("Waar de afspraak over gaat", level=N5, categorie=PLAN_EN_DOELEN)
    status: Mapped[Afspraakstatus] = field(
        "Wat er van de afspraak kwam. Dat iemand niet kwam is een feit; het telt nergens voor mee", level=N4,
        type_=stored_enum(Afspraakstatus), default=Afspraakstatus.GEPLAND,
    )  # fmt: skip
    status_op: Mapped[datetime | None] = field(
        "Wanneer is vastgelegd wat er van de afspraak kwam; leeg zolang die gepland is", level=N4, type_=Tijdstip
    )
    afgezegd_door: Mapped[Afzegger | None] = field("Wie de afspraak afzegde", level=N4, type_=stored_enum(Afzegger))
    uitkomst: Mapped[str | None] = sealed("Wat er is afgesproken, of waarom de afspraak niet doorging", level=N5, categorie=PLAN_EN_DOELEN)
    bericht_id: Mapped[UUID | None] = reference("Het laatste bericht aan de inwoner over deze afspraak", "bericht", level=N4)
    __table_args__ = (Index("ix_afspraak_met", "met_id", "status", "begin", "gemeente_id"),)
