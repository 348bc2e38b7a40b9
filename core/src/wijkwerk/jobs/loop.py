"""The record of a run: one for each job and period of a municipality, so that nothing is done twice."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery, stored_enum
from wijkwerk.storage.columns import Tijdstip, Uuid16


class Loopstatus(StrEnum):
    """Where a run stands."""

    BEZIG = "BEZIG"
    KLAAR = "KLAAR"
    MISLUKT = "MISLUKT"


class Jobloop(ToezichtRecord):
    """Een keer dat gepland werk is gedaan: wanneer, hoe ver en hoe het afliep."""

    core_only = True
    retention = Retention("eigen", "P1Y", "klaar")
    lezen = Permission("job:lezen", "Zien welk gepland werk is gedaan en hoe het afliep.", ("BEHEER", "FG", "JOBS"))
    schrijven = Permission("job:schrijven", "Gepland werk doen.", ("JOBS",))

    naam: Mapped[str] = field("Welk werk", level=N1, type_=String(60))
    periode: Mapped[str] = field("Over welke periode", level=N1, type_=String(20))
    status: Mapped[Loopstatus] = field("Hoe het ermee staat", level=N1, type_=stored_enum(Loopstatus))
    pogingen: Mapped[int] = field("Hoe vaak het is begonnen of hervat", level=N1, type_=Integer)
    begonnen_op: Mapped[datetime] = field("Wanneer het begon", level=N1, type_=Tijdstip)
    klaar_op: Mapped[datetime | None] = field("Wanneer het klaar was", level=N1, type_=Tijdstip)
    gedaan: Mapped[int] = field("Hoeveel er is gedaan", level=N1, type_=Integer)
    totaal: Mapped[int | None] = field("Hoeveel er te doen was, als dat bekend is", level=N1, type_=Integer)
    foutcode: Mapped[str | None] = field("De code van de fout, als het mislukte", level=N1, type_=String(60))
    plek: Mapped[str | None] = machinery(String(200))
    eigenaar: Mapped[UUID | None] = machinery(Uuid16)
    geldig_tot: Mapped[datetime | None] = machinery(Tijdstip)
    __table_args__ = (UniqueConstraint("gemeente_id", "naam", "periode"),)
