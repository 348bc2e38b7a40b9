"""The texts by which consent is asked: kept exactly as they were shown, for as long as a consent points at one (AVG art. 7(1))."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Date, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.access.purposes import Instemming
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.familie import keur_periode
from wijkwerk.records.checks import code, omschrijving, short
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field, reference
from wijkwerk.records.geldigheid import waar_geldig
from wijkwerk.records.session import Work
from wijkwerk.records.types.taal import lees_taal
from wijkwerk.storage.columns import nieuw_id


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


def stel_vast(
    work: Work,
    doel: str,
    aanduiding: str,
    tekst: str,
    *,
    taal: str = "nl",
    leesniveau: str = "B1",
    van: date | None = None,
    vervangt: UUID | None = None,
) -> UUID:
    """A text to ask consent with for one purpose, used from a day on (today); its id. A text is never changed: another one is a new one.

    `vervangt`: the text whose place it takes, of the same purpose and language; that one is used until the day before. Raises GeenRecht,
    NietGevonden for a text that is not there, and OngeldigeInvoer for a purpose that asks no consent, a day that is over, or a version
    that is there already.
    """
    if not work.actor.may(Toestemmingstekst.schrijven.naam):
        raise GeenRecht
    _vraagt_instemming(work, doel)
    begin = van or work.actor.vandaag
    keur_periode(work, begin, None)
    if begin < work.actor.vandaag:
        raise OngeldigeInvoer("Deze dag is al geweest. Een tekst geldt vanaf vandaag of later.", veld="van")
    new = Toestemmingstekst(
        id=nieuw_id(), doel=doel, aanduiding=aanduiding.strip(), taal=lees_taal(taal), leesniveau=leesniveau, tekst=tekst, van=begin,
        vastgesteld_door_id=work.actor.gebruiker,
    )  # fmt: skip
    if work.find_any(Toestemmingstekst, doel=doel, aanduiding=new.aanduiding, taal=new.taal) is not None:
        raise OngeldigeInvoer("Er is al een tekst met deze aanduiding. Kies een nieuwe aanduiding.", veld="aanduiding")
    if vervangt is not None:
        _eindig(work, vervangt, new)
    return work.grant(new).id


def in_gebruik(work: Work, doel: str, aanduiding: str, taal: str) -> UUID:
    """The id of the text with this name that is in use today for this purpose, in this language. Raises OngeldigeInvoer."""
    t = Toestemmingstekst.tabel()
    own = (t.c.gemeente_id == work.actor.gemeente, t.c.doel == doel, t.c.aanduiding == aanduiding, t.c.taal == taal)
    found: UUID | None = work.core_connection.execute(select(t.c.id).where(*own, waar_geldig(t, work.actor.vandaag))).scalar()
    if found is None:
        raise OngeldigeInvoer("Deze tekst is er nu niet voor dit doel en deze taal. Kies een tekst uit de lijst.", veld="tekst_versie")
    return found


def _vraagt_instemming(work: Work, doel: str) -> None:
    declared = work.catalogue.doel(doel)
    if declared.grondslag.instemming is Instemming.NIET_NODIG and not work.catalogue.met_instemming[doel]:
        raise OngeldigeInvoer("Voor dit doel is geen toestemming nodig, dus ook geen tekst.", veld="doel")


def _eindig(work: Work, vervangt: UUID, new: Toestemmingstekst) -> None:
    oud = work.get(Toestemmingstekst, vervangt)
    if (oud.doel, oud.taal) != (new.doel, new.taal) or oud.van >= new.van or (oud.tot is not None and oud.tot < new.van):
        raise OngeldigeInvoer("Deze tekst kan niet worden vervangen. Kies een tekst die nu geldt, van hetzelfde doel.", veld="vervangt")
    oud.tot = new.van - timedelta(days=1)
