"""What was done with each row of each import file: so that an import can stop anywhere, and no row is written twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery, reference, stored_enum
from wijkwerk.storage.columns import Tijdstip, among

_LEZEN = Permission("import:lezen", "Zien welke bestanden zijn ingelezen, zonder personen.", ("FG", "BEHEER", "IMPORT"))
_SCHRIJVEN = Permission("import:schrijven", "Bijhouden wat er is ingelezen.", ("IMPORT",))
_BEWAREN = Retention("eigen", "P2Y", "einde import")


class Uitkomst(StrEnum):
    """What became of a row."""

    INGELEZEN = "INGELEZEN"
    BESTAAT_AL = "BESTAAT_AL"
    GEWEIGERD = "GEWEIGERD"


class Importbestand(ToezichtRecord):
    """Een bestand met personen dat is ingelezen of half is ingelezen."""

    lezen = _LEZEN
    schrijven = _SCHRIJVEN
    retention = _BEWAREN

    kenmerk: Mapped[bytes] = machinery(LargeBinary(16))
    team_id: Mapped[UUID | None] = reference("Welk team de personen ziet", "team", level=N1)
    begonnen: Mapped[datetime] = field("Wanneer het inlezen begon", level=N1, type_=Tijdstip)
    klaar: Mapped[datetime | None] = field("Wanneer de laatste regel was ingelezen", level=N1, type_=Tijdstip)
    __table_args__ = (UniqueConstraint("gemeente_id", "kenmerk"),)


class Importregel(ToezichtRecord):
    """Wat er met een regel van een bestand is gebeurd."""

    lezen = _LEZEN
    schrijven = _SCHRIJVEN
    retention = _BEWAREN

    bestand_id: Mapped[UUID] = reference("Uit welk bestand de regel komt", "importbestand", level=N1)
    nummer: Mapped[int] = field("De hoeveelste regel van het bestand dit is", level=N1)
    uitkomst: Mapped[Uitkomst] = field("Wat er met de regel is gebeurd", level=N1, type_=stored_enum(Uitkomst))
    __table_args__ = (UniqueConstraint("gemeente_id", "bestand_id", "nummer"),)


def gedaan(connection: Connection, gemeente: UUID, bestand: UUID, nummers: Collection[int]) -> dict[int, Uitkomst]:
    """Which of these rows were done before and what became of them, in one statement."""
    r = Importregel.tabel()
    done = select(r.c.nummer, r.c.uitkomst).where(r.c.gemeente_id == gemeente, r.c.bestand_id == bestand, among(r.c.nummer, "nummers"))
    return {row.nummer: row.uitkomst for row in connection.execute(done, {"nummers": list(nummers)})}


def geteld(connection: Connection, gemeente: UUID, bestand: UUID) -> Counter[Uitkomst]:
    """How many rows of the file had each outcome, over all times that it was read."""
    r = Importregel.tabel()
    rows = connection.execute(
        select(r.c.uitkomst, func.count()).where(r.c.gemeente_id == gemeente, r.c.bestand_id == bestand).group_by(r.c.uitkomst)
    )
    return Counter({row[0]: row[1] for row in rows})
