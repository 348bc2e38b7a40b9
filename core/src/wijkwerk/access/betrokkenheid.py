"""The only door to a row about a person: who may see what of whom, why, how much and until when (design.md 1, idea 2)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4, N6
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import BETROKKENEN, VEILIGHEID
from wijkwerk.records.checks import code, grondslag, level
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Partijsoort(StrEnum):
    """What kind of party is let in."""

    GEBRUIKER = "GEBRUIKER"
    TEAM = "TEAM"
    ORGANISATIE = "ORGANISATIE"


class Bron(StrEnum):
    """What made a betrokkenheid. Who may make which stands in `betrokkenheden.WIE_MAAKT_WAT`."""

    AANMELDING = "AANMELDING"
    DOSSIER = "DOSSIER"
    OVERDRACHT = "OVERDRACHT"
    KOPPELING = "KOPPELING"
    VERWIJZING = "VERWIJZING"
    TOESTEMMING = "TOESTEMMING"
    GROEP = "GROEP"
    EIGEN = "EIGEN"
    VERTEGENWOORDIGING = "VERTEGENWOORDIGING"
    NOODTOEGANG = "NOODTOEGANG"
    IMPORT = "IMPORT"


ALLEEN_LEZEN = frozenset({Bron.EIGEN, Bron.VERTEGENWOORDIGING, Bron.NOODTOEGANG})
"""Sources that let somebody look and nothing else: no row is written through such a door (domain.md 3.6)."""


class Afschermsoort(StrEnum):
    """Why something is held back."""

    GEHEIM = "GEHEIM"
    VEILIGHEID = "VEILIGHEID"
    BELANGENCONFLICT = "BELANGENCONFLICT"
    OUDER_GEBLOKKEERD = "OUDER_GEBLOKKEERD"


class Betrokkenheid(PersonRecord):
    """Wie bij een inwoner betrokken is: wat die partij mag zien, waarvoor en hoe lang."""

    categorie = BETROKKENEN
    niveau = N4
    core_only = True
    versioned = False  # only made and ended: `van`, `tot` and the source say when and by what
    kader_kolom = "kader_id"
    retention = Retention("3.1.5", "P15Y", "tot")
    lezen = Permission("betrokkenheid:lezen", "Zien wie bij een inwoner betrokken is.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission(
        "betrokkenheid:schrijven", "Betrokkenheid maken en beëindigen; wie wat mag maken staat in een tabel.",
        ("WIJKTEAM", "REGISSEUR", "CRISISDIENST", "BUURTCOACH", "DOCK", "VRIJW_COORD", "IMPORT", "SIGNALEN", "TOEGANG"),
    )  # fmt: skip

    persoon_id: Mapped[UUID] = subject("Om welke inwoner het gaat")
    partij_id: Mapped[UUID] = field("De gebruiker, het team of de organisatie die betrokken is", level=N4, type_=Uuid16)
    partijsoort: Mapped[Partijsoort] = field(
        "Of het om een gebruiker, een team of een organisatie gaat", level=N4, type_=stored_enum(Partijsoort)
    )
    rol: Mapped[str | None] = field("Alleen voor wie daar deze rol heeft; leeg is voor iedereen", level=N4, check=code, type_=String(60))
    doel: Mapped[str] = field("Waarvoor de gegevens gebruikt mogen worden", level=N4, check=code)
    categorie_code: Mapped[str] = field("Om welke soort gegevens het gaat", level=N4, check=code)
    kader_id: Mapped[UUID | None] = field("Voor welk dossier, welke groep of welke afspraak dit geldt", level=N4, type_=Uuid16)
    niveau_tot: Mapped[int] = field("Tot welk niveau gegevens te zien zijn, van 1 tot en met 7", level=N4, check=level)
    grondslag: Mapped[str] = field("De wettelijke grondslag, en welke versie daarvan", level=N4, check=grondslag)
    toestemming_id: Mapped[UUID | None] = reference("Op welke toestemming dit rust, als die nodig is", "toestemming", level=N4, index=True)
    bron: Mapped[Bron] = field("Wat de betrokkenheid maakte", level=N4, type_=stored_enum(Bron))
    bron_id: Mapped[UUID] = field("Het nummer van wat de betrokkenheid maakte", level=N4, type_=Uuid16)
    van: Mapped[datetime] = field("Vanaf wanneer", level=N4, type_=Tijdstip)
    tot: Mapped[datetime | None] = field("Tot wanneer", level=N4, type_=Tijdstip)

    __table_args__ = (
        Index("ix_betrokkenheid_deur", "persoon_id", "categorie_code", "doel", "partij_id", "gemeente_id"),
        Index("ix_betrokkenheid_partij", "partij_id", "doel", "categorie_code", "persoon_id", "gemeente_id"),
        Index("ix_betrokkenheid_bron", "bron_id", "gemeente_id"),
    )


class Afscherming(PersonRecord):
    """Wat van een inwoner extra is afgeschermd, en voor wie."""

    categorie = VEILIGHEID
    niveau = N6
    rij_afschermbaar = True
    core_only = True
    versioned = False  # only made and ended: the row itself says who, when and why, both times
    retention = Retention("3.1.5", "P15Y", "tot")
    lezen = Permission("afscherming:lezen", "Zien dat gegevens van een inwoner zijn afgeschermd.", ("WIJKTEAM", "REGISSEUR"))
    schrijven = Permission("afscherming:schrijven", "Gegevens van een inwoner afschermen.", ("WIJKTEAM", "REGISSEUR", "IMPORT"))

    persoon_id: Mapped[UUID] = subject("Om welke inwoner het gaat")
    soort: Mapped[Afschermsoort] = field("Waarom gegevens zijn afgeschermd", level=N6, type_=stored_enum(Afschermsoort))
    partij_id: Mapped[UUID | None] = field("Voor wie; leeg is voor iedereen buiten de gemeente", level=N6, type_=Uuid16)
    niveau_tot: Mapped[int] = field("Tot welk niveau gegevens nog te zien zijn, van 0 tot en met 7", level=N6, check=level)
    verbergt: Mapped[bool] = machinery(default=True)
    reden: Mapped[str | None] = sealed("Waarom, in eigen woorden", level=N6)
    door_id: Mapped[UUID | None] = reference("Wie dit vastlegde", "gebruiker", level=N6)
    opgeheven_door_id: Mapped[UUID | None] = reference("Wie dit ophief", "gebruiker", level=N6)
    reden_opheffing: Mapped[str | None] = sealed("Waarom dit is opgeheven", level=N6)
    van: Mapped[datetime] = field("Vanaf wanneer", level=N6, type_=Tijdstip)
    tot: Mapped[datetime | None] = field("Tot wanneer", level=N6, type_=Tijdstip)
