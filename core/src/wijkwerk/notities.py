"""Case notes: encrypted, versioned, never edited (design.md 6; domain.md 9.4). Only here and in crypto/ is the plain text held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N5, N6, N7, Niveau
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Categorie
from wijkwerk.access.register import CONTACTVERSLAGEN, PLAN_EN_DOELEN, VEILIGHEID
from wijkwerk.dossiers.dossier import leden_van
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, machinery, reference, sealed, stored_enum, subject
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip, nieuw_id

MAX_TEKENS = 200_000


class Notitiesoort(StrEnum):
    """What kind of note it is (domain.md 9.4)."""

    CONTACTVERSLAG = "CONTACTVERSLAG"
    BESLUIT = "BESLUIT"
    STRIKT = "STRIKT"
    CRISISNOTITIE = "CRISISNOTITIE"


CATEGORIE_VAN: Mapping[Notitiesoort, Categorie] = MappingProxyType(
    {
        Notitiesoort.CONTACTVERSLAG: CONTACTVERSLAGEN,
        Notitiesoort.BESLUIT: PLAN_EN_DOELEN,
        Notitiesoort.STRIKT: VEILIGHEID,
        Notitiesoort.CRISISNOTITIE: CONTACTVERSLAGEN,
    }
)


class TekstTeLang(OngeldigeInvoer):
    """A note above the limit."""

    code = "TEKST_TE_LANG"
    standaard = f"De tekst is te lang. Gebruik hoogstens {MAX_TEKENS} tekens, of verdeel de tekst over meer notities."


class Notitiegegeven(PersonRecord):
    """What a note and each of its versions have in common: about whom, in which case, how far it may be shown."""

    __abstract__ = True
    categorie = CONTACTVERSLAGEN
    niveau = N6
    categorie_kolom = "categorie_code"
    niveau_kolom = "niveau_vanaf"
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Permission("notitie:lezen", "Notities in een dossier lezen.", ("WIJKTEAM", "REGISSEUR", "CRISISDIENST", "ZORG"))
    schrijven = Permission("notitie:schrijven", "Notities in een dossier schrijven en verbeteren.", ("WIJKTEAM", "REGISSEUR", "TOEGANG"))

    persoon_id: Mapped[UUID] = subject("Over welke inwoner de notitie gaat")
    dossier_id: Mapped[UUID] = kader("dossier")
    soort: Mapped[Notitiesoort] = field("Wat voor notitie het is", level=N5, type_=stored_enum(Notitiesoort))
    categorie_code: Mapped[str] = machinery(String(60))
    niveau_vanaf: Mapped[int] = machinery(Integer)
    auteur_id: Mapped[UUID] = reference("Wie dit schreef", "gebruiker", level=N6)
    geschreven: Mapped[datetime] = field("Wanneer dit is geschreven", level=N5, type_=Tijdstip)


class Notitie(Notitiegegeven):
    """Een notitie in een dossier. Een verbetering is een nieuwe versie; de oude blijft bestaan."""

    laatste: Mapped[int] = field("Het nummer van de nieuwste versie", level=N5, type_=Integer)


class Notitieversie(Notitiegegeven):
    """Een versie van een notitie, met de tekst."""

    versioned = False  # it is itself a version, and is never changed

    notitie_id: Mapped[UUID] = reference("Van welke notitie dit een versie is", "notitie", level=N5, index=True)
    nummer: Mapped[int] = field("De hoeveelste versie dit is", level=N5, type_=Integer)
    tekst: Mapped[str] = sealed("De tekst van de notitie", level=N5)


def schrijf(
    work: Work, dossier: UUID, persoon: UUID, soort: Notitiesoort, tekst: str, *, deelbaar: bool = False, auteur: UUID | None = None
) -> UUID:
    """Write a note about a resident of a case; the id of the note.

    `deelbaar` notes can be shown to a partner at N5; strict ones at N7 only. `auteur`: for whom it is written, when not for the actor
    (core services). Raises NietGevonden for a case or resident out of reach,
    TekstTeLang and OngeldigeInvoer for the text.
    """
    _in_dossier(work, dossier, persoon)
    notitie = work.add(
        Notitie(
            id=nieuw_id(), dossier_id=dossier, persoon_id=persoon, soort=soort, categorie_code=CATEGORIE_VAN[soort].code,
            niveau_vanaf=int(_niveau(soort, deelbaar)), auteur_id=auteur or work.actor.gebruiker, geschreven=work.actor.moment, laatste=1,
        )
    )  # fmt: skip
    _versie(work, notitie, tekst, notitie.auteur_id)
    return notitie.id


def corrigeer(work: Work, notitie_id: UUID, versie: int, tekst: str) -> UUID:
    """Add a corrected version to a note. `versie` is the one the writer had read. Raises VersieVerouderd when somebody was first."""
    notitie = work.get(Notitie, notitie_id, versie)
    notitie.laatste += 1
    _versie(work, notitie, tekst, work.actor.gebruiker)
    return notitie.id


def _in_dossier(work: Work, dossier: UUID, persoon: UUID) -> None:
    if persoon not in leden_van(work, dossier):
        raise NietGevonden


def _niveau(soort: Notitiesoort, deelbaar: bool) -> Niveau:
    if soort is Notitiesoort.STRIKT:
        return N7
    return N5 if deelbaar else N6


def _versie(work: Work, notitie: Notitie, tekst: str, auteur: UUID) -> None:
    work.flush()
    work.add(
        Notitieversie(
            notitie_id=notitie.id, nummer=notitie.laatste, tekst=_gecontroleerd(tekst), persoon_id=notitie.persoon_id,
            dossier_id=notitie.dossier_id, soort=notitie.soort, categorie_code=notitie.categorie_code, niveau_vanaf=notitie.niveau_vanaf,
            auteur_id=auteur, geschreven=work.actor.moment,
        )
    )  # fmt: skip


def _gecontroleerd(tekst: str) -> str:
    if len(tekst) > MAX_TEKENS:
        raise TekstTeLang
    if not tekst.strip() or "\x00" in tekst:
        raise OngeldigeInvoer("Schrijf een tekst. Een lege notitie bewaren we niet.", veld="tekst")
    return tekst
