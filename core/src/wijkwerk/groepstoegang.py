"""The record of who takes part in a group of residents, and who of that group sees it (domain.md 2.6 N1, 9.6)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.records.checks import code
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16

BEGELEIDERS = ("BUURTCOACH", "DOCK", "VRIJW_COORD")


class Groepstoegang(PersonRecord):
    """Een inwoner die meedoet aan een groep, en wie van die groep dat ziet."""

    categorie = IDENTITEIT
    niveau = N1
    core_only = True
    kader_kolom = "groep_id"
    maakt_bereik = True
    versioned = False  # only made and ended
    retention = Retention("eigen", "P1Y", "einde deelname")
    lezen = Permission("groepstoegang:lezen", "Zien wie er meedoet aan een eigen groep.", ("GROEPSHOST", *BEGELEIDERS))
    schrijven = Permission("groepstoegang:schrijven", "Wie een groep begeleidt laten zien wie er meedoet.", BEGELEIDERS)

    persoon_id: Mapped[UUID] = subject("Wie meedoet")
    groep_id: Mapped[UUID] = machinery(Uuid16, index=True)
    partij_id: Mapped[UUID] = machinery(Uuid16)
    partijsoort: Mapped[Partijsoort] = machinery(stored_enum(Partijsoort))
    doel: Mapped[str] = field("Voor welk doel", level=N1, check=code, type_=String(60))
    van: Mapped[datetime] = field("Vanaf wanneer", level=N1, type_=Tijdstip)
    tot: Mapped[datetime | None] = field("Tot wanneer", level=N1, type_=Tijdstip)
