"""What a note is: its kinds, its versions, what is added to it later (domain.md 9.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N5, N6, Niveau
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Categorie
from wijkwerk.access.register import CONTACTVERSLAGEN, PLAN_EN_DOELEN, VEILIGHEID
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, machinery, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Notitiesoort(StrEnum):
    """What kind of note it is (domain.md 9.4)."""

    CONTACTVERSLAG = "CONTACTVERSLAG"
    SIGNAAL = "SIGNAAL"
    BESLUIT = "BESLUIT"
    STRIKT = "STRIKT"
    CRISISNOTITIE = "CRISISNOTITIE"
    EIGEN_VERKLARING = "EIGEN_VERKLARING"


class Informatiebron(StrEnum):
    """Where what stands in a note comes from (domain.md 9.4: "source named")."""

    INWONER = "INWONER"
    NAASTE = "NAASTE"
    EIGEN_WAARNEMING = "EIGEN_WAARNEMING"
    PROFESSIONAL = "PROFESSIONAL"
    DOCUMENT = "DOCUMENT"
    ANDERS = "ANDERS"
    ONBEKEND = "ONBEKEND"


CATEGORIE_VAN: Mapping[Notitiesoort, Categorie] = MappingProxyType(
    {
        Notitiesoort.CONTACTVERSLAG: CONTACTVERSLAGEN,
        Notitiesoort.SIGNAAL: VEILIGHEID,
        Notitiesoort.BESLUIT: PLAN_EN_DOELEN,
        Notitiesoort.STRIKT: VEILIGHEID,
        Notitiesoort.CRISISNOTITIE: CONTACTVERSLAGEN,
        Notitiesoort.EIGEN_VERKLARING: CONTACTVERSLAGEN,
    }
)


class Notitiegegeven(PersonRecord):
    """What a note and all that hangs on it have in common: about whom, in which case, how far it may be shown."""

    __abstract__ = True
    categorie = CONTACTVERSLAGEN
    niveau = N6
    categorie_kolom = "categorie_code"
    niveau_kolom = "niveau_vanaf"
    groep_kolom = "groep_id"
    lezers_niveau: ClassVar[Niveau | None] = N6
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Permission("notitie:lezen", "Notities in een dossier lezen.", ("WIJKTEAM", "REGISSEUR", "CRISISDIENST", "ZORG"))
    schrijven = Permission("notitie:schrijven", "Notities in een dossier schrijven en verbeteren.", ("WIJKTEAM", "REGISSEUR", "TOEGANG"))

    persoon_id: Mapped[UUID] = subject("Over welke inwoner de notitie gaat")
    dossier_id: Mapped[UUID] = kader("dossier")
    soort: Mapped[Notitiesoort] = field("Wat voor notitie het is", level=N5, type_=stored_enum(Notitiesoort))
    categorie_code: Mapped[str] = machinery(String(60))
    niveau_vanaf: Mapped[int] = machinery(Integer)
    groep_id: Mapped[UUID] = field("Het nummer dat een notitie heeft bij elke inwoner over wie ze gaat", level=N5, type_=Uuid16, index=True)
    auteur_id: Mapped[UUID] = reference("Wie dit schreef", "gebruiker", level=N6)
    geschreven: Mapped[datetime] = field("Wanneer dit is geschreven", level=N5, type_=Tijdstip)


class Notitie(Notitiegegeven):
    """Een notitie in een dossier. Een verbetering is een nieuwe versie; de oude blijft bestaan."""

    laatste: Mapped[int] = field("Het nummer van de nieuwste versie", level=N5, type_=Integer)
    redactie_van_id: Mapped[UUID | None] = reference(
        "Van welke notitie dit de versie zonder de anderen is", "notitie", level=N6, nullable=True
    )


class Notitietekst(Notitiegegeven):
    """What is said in a note: facts and opinion apart, with where it comes from (domain.md 9.4)."""

    __abstract__ = True
    versioned = False  # never changed

    tekst: Mapped[str] = sealed("De feiten: wat er is gezien, gehoord of afgesproken", level=N5)
    oordeel: Mapped[str | None] = sealed("Wat de schrijver ervan vindt", level=N5, nullable=True)
    bron: Mapped[Informatiebron] = field("Waar dit vandaan komt", level=N5, type_=stored_enum(Informatiebron))
    bron_naam: Mapped[str | None] = sealed("Wie het vertelde", level=N6, nullable=True)


class Notitieversie(Notitietekst):
    """Een versie van een notitie, met de tekst."""

    notitie_id: Mapped[UUID] = reference("Van welke notitie dit een versie is", "notitie", level=N5, index=True)
    nummer: Mapped[int] = field("De hoeveelste versie dit is", level=N5, type_=Integer)


class Aanvulling(Notitietekst):
    """Iets dat later bij een notitie is geschreven, zonder haar te veranderen."""

    notitie_id: Mapped[UUID] = reference("Bij welke notitie dit hoort", "notitie", level=N5, index=True)


class Notitielezer(Notitiegegeven):
    """Een medewerker die een strikte notitie mag lezen, naast de casusregisseur."""

    lezers_niveau = None  # who may read it is not told to who may
    schrijven = Permission("notitie:lezers", "Bepalen wie een strikte notitie mag lezen.", ("REGISSEUR",))

    notitie_id: Mapped[UUID] = reference("Welke notitie", "notitie", level=N6, index=True)
    gebruiker_id: Mapped[UUID] = reference("Wie haar mag lezen", "gebruiker", level=N6)
    tot: Mapped[datetime | None] = field("Tot wanneer", level=N6, type_=Tijdstip, nullable=True)
