"""Made-up kinds of records in which whatever decides who sees what occurs, for random worlds (`werelden.py`).

To import it declares those records: for tests alone.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from ..access.levels import N0, N2, N3, N4, N5
from ..access.permissions import Permission
from ..access.register import CONTACT, CONTACTVERSLAGEN, GEZONDHEID, IDENTITEIT, PLAN_EN_DOELEN
from ..records.checks import code
from ..records.declare import KaderRecord, OpenRecord, PersonRecord, Record, Retention, ToezichtRecord
from ..records.fields import field, kader, machinery, related_person, subject
from ..storage.columns import Tijdstip, Uuid16


class Orakelrecord(PersonRecord):
    """What the records of this test have in common."""

    __abstract__ = True
    retention = Retention("eigen", "P1D", "einde proef")
    lezen = Permission("orakel:lezen", "Proef.")
    schrijven = Permission("orakel:schrijven", "Proef.")


class Gesprek(Orakelrecord):
    """Een gesprek, met velden in drie categorieën."""

    owner = "orakel"
    categorie = PLAN_EN_DOELEN
    niveau = N3
    persoon_id: Mapped[UUID] = subject("Wie")
    onderwerp: Mapped[str] = field("Waarover", level=N3, check=code, type_=String(9))
    telefoon: Mapped[str | None] = field("Bellen", level=N2, categorie=CONTACT, afschermbaar=True, check=code, type_=String(9))
    ernst: Mapped[int | None] = field("Hoe erg", level=N5)
    klacht: Mapped[int | None] = field("Welke klacht", level=N4, categorie=GEZONDHEID)


class Blad(Orakelrecord):
    """Een blad in een dossier, met een eigen categorie en niveau per rij."""

    owner = "orakel"
    categorie = CONTACTVERSLAGEN
    niveau = N5
    categorie_kolom = "categorie_code"
    niveau_kolom = "niveau_vanaf"
    persoon_id: Mapped[UUID] = subject("Wie")
    dossier_id: Mapped[UUID | None] = kader("dossier")
    categorie_code: Mapped[str] = machinery(String(60))
    niveau_vanaf: Mapped[int] = machinery()
    inhoud: Mapped[int | None] = field("Wat er staat", level=N4)
    woonplek: Mapped[int | None] = field("Waar", level=N2, categorie=IDENTITEIT, afschermbaar=True)


class Band(Orakelrecord):
    """Een band met iemand anders. Elk niveau is genoeg, dus wat van de ander is te zien, beslist."""

    owner = "orakel"
    categorie = IDENTITEIT
    niveau = N0
    rij_afschermbaar = True
    persoon_id: Mapped[UUID] = subject("Wie")
    ander_id: Mapped[UUID | None] = related_person("Met wie", level=N0)
    sterkte: Mapped[int | None] = field("Hoe sterk", level=N3)


class Opdracht(Orakelrecord):
    """Een opdracht voor een organisatie of iemand die daar werkt, en daar voor één rol."""

    owner = "orakel"
    categorie = CONTACT
    niveau = N2
    voor_kolom = "voor_id"
    rol_kolom = "rol"
    persoon_id: Mapped[UUID] = subject("Wie")
    voor_id: Mapped[UUID] = machinery(Uuid16)
    rol: Mapped[str | None] = field("Voor welke rol", level=N2, check=code, type_=String(9))
    zwaarte: Mapped[int | None] = field("Hoe zwaar", level=N4, afschermbaar=True)


class Krabbel(Orakelrecord):
    """Een krabbel van één medewerker, in een dossier, die vanzelf verdwijnt."""

    owner = "orakel"
    categorie = CONTACT
    niveau = N2
    eigen_kolom = "van_id"
    verloopt_kolom = "verloopt"
    versioned = False
    persoon_id: Mapped[UUID] = subject("Wie")
    dossier_id: Mapped[UUID | None] = kader("dossier")
    van_id: Mapped[UUID] = machinery(Uuid16)
    verloopt: Mapped[datetime] = machinery(Tijdstip)
    gedachte: Mapped[int | None] = field("Welke gedachte", level=N4)
    kleur: Mapped[int | None] = field("Welke kleur", level=N2)


class Verhaal(Orakelrecord):
    """Een verhaal over een paar inwoners: bij elk van hen een rij, met een eigen niveau."""

    owner = "orakel"
    categorie = PLAN_EN_DOELEN
    niveau = N2
    categorie_kolom = "categorie_code"
    niveau_kolom = "niveau_vanaf"
    groep_kolom = "groep_id"
    lezers_niveau = N2
    persoon_id: Mapped[UUID] = subject("Wie")
    dossier_id: Mapped[UUID | None] = kader("dossier")
    categorie_code: Mapped[str] = machinery(String(60))
    niveau_vanaf: Mapped[int] = machinery()
    groep_id: Mapped[UUID] = field("Welk verhaal", level=N2, type_=Uuid16)
    slot: Mapped[int | None] = field("Hoe het afloopt", level=N4, afschermbaar=True)


class Kladje(KaderRecord):
    """Een kladje van een partij, over niemand."""

    owner = "orakel"
    retention, lezen, schrijven = Orakelrecord.retention, Orakelrecord.lezen, Orakelrecord.schrijven
    kleur: Mapped[int | None] = field("Welke kleur", level=N2)
    inhoud: Mapped[int | None] = field("Wat er staat", level=N5)


class Prikbord(OpenRecord):
    """Een prikbord van een organisatie."""

    owner = "orakel"
    retention, lezen, schrijven = Orakelrecord.retention, Orakelrecord.lezen, Orakelrecord.schrijven
    kleur: Mapped[int | None] = field("Welke kleur", level=N2)
    inhoud: Mapped[int | None] = field("Wat er staat", level=N5)


class Controle(ToezichtRecord):
    """Een controle op wat er gebeurt."""

    owner = "orakel"
    retention, lezen, schrijven = Orakelrecord.retention, Orakelrecord.lezen, Orakelrecord.schrijven
    kleur: Mapped[int | None] = field("Welke kleur", level=N2)
    inhoud: Mapped[int | None] = field("Wat er staat", level=N5)


OVER_PERSONEN: tuple[type[PersonRecord], ...] = (Gesprek, Blad, Band, Opdracht, Krabbel, Verhaal)
OVER_NIEMAND: tuple[type[Record], ...] = (Kladje, Prikbord, Controle)
