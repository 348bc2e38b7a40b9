"""Destroying entries whose term is over. The segments stay, so the tree and every checkpoint still hold; that it happened is an
entry of its own, without which the verifier calls it tampering (design.md 7; measurements.md II.3).
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, delete, exists, func, insert, select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.klok import Klok
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.tables import log_betrokkene, log_regel, log_segment, log_vervallen

_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def verval(connection: Connection, tot_en_met: str, klok: Klok) -> tuple[int, list[Logregel]]:
    """Destroy the entries of all months up to and including `tot_en_met` ('YYYY-MM', in the past) that are under a checkpoint.

    A unit for `Journal.transact`: gives the number destroyed and the entry that says so. Raises `OngeldigeInvoer` for what is
    not a month in the past.
    """
    if not _MONTH.fullmatch(tot_en_met) or tot_en_met >= klok.nu().strftime("%Y-%m"):
        raise OngeldigeInvoer("Geef een maand die voorbij is, als jjjj-mm.", veld="tot_en_met")
    _allow(connection, tot_en_met, klok)
    number = sum(_destroy(connection, *part) for part in _parts(connection, tot_en_met))
    return number, [_entry(tot_en_met, number, klok)]


def _allow(connection: Connection, tot_en_met: str, klok: Klok) -> None:
    known = connection.execute(select(func.max(log_vervallen.c.tot_en_met))).scalar_one()
    if known is None or known < tot_en_met:
        connection.execute(insert(log_vervallen).values(tot_en_met=tot_en_met, tijdstip=klok.nu()))


def _parts(connection: Connection, tot_en_met: str) -> list[tuple[UUID, int, int]]:
    still_there = exists().where(log_regel.c.stroom == log_segment.c.stroom, log_regel.c.seq == log_segment.c.laatste)
    segments = select(log_segment.c.stroom, log_segment.c.eerste, log_segment.c.laatste).where(
        log_segment.c.periode <= tot_en_met, still_there
    )
    return [(row.stroom, row.eerste, row.laatste) for row in connection.execute(segments)]


def _destroy(connection: Connection, stroom: UUID, eerste: int, laatste: int) -> int:
    for table in (log_betrokkene, log_regel):
        gone = connection.execute(delete(table).where(table.c.stroom == stroom, table.c.seq.between(eerste, laatste)))
    return gone.rowcount


def _entry(tot_en_met: str, number: int, klok: Klok) -> Logregel:
    return Logregel(
        gebeurtenis=Gebeurtenis.LOG_VERVALLEN,
        actie=Actie.DELETE,
        resultaat=Resultaat.GESLAAGD,
        tijdstip=klok.nu(),
        onderdeel="log",
        details={"totEnMet": tot_en_met, "regels": number},
    )
