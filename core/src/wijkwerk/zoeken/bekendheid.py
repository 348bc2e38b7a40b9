"""Find but not open: who may ask whether somebody is known gets a team to call, and nothing else (peers.md D 14).

This looks past the scope of who asks, which is what it is for. So it answers exact questions only, a few times an hour; it does the same
work whether somebody is known or not; and what it told is in the log of who was asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, false, insert, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import BETROKKENEN
from wijkwerk.errors import GeenRecht
from wijkwerk.gebruikers import op_zijn_beurt, te_vaak
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.tables import log_betrokkene, log_pseudoniem
from wijkwerk.personen import BSN_ZOEKEN
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, machinery
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip, Uuid16, nieuw_id
from wijkwerk.zoeken.kenmerken import Kenmerken, keur, keur_velden, noteer_gevraagd, vind, vind_team


class Bekendheidsvraag(ToezichtRecord):
    """Een vraag of iemand bekend is. Wie er werd gezocht, staat er niet in."""

    lezen = Permission("bekendheidsvraag:lezen", "Zien hoe vaak iemand vroeg of een inwoner bekend is.", ("FG", "PRIVACY_OFFICER"))
    schrijven = Permission(
        "bekendheidsvraag:schrijven",
        "Vragen of iemand bekend is bij een team.",
        ("WIJKTEAM", "REGISSEUR", "CRISISDIENST", "BUURTCOACH", "MZ_CONSULENT", "DOCK", "ZORG"),
    )
    core_only = True
    retention = Retention("eigen", "P1Y", "gevraagd")

    gebruiker_id: Mapped[UUID] = machinery(Uuid16)
    gevraagd: Mapped[datetime] = field("Wanneer er werd gevraagd", level=N1, type_=Tijdstip)
    __table_args__ = (Index("ix_bekendheidsvraag_gebruiker", "gemeente_id", "gebruiker_id", "gevraagd"),)


class Bekend(StrEnum):
    """What is answered. TE_VAAK_GEVRAAGD: nothing was looked up."""

    BEKEND = "BEKEND"
    NIET_BEKEND = "NIET_BEKEND"
    TE_VAAK_GEVRAAGD = "TE_VAAK_GEVRAAGD"


@dataclass(frozen=True, slots=True)
class Antwoord:
    """All that the asker gets to know. `opnieuw`: from when who asked too often may ask again."""

    uitkomst: Bekend
    melding: str
    team: str | None = None
    telefoonnummer: str | None = None
    opnieuw: datetime | None = None


_NIET_BEKEND = Antwoord(
    Bekend.NIET_BEKEND, "Met deze gegevens is niemand gevonden. Controleer de gegevens, of bel het wijkteam van de buurt."
)
_GEEN_TEAM = Antwoord(Bekend.BEKEND, "Deze inwoner is bekend, maar heeft nu geen team. Bel het algemene nummer van de gemeente.")


def is_bekend(work: Work, kenmerken: Kenmerken) -> Antwoord:
    """Whether exactly this resident is known, and then which team to call. Who is held back from the asker in any way is not known.

    Raises GeenRecht, and OngeldigeInvoer (`keur`), which is no question. Asking too often is an answer and no error, so that it is
    counted and logged in the same transaction: whoever goes on asking has to wait longer.
    """
    bsn_gevraagd = kenmerken.bsn is not None
    if not work.actor.may(Bekendheidsvraag.schrijven.naam) or (bsn_gevraagd and not work.actor.may(BSN_ZOEKEN.naam)):
        raise GeenRecht
    keur_velden(work, kenmerken)
    gekeurd = keur(kenmerken)
    opnieuw = _tel(work)
    work.gebeurtenis = Gebeurtenis.ZOEKEN
    noteer_gevraagd(work, gekeurd)
    if opnieuw is not None:
        work.geweigerd = Bekend.TE_VAAK_GEVRAAGD
        melding = "U vroeg dit te vaak. Wacht tot het genoemde moment, of bel het wijkteam van de buurt."
        return Antwoord(Bekend.TE_VAAK_GEVRAAGD, melding, opnieuw=opnieuw)
    personen = vind(work, gekeurd)
    team = vind_team(work, personen)
    if not personen:
        _evenveel_werk(work)
        return _NIET_BEKEND
    for persoon in personen:
        work.touched.add(persoon, Bekendheidsvraag.__name__, (BETROKKENEN.code,), ("bekend",), ())
    return _GEEN_TEAM if team is None else Antwoord(Bekend.BEKEND, f"Neem contact op met {team[0]}.", *team)


def _tel(work: Work) -> datetime | None:
    """Count this question; None when it may be asked, else from when. One user's questions are counted one after another."""
    b, grenzen = Bekendheidsvraag.tabel(), work.grenzen
    op_zijn_beurt(work)
    opnieuw = te_vaak(work, b, b.c.gevraagd, per_uur=grenzen.bekend_per_uur, per_dag=grenzen.bekend_per_dag, weigering_telt=True)
    work.grant(Bekendheidsvraag(id=nieuw_id(), gebruiker_id=work.actor.gebruiker, gevraagd=work.actor.moment))
    return opnieuw


def _evenveel_werk(work: Work) -> None:
    """The log looks up and indexes who is in an entry. For nobody it would not, and be quicker: so the same is done here, for nobody."""
    p, b = log_pseudoniem.c, log_betrokkene.c
    work.core_connection.execute(
        select(p.persoon_id, p.pseudoniem).where(p.gemeente_id == work.actor.gemeente, p.persoon_id == work.actor.gebruiker)
    )
    niemand = select(b.pseudoniem, b.tijdstip, b.stroom, b.seq).where(false())
    work.core_connection.execute(insert(log_betrokkene).from_select(["pseudoniem", "tijdstip", "stroom", "seq"], niemand))
