"""The turn of one process at one run: taken, held by each step, given back. Who lost it can commit nothing.

Safety does not hang on clocks: each step looks, with the row of the run locked, whether the run is still this process's, and its writes
are committed together with that look. The lease only says when another process may take over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, select

from wijkwerk.errors import WijkwerkError
from wijkwerk.jobs.job import Job, Stand
from wijkwerk.jobs.loop import Jobloop, Loopstatus
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

_L: Final = Jobloop.tabel().c


class BeurtKwijt(WijkwerkError):
    """Another process took this run over: whatever this one was doing is rolled back."""

    code = "BEURT_KWIJT"
    standaard = "Een ander proces heeft dit werk overgenomen. Dit proces stopt ermee."


@dataclass(frozen=True, slots=True)
class Beurt:
    """A run that belongs to this process. `lease`: how long it stays so after each step."""

    loop: UUID
    eigenaar: UUID
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Gestopt:
    """A run that was given back: how far it was. `anders`: it failed, and not as the time before."""

    gedaan: int
    totaal: int | None
    anders: bool


def zoek_loop(connection: Connection, gemeente: UUID, naam: str, periode: str) -> Any | None:
    """The run of a job over a period: `id`, `status`, `eigenaar`, `geldig_tot`, `gedaan` and `totaal`."""
    asked = select(_L.id, _L.status, _L.eigenaar, _L.geldig_tot, _L.gedaan, _L.totaal)
    return connection.execute(asked.where(_L.gemeente_id == gemeente, _L.naam == naam, _L.periode == periode)).one_or_none()


def is_bezet(loop: Any, nu: datetime) -> bool:
    """Whether a run belongs to a process that lives, as far as the lease says."""
    return loop.status is Loopstatus.BEZIG and loop.eigenaar is not None and loop.geldig_tot is not None and loop.geldig_tot > nu


def neem(work: Work, job: Job, periode: str, lease: timedelta) -> Beurt | None:
    """A unit: begin the run, or go on with it; None when it is another process's or done.

    Raises VersieVerouderd when another process begins it at this moment: ask again (`systeem.nogmaals`).
    """
    eigenaar, nu = nieuw_id(), work.actor.moment
    found = zoek_loop(work.core_connection, work.actor.gemeente, job.naam, periode)
    if found is None:
        loop = work.grant(
            Jobloop(naam=job.naam, periode=periode, status=Loopstatus.BEZIG, pogingen=0, begonnen_op=nu, gedaan=0)
        )  # fmt: skip
    else:
        now = _op_slot(work.core_connection, found.id, wacht=False)
        if now is None or now.status is Loopstatus.KLAAR or is_bezet(now, nu):
            return None
        loop = work.get(Jobloop, found.id)
    loop.status, loop.eigenaar, loop.geldig_tot = Loopstatus.BEZIG, eigenaar, nu + lease
    loop.pogingen += 1
    return Beurt(loop.id, eigenaar, lease)


def houd(work: Work, beurt: Beurt) -> Jobloop:
    """The run, locked until the end of this transaction. Raises BeurtKwijt when it is no longer this process's.

    PostgreSQL ends a transaction that waits for a paused process for longer than the lease, so that the run can be taken over.
    """
    connection = work.core_connection
    if connection.dialect.name == "postgresql":
        milliseconds = str(int(beurt.lease.total_seconds() * 1000))
        connection.execute(select(func.set_config("idle_in_transaction_session_timeout", milliseconds, True)))
    now = _op_slot(connection, beurt.loop, wacht=True)
    if now is None or now.eigenaar != beurt.eigenaar or now.status is not Loopstatus.BEZIG:
        raise BeurtKwijt
    return work.get(Jobloop, beurt.loop)


def noteer(loop: Jobloop, stand: Stand, beurt: Beurt, nu: datetime) -> None:
    """How far it is after a step, in the transaction of that step."""
    loop.plek, loop.gedaan = stand.plek, loop.gedaan + stand.gedaan
    loop.totaal = loop.totaal if stand.totaal is None else stand.totaal
    loop.geldig_tot = nu + beurt.lease
    if stand.plek is None:
        loop.status, loop.klaar_op, loop.foutcode = Loopstatus.KLAAR, nu, None
        loop.eigenaar = loop.geldig_tot = None


def geef_terug(work: Work, beurt: Beurt, foutcode: str | None = None) -> Gestopt:
    """A unit: the next run may go on at once; with a code this one failed. Raises BeurtKwijt.

    The code stays until the run is done, so that who looks meanwhile sees what went wrong.
    """
    loop = houd(work, beurt)
    gestopt = Gestopt(loop.gedaan, loop.totaal, foutcode not in (None, loop.foutcode))
    loop.eigenaar = loop.geldig_tot = None
    if foutcode is not None:
        loop.status, loop.foutcode = Loopstatus.MISLUKT, foutcode
    return gestopt


def _op_slot(connection: Connection, loop: UUID, *, wacht: bool) -> Any | None:
    """The run with its row locked. Without `wacht` None while a step of another process has it. SQLite has one writer at a time."""
    asked = select(_L.status, _L.eigenaar, _L.geldig_tot).where(_L.id == loop)
    return connection.execute(asked.with_for_update(skip_locked=not wacht)).one_or_none()
