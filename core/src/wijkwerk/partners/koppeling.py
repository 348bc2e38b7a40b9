"""The record of a coupling: a partner that works along in a case, of one resident and for one purpose (domain.md 9.6)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import BETROKKENEN, INTERN
from wijkwerk.records.checks import code, codes, level
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, reference, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Koppeling(PersonRecord):
    """Een partner die meewerkt in een dossier van een inwoner, voor een doel."""

    categorie = BETROKKENEN
    niveau = N4
    core_only = True
    retention = Retention("3.1.5", "P15Y", "einde koppeling")
    lezen = Permission(
        "koppeling:lezen", "Zien welke partners meewerken.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "INWONER", "VERTEGENWOORDIGER")
    )
    schrijven = Permission("koppeling:schrijven", "Partners koppelen en ontkoppelen.", ("REGISSEUR",))

    persoon_id: Mapped[UUID] = subject("Bij welke inwoner")
    dossier_id: Mapped[UUID] = kader("dossier")
    organisatie_id: Mapped[UUID] = reference("Welke organisatie meewerkt", "organisatie", level=N4)
    partij_id: Mapped[UUID] = field("De organisatie, of het team of de medewerker daarvan", level=N4, requires=INTERN, type_=Uuid16)
    partijsoort: Mapped[Partijsoort] = field(
        "Of het de organisatie, een team of iemand daarvan is", level=N4, type_=stored_enum(Partijsoort)
    )
    rol: Mapped[str | None] = field("Alleen wie daar deze rol heeft; leeg is voor iedereen", level=N4, check=code, type_=String(60))
    doel: Mapped[str] = field("Waarvoor de partner meewerkt", level=N4, check=code, type_=String(60))
    categorieen: Mapped[list[str]] = field("Welke soorten gegevens de partner ziet", level=N4, check=codes, type_=JSON)
    niveau_tot: Mapped[int] = field("Tot welk niveau, van 1 tot en met 6", level=N4, check=level)
    van: Mapped[datetime] = field("Vanaf wanneer", level=N4, type_=Tijdstip)
    tot: Mapped[datetime | None] = field("Tot wanneer", level=N4, type_=Tijdstip)
    door_id: Mapped[UUID | None] = reference("Wie de partner koppelde, als dat is bewaard", "gebruiker", level=N4)
    beeindigd_door_id: Mapped[UUID | None] = reference("Wie de koppeling beëindigde", "gebruiker", level=N4)
