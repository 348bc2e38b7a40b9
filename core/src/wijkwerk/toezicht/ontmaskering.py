"""Who stands behind a pseudonym: asked by one who oversees, decided by another (domain.md 3.7)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.checks import zaakkenmerk
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, stored_enum
from wijkwerk.storage.columns import Tijdstip, Uuid16

ONTMASKEREN_BESLISSEN = Permission(
    "ontmaskering:beslissen", "Beslissen of een collega mag weten wie er achter een pseudoniem zit.", ("FG", "PRIVACY_OFFICER")
)


class Aanleiding(StrEnum):
    """Why somebody must be known: one of a list, because a text could name the resident."""

    MOGELIJK_DATALEK = "MOGELIJK_DATALEK"
    MOGELIJK_MISBRUIK = "MOGELIJK_MISBRUIK"
    KLACHT = "KLACHT"
    VERZOEK_VAN_INWONER = "VERZOEK_VAN_INWONER"
    CALAMITEIT = "CALAMITEIT"
    GERECHTELIJK_BEVEL = "GERECHTELIJK_BEVEL"


class Ontmaskering(ToezichtRecord):
    """Een verzoek om te weten welke inwoner er achter een pseudoniem zit, en het besluit van iemand anders daarover."""

    core_only = True
    lezen = Permission("ontmaskering:lezen", "Zien welke pseudoniemen zijn ontmaskerd, en waarom.", ("FG", "PRIVACY_OFFICER"))
    schrijven = Permission("ontmaskering:vragen", "Vragen wie er achter een pseudoniem zit.", ("FG", "PRIVACY_OFFICER"))
    retention = Retention("eigen", "P5Y", "gevraagd_op")

    pseudoniem: Mapped[UUID] = field("Het pseudoniem uit het log", level=N1, type_=Uuid16)
    aanleiding: Mapped[Aanleiding] = field("Waarom dit nodig is", level=N1, type_=stored_enum(Aanleiding))
    kenmerk: Mapped[str | None] = field("Het nummer van de melding of zaak, zonder gegevens van een inwoner", level=N1, check=zaakkenmerk)
    gevraagd_door_id: Mapped[UUID] = field("Wie het vroeg", level=N1, type_=Uuid16)
    gevraagd_op: Mapped[datetime] = field("Wanneer het is gevraagd", level=N1, type_=Tijdstip)
    besloten_door_id: Mapped[UUID | None] = field("Wie besliste; nooit wie het vroeg", level=N1, type_=Uuid16)
    besloten_op: Mapped[datetime | None] = field("Wanneer is beslist", level=N1, type_=Tijdstip)
    toegestaan: Mapped[bool | None] = field("Of het mag; leeg zolang niemand besliste", level=N1)
    geldig_tot: Mapped[datetime | None] = field("Tot wanneer wie het vroeg de naam kan zien", level=N1, type_=Tijdstip)
    getoond_op: Mapped[datetime | None] = field("Wanneer de naam voor het eerst is getoond", level=N1, type_=Tijdstip)

    __table_args__ = (Index("ix_ontmaskering_open", "gemeente_id", "besloten_op"),)
