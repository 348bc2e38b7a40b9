"""Two renew the same key at the same time: one is first, and the other hears that it is done, not that something stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.sleutelbeheer import voortgang
from wijkwerk.sleutelbeheer.gegevenssleutel import vernieuw_gegevenssleutel
from wijkwerk.sleutelbeheer.gemeentesleutel import vernieuw_gemeentesleutel
from wijkwerk.sleutelbeheer.voortgang import Rapport
from wijkwerk.sleutelbeheer.zoeksleutel import vernieuw_zoeksleutel
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.rotaties import stil
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("wat", ["gemeente", "gegevens", "zoek"])
async def test_of_two_who_renew_one_key_both_are_done_and_it_is_destroyed_once(
    wijk: Wijk, monkeypatch: pytest.MonkeyPatch, wat: str
) -> None:
    monkeypatch.setattr(voortgang, "POGINGEN", 100)
    monkeypatch.setattr(voortgang, "WACHT", 0.01)
    persoon = await wijk.inwoner("Moulin", bsn=Bsn.lees("999993653"))
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld()))

    def een() -> Coroutine[Any, Any, Rapport]:
        if wat == "gegevens":
            return vernieuw_gegevenssleutel(wijk.wijkwerk, wijk.gemeente, persoon, dossier, stil, per_stap=1)
        vernieuw = vernieuw_gemeentesleutel if wat == "gemeente" else vernieuw_zoeksleutel
        return vernieuw(wijk.wijkwerk, wijk.gemeente, stil, per_stap=1)

    rapporten = await asyncio.gather(een(), een())
    assert sum(rapport.vernietigd for rapport in rapporten) == 1
    assert [rapport.dicht for rapport in rapporten] == [0, 0]
    assert len({rapport.na for rapport in rapporten}) == 1
