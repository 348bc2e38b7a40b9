"""Which text of a row an actor may come to see, as it is now or as it was before (domain.md 1.11)."""

from __future__ import annotations

from typing import Any

from ...records.history import Wijziging
from .kanaries import Cel
from .orakel import Orakel
from .rijen import Rij


def mag_zien(orakel: Orakel, cel: Cel) -> bool:
    """Whether this text may stand in an answer to the actor: they see the column of the row today, and the change was not behind more."""
    row = orakel.wereld.rij(cel.record, cel.rij)
    if row is None or not orakel.actor.may(cel.record.lezen.naam) or not orakel.bestaat(cel.record, row):
        return False
    veld = cel.record.velden[cel.kolom]
    if veld.kind == "machinery" or not orakel.ziet(cel.record, row, cel.kolom):
        return False
    return cel.wijziging is None or _toen(orakel, cel.record, row, cel.wijziging)


def _toen(orakel: Orakel, record: Any, row: Rij, wijziging: Rij) -> bool:
    """Today's scope, and not from behind a higher level or another category than the row has now."""
    if not orakel.actor.may(Wijziging.lezen.naam):
        return False
    if record.niveau_kolom and wijziging["rijniveau"] > row[record.niveau_kolom]:
        return False
    return not record.categorie_kolom or wijziging["categorie_code"] == row[record.categorie_kolom]
