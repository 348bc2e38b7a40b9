"""The record of a report about a resident: who reports, how, how urgent, and what came of it (domain.md 9.1; GGM AOM_MeldingWmoJeugd)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4, N5
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import PLAN_EN_DOELEN
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import derived, field, machinery, reference, related_person, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip


class Aanmelder(StrEnum):
    """Who reports, as what they are to the resident (GGM aanmelder)."""

    INWONER = "INWONER"
    FAMILIE_OF_NETWERK = "FAMILIE_OF_NETWERK"
    HUISARTS = "HUISARTS"
    ZORGVERLENER = "ZORGVERLENER"
    SCHOOL = "SCHOOL"
    POLITIE = "POLITIE"
    WONINGCORPORATIE = "WONINGCORPORATIE"
    PARTNER = "PARTNER"
    GEMEENTE = "GEMEENTE"
    ANDERS = "ANDERS"
    ONBEKEND = "ONBEKEND"


class Aanmeldwijze(StrEnum):
    """How the report came in (GGM aanmeldwijze)."""

    BALIE = "BALIE"
    TELEFOON = "TELEFOON"
    EMAIL = "EMAIL"
    WEBSITE = "WEBSITE"
    BRIEF = "BRIEF"
    HUISBEZOEK = "HUISBEZOEK"
    OVERLEG = "OVERLEG"
    SIGNAAL = "SIGNAAL"
    ONBEKEND = "ONBEKEND"


class Urgentie(StrEnum):
    """How soon somebody must look at it."""

    NORMAAL = "NORMAAL"
    SPOED = "SPOED"
    CRISIS = "CRISIS"


class Aanmeldstatus(StrEnum):
    """Where a report stands. The first two are open; the others are ends, each made by `aanmeldingen/triage.py`."""

    NIEUW = "NIEUW"
    IN_BEHANDELING = "IN_BEHANDELING"
    VERVOLG = "VERVOLG"
    AFGEWEZEN = "AFGEWEZEN"
    VERWEZEN = "VERWEZEN"
    AFGEBROKEN = "AFGEBROKEN"


OPEN = frozenset({Aanmeldstatus.NIEUW, Aanmeldstatus.IN_BEHANDELING})
ZONDER_VERVOLG = frozenset({Aanmeldstatus.AFGEWEZEN, Aanmeldstatus.VERWEZEN, Aanmeldstatus.AFGEBROKEN})


class Afhandelreden(StrEnum):
    """Why a report got no case (GGM redenAfsluiting)."""

    GEEN_HULPVRAAG = "GEEN_HULPVRAAG"
    NIET_VOOR_WIJKTEAM = "NIET_VOOR_WIJKTEAM"
    INWONER_WIL_NIET = "INWONER_WIL_NIET"
    GEEN_CONTACT = "GEEN_CONTACT"
    DUBBEL = "DUBBEL"
    VERHUISD = "VERHUISD"
    OVERLEDEN = "OVERLEDEN"
    ANDERS = "ANDERS"


class Aanmelding(PersonRecord):
    """Een melding bij het wijkteam dat een inwoner misschien hulp nodig heeft."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    retention = Retention("3.3.1", "P42D", "melding zonder vervolg")
    lezen = Permission("aanmelding:lezen", "Meldingen van inwoners zien.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("aanmelding:schrijven", "Een inwoner aanmelden bij het eigen team.", ("WIJKTEAM", "REGISSEUR", "SIGNALEN"))
    kader_kolom = "id"

    persoon_id: Mapped[UUID] = subject("Om welke inwoner het gaat")
    team_id: Mapped[UUID] = reference("Bij welk team de melding binnenkwam", "team", level=N4)
    ontvangen: Mapped[datetime] = field("Wanneer de melding binnenkwam", level=N4, type_=Tijdstip)
    client_op_de_hoogte: Mapped[bool | None] = field("Of de inwoner van de melding weet", level=N4)
    door_id: Mapped[UUID] = machinery()
    aanmelder: Mapped[Aanmelder] = field("Wie de melding deed", level=N4, default=Aanmelder.ONBEKEND, type_=stored_enum(Aanmelder))
    aanmelder_persoon_id: Mapped[UUID | None] = related_person("De inwoner die de melding deed, als die bekend is", level=N4)
    aanmelder_naam: Mapped[str | None] = sealed("De naam van wie de melding deed", level=N5)
    aanmelder_bereikbaar: Mapped[str | None] = sealed("Hoe wie de melding deed te bereiken is", level=N5)
    wijze: Mapped[Aanmeldwijze] = field(
        "Hoe de melding binnenkwam", level=N4, default=Aanmeldwijze.ONBEKEND, type_=stored_enum(Aanmeldwijze)
    )
    urgentie: Mapped[Urgentie] = field("Hoe snel iemand moet kijken", level=N4, default=Urgentie.NORMAAL, type_=stored_enum(Urgentie))
    vraag: Mapped[str | None] = sealed("Wat er aan de hand is, in eigen woorden", level=N5)
    status: Mapped[Aanmeldstatus] = field(
        "Waar de melding staat", level=N4, default=Aanmeldstatus.NIEUW, type_=stored_enum(Aanmeldstatus), index=True
    )
    behandelaar_id: Mapped[UUID | None] = reference("Wie de melding bekijkt", "gebruiker", level=N4)
    reden: Mapped[Afhandelreden | None] = field("Waarom er geen dossier kwam", level=N4, type_=stored_enum(Afhandelreden))
    toelichting: Mapped[str | None] = sealed("Uitleg bij de afhandeling", level=N5)
    verwezen_naar_id: Mapped[UUID | None] = reference("Naar welke organisatie de inwoner is verwezen", "organisatie", level=N4)
    dossier_id: Mapped[UUID | None] = reference("Het dossier dat uit de melding kwam", "dossier", level=N4)
    afgehandeld_op: Mapped[datetime | None] = field("Wanneer de melding is afgehandeld", level=N4, type_=Tijdstip)
    vervalt_op: Mapped[date | None] = field("Op welke dag het team de melding voor het laatst ziet", level=N4, type_=Date)

    @derived("Of nog gevraagd moet worden of de inwoner van de melding weet", needs=("client_op_de_hoogte",))
    def nog_te_vragen(client_op_de_hoogte: bool | None) -> bool:
        """Not asked is no answer: it stays empty until somebody asks (domain.md 9.1: isClientOpDeHoogte)."""
        return client_op_de_hoogte is None


INVOER = (
    "client_op_de_hoogte", "aanmelder", "aanmelder_persoon_id", "aanmelder_naam", "aanmelder_bereikbaar", "wijze", "urgentie", "vraag",
)  # fmt: skip
"""What may be said of a report when it comes in."""
