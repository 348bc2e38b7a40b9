"""Passing the log on to another system over OTLP: all of it, nothing sampled, from where it stopped (LDV, Behaviour; domain.md 3.2).

It reads what is durable, stream by stream in the order of the numbers, and keeps per receiver and stream up to where the receiver took it.
A piece whose answer was lost is sent again: its records have the same trace and span, by which a receiver knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Connection, and_, func, select

from wijkwerk.log.tables import log_doorgegeven, log_kop, log_regel
from wijkwerk.log.vormen.bron import Bron, Schakel
from wijkwerk.storage.base import Database
from wijkwerk.storage.insert import insert_absent
from wijkwerk.uitgaand import Antwoord, post

STUK: Final = 200
"""Entries in one piece: about 200 kB, well under what receivers take at once (4 MiB)."""

Omzetting = Callable[[Iterable[Schakel], Bron], dict[str, Any] | None]


class Doorgevenmislukt(Exception):
    """The receiver did not take a piece. The text says in Dutch what kind of thing went wrong; never what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontvanger:
    """Where it goes: `naam` is under what it is remembered how far, `omzetting` what is made of entries. `token`: said as Bearer."""

    naam: str
    url: str
    omzetting: Omzetting
    token: str | None = None
    ca_file: Path | None = None


class Stuk(NamedTuple):
    """The next entries of a stream: up to and including number `tot`, of which those destroyed after their term are no more."""

    stroom: UUID
    tot: int
    schakels: list[Schakel]


async def geef_stuk_door(database: Database, ontvanger: Ontvanger, bron: Bron, nu: datetime) -> int | None:
    """Pass on the next piece: how many entries; None when the receiver has all that there is.

    Raises Doorgevenmislukt and UitgaandMislukt: then nothing is remembered, and the same piece is next.
    """
    async with database.snapshot() as snapshot:
        stuk = await snapshot.run(partial(volgende, ontvanger=ontvanger.naam))
    if stuk is None:
        return None
    verzoek = ontvanger.omzetting(stuk.schakels, bron)
    if verzoek is not None:
        kop = {"authorization": f"Bearer {ontvanger.token}"} if ontvanger.token else {}
        body = orjson.dumps(verzoek)
        _controleer(await post(ontvanger.url, body, media_type="application/json", kop=kop, ca_file=ontvanger.ca_file))
    await database.transact(partial(onthoud, ontvanger=ontvanger.naam, stuk=stuk, nu=nu))
    return len(stuk.schakels)


def volgende(connection: Connection, *, ontvanger: str) -> Stuk | None:
    """What this receiver gets next; None when there is nothing."""
    d, k, r = log_doorgegeven.c, log_kop.c, log_regel.c
    same = and_(d.stroom == k.stroom, d.ontvanger == ontvanger)
    achter = (
        select(k.stroom, k.seq, func.coalesce(d.seq, -1).label("gehad"))
        .select_from(log_kop.outerjoin(log_doorgegeven, same))
        .where(k.seq > func.coalesce(d.seq, -1))
        .order_by(k.stroom)
        .limit(1)
    )
    stroom = connection.execute(achter).one_or_none()
    if stroom is None:
        return None
    here = (r.stroom == stroom.stroom, r.seq >= stroom.gehad, r.seq <= stroom.seq)  # with the last one it had: the next one's hash needs it
    rows = connection.execute(select(r.seq, r.body, r.hash).where(*here).order_by(r.seq).limit(STUK + 1)).all()
    hashes = {row.seq: row.hash for row in rows}
    nieuw = [row for row in rows if row.seq > stroom.gehad][:STUK]
    tot = nieuw[-1].seq if len(nieuw) == STUK else stroom.seq
    return Stuk(stroom.stroom, tot, [Schakel(orjson.loads(row.body), row.hash, hashes.get(row.seq - 1)) for row in nieuw])


def te_gaan(connection: Connection, *, ontvanger: str) -> int:
    """How many entries this receiver has not had yet, those destroyed included."""
    d, k = log_doorgegeven.c, log_kop.c
    same = and_(d.stroom == k.stroom, d.ontvanger == ontvanger)
    achter = select(func.coalesce(func.sum(k.seq - func.coalesce(d.seq, -1)), 0)).select_from(log_kop.outerjoin(log_doorgegeven, same))
    return int(connection.execute(achter).scalar_one())


def onthoud(connection: Connection, *, ontvanger: str, stuk: Stuk, nu: datetime) -> None:
    """That the receiver has this piece. Of two processes that send the same, who is further is believed."""
    d = log_doorgegeven.c
    values = {"seq": stuk.tot, "tijdstip": nu}
    if not insert_absent(connection, log_doorgegeven, {"ontvanger": ontvanger, "stroom": stuk.stroom, **values}):
        plek = (d.ontvanger == ontvanger, d.stroom == stuk.stroom, d.seq < stuk.tot)
        connection.execute(log_doorgegeven.update().where(*plek).values(values))


def _controleer(antwoord: Antwoord) -> None:
    """OTLP/HTTP: 200, and nothing in it that was rejected. Raises Doorgevenmislukt."""
    if antwoord.status != 200:
        raise Doorgevenmislukt(f"de ontvanger antwoordde met status {antwoord.status}")
    try:
        gedeeltelijk = orjson.loads(antwoord.body or b"{}").get("partialSuccess") or {}
        afgewezen = sum(int(aantal) for naam, aantal in gedeeltelijk.items() if naam.startswith("rejected"))
    except (ValueError, TypeError, AttributeError):
        raise Doorgevenmislukt("de ontvanger gaf een onleesbaar antwoord") from None
    if afgewezen:
        raise Doorgevenmislukt(f"de ontvanger wees {afgewezen} regels af")
