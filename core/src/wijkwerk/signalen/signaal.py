"""The records of a worry about a resident: what it is, who reported it, and the steps of the meldcode (domain.md 9.4, 9.5)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, Integer, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N6
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import VEILIGHEID
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, sealed, stored_enum, subject
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip, Uuid16, among

SIGNAAL_AFGEVEN = Permission(
    "signaal:afgeven",
    "Een zorg over een inwoner doorgeven aan een wijkteam, zonder te zien of de inwoner bekend is.",
    ("BUURTCOACH", "VRIJW_COORD", "MZ_CONSULENT", "DOCK", "ZORG"),
)


class Melder(StrEnum):
    """As what somebody reports a worry."""

    PROFESSIONAL = "PROFESSIONAL"
    PARTNER = "PARTNER"
    NETWERK = "NETWERK"
    INWONER = "INWONER"
    ANONIEM = "ANONIEM"


class Signaalstatus(StrEnum):
    """Where a worry stands."""

    NIEUW = "NIEUW"
    IN_ONDERZOEK = "IN_ONDERZOEK"
    GEEN_ZORG = "GEEN_ZORG"
    OPGEPAKT = "OPGEPAKT"


AFGEHANDELD = frozenset({Signaalstatus.GEEN_ZORG, Signaalstatus.OPGEPAKT})


class Meldcodestapsoort(StrEnum):
    """The five steps of the meldcode huiselijk geweld en kindermishandeling."""

    SIGNALEN_IN_KAART = "SIGNALEN_IN_KAART"
    COLLEGIALE_CONSULTATIE = "COLLEGIALE_CONSULTATIE"
    GESPREK = "GESPREK"
    WEGEN = "WEGEN"
    BESLISSEN = "BESLISSEN"


class Signaalgegeven(PersonRecord):
    """What a worry, its reporter and the steps that follow have in common. `kader_id`: the case or report that it belongs to."""

    __abstract__ = True
    categorie = VEILIGHEID
    niveau = N6
    kader_kolom = "kader_id"
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Permission("signaal:lezen", "Signalen over een inwoner zien.", ("WIJKTEAM", "REGISSEUR"))
    schrijven = Permission(
        "signaal:schrijven", "Signalen over een inwoner vastleggen en afhandelen.", ("WIJKTEAM", "REGISSEUR", "SIGNALEN")
    )

    persoon_id: Mapped[UUID] = subject("Over welke inwoner het gaat")
    kader_id: Mapped[UUID] = machinery(Uuid16, index=True)


class Signaal(Signaalgegeven):
    """Een zorg over een inwoner, van een professional of van iemand anders."""

    ontvangen: Mapped[datetime] = field("Wanneer het signaal binnenkwam", level=N6, type_=Tijdstip)
    melder: Mapped[Melder] = field("Wie het signaal gaf", level=N6, type_=stored_enum(Melder))
    inhoud: Mapped[str] = sealed("Wat de zorg is: feiten, en waar die vandaan komen", level=N6)
    status: Mapped[Signaalstatus] = field("Waar het signaal staat", level=N6, type_=stored_enum(Signaalstatus), default=Signaalstatus.NIEUW)
    inwoner_geinformeerd_op: Mapped[date | None] = field("Op welke dag de inwoner hierover is verteld", level=N6, type_=Date)
    niet_geinformeerd_omdat: Mapped[str | None] = sealed("Waarom de inwoner dit nog niet weet, bijvoorbeeld de veiligheid", level=N6)
    uitkomst: Mapped[str | None] = sealed("Wat er met het signaal is gedaan", level=N6)
    afgehandeld_op: Mapped[datetime | None] = field("Wanneer het signaal is afgehandeld", level=N6, type_=Tijdstip)
    vastgelegd_door_id: Mapped[UUID | None] = reference("Welke medewerker dit vastlegde", "gebruiker", level=N6)


class Signaalmelder(Signaalgegeven):
    """Wie een signaal gaf. Wil diegene niet bekend worden, dan ziet alleen de casusregisseur dit."""

    niveau_kolom = "niveau_vanaf"

    signaal_id: Mapped[UUID] = reference("Bij welk signaal", "signaal", level=N6, index=True)
    niveau_vanaf: Mapped[int] = machinery(Integer)
    blijft_onbekend: Mapped[bool] = field("Of de melder niet bekend wil worden", level=N6)
    naam: Mapped[str | None] = sealed("De naam van de melder", level=N6)
    bereikbaar: Mapped[str | None] = sealed("Hoe de melder te bereiken is", level=N6)
    organisatie_id: Mapped[UUID | None] = reference("Bij welke organisatie de melder werkt", "organisatie", level=N6)
    gebruiker_id: Mapped[UUID | None] = reference("Welke gebruiker het signaal gaf", "gebruiker", level=N6, index=True)


class Meldcodestap(Signaalgegeven):
    """Een stap van de meldcode bij een signaal, met de dag waarop die is gedaan."""

    signaal_id: Mapped[UUID] = reference("Bij welk signaal", "signaal", level=N6, index=True)
    stap: Mapped[Meldcodestapsoort] = field("Welke stap", level=N6, type_=stored_enum(Meldcodestapsoort))
    gedaan_op: Mapped[date] = field("Op welke dag de stap is gedaan", level=N6, type_=Date)
    toelichting: Mapped[str | None] = sealed("Wat eruit kwam", level=N6)
    veilig_thuis_gemeld: Mapped[bool | None] = field("Bij de laatste stap: of er bij Veilig Thuis is gemeld", level=N6)
    hulp_georganiseerd: Mapped[bool | None] = field("Bij de laatste stap: of er zelf hulp is georganiseerd", level=N6)
    door_id: Mapped[UUID] = reference("Wie de stap deed", "gebruiker", level=N6)


def wacht_nog(work: Work, kaders: Collection[UUID], personen: Collection[UUID]) -> bool:
    """Whether a worry about one of these residents in one of these cases or reports is not finished, whoever sees it: who is held back
    from it must not bury it either.
    """
    s = Signaal.tabel().c
    hier = (s.gemeente_id == work.actor.gemeente, among(s.kader_id, "kaders"), among(s.persoon_id, "personen"))
    asked = select(s.id).where(*hier, s.status.not_in(AFGEHANDELD)).limit(1)
    return work.core_connection.execute(asked, {"kaders": list(kaders), "personen": list(personen)}).first() is not None
