"""The statement that somebody gives care (domain.md 2.5, 6.7): the only thing of mantelzorg that may cross to another act.

It says how much and since when, verified by whom; not for whom, not how heavy it is, not that there is a file. A klantmanager sees it
for PW_UITVOERING when the carer declared in writing to have no objection (Participatiewet art. 65), and never before it is verified: until
then the row is of the category MANTELZORG, which nothing opens for the Participatiewet.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, Numeric, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Categorie, Domein, Instemming
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.kalender.dagen import keur_komend
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, subject
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum, DatumType
from wijkwerk.storage.columns import Tijdstip
from wijkwerk_mantelzorg.relaties import MANTELZORG, uren

MANTELZORGVERKLARING = Categorie(
    "MANTELZORGVERKLARING",
    "Een verklaring dat u mantelzorg geeft: hoeveel uur per week en sinds wanneer",
    doelen=("WMO_ONDERZOEK", "WMO_ALG_VOORZIENING", "INZAGE"),
    domein=Domein.WMO,
    met_instemming=(("PW_UITVOERING", Instemming.SCHRIFTELIJK_GEEN_BEZWAAR),),
)
TERMIJN = "P12M"
"""How long a statement holds at most: what somebody does for another changes."""

MAKEN = Permission("mantelzorg:verklaring:maken", "Een mantelzorgverklaring maken voor of met de mantelzorger.", ("WIJKTEAM", "REGISSEUR"))
"""The municipality makes it: then it is the municipality's to give to its klantmanager, when the carer does not object."""
VERIFIEREN = Permission("mantelzorg:verklaring:verifieren", "Bevestigen dat een mantelzorgverklaring klopt.", ("MZ_CONSULENT",))


class Mantelzorgverklaring(PersonRecord):
    """Een verklaring dat een inwoner mantelzorg geeft. Voor wie, en hoe zwaar het is, staat er niet in."""

    categorie = MANTELZORGVERKLARING
    niveau = N4
    categorie_kolom = "categorie_code"
    retention = Retention("3.1.5", "P15Y", "geldig_tot")
    lezen = Permission(
        "mantelzorg:verklaring:lezen", "Zien dat een inwoner mantelzorg geeft, hoeveel uur en sinds wanneer.",
        ("WIJKTEAM", "REGISSEUR", "MZ_CONSULENT", "KLANTMANAGER", "INWONER", "VERTEGENWOORDIGER"),
    )  # fmt: skip
    schrijven = Permission(
        "mantelzorg:verklaring:schrijven", "Mantelzorgverklaringen maken, bevestigen en beëindigen.",
        ("WIJKTEAM", "REGISSEUR", "MZ_CONSULENT"),
    )  # fmt: skip

    persoon_id: Mapped[UUID] = subject("De mantelzorger")
    categorie_code: Mapped[str] = machinery(String(60))
    uren_per_week: Mapped[Decimal] = field("Gemiddeld aantal uren zorg per week", level=N4, check=uren, type_=Numeric(5, 2))
    sinds: Mapped[Datum] = field("Sinds wanneer; kan onvolledig zijn", level=N4, type_=DatumType)
    geldig_tot: Mapped[date] = field("Tot en met welke dag de verklaring geldt", level=N4, type_=Date)
    geverifieerd_op: Mapped[datetime | None] = field("Wanneer is bevestigd dat het klopt", level=N4, type_=Tijdstip)
    geverifieerd_door_id: Mapped[UUID | None] = reference("Wie bevestigde dat het klopt", "gebruiker", level=N4)
    geverifieerd_bij_id: Mapped[UUID | None] = reference("Bij welke organisatie die werkt", "organisatie", level=N4)


def maak(work: Work, mantelzorger: UUID, uren_per_week: Decimal, sinds: Datum, geldig_tot: date | None = None) -> UUID:
    """Make a statement of a carer whom the actor works with, still to be verified; its id. `geldig_tot` is at most twelve months away.

    Raises GeenRecht, NietGevonden for a carer out of reach, OngeldigeInvoer for hours and days that can't be.
    """
    _mag(work, MAKEN)
    laatste = na_termijn(work.actor.vandaag, TERMIJN) - timedelta(days=1)
    keur_komend(geldig_tot, work.actor.vandaag, "geldig_tot")
    if geldig_tot is not None and geldig_tot > laatste:
        raise OngeldigeInvoer("Een mantelzorgverklaring geldt hoogstens twaalf maanden. Kies een eerdere dag.", veld="geldig_tot")
    if sinds.jaar and sinds.eerste() > work.actor.vandaag:
        raise OngeldigeInvoer("Deze dag moet nog komen. Vul in sinds wanneer de inwoner al zorgt.", veld="sinds")
    return work.add(
        Mantelzorgverklaring(
            persoon_id=mantelzorger, categorie_code=MANTELZORG.code, uren_per_week=uren_per_week, sinds=sinds,
            geldig_tot=geldig_tot or laatste, geverifieerd_op=None, geverifieerd_door_id=None, geverifieerd_bij_id=None,
        )
    ).id  # fmt: skip


def verifieer(work: Work, id: UUID, versie: int) -> UUID:
    """Confirm that a statement is right: from now on it may be shown to who is let in to it; its id.

    Raises GeenRecht, NietGevonden for one out of reach or whose category the consultant may not see, VersieVerouderd, OngeldigeInvoer
    for one that was verified before or has ended.
    """
    _mag(work, VERIFIEREN)
    verklaring = work.get(Mantelzorgverklaring, id, versie)
    if verklaring.geverifieerd_op is not None or verklaring.geldig_tot < work.actor.vandaag:
        raise OngeldigeInvoer("Deze verklaring is al bevestigd, of geldt niet meer. Maak zo nodig een nieuwe.", veld="verklaring")
    verklaring.categorie_code = MANTELZORGVERKLARING.code
    verklaring.geverifieerd_op = work.actor.moment
    verklaring.geverifieerd_door_id, verklaring.geverifieerd_bij_id = work.actor.gebruiker, work.actor.organisatie
    return id


def beeindig(work: Work, id: UUID, versie: int) -> UUID:
    """Let a statement hold until yesterday, because it is not true any more; its id. Twice does no harm.

    Raises GeenRecht, NietGevonden, VersieVerouderd.
    """
    verklaring = work.get(Mantelzorgverklaring, id, versie)
    verklaring.geldig_tot = min(verklaring.geldig_tot, work.actor.vandaag - timedelta(days=1))
    return id


def _mag(work: Work, permission: Permission) -> None:
    if not work.actor.may(permission.naam):
        raise GeenRecht
