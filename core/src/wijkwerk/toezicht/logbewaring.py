"""Entries of the log that must stay longer than their term, because of something that is not settled yet (domain.md 4.2, 4.3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.checks import zaakkenmerk
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, stored_enum
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Bewaarreden(StrEnum):
    """What is not settled yet (domain.md 4.3)."""

    INZAGEVERZOEK = "INZAGEVERZOEK"
    BEZWAAR = "BEZWAAR"
    BEROEP = "BEROEP"
    KLACHT = "KLACHT"
    CALAMITEIT = "CALAMITEIT"
    DATALEK = "DATALEK"


class Logbewaring(ToezichtRecord):
    """Een periode waarvan het inzagelog voorlopig niet mag worden vernietigd, en waarom."""

    core_only = True
    lezen = Permission("logbewaring:lezen", "Zien welk deel van het log langer bewaard wordt.", ("FG", "PRIVACY_OFFICER", "ARCHIVARIS"))
    schrijven = Permission("logbewaring:schrijven", "Een deel van het log langer bewaren, of dat beëindigen.", ("PRIVACY_OFFICER",))
    retention = Retention("eigen", "P5Y", "tot")

    reden: Mapped[Bewaarreden] = field("Wat er nog loopt", level=N1, type_=stored_enum(Bewaarreden))
    kenmerk: Mapped[str | None] = field("Het nummer van de zaak, zonder gegevens van een inwoner", level=N1, check=zaakkenmerk)
    eerste_maand: Mapped[str] = field("De eerste maand die blijft, als jjjj-mm", level=N1, type_=String(7))
    laatste_maand: Mapped[str] = field("De laatste maand die blijft, als jjjj-mm", level=N1, type_=String(7))
    door_id: Mapped[UUID] = field("Wie dit vastlegde", level=N1, type_=Uuid16)
    van: Mapped[datetime] = field("Vanaf wanneer dit geldt", level=N1, type_=Tijdstip)
    tot: Mapped[datetime | None] = field("Wanneer dit is beëindigd", level=N1, type_=Tijdstip)
    beeindigd_door_id: Mapped[UUID | None] = field("Wie dit beëindigde", level=N1, type_=Uuid16)
