"""What is over after its last day says so. Its doors ended at midnight by themselves; a job writes it down, every day."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from wijkwerk.errors import GeenRecht
from wijkwerk.jobs.job import Stand
from wijkwerk.jobs.perioden import eerste_dag
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.many import change_many
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among

PER_STAP: Final = 200


def laat_verlopen(work: Work, record: type[PersonRecord], lopend: Collection[StrEnum], verlopen: StrEnum, dag: str, periode: str) -> Stand:
    """The next rows in these states whose last day (column `dag`) was before this period get the state `verlopen`. Raises GeenRecht."""
    if not work.actor.may(record.schrijven.naam):
        raise GeenRecht
    t = record.tabel()
    voorbij = (t.c.status.in_(lopend), t.c[dag] < eerste_dag(periode))
    eerste = select(t.c.id).where(t.c.gemeente_id == work.actor.gemeente, *voorbij).order_by(t.c.id).limit(PER_STAP)
    ids = list(work.core_connection.execute(eerste).scalars())
    rows = change_many(work, record, [among(t.c.id, "ids"), *voorbij], {"status": verlopen}, {"ids": ids})
    return Stand("verder" if len(ids) == PER_STAP else None, gedaan=len(rows))
