"""Telling a resident about an appointment, where that is safe: the day, the time and how; never where or what about (domain.md 1.11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort
from wijkwerk.kalender.woorden import dag_in_woorden, tijd_in_woorden
from wijkwerk.organisaties import Team
from wijkwerk.post.soorten import Berichtsoort
from wijkwerk.post.sturen import Verstuurd, haal_terug, stuur
from wijkwerk.records.geldigheid import waar_nu
from wijkwerk.records.session import Work

WIJZE: Mapping[Afspraaksoort, str] = MappingProxyType(
    {
        Afspraaksoort.HUISBEZOEK: "bij u thuis",
        Afspraaksoort.OP_LOCATIE: "op een plek die wij met u afspreken",
        Afspraaksoort.TELEFOON: "wij bellen u",
        Afspraaksoort.BEELDBELLEN: "met beeldbellen",
    }
)
_TEAM = "het wijkteam"
"""Where no team of the actor works in the case."""


def laat_weten(work: Work, soort: Berichtsoort, persoon: UUID, kader: UUID | None, wijze: Afspraaksoort, begin: datetime) -> Verstuurd:
    """Mail the resident about an appointment, or say why that is not safe or not possible. Raises as `post.sturen.stuur`."""
    waarden = {"dag": dag_in_woorden(begin), "tijd": tijd_in_woorden(begin), "wijze": WIJZE[wijze], "team": _team(work, persoon, kader)}
    return stuur(work, persoon, soort, {veld: waarden[veld] for veld in soort.velden}, kader=kader)


def trek_wachtend_in(work: Work, afspraak: Afspraak) -> None:
    """A mail that still waits says what is no longer so: it is not sent, also when who changes the appointment does not see the mail."""
    if afspraak.bericht_id is not None:
        haal_terug(work, afspraak.bericht_id)


def _team(work: Work, persoon: UUID, kader: UUID | None) -> str:
    """The name of the actor's team that works in this case."""
    t, b = Team.tabel(), Betrokkenheid.tabel()
    found = work.core_connection.execute(
        select(t.c.naam)
        .join_from(t, b, (b.c.gemeente_id == t.c.gemeente_id) & (b.c.partij_id == t.c.id))
        .where(t.c.gemeente_id == work.actor.gemeente, t.c.id.in_(work.actor.teams), b.c.persoon_id == persoon)
        .where(b.c.kader_id == kader, waar_nu(b, work.actor.moment))
        .order_by(t.c.naam)
        .limit(1)
    )
    return found.scalar() or _TEAM
