"""First contact: one resident per BSN, found without saying so (design.md 1, idea 2)."""

from __future__ import annotations

import pytest

from wijkwerk.aanmeldingen import aanmelden
from wijkwerk.errors import GeenRecht
from wijkwerk.personen import Persoon
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")


async def test_who_reports_a_known_bsn_gets_the_same_resident_and_changes_nothing(wijk: Wijk) -> None:
    first = await wijk.inwoner("Moulin", bsn=BSN, roepnaam="Suus")
    again = await wijk.inwoner("Anders", bsn=BSN, rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    assert again == first
    [row] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Persoon, ("geslachtsnaam", "roepnaam"), "id", [first]))
    assert (row.geslachtsnaam, row.roepnaam) == ("Moulin", "Suus")
