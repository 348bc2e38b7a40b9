"""That two residents turned out to be one: who said so, why, and the state before, so that it can be undone (peers.md D 16)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, String, Table
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4, N7
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.fields import field, machinery, reference, sealed, subject
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.storage.metadata import metadata


class Samenvoeging(PersonRecord):
    """Twee inwoners die zijn samengevoegd tot één."""

    categorie = IDENTITEIT
    niveau = N4
    core_only = True
    retention = Persoon.retention
    lezen = Permission("samenvoeging:lezen", "Zien welke inwoners zijn samengevoegd.", ("WIJKTEAM", "REGISSEUR"))
    schrijven = Permission("samenvoeging:schrijven", "Inwoners samenvoegen en dat ongedaan maken.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("De inwoner die blijft")
    opgegaan_id: Mapped[UUID] = machinery(Uuid16, index=True)
    reden: Mapped[str] = sealed("Waarom het dezelfde inwoner is", level=N4)
    op: Mapped[datetime] = field("Wanneer ze zijn samengevoegd", level=N4, type_=Tijdstip)
    door_id: Mapped[UUID] = reference("Wie dat deed", "gebruiker", level=N4)
    ongedaan_op: Mapped[datetime | None] = field("Wanneer het ongedaan is gemaakt", level=N4, type_=Tijdstip)
    ongedaan_door_id: Mapped[UUID | None] = reference("Wie het ongedaan maakte", "gebruiker", level=N4)
    toestand: Mapped[str | None] = sealed("Wat er stond voor het samenvoegen", level=N7, shown=False)
    """For undo only: it holds every field of both residents, whatever level, category or right each of them asks."""


samenvoegstap = Table(
    "samenvoegstap",
    metadata,
    Column("gemeente_id", Uuid16, primary_key=True),
    Column("samenvoeging_id", Uuid16, primary_key=True),
    Column("tabel", String(80), primary_key=True),
    Column("kolom", String(80), primary_key=True),
    Column("rij_id", Uuid16, primary_key=True),
    Index("ix_samenvoegstap_rij", "rij_id", "gemeente_id"),
    info={"owner": "core"},
)
"""Which column of which row was moved by a merge: what undo puts back."""
