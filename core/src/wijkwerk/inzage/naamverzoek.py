"""A resident who wants to know the names of who looked, and the decision of the privacy officer (domain.md 3.5; EU C-579/21)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, Index
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, stored_enum
from wijkwerk.storage.columns import Tijdstip, Uuid16

EIGEN_INZAGE = Permission("inzage:eigen", "Zien wie uw gegevens bekeek of wijzigde.", ("INWONER",))
INZAGE_BRIEF = Permission(
    "inzage:brief", "Een inwoner een brief geven over wie zijn gegevens bekeek, zonder zelf iets van de inwoner te zien.", ("INZAGELOKET",)
)
NAMEN_BESLISSEN = Permission("inzage:namen:beslissen", "Beslissen of een inwoner namen van medewerkers ziet.", ("PRIVACY_OFFICER",))


class Naamreden(StrEnum):
    """Why the resident needs the names: one of a list, because a text could say who the resident is."""

    VERMOEDEN_VAN_MISBRUIK = "VERMOEDEN_VAN_MISBRUIK"
    EIGEN_VEILIGHEID = "EIGEN_VEILIGHEID"
    KLACHT_OF_PROCEDURE = "KLACHT_OF_PROCEDURE"
    ANDERE_REDEN = "ANDERE_REDEN"


class Naambesluit(StrEnum):
    """What the privacy officer decided."""

    TONEN = "TONEN"
    NIET_TONEN = "NIET_TONEN"


class Naamverzoek(ToezichtRecord):
    """Een verzoek van een inwoner om de namen te zien van medewerkers die gegevens bekeken, en het besluit daarover."""

    core_only = True
    lezen = Permission("inzage:namen:lezen", "Verzoeken om namen van medewerkers zien.", ("PRIVACY_OFFICER", "FG"))
    schrijven = Permission(
        "inzage:namen:schrijven", "Vragen om de namen van wie gegevens bekeek, of daarover beslissen.",
        ("INWONER", "INZAGELOKET", "PRIVACY_OFFICER"),
    )  # fmt: skip
    retention = Retention("6.1.3", "P1Y", "besloten_op")

    pseudoniem: Mapped[UUID] = field("Welke inwoner, met een pseudoniem", level=N1, type_=Uuid16)
    reden: Mapped[Naamreden] = field("Waarom de inwoner de namen wil weten", level=N1, type_=stored_enum(Naamreden))
    van: Mapped[date] = field("De eerste dag waar het om gaat", level=N1, type_=Date)
    tot: Mapped[date] = field("De laatste dag waar het om gaat", level=N1, type_=Date)
    gevraagd_op: Mapped[datetime] = field("Wanneer het is gevraagd", level=N1, type_=Tijdstip)
    besluit: Mapped[Naambesluit | None] = field("Het besluit; leeg zolang er geen is", level=N1, type_=stored_enum(Naambesluit))
    besloten_door_id: Mapped[UUID | None] = field("Wie besliste", level=N1, type_=Uuid16)
    besloten_op: Mapped[datetime | None] = field("Wanneer is beslist", level=N1, type_=Tijdstip)

    __table_args__ = (Index("ix_naamverzoek_pseudoniem", "gemeente_id", "pseudoniem"),)
