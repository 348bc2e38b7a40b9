"""The own view ends when its ground falls away: at once where that is recorded here, by the day of the door where it is known, and for
all else (death, gezag, a corrected date of birth) by a look every day (domain.md 2.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.register import BETROKKENEN, FAMILIE
from wijkwerk.betrokkenheden import kort_deuren_in
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.familie import vergrendel
from wijkwerk.inwoners.deuren import bron_van
from wijkwerk.inwoners.grond import bezwaar, einde, lees_vertegenwoordiging
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang
from wijkwerk.inwoners.nagaan import systeem_bij
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import waar_open
from wijkwerk.records.session import Work

PER_STAP: Final = 20


def kijk_na(work: Work, persoon: UUID, vanaf: date | None = None) -> None:
    """Look again, on the day of this work and on `vanaf`, whether who looks at this resident may: what has no ground ends, at once or on
    that day. What the actor can't see is not known, and not known is no. It is never made longer: that asks for a professional.
    """
    for toegang in _lopend(work, persoon):
        if (tot := _tot(work, toegang, vanaf)) is not None:
            _kort_in(work, toegang, tot)


def _lopend(work: Work, persoon: UUID) -> Iterator[Inwonertoegang]:
    if not work.actor.may(Inwonertoegang.schrijven.naam):
        raise GeenRecht
    vergrendel(work, [persoon])  # who lets somebody in at this moment is waited for, or waits
    i = Inwonertoegang.tabel()
    lopend = (i.c.gemeente_id == work.actor.gemeente, i.c.persoon_id == persoon, waar_open(i, work.actor.moment))
    for id in work.core_connection.execute(select(i.c.id).where(*lopend).order_by(i.c.id)).scalars().all():
        yield work.get(Inwonertoegang, id)


def _kort_in(work: Work, toegang: Inwonertoegang, tot: datetime) -> None:
    if toegang.tot is not None and toegang.tot <= tot:
        return
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    toegang.tot = tot
    if tot == work.actor.moment:
        toegang.beeindigd_door_id = work.actor.gebruiker
    kort_deuren_in(work, bron_van(toegang), toegang.id, tot)


def _tot(work: Work, toegang: Inwonertoegang, vanaf: date | None) -> datetime | None:
    """Until when this access has a ground; None without end."""
    reader, persoon, vandaag = work.reader, toegang.persoon_id, work.actor.vandaag
    try:
        id = toegang.vertegenwoordiging_id
        vert = None if id is None else lees_vertegenwoordiging(reader, id, persoon)
        if bezwaar(reader, persoon, vert, vandaag) is not None:
            return work.actor.moment
        tot = einde(reader, persoon, vert, vandaag)
        if vanaf is not None and vanaf > vandaag and bezwaar(reader, persoon, vert, vanaf) is not None:
            tot = min(tot or begin_van(vanaf), begin_van(vanaf))
    except NietGevonden:
        return work.actor.moment
    return tot


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """Look at the next that run, each as the system in a team that works with the resident. Raises GeenRecht for who is not the system."""
    lopend = _volgende(work, plek)
    for rij in lopend:
        for categorie, kijk in ((FAMILIE, kijk_na), (BETROKKENEN, _na_overlijden)):
            if (systeem := systeem_bij(work, rij.persoon_id, categorie, rij.verantwoordelijke_id)) is not None:
                kijk(systeem, rij.persoon_id)
                break
    return Stand(str(lopend[-1].persoon_id) if len(lopend) == PER_STAP else None, len(lopend))


NAKIJKEN = Job("inwonertoegang-nakijken", "Nakijken of inwoners en vertegenwoordigers nog mogen meekijken", Per.DAG, stap)


def _na_overlijden(work: Work, persoon: UUID) -> None:
    """Of a closed case the team keeps not who decides, but that somebody has died (domain.md 2.7: then nobody looks without asking)."""
    rij = work.reader.one(Persoon, ("overlijdensdatum",), persoon)
    if rij is None or rij.overlijdensdatum is not None:
        for toegang in _lopend(work, persoon):
            _kort_in(work, toegang, work.actor.moment)


def _volgende(work: Work, plek: str | None) -> list[Any]:
    """The next residents of whom somebody looks at the data."""
    i = Inwonertoegang.tabel()
    rows = select(i.c.persoon_id, i.c.verantwoordelijke_id).distinct()
    rows = rows.where(i.c.gemeente_id == work.actor.gemeente, waar_open(i, work.actor.moment))
    if plek is not None:
        rows = rows.where(i.c.persoon_id > UUID(plek))
    return list(work.core_connection.execute(rows.order_by(i.c.persoon_id).limit(PER_STAP)).all())
