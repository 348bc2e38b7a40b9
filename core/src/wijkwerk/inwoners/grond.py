"""Whether somebody may look at a resident's own data, and until when that is sure (domain.md 2.7, INZAGE). Not known is no."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from wijkwerk.beslisfeiten import wie_mag_beslissen
from wijkwerk.beslissen import Uitkomst, Wie
from wijkwerk.errors import NietGevonden
from wijkwerk.kalender.termijnen import begin_van, einde_van
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import geldig
from wijkwerk.records.read import Reader
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, Vertegenwoordiging

_OUDERS = frozenset({Hoedanigheid.OUDER, Hoedanigheid.VOOGD})
_GRENZEN = (16, 18)
"""At these ages it is asked anew whether a parent or guardian may look (domain.md 2.7)."""

_ANDER = "Deze vertegenwoordiger mag dit niet inzien. Kijk na wie nu voor de inwoner mag beslissen, en leg dat eerst vast."


def lees_vertegenwoordiging(reader: Reader, id: UUID, persoon: UUID) -> Any:
    """The row of a representation of this resident. Raises NietGevonden."""
    velden = ("persoon_id", "vertegenwoordiger_id", "naam", "hoedanigheid", "van", "tot")
    found = reader.one(Vertegenwoordiging, velden, id)
    if found is None or found.persoon_id != persoon:
        raise NietGevonden
    return found


def bezwaar(reader: Reader, persoon: UUID, vert: Any | None, op: date) -> str | None:
    """Why the resident (or this representative) may not look on this day, and what to ask; None when they may.

    Each parent with gezag may look without the other: looking decides nothing (domain.md 11, step 15). Raises NietGevonden for a
    resident out of reach.
    """
    beslissing = wie_mag_beslissen(reader, Handeling.INZAGE, persoon, op)
    if beslissing is None:
        raise NietGevonden
    if vert is None:
        return None if beslissing.uitkomst in (Uitkomst.BETROKKENE, Uitkomst.BEIDEN) else beslissing.uitleg
    if beslissing.uitkomst is Uitkomst.ONBEKEND or beslissing.beide_ouders is None:
        return beslissing.uitleg
    wie = Wie(vert.hoedanigheid, vert.vertegenwoordiger_id, vert.naam)
    return None if geldig(vert, op) and wie in beslissing.vertegenwoordigers else _ANDER


def einde(reader: Reader, persoon: UUID, vert: Any | None, op: date) -> datetime | None:
    """Until when a ground of today surely holds: the last day of the representation, or a birthday on which a child grows past it.

    Of an incomplete date of birth the earliest day it can be.
    """
    if vert is None:
        return None
    grenzen = [] if vert.tot is None else [einde_van(vert.tot)]
    if vert.hoedanigheid in _OUDERS:
        rij = reader.one(Persoon, ("geboortedatum",), persoon)
        if rij is None or rij.geboortedatum is None:
            raise NietGevonden
        grenzen += [begin_van(dag) for dag in map(rij.geboortedatum.wordt, _GRENZEN) if dag > op][:1]
    return min(grenzen, default=None)
