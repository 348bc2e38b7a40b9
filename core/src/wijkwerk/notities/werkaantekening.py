"""A professional's own aid to memory: not shared, short-lived, a draft of a note or thrown away (domain.md 9.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N6
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import CONTACTVERSLAGEN
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, reference, sealed, stored_enum, subject
from wijkwerk.storage.columns import Tijdstip

DAGEN: Final = 42
"""How long a werkaantekening is kept unless it becomes a note: proposed by domain.md 9.4, not by a law."""


class Werkaantekening(PersonRecord):
    """Een aantekening die alleen de schrijver ziet. Ze wordt een notitie, of verdwijnt vanzelf."""

    categorie = CONTACTVERSLAGEN
    niveau = N6
    eigen_kolom = "auteur_id"
    verloopt_kolom = "verloopt"
    versioned = False  # a draft has no history
    retention = Retention("eigen", f"P{DAGEN}D", "geschreven")
    lezen = Permission("werkaantekening:lezen", "Eigen werkaantekeningen lezen.", ("WIJKTEAM", "REGISSEUR"))
    schrijven = Permission("werkaantekening:schrijven", "Eigen werkaantekeningen schrijven.", ("WIJKTEAM", "REGISSEUR", "JOBS"))

    persoon_id: Mapped[UUID] = subject("Over welke inwoner de aantekening gaat")
    dossier_id: Mapped[UUID] = kader("dossier")
    auteur_id: Mapped[UUID] = reference("Wie dit schreef", "gebruiker", level=N6, index=True)
    soort: Mapped[Notitiesoort | None] = field("Wat voor notitie het wordt", level=N6, type_=stored_enum(Notitiesoort), nullable=True)
    tekst: Mapped[str] = sealed("De feiten, zoals ze er nu staan", level=N6)
    oordeel: Mapped[str | None] = sealed("Wat de schrijver ervan vindt", level=N6, nullable=True)
    geschreven: Mapped[datetime] = field("Wanneer dit is begonnen", level=N6, type_=Tijdstip)
    verloopt: Mapped[datetime] = field("Wanneer dit vanzelf verdwijnt", level=N6, type_=Tijdstip, index=True)
