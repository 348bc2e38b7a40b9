"""Consent: only where the ground asks for it, one purpose and one recipient each, as easy to withdraw as to give (domain.md 2.3, 2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N4, N5
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Instemming
from wijkwerk.access.register import TOESTEMMINGEN
from wijkwerk.betrokkenheden import Partij, open_deur, sluit_deur
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.kalender.termijnen import einde_van
from wijkwerk.klok import dag
from wijkwerk.organisaties import Organisatie
from wijkwerk.records.checks import code, codes, short
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, reference, stored_enum, subject
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip, nieuw_id

NIVEAU_ONTVANGER = N5


class Wijze(StrEnum):
    """How consent was given."""

    SCHRIFTELIJK = "SCHRIFTELIJK"
    DIGITAAL = "DIGITAAL"
    MONDELING = "MONDELING"


class Toestemmingstatus(StrEnum):
    """Where a consent stands."""

    GEGEVEN = "GEGEVEN"
    INGETROKKEN = "INGETROKKEN"


class ToestemmingNietNodig(OngeldigeInvoer):
    """The ground of this purpose is not consent: asking for it would be misleading (AP; domain.md 2.3)."""

    code = "TOESTEMMING_NIET_NODIG"
    standaard = "Voor dit doel is geen toestemming nodig. Vertel de inwoner wat er gebeurt; vraag geen toestemming."


class Toestemming(PersonRecord):
    """Toestemming van een inwoner om gegevens te delen met een organisatie."""

    categorie = TOESTEMMINGEN
    niveau = N4
    retention = Retention("3.1.5", "P15Y", "einde toestemming")
    lezen = Permission("toestemming:lezen", "Zien waarvoor een inwoner toestemming gaf.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("toestemming:schrijven", "Toestemming vastleggen en intrekken.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("Wie de toestemming gaf")
    dossier_id: Mapped[UUID] = kader("dossier")
    ontvanger_id: Mapped[UUID] = reference("Welke organisatie de gegevens krijgt", "organisatie", level=N4)
    soort: Mapped[Instemming] = field("Wat voor toestemming het is", level=N4, type_=stored_enum(Instemming))
    doel: Mapped[str] = field("Waarvoor de gegevens gebruikt mogen worden", level=N4, check=code, type_=String(60))
    categorieen: Mapped[list[str]] = field("Om welke soorten gegevens het gaat", level=N4, check=codes, type_=JSON)
    wijze: Mapped[Wijze] = field("Hoe de toestemming is gegeven", level=N4, type_=stored_enum(Wijze))
    tekst_versie: Mapped[str] = field("Welke tekst de inwoner heeft gezien", level=N4, check=lambda v: short(v, 60), type_=String(60))
    gegeven_op: Mapped[datetime] = field("Wanneer de toestemming is gegeven", level=N4, type_=Tijdstip)
    geldig_tot: Mapped[date] = field("Tot en met welke dag de toestemming geldt", level=N4, type_=Date)
    status: Mapped[Toestemmingstatus] = field("Of de toestemming nog geldt", level=N4, type_=stored_enum(Toestemmingstatus))
    ingetrokken_op: Mapped[datetime | None] = field("Wanneer de toestemming is ingetrokken", level=N4, type_=Tijdstip)


def leg_vast(
    work: Work,
    dossier: UUID,
    persoon: UUID,
    ontvanger: UUID,
    doel: str,
    categorieen: Sequence[str],
    wijze: Wijze,
    tekst_versie: str,
    geldig_tot: date,
) -> UUID:
    """Record a consent and open the door it gives: these categories, to this organisation, in this case, until this day; its id.

    Raises ToestemmingNietNodig where the ground needs none, OngeldigeInvoer for a category outside the purpose, a spoken written
    non-objection (PW 65) or a term above a year, NietGevonden for a person, case or organisation out of reach, DossierGesloten.
    """
    declared = work.catalogue.doel(doel)
    if declared.instemming is Instemming.NIET_NODIG:
        raise ToestemmingNietNodig
    if declared.instemming is Instemming.SCHRIFTELIJK_GEEN_BEZWAAR and wijze is Wijze.MONDELING:
        raise OngeldigeInvoer("Geen bezwaar moet schriftelijk of digitaal worden vastgelegd.", veld="wijze")
    if persoon not in neem_in_handen(work, dossier).leden or work.find_any(Organisatie, id=ontvanger) is None:
        raise NietGevonden
    codes = work.catalogue.opens(declared, categorieen)
    einde = _einde(work.actor.moment, geldig_tot)
    toestemming = Toestemming(
        id=nieuw_id(), persoon_id=persoon, dossier_id=dossier, ontvanger_id=ontvanger, soort=declared.instemming, doel=doel,
        categorieen=list(codes), wijze=wijze, tekst_versie=tekst_versie, gegeven_op=work.actor.moment, geldig_tot=geldig_tot,
        status=Toestemmingstatus.GEGEVEN,
    )  # fmt: skip
    work.add(toestemming)
    open_deur(
        work, [persoon], [Partij(ontvanger, Partijsoort.ORGANISATIE, NIVEAU_ONTVANGER)], doel=doel, categorieen=codes,
        bron=Bron.TOESTEMMING, bron_id=toestemming.id, kader=dossier, tot=einde,
    )  # fmt: skip
    return toestemming.id


def trek_in(work: Work, toestemming_id: UUID) -> UUID:
    """Withdraw a consent: the recipient's next request is refused. Twice does no harm. A reason is never asked (AVG art. 7(3))."""
    toestemming = work.get(Toestemming, toestemming_id)
    if toestemming.status is Toestemmingstatus.GEGEVEN:
        toestemming.status = Toestemmingstatus.INGETROKKEN
        toestemming.ingetrokken_op = work.actor.moment
        sluit_deur(work, toestemming.id)
    return toestemming.id


def _einde(nu: datetime, geldig_tot: date) -> datetime:
    """The end of that day in Amsterdam; at most twelve months away (domain.md 2.3)."""
    vandaag = dag(nu)
    if geldig_tot < vandaag:
        raise OngeldigeInvoer("Deze datum is al geweest. Kies een datum vanaf vandaag.", veld="geldigTot")
    if geldig_tot > vandaag + timedelta(days=366):
        raise OngeldigeInvoer("Toestemming geldt hoogstens een jaar. Kies een eerdere datum.", veld="geldigTot")
    return einde_van(geldig_tot)
