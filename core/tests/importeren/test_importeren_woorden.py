"""Who is imported is found by name: the words are written with the rows, and not for a row that was refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from wijkwerk.importeren.inlezen import Uitslag
from wijkwerk.personen import Persoon
from wijkwerk.records.types.sorteren import vindwoorden
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.tabellen import zoekterm, zoekwoord
from wijkwerk.zoeken.zoek import Zoekvraag, zoek

pytestmark = pytest.mark.anyio


async def test_who_is_imported_is_found_by_name(
    stad: Wijk, importeer: Callable[..., Awaitable[Uitslag]], schrijf: Callable[..., Path]
) -> None:
    await importeer(schrijf("999993653;Suzanne;Moulin-Djibèt", "999990018;Fout;Geweigerd", "999990019;Jan;Boer"))
    personen = await stad.rows(Persoon.tabel().select())
    expected = {(p.id, woord) for p in personen for naam in (p.geslachtsnaam, p.voornamen) for woord in vindwoorden(naam or "")}
    assert {(row.persoon_id, row.term) for row in await stad.rows(zoekterm.select())} == expected
    woorden: set[Any] = {row.woord for row in await stad.rows(zoekwoord.select())}
    assert woorden == {"suzanne", "moulin", "djibet", "moulindjibet", "jan", "boer"}
    page = await stad.lees("WIJKTEAM", lambda reader: zoek(reader, Zoekvraag(naam="djibet suzane"), ("voornamen",), first=5))
    assert [row.voornamen for row in page.rows] == ["Suzanne"]
