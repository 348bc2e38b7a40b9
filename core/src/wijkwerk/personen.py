"""The resident: who somebody is, where they live, and what follows from that (domain.md 1)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, inspect
from sqlalchemy.orm import Mapped, validates

from wijkwerk.access.levels import N1, N2, N4, N7
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import ADRES, BSN, IDENTITEIT, INTERN, TAAL_EN_OPLEIDING
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebieden import volg_adres
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import derived, field, reference, sealed, stored_enum
from wijkwerk.records.gegevens import zet
from wijkwerk.records.history import Gegevensbron
from wijkwerk.records.session import Work
from wijkwerk.records.types import adres
from wijkwerk.records.types.adres import FunctieAdres, Huisnummeraanduiding, lees_bag_id
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum, DatumType
from wijkwerk.records.types.naam import Geslacht, Naam, Naamgebruik, Titel, lees_naam, lees_voorvoegsel
from wijkwerk.records.types.postcode import Postcode, PostcodeType
from wijkwerk.records.types.sorteren import LANGSTE_NAAM, sorteernaam
from wijkwerk.records.types.taal import lees_aanspreekvoorkeur, lees_taal
from wijkwerk.storage.columns import Gesorteerd
from wijkwerk.zoeken.tabellen import NAMEN

_ZIEN = (
    "WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "CRISISDIENST", "KLANTMANAGER", "PEERCOACH", "BUURTCOACH", "VRIJW_COORD", "MZ_CONSULENT", "DOCK",
    "ZORG", "GROEPSHOST", "IMPORT", "SIGNALEN", "TOEGANG", "INWONER", "VERTEGENWOORDIGER",
)  # fmt: skip
_BSN_GROND = ("REGISSEUR", "KLANTMANAGER")
"""Only who has a statutory ground sees a BSN, and a resident the own one (AVG art. 15); never volunteers, peer coaches or group hosts
(Wmo 5.2.9; UAVG 46; domain.md 1.5)."""

BSN_LEZEN = Permission("persoon:bsn:lezen", "Het BSN van een inwoner zien.", (*_BSN_GROND, "INWONER"))
BSN_ZOEKEN = Permission("persoon:bsn:zoeken", "Een inwoner zoeken op BSN.", _BSN_GROND)

_NAAM = (
    "voornamen", "voorvoegsel", "geslachtsnaam", "aanduiding_naamgebruik", "partner_voorvoegsel", "partner_geslachtsnaam", "geslacht",
    "adellijke_titel_predicaat",
)  # fmt: skip
_POST = ("overlijdensdatum", *_NAAM)
"""What a letter is made of: there is none to who has died (domain.md 1.11)."""


def _naam(*delen: object) -> Naam:
    return Naam(**dict(zip(_NAAM, delen, strict=True)))  # type: ignore[arg-type] # the columns are in the order of _NAAM


class Persoon(PersonRecord):
    """Een inwoner."""

    categorie = IDENTITEIT
    niveau = N1
    woordregister = NAMEN
    retention = Retention("3.1.5", "P15Y", "sluitdatum laatste dossier")
    lezen = Permission("persoon:lezen", "Gegevens van een inwoner zien.", _ZIEN)
    schrijven = Permission(
        "persoon:schrijven", "Een inwoner inschrijven of wijzigen.", ("WIJKTEAM", "REGISSEUR", "KLANTMANAGER", "IMPORT", "SIGNALEN")
    )

    roepnaam: Mapped[str | None] = field("De naam waarmee iemand wordt aangesproken", level=N1, check=lees_naam, type_=String(200))
    voornamen: Mapped[str | None] = field("Alle voornamen", level=N2, check=lees_naam, type_=String(200))
    voorvoegsel: Mapped[str | None] = field(
        "Het deel voor de achternaam, zoals van der", level=N2, check=lees_voorvoegsel, type_=String(10)
    )
    geslachtsnaam: Mapped[str] = field(
        "De achternaam zonder voorvoegsel; een punt betekent onbekend", level=N2, check=lees_naam, type_=String(200)
    )
    aanduiding_naamgebruik: Mapped[Naamgebruik] = field(
        "Welke achternaam iemand gebruikt: eigen, partner, of beide", level=N2, default=Naamgebruik.EIGEN, type_=stored_enum(Naamgebruik)
    )
    partner_voorvoegsel: Mapped[str | None] = field("Het voorvoegsel van de partner", level=N2, check=lees_voorvoegsel, type_=String(10))
    partner_geslachtsnaam: Mapped[str | None] = field("De achternaam van de partner", level=N2, check=lees_naam, type_=String(200))
    sorteernaam: Mapped[str] = field(
        "De achternaam om op te sorteren en te zoeken", level=N2, shown=False, tells=("geslachtsnaam",), type_=Gesorteerd(LANGSTE_NAAM)
    )
    adellijke_titel_predicaat: Mapped[Titel | None] = field("De adellijke titel of het predicaat", level=N2, type_=stored_enum(Titel))
    geslacht: Mapped[Geslacht] = field("Man, vrouw of onbekend", level=N2, default=Geslacht.ONBEKEND, type_=stored_enum(Geslacht))
    geboortedatum: Mapped[Datum] = field("De geboortedatum; kan onvolledig zijn", level=N4, type_=DatumType)
    overlijdensdatum: Mapped[Datum | None] = field("De datum van overlijden", level=N2, type_=DatumType)
    aanspreekvoorkeur: Mapped[str | None] = field(
        "Hoe de inwoner aangesproken wil worden", level=N1, check=lees_aanspreekvoorkeur, type_=String(100)
    )
    taal: Mapped[str | None] = field(
        "De taal die de inwoner het beste spreekt, als code van twee of drie letters (ISO 639)",
        level=N4,
        categorie=TAAL_EN_OPLEIDING,
        check=lees_taal,
        type_=String(3),
    )
    tolk_nodig: Mapped[bool | None] = field("Of er een tolk nodig is", level=N4, categorie=TAAL_EN_OPLEIDING)
    laaggeletterd: Mapped[bool | None] = field("Of de inwoner moeite heeft met lezen en schrijven", level=N4, categorie=TAAL_EN_OPLEIDING)

    straat: Mapped[str | None] = field("De straat", level=N4, categorie=ADRES, afschermbaar=True, check=adres.lees_straat, type_=String(80))
    huisnummer: Mapped[int | None] = field(
        "Het huisnummer", level=N4, categorie=ADRES, afschermbaar=True, check=lambda v: adres.lees_huisnummer(str(v))
    )
    huisletter: Mapped[str | None] = field(
        "De huisletter", level=N4, categorie=ADRES, afschermbaar=True, check=adres.lees_huisletter, type_=String(1)
    )
    huisnummertoevoeging: Mapped[str | None] = field(
        "De toevoeging bij het huisnummer", level=N4, categorie=ADRES, afschermbaar=True, check=adres.lees_toevoeging, type_=String(4)
    )
    aanduiding_bij_huisnummer: Mapped[Huisnummeraanduiding | None] = field(
        "Of het adres tegenover of bij het huisnummer ligt",
        level=N4,
        categorie=ADRES,
        afschermbaar=True,
        type_=stored_enum(Huisnummeraanduiding),
    )
    functie_adres: Mapped[FunctieAdres | None] = field(
        "Woonadres of briefadres", level=N4, categorie=ADRES, afschermbaar=True, type_=stored_enum(FunctieAdres)
    )
    adresseerbaar_object_identificatie: Mapped[str | None] = field(
        "Het nummer van de woning in de basisregistratie", level=N4, categorie=ADRES, afschermbaar=True, check=lees_bag_id, type_=String(16)
    )
    nummeraanduiding_identificatie: Mapped[str | None] = field(
        "Het nummer van het adres in de basisregistratie", level=N4, categorie=ADRES, afschermbaar=True, check=lees_bag_id, type_=String(16)
    )
    postcode: Mapped[Postcode | None] = field("De postcode", level=N4, categorie=ADRES, afschermbaar=True, type_=PostcodeType)
    woonplaats: Mapped[str | None] = field(
        "De woonplaats", level=N4, categorie=ADRES, afschermbaar=True, check=adres.lees_woonplaats, type_=String(80)
    )

    gebied_id: Mapped[UUID | None] = reference("In welke buurt de inwoner woont", "gebied", level=N2, categorie=ADRES, afschermbaar=True)
    gebied_gekozen: Mapped[bool] = field(
        "Of de buurt met de hand is gekozen, en dus niet uit het adres volgt", level=N4, categorie=ADRES, afschermbaar=True, default=False
    )

    bsn: Mapped[Bsn | None] = sealed("Het burgerservicenummer", level=N7, type_=Bsn, categorie=BSN, requires=BSN_LEZEN)
    bsn_index: Mapped[bytes | None] = field(
        "De sleutel om op BSN te zoeken", level=N7, categorie=BSN, requires=BSN_ZOEKEN, shown=False, tells=("bsn",), type_=LargeBinary(16)
    )
    bsn_index_nieuw: Mapped[bytes | None] = field(
        "De sleutel om op BSN te zoeken, terwijl die wordt vernieuwd", level=N7, categorie=BSN, requires=BSN_ZOEKEN, shown=False,
        tells=("bsn",), type_=LargeBinary(16),
    )  # fmt: skip
    geheim: Mapped[bool] = field("Of de inwoner om geheimhouding heeft gevraagd", level=N1, default=False)
    veiligheidsvlag: Mapped[bool] = field(
        "Of de gegevens zijn afgeschermd omdat de inwoner gevaar loopt", level=N4, afschermbaar=True, default=False, requires=INTERN
    )
    __table_args__ = (
        UniqueConstraint("gemeente_id", "bsn_index"),
        UniqueConstraint("gemeente_id", "bsn_index_nieuw"),
        Index("ix_persoon_adres", "gemeente_id", "postcode", "huisnummer"),
        Index("ix_persoon_geboortedatum", "gemeente_id", "geboortedatum"),
    )

    @validates("geslachtsnaam")
    def _sorteer(self, _: str, naam: str) -> str:
        self.sorteernaam = sorteernaam(naam)
        return naam

    @derived("De voorletters", needs=("voornamen",))
    def voorletters(voornamen: str | None) -> str:
        return Naam(voornamen=voornamen).voorletters

    @derived("De volledige naam, zonder de naam van de partner", needs=_NAAM)
    def volledige_naam(*delen: object) -> str | None:
        return _naam(*delen).volledige_naam

    @derived("De naam zoals op een envelop; leeg na overlijden", needs=_POST)
    def aanschrijfwijze(overleden: Datum | None, *delen: object) -> str | None:
        return None if overleden else _naam(*delen).aanschrijfwijze

    @derived("De regel boven de naam op een envelop, bij een adellijke titel; leeg na overlijden", needs=_POST)
    def aanspreekvorm(overleden: Datum | None, *delen: object) -> str | None:
        return None if overleden else _naam(*delen).aanspreekvorm

    @derived("De aanhef van een brief; leeg na overlijden", needs=_POST)
    def aanhef(overleden: Datum | None, *delen: object) -> str | None:
        return None if overleden else _naam(*delen).aanhef

    @derived("De naam zoals in een zin", needs=_NAAM)
    def gebruik_in_lopende_tekst(*delen: object) -> str | None:
        return _naam(*delen).gebruik_in_lopende_tekst

    @derived(
        "De leeftijd in jaren; leeg als die niet zeker is of de inwoner is overleden",
        needs=("geboortedatum", "overlijdensdatum"),
        vandaag=True,
    )
    def leeftijd(geboren: Datum, overleden: Datum | None, vandaag: date) -> int | None:
        return geboren.leeftijd(vandaag, overleden is not None)

    @derived("De straat met het huisnummer, zoals op een envelop", needs=("straat", "huisnummer", "huisletter", "huisnummertoevoeging"))
    def adresregel1(straat: str | None, huisnummer: int | None, huisletter: str | None, toevoeging: str | None) -> str | None:
        with suppress(OngeldigeInvoer):
            return adres.adresregel1(straat, huisnummer, huisletter, toevoeging) if straat and huisnummer else None
        return None

    @derived("De postcode met de woonplaats, zoals op een envelop", needs=("postcode", "woonplaats"))
    def adresregel2(postcode: Postcode | None, woonplaats: str | None) -> str | None:
        with suppress(OngeldigeInvoer):
            return adres.adresregel2(postcode, woonplaats) if woonplaats else None
        return None


INVOER = (
    "bsn", "roepnaam", "voornamen", "voorvoegsel", "geslachtsnaam", "aanduiding_naamgebruik", "partner_voorvoegsel",
    "partner_geslachtsnaam", "adellijke_titel_predicaat", "geslacht", "geboortedatum", "overlijdensdatum", "aanspreekvoorkeur", "taal",
    "tolk_nodig", "laaggeletterd", "straat", "huisnummer", "huisletter", "huisnummertoevoeging",
    "aanduiding_bij_huisnummer", "postcode", "woonplaats", "functie_adres", "adresseerbaar_object_identificatie",
    "nummeraanduiding_identificatie", "geheim",
)  # fmt: skip
"""What may be given when a resident is registered; the rest follows."""

WIJZIGBAAR = tuple(name for name in INVOER if name not in ("bsn", "geheim"))
"""A BSN and secrecy are no ordinary change: an index and an afscherming hang on them."""


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any], *, bron: Gegevensbron = Gegevensbron.PROFESSIONAL) -> UUID:
    """Change these fields (of `WIJZIGBAAR`) of a resident, and return the id. None makes a field empty. `bron`: who they came from.

    A date that the actor may not see counts as unknown: what is refused must not tell it.
    Raises NietGevonden, VersieVerouderd, and OngeldigeInvoer; GeenRecht (at flush) for a field that the actor may not see.
    """
    work.bron = bron
    persoon = work.get(Persoon, id, versie)
    zet(persoon, gegevens, WIJZIGBAAR)
    if "postcode" in gegevens:
        volg_adres(work, persoon)
    hidden = inspect(persoon).unloaded
    keur_datums(work, {name: getattr(persoon, name) for name in ("geboortedatum", "overlijdensdatum") if name not in hidden})
    return persoon.id


def keur_datums(work: Work, gegevens: Mapping[str, Any]) -> None:
    """Raises OngeldigeInvoer for the first date that can't be (`tegenstrijdig`) on the day of this work."""
    for fout in tegenstrijdig(gegevens, work.actor.vandaag):
        raise fout


def tegenstrijdig(gegevens: Mapping[str, Any], vandaag: date) -> list[OngeldigeInvoer]:
    """What can't be of these dates of birth and death. Only what is surely wrong: an incomplete date gets the benefit of the doubt.

    `vandaag` is today in the Netherlands (`klok.vandaag`).
    """
    geboren, overleden = gegevens.get("geboortedatum") or DATUM_ONBEKEND, gegevens.get("overlijdensdatum")
    fouten = []
    if geboren.eerste() > vandaag:
        fouten.append(OngeldigeInvoer("Deze datum ligt in de toekomst. Vul de geboortedatum in.", veld="geboortedatum"))
    if overleden and overleden.eerste() > vandaag:
        fouten.append(OngeldigeInvoer("Deze datum ligt in de toekomst. Vul de datum van overlijden in.", veld="overlijdensdatum"))
    if overleden and overleden.laatste() < geboren.eerste():
        fouten.append(OngeldigeInvoer("Deze datum ligt voor de geboortedatum. Controleer beide datums.", veld="overlijdensdatum"))
    return fouten
