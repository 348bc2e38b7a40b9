"""A sealed value of a row that was loaded before its key went: kept as it is when nobody sealed it again, else the row is read anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.errors import VersieVerouderd
from wijkwerk.records.opening import binding
from wijkwerk.records.session import Work
from wijkwerk.testing.dossiers import rij
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("opnieuw", [True, False], ids=["sealed again", "gone for good"])
async def test_a_row_whose_key_went_while_somebody_had_it(wijk_vlug: Wijk, opnieuw: bool) -> None:
    wijk, persoon = wijk_vlug, await wijk_vlug.inwoner()
    dossier = await wijk.dossier(persoon, vraag="Hulp in huis")
    before = await rij(wijk, Dossier, dossier)

    def unit(work: Work) -> None:
        had: Any = work.get(Dossier, dossier)
        ring, connection = work.keyring, work.core_connection
        ring.destroy(connection, wijk.gemeente, persoon, dossier)
        if opnieuw:  # as a new data key does it: the version stays
            key = ring.data_key(connection, wijk.gemeente, persoon, dossier)
            sealed = ring.seal(connection, key, b"Hulp in huis", binding("dossier", wijk.gemeente, dossier, "vraag", 1))
            connection.execute(update(Dossier.tabel()).where(Dossier.tabel().c.id == dossier).values(vraag=sealed))
        had.status = Dossierstatus.AANGEHOUDEN

    if opnieuw:
        await refused(wijk, "WIJKTEAM", VersieVerouderd, unit, records=(Dossier,))
        return
    await wijk.schrijf("WIJKTEAM", unit)
    after = await rij(wijk, Dossier, dossier)
    assert (after.status, after.versie, after.vraag) == (Dossierstatus.AANGEHOUDEN, 2, before.vraag)
