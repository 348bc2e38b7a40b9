"""The records of a case (domain.md 9.1; GGM SociaalTeamDossier), and whose case it is. What happens to one: the modules beside this one."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4, N6
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Domein
from wijkwerk.access.register import INTERN, PLAN_EN_DOELEN
from wijkwerk.errors import NietGevonden
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.klok import dag
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import derived, field, kader, reference, sealed, stored_enum, subject
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip, Uuid16

BEWAREN = Retention("3.1.5", "P15Y", "gesloten")
"""How long a case is kept: counted from the day it was closed (Wmo 2015 art. 5.3.4; domain.md 4.1)."""
TEAM = ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER")
"""The roles of the team that has a case."""


class Dossierstatus(StrEnum):
    """Where a case stands. HEROPEND is open again after it was closed."""

    OPEN = "OPEN"
    AANGEHOUDEN = "AANGEHOUDEN"
    GESLOTEN = "GESLOTEN"
    HEROPEND = "HEROPEND"


class Statusreden(StrEnum):
    """Why a case got the status it has."""

    WACHT_OP_INWONER = "WACHT_OP_INWONER"
    WACHT_OP_ANDERE_ORGANISATIE = "WACHT_OP_ANDERE_ORGANISATIE"
    WACHTLIJST = "WACHTLIJST"
    AFGEROND = "AFGEROND"
    VERWEZEN = "VERWEZEN"
    INWONER_WIL_NIET = "INWONER_WIL_NIET"
    GEEN_CONTACT = "GEEN_CONTACT"
    VERHUISD = "VERHUISD"
    OVERLEDEN = "OVERLEDEN"
    NIEUWE_VRAAG = "NIEUWE_VRAAG"
    TE_VROEG_GESLOTEN = "TE_VROEG_GESLOTEN"
    ANDERS = "ANDERS"


class Dossierstapsoort(StrEnum):
    """What happened to a case."""

    GEOPEND = "GEOPEND"
    AANGEHOUDEN = "AANGEHOUDEN"
    HERVAT = "HERVAT"
    GESLOTEN = "GESLOTEN"
    HEROPEND = "HEROPEND"
    OVERGEDRAGEN = "OVERGEDRAGEN"
    REGISSEUR_AANGEWEZEN = "REGISSEUR_AANGEWEZEN"
    ZONDER_REGISSEUR = "ZONDER_REGISSEUR"
    LID_TOEGEVOEGD = "LID_TOEGEVOEGD"
    LID_VERTROKKEN = "LID_VERTROKKEN"


class Dossier(PersonRecord):
    """Een dossier van het wijkteam over een inwoner of een huishouden."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    kader_kolom = "id"
    retention = BEWAREN
    lezen = Permission("dossier:lezen", "Dossiers zien.", (*TEAM, "INWONER", "VERTEGENWOORDIGER", "TOEGANG"))
    schrijven = Permission("dossier:schrijven", "Een dossier openen en wijzigen.", ("WIJKTEAM", "REGISSEUR"))

    persoon_id: Mapped[UUID] = subject("De inwoner om wie het dossier begon")
    team_id: Mapped[UUID] = reference("Welk team het dossier heeft", "team", level=N4)
    regisseur_id: Mapped[UUID | None] = reference("Wie de casusregisseur is", "gebruiker", level=N4)
    domein: Mapped[Domein] = field("Volgens welke wet het wijkteam werkt", level=N4, default=Domein.WMO, type_=stored_enum(Domein))
    huishouden_id: Mapped[UUID | None] = field(
        "Over welk huishouden het dossier gaat", level=N4, afschermbaar=True, requires=INTERN, type_=Uuid16
    )
    status: Mapped[Dossierstatus] = field("Waar het dossier staat", level=N4, default=Dossierstatus.OPEN, type_=stored_enum(Dossierstatus))
    reden: Mapped[Statusreden | None] = field(
        "Waarom het dossier deze status heeft", level=N4, requires=INTERN, type_=stored_enum(Statusreden)
    )
    geopend: Mapped[datetime] = field("Wanneer het dossier is geopend", level=N4, type_=Tijdstip)
    gesloten: Mapped[datetime | None] = field("Wanneer het dossier is gesloten", level=N4, type_=Tijdstip)
    vraag: Mapped[str | None] = sealed("De vraag, in eigen woorden", level=N6)

    @derived("Op welke dag het dossier vernietigd mag worden; leeg zolang het niet gesloten is", needs=("gesloten",))
    def bewaren_tot(gesloten: datetime | None) -> date | None:
        """The retention clock (domain.md 4.3): it starts at closing, and stands still again after opening again."""
        return None if gesloten is None else na_termijn(dag(gesloten), BEWAREN.termijn)


class Dossierlid(PersonRecord):
    """Een inwoner over wie een dossier gaat."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    retention = BEWAREN
    lezen = Dossier.lezen
    schrijven = Dossier.schrijven

    persoon_id: Mapped[UUID] = subject("De inwoner")
    dossier_id: Mapped[UUID] = kader("dossier")
    van: Mapped[datetime] = field("Vanaf wanneer", level=N4, type_=Tijdstip)
    tot: Mapped[datetime | None] = field("Tot wanneer", level=N4, type_=Tijdstip)


class Dossierstap(PersonRecord):
    """Wat er met een dossier gebeurde: wanneer, door wie en waarom."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    versioned = False  # only added, never changed
    retention = BEWAREN
    lezen = Permission("dossierstap:lezen", "Zien wat er met een dossier gebeurde, door wie en waarom.", TEAM)
    schrijven = Dossier.schrijven

    persoon_id: Mapped[UUID] = subject("De inwoner om wie het dossier begon, of die lid werd of vertrok")
    dossier_id: Mapped[UUID] = kader("dossier")
    soort: Mapped[Dossierstapsoort] = field("Wat er gebeurde", level=N4, type_=stored_enum(Dossierstapsoort))
    reden: Mapped[Statusreden | None] = field("Waarom", level=N4, type_=stored_enum(Statusreden))
    toelichting: Mapped[str | None] = sealed("Uitleg, in eigen woorden", level=N6)
    op: Mapped[datetime] = field("Wanneer", level=N4, type_=Tijdstip)
    door_id: Mapped[UUID] = reference("Door wie", "gebruiker", level=N4)


def leden_van(work: Work, dossier: UUID) -> list[UUID]:
    """The residents of a case now, whom the actor may see. Raises NietGevonden when there are none, or the case is out of reach."""
    rows = work.reader.by_key(Dossierlid, ("persoon_id", "tot"), "dossier_id", [dossier])
    # who was merged out of two members is one
    leden = list(dict.fromkeys(row.persoon_id for row in rows if open_op(row, work.actor.moment)))
    if not leden:
        raise NietGevonden
    return leden


def leg_stap_vast(
    work: Work,
    dossier: Dossier,
    soort: Dossierstapsoort,
    *,
    reden: Statusreden | None = None,
    toelichting: str | None = None,
    persoon: UUID | None = None,
) -> None:
    """Tell in the file what happened to the case. `persoon`: which member it was about; else who the case began with."""
    work.add(
        Dossierstap(
            persoon_id=persoon or dossier.persoon_id, dossier_id=dossier.id, soort=soort, reden=reden, toelichting=toelichting,
            op=work.actor.moment, door_id=work.actor.gebruiker,
        )
    )  # fmt: skip
