"""Consents whose last day is over."""

from __future__ import annotations

from typing import Final

from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.laatste_dag import laat_verlopen
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.intrekken import LOPEND
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemmingstatus


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """The next consents past their day; also what was asked and never answered. Raises GeenRecht."""
    return laat_verlopen(work, Toestemming, LOPEND, Toestemmingstatus.VERLOPEN, "geldig_tot", periode)


VERLOPEN: Final = Job("toestemmingen-verlopen", "Toestemmingen afsluiten waarvan de laatste dag voorbij is", Per.DAG, stap)
