"""The records of a consent (domain.md 2.3): what for, who gave it and as what, to whom, until when, and that it was withdrawn."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Instemming
from wijkwerk.access.register import INTERN, TOESTEMMINGEN
from wijkwerk.records.checks import code, codes
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, reference, related_person, sealed, stored_enum, subject
from wijkwerk.records.types.naam import lees_naam
from wijkwerk.storage.columns import Tijdstip


class Wijze(StrEnum):
    """How consent was given or withdrawn."""

    SCHRIFTELIJK = "SCHRIFTELIJK"
    DIGITAAL = "DIGITAAL"
    MONDELING = "MONDELING"


class Richting(StrEnum):
    """Which way data may go. What is received is written down by who receives it; only VERSTREKKEN and BEIDE let the recipient in."""

    VERSTREKKEN = "VERSTREKKEN"
    ONTVANGEN = "ONTVANGEN"
    BEIDE = "BEIDE"


class Toestemmingstatus(StrEnum):
    """Where a consent stands. CONCEPT: asked, not everybody who must agree has done so yet."""

    CONCEPT = "CONCEPT"
    GEGEVEN = "GEGEVEN"
    GEWEIGERD = "GEWEIGERD"
    INGETROKKEN = "INGETROKKEN"
    VERLOPEN = "VERLOPEN"


class Gever(StrEnum):
    """As what somebody gave a consent."""

    BETROKKENE = "BETROKKENE"
    WETTELIJK_VERTEGENWOORDIGER = "WETTELIJK_VERTEGENWOORDIGER"
    GEMACHTIGDE = "GEMACHTIGDE"


LEZEN = Permission(
    "toestemming:lezen",
    "Zien waarvoor een inwoner toestemming gaf.",
    ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "INWONER", "VERTEGENWOORDIGER", "TOEGANG", "JOBS"),
)
SCHRIJVEN = Permission("toestemming:schrijven", "Toestemming vastleggen en intrekken.", ("WIJKTEAM", "REGISSEUR", "TOEGANG", "JOBS"))
INTREKKEN = Permission(
    "toestemming:intrekken", "De eigen toestemming intrekken, of die van wie u vertegenwoordigt.", ("INWONER", "VERTEGENWOORDIGER")
)
"""As easy as giving (AVG art. 7(3)): a resident needs nobody for it, nor who gives consent for a resident (domain.md 2.7)."""
BEWAREN = Retention("3.1.5", "P15Y", "einde toestemming")


class Toestemming(PersonRecord):
    """Toestemming van een inwoner om gegevens te delen, voor een doel en met genoemde ontvangers."""

    categorie = TOESTEMMINGEN
    niveau = N4
    retention = BEWAREN
    lezen = LEZEN
    schrijven = SCHRIJVEN

    persoon_id: Mapped[UUID] = subject("Over wiens gegevens het gaat")
    dossier_id: Mapped[UUID] = kader("dossier")
    soort: Mapped[Instemming] = field("Wat voor toestemming het is", level=N4, type_=stored_enum(Instemming))
    doel: Mapped[str] = field("Waarvoor de gegevens gebruikt mogen worden: een code uit `doelen`", level=N4, check=code, type_=String(60))
    categorieen: Mapped[list[str]] = field(
        "Om welke soorten gegevens het gaat: codes uit `gegevenscategorieen`", level=N4, check=codes, type_=JSON
    )
    richting: Mapped[Richting] = field("Of gegevens worden gegeven, ontvangen of allebei", level=N4, type_=stored_enum(Richting))
    tekst_id: Mapped[UUID] = reference("Welke tekst de inwoner heeft gezien", "toestemmingstekst", level=N4)
    wijze: Mapped[Wijze] = field("Hoe de toestemming is gegeven", level=N4, type_=stored_enum(Wijze))
    bewijs: Mapped[str | None] = sealed("Bij mondelinge toestemming: wanneer, waar en wie erbij was", level=N4, requires=INTERN)
    vrijwillig: Mapped[bool | None] = field("Of weigeren geen nadeel geeft voor de inwoner", level=N4)
    vrijwillig_omdat: Mapped[str | None] = sealed("Waarom weigeren geen nadeel geeft", level=N4, requires=INTERN)
    status: Mapped[Toestemmingstatus] = field("Waar de toestemming staat", level=N4, type_=stored_enum(Toestemmingstatus))
    gevraagd_op: Mapped[datetime] = field("Wanneer de toestemming is gevraagd", level=N4, type_=Tijdstip)
    gevraagd_door_id: Mapped[UUID | None] = reference("Wie de toestemming vroeg", "gebruiker", level=N4)
    gegeven_op: Mapped[datetime | None] = field("Wanneer de toestemming is gegeven", level=N4, type_=Tijdstip)
    geldig_tot: Mapped[date] = field("Tot en met welke dag de toestemming geldt", level=N4, type_=Date)
    geweigerd_op: Mapped[datetime | None] = field("Wanneer de toestemming is geweigerd", level=N4, type_=Tijdstip)
    ingetrokken_op: Mapped[datetime | None] = field("Wanneer de toestemming is ingetrokken", level=N4, type_=Tijdstip)
    ingetrokken_wijze: Mapped[Wijze | None] = field("Hoe de toestemming is ingetrokken", level=N4, type_=stored_enum(Wijze))
    ingetrokken_door_id: Mapped[UUID | None] = reference("Wie de intrekking vastlegde", "gebruiker", level=N4)
    intrekreden: Mapped[str | None] = sealed("Waarom, als de inwoner dat wilde zeggen", level=N4)


class Toestemmingsontvanger(PersonRecord):
    """Een organisatie die gegevens krijgt door een toestemming, en in welke rol."""

    categorie = TOESTEMMINGEN
    niveau = N4
    core_only = True
    versioned = False  # made with the consent and never changed
    retention = BEWAREN
    lezen = LEZEN
    schrijven = SCHRIJVEN

    persoon_id: Mapped[UUID] = subject("Over wiens gegevens het gaat")
    dossier_id: Mapped[UUID] = kader("dossier")
    toestemming_id: Mapped[UUID] = reference("Welke toestemming", "toestemming", level=N4, index=True)
    organisatie_id: Mapped[UUID] = reference("Welke organisatie de gegevens krijgt", "organisatie", level=N4)
    rol: Mapped[str | None] = field("Alleen wie daar deze rol heeft; leeg is iedereen met een rol voor dit doel", level=N4, check=code)


class Toestemminggever(PersonRecord):
    """Wie een toestemming gaf, en als wat. Moeten er twee het eens zijn, dan zijn het er twee."""

    categorie = TOESTEMMINGEN
    niveau = N4
    core_only = True
    versioned = False  # what somebody did on a day
    retention = BEWAREN
    lezen = LEZEN
    schrijven = SCHRIJVEN

    persoon_id: Mapped[UUID] = subject("Over wiens gegevens het gaat")
    dossier_id: Mapped[UUID] = kader("dossier")
    toestemming_id: Mapped[UUID] = reference("Welke toestemming", "toestemming", level=N4, index=True)
    gever_id: Mapped[UUID | None] = related_person("Wie de toestemming gaf, als die ook inwoner is", level=N4)
    naam: Mapped[str | None] = field(
        "De naam van een vertegenwoordiger die geen inwoner is", level=N4, requires=INTERN, check=lees_naam, type_=String(200)
    )
    hoedanigheid: Mapped[Gever] = field("Als wat", level=N4, type_=stored_enum(Gever))
    op: Mapped[datetime] = field("Wanneer", level=N4, type_=Tijdstip)
