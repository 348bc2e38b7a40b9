"""The job that removes sealed parts of which no row exists (any more): of a file that was broken off by a kill, or erased since."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.notities.bijlage import Bijlage
from wijkwerk.notities.bijlageopslag import InMap, oude_rijen, wis_rijen
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among

STAP: Final = 500
KOMT_BINNEN: Final = timedelta(days=1)
"""How old parts must be: a file that is still coming in has no row either, and is younger."""

OPRUIMEN: Final = Permission("bijlage:opruimen", "Delen van bestanden weggooien die bij geen notitie meer horen.", ("JOBS",))


def ruim_op(work: Work, periode: str, plek: str | None) -> Stand:
    """One step: of the next files, in the database and in the folder, those without a row. They can't be opened: the key was in the row.

    Raises GeenRecht, OpslagNietBeschikbaar.
    """
    if not work.actor.may(OPRUIMEN.naam):
        raise GeenRecht
    gemeente, voor, na = work.actor.gemeente, work.actor.moment - KOMT_BINNEN, None if plek is None else UUID(plek)
    folder = None if work.bijlagen.map is None else InMap(work.bijlagen.map)
    rijen = oude_rijen(work.core_connection, gemeente, voor, na, STAP)
    bestanden = [] if folder is None else [nummer for nummer in folder.oude(gemeente, voor) if na is None or nummer > na]
    nummers = sorted({*rijen, *bestanden})[:STAP]
    wezen = set(nummers) - _met_rij(work, nummers)
    wis_rijen(work.core_connection, gemeente, wezen)
    if folder is not None:
        folder.wis(gemeente, wezen)
    return Stand(str(nummers[-1]) if len(nummers) == STAP else None, gedaan=len(wezen))


def _met_rij(work: Work, nummers: list[UUID]) -> set[UUID]:
    b = Bijlage.tabel()
    wanted = select(b.c.inhoud_id).where(b.c.gemeente_id == work.actor.gemeente, among(b.c.inhoud_id, "nummers"))
    return set(work.core_connection.execute(wanted, {"nummers": nummers}).scalars())


BIJLAGEN_OPRUIMEN: Final = Job("bijlagen-opruimen", "Delen van bestanden weggooien die bij geen notitie meer horen", Per.DAG, ruim_op)
