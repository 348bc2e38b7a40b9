"""The record of a resident's own view: which user is this resident, or represents them, and how that was established (domain.md 2.7)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import BETROKKENEN
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, reference, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip

INWONER, VERTEGENWOORDIGER = "INWONER", "VERTEGENWOORDIGER"
"""The roles that a row of the own view gives: to who is the resident, and to who represents one."""


class Vaststelling(StrEnum):
    """How it was established who somebody is."""

    IDENTITEITSBEWIJS = "IDENTITEITSBEWIJS"
    DIGID = "DIGID"
    PERSOONLIJK_BEKEND = "PERSOONLIJK_BEKEND"


class Inwonertoegang(PersonRecord):
    """Een inwoner, of wie een inwoner vertegenwoordigt, die de eigen gegevens zelf kan bekijken."""

    categorie = BETROKKENEN
    niveau = N4
    core_only = True
    retention = Retention("3.1.5", "P15Y", "einde toegang")
    lezen = Permission(
        "inwonertoegang:lezen", "Zien wie zelf kan meekijken.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "INWONER", "TOEGANG")
    )
    schrijven = Permission(
        "inwonertoegang:schrijven", "Een inwoner of vertegenwoordiger laten meekijken.", ("WIJKTEAM", "REGISSEUR", "TOEGANG")
    )

    persoon_id: Mapped[UUID] = subject("Van welke inwoner")
    gebruiker_id: Mapped[UUID] = reference("Welke gebruiker", "gebruiker", level=N4)
    vertegenwoordiging_id: Mapped[UUID | None] = reference(
        "Als vertegenwoordiger: waarop dat berust; leeg voor de inwoner zelf", "vertegenwoordiging", level=N4
    )
    vaststelling: Mapped[Vaststelling] = field("Hoe is vastgesteld wie het is", level=N4, type_=stored_enum(Vaststelling))
    van: Mapped[datetime] = field("Vanaf wanneer", level=N4, type_=Tijdstip)
    tot: Mapped[datetime | None] = field("Tot wanneer", level=N4, type_=Tijdstip)
    door_id: Mapped[UUID] = reference("Wie dit vastlegde", "gebruiker", level=N4)
    beeindigd_door_id: Mapped[UUID | None] = reference("Wie dit beëindigde", "gebruiker", level=N4)
