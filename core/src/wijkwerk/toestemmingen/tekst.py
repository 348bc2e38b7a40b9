"""The texts by which consent is asked: kept exactly as they were shown, for as long as a consent points at one (AVG art. 7(1))."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Date, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.records.checks import code, omschrijving, short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, reference
from wijkwerk.records.types.taal import lees_taal


class Toestemmingstekst(OpenRecord):
    """Een tekst waarmee een inwoner om toestemming wordt gevraagd. Een andere tekst is een nieuwe versie."""

    core_only = True
    lezen = PUBLIC
    schrijven = Permission("toestemmingstekst:schrijven", "Teksten voor toestemming vaststellen.", ("PRIVACY_OFFICER",))
    retention = Retention("3.1.5", "P15Y", "einde van de laatste toestemming met deze tekst")

    doel: Mapped[str] = field("Voor welk doel", level=N1, check=code, type_=String(60))
    aanduiding: Mapped[str] = field("Welke versie van de tekst dit is", level=N1, check=lambda v: short(v, 60), type_=String(60))
    taal: Mapped[str] = field("In welke taal (ISO 639)", level=N1, check=lees_taal, type_=String(3))
    leesniveau: Mapped[str] = field("Het leesniveau, zoals B1", level=N1, check=lambda v: short(v, 10), type_=String(10))
    tekst: Mapped[str] = field("De hele tekst, precies zoals de inwoner die ziet", level=N1, check=omschrijving, type_=Text)
    van: Mapped[date] = field("Vanaf wanneer de tekst wordt gebruikt", level=N1, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N1, type_=Date)
    vastgesteld_door_id: Mapped[UUID | None] = reference("Wie de tekst vaststelde", "gebruiker", level=N1)
    __table_args__ = (UniqueConstraint("gemeente_id", "doel", "aanduiding", "taal"),)
