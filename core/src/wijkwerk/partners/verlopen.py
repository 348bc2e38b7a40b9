"""Referrals whose last day is over."""

from __future__ import annotations

from typing import Final

from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.laatste_dag import laat_verlopen
from wijkwerk.partners.verwijzing import LOPEND, Verwijzing, Verwijzingstatus
from wijkwerk.records.session import Work


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """The next referrals past their day, accepted or not. Raises GeenRecht."""
    return laat_verlopen(work, Verwijzing, LOPEND, Verwijzingstatus.VERLOPEN, "tot", periode)


VERWIJZINGEN_VERLOPEN: Final = Job("verwijzingen-verlopen", "Verwijzingen afsluiten waarvan de laatste dag voorbij is", Per.DAG, stap)
