"""The record of a message to a resident: that it was sent, what kind, where to. Its text is in the outbox only, and goes with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import CONTACT
from wijkwerk.records.checks import code
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, sealed, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Bericht(PersonRecord):
    """Een bericht dat aan een inwoner is gestuurd."""

    categorie = CONTACT
    niveau = N4
    rij_afschermbaar = True
    core_only = True
    kader_kolom = "kader_id"
    versioned = False  # only added; what became of it stands in the outbox
    retention = Retention("eigen", "P1Y", "verzonden")
    lezen = Permission("bericht:lezen", "Zien welke berichten aan een inwoner zijn gestuurd.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("bericht:sturen", "Een inwoner een bericht sturen.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("Aan welke inwoner")
    kader_id: Mapped[UUID | None] = machinery(Uuid16)
    soort: Mapped[str] = field("Wat voor bericht het is", level=N4, check=code, type_=String(60))
    adres: Mapped[str] = sealed("Naar welk e-mailadres", level=N4)
    contactgegeven_id: Mapped[UUID] = machinery(Uuid16)
    contactgegeven_versie: Mapped[int] = machinery(Integer)  # which value it had: the address itself is sealed
    gemaakt_op: Mapped[datetime] = field("Wanneer het bericht is klaargezet", level=N4, type_=Tijdstip)
    door_id: Mapped[UUID] = reference("Door wie", "gebruiker", level=N4)
    verzending_id: Mapped[UUID] = machinery(Uuid16, index=True)
