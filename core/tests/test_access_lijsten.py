"""Where a list of residents begins: at the betrokkenheden of who asks, by their index, and not at all residents."""

from __future__ import annotations

import pytest

from wijkwerk.personen import Persoon
from wijkwerk.testing.queryplannen import opgenomen, stappen
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


async def test_a_list_begins_at_the_parties_purposes_and_category_of_who_asks(wijk_vlug: Wijk) -> None:
    with opgenomen(wijk_vlug.wijkwerk.database) as vragen:
        await wijk_vlug.lees("WIJKTEAM", lambda r: r.page(Persoon, (), first=10))
    [lijst] = [vraag for vraag in vragen if "FROM persoon" in vraag.statement]
    gelezen = await stappen(wijk_vlug.wijkwerk.database, lijst, klein=True)
    assert {"partij_id", "doel", "categorie_code"} in [stap.kolommen for stap in gelezen if stap.tabel == "betrokkenheid"]
