"""Once a day: who oversees hears of each break-glass that nobody judged within five working days, once (domain.md 3.6 rule 5)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from wijkwerk.errors import GeenRecht
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.perioden import eerste_dag
from wijkwerk.kalender.termijnen import einde_van
from wijkwerk.kalender.werkdagen import werkkalender
from wijkwerk.noodtoegang.kring import toezicht_van
from wijkwerk.noodtoegang.melden import vertel
from wijkwerk.noodtoegang.noodtoegang import Noodtoegang
from wijkwerk.noodtoegang.zetten import meld_aan_fg
from wijkwerk.post.soorten import NOODTOEGANG_TE_LAAT
from wijkwerk.records.session import Work

NAAM = "noodtoegang-nakijken"
WERKDAGEN = 5
PER_STAP = 50
_DAG = timedelta(days=1)


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """Tell of the next ones. Without an FG nobody is told and nothing is marked: tomorrow it is tried again. Raises GeenRecht."""
    if not work.actor.may(Noodtoegang.schrijven.naam):
        raise GeenRecht
    fg = toezicht_van(work, ("FG",))
    if not fg:
        return Stand(None)
    n = Noodtoegang.tabel()
    wacht = (n.c.gemeente_id == work.actor.gemeente, n.c.beoordeeld.is_(False), n.c.gemeld_aan_fg_op.is_(None))
    te_laat = select(n.c.id).where(*wacht, n.c.van < einde_van(_laatste_dag(work, eerste_dag(periode))))
    found = work.core_connection.execute(te_laat.order_by(n.c.van, n.c.id).limit(PER_STAP)).scalars().all()
    for id in found:
        vertel(work, id, NOODTOEGANG_TE_LAAT, fg)
        meld_aan_fg(work, id, work.actor.moment)
    return Stand("verder" if len(found) == PER_STAP else None, len(found))


NAKIJKEN = Job(NAAM, "Melden dat een noodtoegang na vijf werkdagen niet is beoordeeld", Per.DAG, stap)


def _laatste_dag(work: Work, op: date) -> date:
    """The last day whose fifth working day after it is over on this one."""
    dag = op - WERKDAGEN * _DAG
    kalender = werkkalender(work.core_connection, work.actor.gemeente, op - 60 * _DAG)
    while kalender.na(dag, WERKDAGEN) >= op:
        dag -= _DAG
    return dag
