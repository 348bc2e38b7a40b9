"""Which days somebody can give: in a year that can be, one that was, or one to come."""

from __future__ import annotations

from datetime import date, timedelta

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.types.datum import LAATSTE_JAAR, VROEGSTE_JAAR

VERST = timedelta(days=5 * 366)
"""How far ahead something can be planned; later is a typing error."""


def keur_jaar(dag: date, veld: str) -> None:
    """Raises OngeldigeInvoer for a day in a year that can't be."""
    if not VROEGSTE_JAAR <= dag.year <= LAATSTE_JAAR:
        raise OngeldigeInvoer("Deze dag kan niet. Controleer het jaar.", veld=veld)


def keur_geweest(dag: date, vandaag: date, veld: str) -> None:
    """Raises OngeldigeInvoer for a day that is still to come, or too long ago to be true."""
    if dag.year < VROEGSTE_JAAR or dag > vandaag:
        raise OngeldigeInvoer("Kies vandaag of een dag die is geweest.", veld=veld)


def keur_komend(dag: date | None, vandaag: date, veld: str) -> None:
    """Raises OngeldigeInvoer for a day that is over, or far ahead. None is none."""
    if dag is not None and not vandaag <= dag <= vandaag + VERST:
        raise OngeldigeInvoer("Kies vandaag of een latere dag, hoogstens vijf jaar vooruit.", veld=veld)
