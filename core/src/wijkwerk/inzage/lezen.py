"""What the log has of one resident, under every pseudonym that it knows them by: the resident's own part of each entry, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Connection, and_, select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.log.entry import Resultaat
from wijkwerk.log.partities import plan_voor_waarden
from wijkwerk.log.tables import log_betrokkene, log_regel
from wijkwerk.noodtoegang.noodtoegang import Noodtoegang
from wijkwerk.rights.opgegaan import Spoor
from wijkwerk.storage.columns import among

MEESTE: Final = 20_000
"""Entries that are looked at for one answer: of a resident that is years."""


class Toegang(NamedTuple):
    """Through which door: what made it, and on what ground."""

    bron: str
    bron_id: UUID
    grondslag: str


@dataclass(frozen=True, slots=True)
class Handeling:
    """One entry, as far as it is about this resident. `getoond`: per part the categories and the doors."""

    moment: datetime
    inhoud: dict[str, Any]
    getoond: tuple[tuple[tuple[str, ...], tuple[UUID, ...]], ...]
    toegang: dict[UUID, Toegang]

    @property
    def deuren(self) -> set[UUID]:
        """Through which doors it was done."""
        return {deur for _, deuren in self.getoond for deur in deuren}


def handelingen(connection: Connection, gemeente: UUID, sporen: Sequence[Spoor], van: datetime, tot: datetime) -> list[Handeling]:
    """What was done with a resident's data from `van` until `tot`, newest first; what was refused or came to nothing is not in it.

    A refusal showed nobody anything: who was refused is for oversight. One statement. Raises OngeldigeInvoer for more than MEESTE.
    """
    b, r = log_betrokkene.c, log_regel.c
    same = and_(r.stroom == b.stroom, r.seq == b.seq, r.tijdstip == b.tijdstip, r.tijdstip >= van, r.tijdstip < tot)
    found = (
        select(b.stroom, b.seq, b.tijdstip, r.body)
        .select_from(log_betrokkene.join(log_regel, same))
        .where(among(b.pseudoniem, "sporen"), b.tijdstip >= van, b.tijdstip < tot)
        .where(r.gemeente_id == gemeente, r.resultaat == Resultaat.GESLAAGD)
        .distinct()
        .order_by(b.tijdstip.desc(), b.stroom, b.seq)
        .limit(MEESTE + 1)
    )
    plan_voor_waarden(connection)
    rows = connection.execute(found, {"sporen": sorted({spoor.pseudoniem for spoor in sporen})}).all()
    if len(rows) > MEESTE:
        raise OngeldigeInvoer("In deze tijd is te veel gebeurd om het te laten zien. Kies een kortere periode.", veld="tot")
    made = (_handeling(row.tijdstip, orjson.loads(row.body), sporen) for row in rows)
    return [each for each in made if each is not None]


def deuren_van(connection: Connection, gemeente: UUID, gedaan: Sequence[Handeling]) -> dict[UUID, Toegang]:
    """All doors of these entries: as the entry says they were then, or (an older entry says nothing) as they are. One statement."""
    known = {deur: toegang for each in gedaan for deur, toegang in each.toegang.items()}
    unknown = {deur for each in gedaan for deur in each.deuren} - known.keys()
    t = Betrokkenheid.tabel()
    asked = select(t.c.id, t.c.bron, t.c.bron_id, t.c.grondslag).where(t.c.gemeente_id == gemeente, among(t.c.id, "deuren"))
    rows = connection.execute(asked, {"deuren": sorted(unknown)})
    return known | {row.id: Toegang(row.bron.value, row.bron_id, row.grondslag) for row in rows}


def noodtoegangen(connection: Connection, gemeente: UUID, gedaan: Sequence[Handeling], deuren: dict[UUID, Toegang]) -> dict[UUID, str]:
    """Of each break-glass that these entries name, the category that it belongs to. One statement."""
    ids = {toegang.bron_id for toegang in deuren.values() if toegang.bron == Bron.NOODTOEGANG.value}
    ids |= {nood for each in gedaan if (nood := nood_in(each)) is not None}
    n = Noodtoegang.tabel()
    asked = select(n.c.id, n.c.categorie_code).where(n.c.gemeente_id == gemeente, among(n.c.id, "noodtoegangen"))
    return {row.id: row.categorie_code for row in connection.execute(asked, {"noodtoegangen": sorted(ids)})}


def nood_in(handeling: Handeling) -> UUID | None:
    """The break-glass that an entry is about."""
    found = handeling.inhoud.get("details", {}).get("noodtoegang")
    return None if found is None else UUID(hex=found)


def _handeling(moment: datetime, inhoud: dict[str, Any], sporen: Sequence[Spoor]) -> Handeling | None:
    """None for an entry of a time in which the pseudonym was not this resident's."""
    eigen = {s.pseudoniem.hex for s in sporen if (s.van is None or s.van <= moment) and (s.tot is None or moment < s.tot)}
    delen = [betrokkene["getoond"] for betrokkene in inhoud.get("betrokkenen", ()) if betrokkene["ref"] in eigen]
    if not delen:
        return None
    getoond = tuple(
        (tuple(categorieen), tuple(UUID(hex=deur) for deur in deuren)) for deel in delen for _soort, categorieen, _velden, deuren in deel
    )
    gebruikt = {deur for _, deuren in getoond for deur in deuren}
    toegang = {
        deur: Toegang(bron, UUID(hex=bron_id), grondslag)
        for id, bron, bron_id, grondslag, _toestemming in inhoud.get("toegang", ())
        if (deur := UUID(hex=id)) in gebruikt
    }
    return Handeling(moment, inhoud, getoond, toegang)
