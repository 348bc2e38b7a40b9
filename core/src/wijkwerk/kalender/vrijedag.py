"""Days that a municipality declares free, or a working day after all: on top of the holidays of the law (`werkdagen.py`)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.records.checks import short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field


class Vrijedag(OpenRecord):
    """Een dag waarop de gemeente vrij is, of juist werkt, anders dan de feestdagen van de wet."""

    retention = Retention("eigen", "P5Y", "dag")
    lezen = Permission("vrijedag:lezen", "Zien op welke dagen de gemeente vrij is.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "BEHEER"))
    schrijven = Permission("vrijedag:schrijven", "Vastleggen op welke dagen de gemeente vrij is.", ("BEHEER",))

    dag: Mapped[date] = field("Welke dag", level=N1, type_=Date)
    vrij: Mapped[bool] = field("Of de gemeente dan vrij is; nee betekent een gewone werkdag", level=N1, default=True)
    naam: Mapped[str] = field("Hoe de dag heet", level=N1, check=lambda value: short(value, 100), type_=String(100))
    __table_args__ = (UniqueConstraint("gemeente_id", "dag"),)
