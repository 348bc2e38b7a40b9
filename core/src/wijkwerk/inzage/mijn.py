"""The resident's own view: who looked at or changed my data (domain.md 3.5).

Not for who represents a resident: a parent could learn from it where a child is helped. Who represents somebody asks at the desk of the
municipality, where it is weighed (docs/log/inzage.md).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from wijkwerk.access.register import BETROKKENEN
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.inwoners.eigen import eigen_personen
from wijkwerk.inwoners.inwonertoegang import INWONER
from wijkwerk.inzage.naamverzoek import EIGEN_INZAGE
from wijkwerk.inzage.namen import keur_dagen
from wijkwerk.inzage.overzicht import Inzage, inzage_van
from wijkwerk.records.read import Reader

GETOOND: Final = ("Inzage", (BETROKKENEN.code,), ("regels",))
"""What the entry of such a look says was shown."""


def mijn_inzage(reader: Reader, van: date, tot: date) -> Inzage:
    """What this resident may know of these days, both included. Raises GeenRecht, NietGevonden without a file, OngeldigeInvoer."""
    if not reader.actor.may(EIGEN_INZAGE.naam) or INWONER not in reader.actor.rollen:
        raise GeenRecht
    keur_dagen(van, tot, reader.actor.vandaag)
    personen = eigen_personen(reader)
    if not personen:
        raise NietGevonden
    persoon = personen[0]  # an account is of one resident (inwoners/toelaten.py)
    reader.shown.add(persoon, *GETOOND, ())
    return inzage_van(reader.connection, reader.catalogue, reader.actor.gemeente, persoon, van, tot)
