"""Afterwards it can be told whether what was refused or absent was there; nobody is shown by it, and only an auditor may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wijkwerk.bsnindex import OP_BSN, bsn_index
from wijkwerk.errors import GeenRecht
from wijkwerk.log.entry import Resultaat
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Filter
from wijkwerk.records.read import Reader
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import DATUM_ONBEKEND
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toezicht import missers as module
from wijkwerk.toezicht.inzagelog import Inzagefilter
from wijkwerk.toezicht.missers import Bestond, Misser, missers

pytestmark = pytest.mark.anyio
LATER = datetime(2199, 1, 1, tzinfo=UTC)
"""After every number that is made in a test: those tell the time of the machine."""
ALLES = Inzagefilter(van=BEGIN, tot=LATER + timedelta(days=1), resultaat=Resultaat.GEEN_RESULTAAT)
BSN = "999993653"


async def uitgezocht(wijk: Wijk) -> list[list[Bestond]]:
    """Oldest first."""
    found: list[Misser] = await wijk.lees("FG", lambda r: missers(r, ALLES))
    return [list(each.gevraagd) for each in reversed(found)]


async def test_what_was_refused_is_told_from_what_was_absent(wijk_vlug: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    wijk = wijk_vlug
    monkeypatch.setattr(module, "STUK", 2)
    persoon = await wijk.inwoner("Moulin", bsn=Bsn(BSN))
    for naam in ("a", "b"):
        await wijk.inwoner(naam)
    absent = nieuw_id()
    wijk.klok.moment = LATER

    def op_bsn(bsn: str) -> Callable[[Reader], object]:
        def zoek(reader: Reader) -> object:
            index = bsn_index(reader.keyring, reader.connection, reader.actor.gemeente, Bsn(bsn))
            return reader.page(Persoon, ("roepnaam",), filters={OP_BSN: index}, first=2)

        return zoek

    for id in (persoon, absent):
        await wijk.lees("ZORG", lambda r, id=id: r.one(Persoon, ("roepnaam",), id))  # type: ignore[misc]
    await wijk.lees("KLANTMANAGER", op_bsn(BSN))
    await wijk.lees("KLANTMANAGER", op_bsn("999990019"))
    await wijk.lees("WIJKTEAM", lambda r: r.page(Persoon, ("roepnaam",), filters={Filter("geslachtsnaam"): "Niemand"}, first=2))
    verwacht = [[Bestond.BESTOND], [Bestond.BESTOND_NIET], [Bestond.BESTOND], [Bestond.BESTOND_NIET], [Bestond.NIET_TE_ZEGGEN]]
    assert await uitgezocht(wijk) == verwacht
    regel = max(await wijk.log(), key=lambda each: each["tijdstip"])
    assert (regel["gebruiker"], regel.get("betrokkenen"), regel["details"]["doorzocht"]) == (wijk.FG.hex, None, 1)


async def test_what_was_made_after_it_was_asked_was_not_there_then(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    komt = nieuw_id()
    wijk.klok.moment = datetime(2026, 1, 1, tzinfo=UTC)
    await wijk.lees("ZORG", lambda r: r.one(Persoon, ("roepnaam",), komt))
    naam = {"geslachtsnaam": "Vink", "sorteernaam": "vink", "geboortedatum": DATUM_ONBEKEND}
    await wijk.wijkwerk.database.transact(lambda c: wijk.put(c, Persoon, id=komt, **naam))
    toen = replace(ALLES, van=datetime(2025, 1, 1, tzinfo=UTC))
    found = await wijk.lees("FG", lambda r: missers(r, toen))
    assert [each.gevraagd for each in found] == [(Bestond.BESTOND_NIET,)]


async def test_nobody_else_may_ask_and_nothing_is_walked_for_nothing(wijk_vlug: Wijk) -> None:
    for rol in ("WIJKTEAM", "PRIVACY_OFFICER", "INZAGELOKET"):
        with pytest.raises(GeenRecht):
            await wijk_vlug.lees(rol, lambda r: missers(r, ALLES))
    assert await uitgezocht(wijk_vlug) == []
