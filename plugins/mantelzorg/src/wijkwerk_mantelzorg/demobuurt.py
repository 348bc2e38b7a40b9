"""Care relations in the made-up neighbourhood: who lives with a parent who needs care, or with a partner who does."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from wijkwerk.demo.bewoners import NOORD
from wijkwerk.demo.buurt import Buurt
from wijkwerk.huishoudens import Huishoudrol
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk_mantelzorg.relaties import Zorgrelatie, leg_vast

RELATIES = {Huishoudrol.OUDER: Zorgrelatie.OUDER, Huishoudrol.PARTNER: Zorgrelatie.PARTNER}
UREN = (Decimal(6), Decimal("14.5"), Decimal(30))
SINDS = (Datum(2024), Datum(2025, 3), Datum(2023, 9, 1))


def vul(buurt: Buurt) -> None:
    """Ask for a care relation in each household of the north with a case and somebody to care for."""
    relaties = list(_relaties(buurt))
    buurt.voeg_toe("wijkteam", partial(_leg_vast, relaties), "demo:mantelzorg")


def _leg_vast(relaties: list[tuple[UUID, dict[str, Any]]], work: Work) -> None:
    for mantelzorger, gegevens in relaties:
        leg_vast(work, mantelzorger, gegevens)


def _relaties(buurt: Buurt) -> Iterator[tuple[UUID, dict[str, Any]]]:
    for at, huishouden in enumerate(one for one in buurt.met_dossier() if one.huis.gebied == NOORD):
        hoofd, *anderen = huishouden.leden
        zorgvrager = next((lid for rol in RELATIES for lid in anderen if lid.bewoner.rol is rol), None)
        if zorgvrager is not None:
            relatie = RELATIES[zorgvrager.bewoner.rol]
            yield hoofd.id, {"zorgvrager_id": zorgvrager.id, "relatie": relatie, "uren_per_week": UREN[at % 3], "sinds": SINDS[at % 3]}
