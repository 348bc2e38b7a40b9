"""A sealed value of a row that was loaded before its key went: kept as it is when nobody sealed it again, else the row is read anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.errors import VersieVerouderd
from wijkwerk.records.opening import binding
from wijkwerk.records.session import Work
from wijkwerk.records.versions import history
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


@pytest.mark.parametrize("veld", ["status", "vraag"])
async def test_what_another_process_destroyed_is_not_sealed_again_by_who_still_has_the_key_open(wijk_vlug: Wijk, veld: str) -> None:
    wijk, wijkwerk, persoon = wijk_vlug, wijk_vlug.wijkwerk, await wijk_vlug.inwoner()
    dossier = await wijk.dossier(persoon, vraag="Hulp in huis")
    anderen = Keyring(FileProvider(wijkwerk.settings.root_key_file), wijkwerk.database, wijkwerk.klok)

    async def vraag() -> Any:
        return await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), dossier))

    assert (await vraag()).vraag == "Hulp in huis"
    await wijkwerk.database.transact(lambda c: anderen.destroy(c, wijk.gemeente, persoon, dossier))
    value = {"status": Dossierstatus.AANGEHOUDEN, "vraag": "Een andere vraag"}[veld]
    await wijk.schrijf("WIJKTEAM", lambda work: setattr(work.get(Dossier, dossier), veld, value))
    wijkwerk.keyring = anderen
    assert (await vraag()).vraag == (None if veld == "status" else value)
    [versie, _] = (await wijk.lees("WIJKTEAM", lambda r: history(r, Dossier, [dossier])))[dossier]
    assert "Hulp in huis" not in [each.oud for each in versie.velden]
