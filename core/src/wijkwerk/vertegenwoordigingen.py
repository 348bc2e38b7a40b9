"""Who may act for a resident, on what evidence and when, and what a professional judged about it (domain.md 1.11, 2.7)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4, N6
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import FAMILIE
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.familie import VASTLEGGEN, ZIEN, bereikbaar, geladen, keur_periode, vergrendel
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, reference, related_person, sealed, stored_enum, subject
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.session import Work
from wijkwerk.records.types.naam import lees_naam
from wijkwerk.storage.columns import nieuw_id


class Hoedanigheid(StrEnum):
    """As what somebody represents a resident."""

    OUDER = "OUDER"
    VOOGD = "VOOGD"
    CURATOR = "CURATOR"
    MENTOR = "MENTOR"
    BEWINDVOERDER = "BEWINDVOERDER"
    GEMACHTIGDE = "GEMACHTIGDE"


class Handeling(StrEnum):
    """What somebody decides or asks (the rows of domain.md 2.7)."""

    HULPVERLENING_JEUGD = "HULPVERLENING_JEUGD"
    AVG_TOESTEMMING = "AVG_TOESTEMMING"
    WMO_VERSTREKKING = "WMO_VERSTREKKING"
    INZAGE = "INZAGE"
    VERNIETIGING = "VERNIETIGING"


class Vertegenwoordiging(PersonRecord):
    """Wie een inwoner vertegenwoordigt, en waaruit dat blijkt."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Retention("3.1.5", "P15Y", "einde vertegenwoordiging")
    lezen = Permission("vertegenwoordiging:lezen", "Zien wie een inwoner vertegenwoordigt.", ZIEN)
    schrijven = Permission("vertegenwoordiging:schrijven", "Vastleggen wie een inwoner vertegenwoordigt.", VASTLEGGEN)

    persoon_id: Mapped[UUID] = subject("De inwoner die wordt vertegenwoordigd")
    vertegenwoordiger_id: Mapped[UUID | None] = related_person("De vertegenwoordiger, als die ook inwoner is", level=N4)
    naam: Mapped[str | None] = field("De naam van een vertegenwoordiger die geen inwoner is", level=N4, check=lees_naam, type_=String(200))
    hoedanigheid: Mapped[Hoedanigheid] = field("Als wat", level=N4, type_=stored_enum(Hoedanigheid))
    bewijs: Mapped[str] = sealed("Waaruit dat blijkt, zoals een beschikking met datum en nummer", level=N4)
    gezien_door_id: Mapped[UUID] = reference("Welke medewerker het bewijs zag", "gebruiker", level=N4)
    van: Mapped[date] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)


class Wilsoordeel(PersonRecord):
    """Het oordeel van een professional of een inwoner een beslissing zelf kan overzien."""

    categorie = FAMILIE
    niveau = N4
    retention = Vertegenwoordiging.retention
    lezen = Vertegenwoordiging.lezen
    schrijven = Vertegenwoordiging.schrijven

    persoon_id: Mapped[UUID] = subject("Over welke inwoner")
    handeling: Mapped[Handeling] = field("Voor welke beslissing", level=N4, type_=stored_enum(Handeling))
    in_staat: Mapped[bool] = field("Of de inwoner de beslissing zelf kan overzien", level=N4)
    motivering: Mapped[str] = sealed("Waarom", level=N4)
    door_id: Mapped[UUID] = reference("Wie het oordeel gaf", "gebruiker", level=N4)
    op: Mapped[date] = field("Wanneer", level=N4, type_=Date)


class Ouderblokkade(PersonRecord):
    """Een ouder of voogd die de gegevens van een kind niet mag inzien, omdat het belang van het kind zich daartegen verzet."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Vertegenwoordiging.retention
    lezen = Vertegenwoordiging.lezen
    schrijven = Vertegenwoordiging.schrijven

    persoon_id: Mapped[UUID] = subject("Het kind")
    ouder_id: Mapped[UUID | None] = related_person("De ouder of voogd, als die ook inwoner is", level=N4)
    naam: Mapped[str | None] = field("De naam van een ouder of voogd die geen inwoner is", level=N4, check=lees_naam, type_=String(200))
    reden: Mapped[str] = sealed("Waarom", level=N6)
    door_id: Mapped[UUID] = reference("Wie dit besloot", "gebruiker", level=N4)
    van: Mapped[date] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)
    opgeheven_door_id: Mapped[UUID | None] = reference("Wie dit ophief", "gebruiker", level=N4)
    reden_opheffing: Mapped[str | None] = sealed("Waarom dit is opgeheven", level=N6)


def leg_vast(
    work: Work,
    persoon: UUID,
    hoedanigheid: Hoedanigheid,
    bewijs: str,
    van: date,
    tot: date | None = None,
    *,
    vertegenwoordiger: UUID | None = None,
    naam: str | None = None,
) -> UUID:
    """Record who represents a resident: another resident, or somebody who is only known by name; the id.

    Who records it is who saw the evidence. Raises NietGevonden for a person out of reach, OngeldigeInvoer for what is missing or wrong.
    """
    _een_van(persoon, vertegenwoordiger, naam, "vertegenwoordiger")
    bereikbaar(work, Vertegenwoordiging, [persoon] if vertegenwoordiger is None else [persoon, vertegenwoordiger])
    keur_periode(work, van, tot)
    return work.add(
        Vertegenwoordiging(
            id=nieuw_id(), persoon_id=persoon, vertegenwoordiger_id=vertegenwoordiger, naam=naam, hoedanigheid=hoedanigheid,
            bewijs=keur_tekst(bewijs, "bewijs"), gezien_door_id=work.actor.gebruiker, van=van, tot=tot,
        )
    ).id  # fmt: skip


def beeindig(work: Work, id: UUID, versie: int, tot: date) -> UUID:
    """End a representation with this day as the last. Raises NietGevonden, VersieVerouderd, OngeldigeInvoer."""
    rij = geladen(work.get(Vertegenwoordiging, id, versie), "vertegenwoordiger_id")
    keur_periode(work, rij.van, tot)
    rij.tot = tot
    _kijk_na(work, rij.persoon_id)
    return rij.id


def oordeel(work: Work, persoon: UUID, handeling: Handeling, in_staat: bool, motivering: str, op: date | None = None) -> UUID:
    """Record the judgement whether a resident can value the interests in a decision; the id. A later one goes before an earlier one.

    Raises NietGevonden, and OngeldigeInvoer for a judgement without reasons or of tomorrow (domain.md 2.7).
    """
    bereikbaar(work, Wilsoordeel, [persoon])
    op = op or work.actor.vandaag
    keur_periode(work, op, None)
    if op > work.actor.vandaag:
        raise OngeldigeInvoer("Deze dag ligt in de toekomst. Vul in wanneer u het oordeel gaf.", veld="op")
    found = work.add(
        Wilsoordeel(
            id=nieuw_id(), persoon_id=persoon, handeling=handeling, in_staat=in_staat,
            motivering=keur_tekst(motivering, "motivering"), door_id=work.actor.gebruiker, op=op,
        )
    )  # fmt: skip
    _kijk_na(work, persoon)
    return found.id


def blokkeer(work: Work, persoon: UUID, reden: str, van: date, *, ouder: UUID | None = None, naam: str | None = None) -> UUID:
    """Keep a parent from asking to see a child's data, with a reason (Wmo 2015 art. 5.3.2 lid 3); the id.

    It says nothing about gezag. Raises NietGevonden for a person out of reach, OngeldigeInvoer for what is missing or done already.
    """
    _een_van(persoon, ouder, naam, "ouder")
    bereikbaar(work, Ouderblokkade, [persoon] if ouder is None else [persoon, ouder])
    vergrendel(work, [persoon])
    keur_periode(work, van, None)
    if any(rij.tot is None and ouder is not None and rij.ouder_id == ouder for rij in _blokkades(work, persoon)):
        raise OngeldigeInvoer("Deze ouder is al geblokkeerd. Hef die blokkade eerst op.", veld="ouder")
    found = work.add(
        Ouderblokkade(
            id=nieuw_id(), persoon_id=persoon, ouder_id=ouder, naam=naam, reden=keur_tekst(reden, "reden"), van=van,
            door_id=work.actor.gebruiker,
        )
    )  # fmt: skip
    _kijk_na(work, persoon, van)
    return found.id


def hef_op(work: Work, id: UUID, versie: int, tot: date, reden: str) -> UUID:
    """End the block of a parent with this day as the last, with a reason. Raises NietGevonden, VersieVerouderd, OngeldigeInvoer."""
    rij = geladen(work.get(Ouderblokkade, id, versie), "ouder_id")
    keur_periode(work, rij.van, tot)
    rij.tot, rij.opgeheven_door_id, rij.reden_opheffing = tot, work.actor.gebruiker, keur_tekst(reden, "reden")
    return rij.id


def _kijk_na(work: Work, persoon: UUID, vanaf: date | None = None) -> None:
    """What this resident and who represents them may look at follows from what stands here: what has lost its ground ends with it."""
    from wijkwerk.inwoners.einde import kijk_na  # it reads the rows of this module

    kijk_na(work, persoon, vanaf)


def _blokkades(work: Work, persoon: UUID) -> list[Ouderblokkade]:
    return work.reader.by_key(Ouderblokkade, ("ouder_id", "tot"), "persoon_id", [persoon])


def _een_van(persoon: UUID, ander: UUID | None, naam: str | None, veld: str) -> None:
    if (ander is None) == (naam is None):
        raise OngeldigeInvoer("Kies een inwoner, of vul een naam in. Niet allebei.", veld=veld)
    if ander == persoon:
        raise OngeldigeInvoer("Een inwoner kan dit niet voor zichzelf zijn. Kies iemand anders.", veld=veld)
