"""Each entry of the log is an action with a span of its own: what other systems are told must not say one thing twice (LDV)."""

from __future__ import annotations

import pytest

from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager

pytestmark = pytest.mark.anyio
TWEE = """mutation($a:PersoonInvoer!,$b:PersoonInvoer!){
    een:aanmelden(persoon:$a){aanmeldingen{id}} twee:aanmelden(persoon:$b){aanmeldingen{id}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_what_a_request_does_and_then_answers_are_actions_with_a_span_of_their_own_in_one_trace(wijk: Wijk, vraag: Vrager) -> None:
    before = len(await wijk.log())
    await vraag.data("WIJKTEAM", TWEE, a={"geslachtsnaam": "Moulin"}, b={"geslachtsnaam": "Boer"})
    entries = (await wijk.log())[before:]
    assert len(entries) >= 4
    spans = [entry.get("span") for entry in entries]
    assert len(set(spans)) == len(spans)
    assert len({entry.get("trace") for entry in entries}) == 1
    assert {entry["ouder"] for entry in entries if "ouder" in entry} <= set(spans)
