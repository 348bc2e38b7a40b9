"""After a leak, over GraphQL: who saw what of whom, for the data protection officer alone, and itself in the log."""

from __future__ import annotations

from typing import Any

import pytest

from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
ZOEK = """query($van:DateTime="2027-03-01T08:00:00Z",$tot:DateTime="2027-04-01T00:00:00Z",$als:String,$veld:String,$first:Int=20,$na:ID){
    lekonderzoek(van:$van,tot:$tot,rol:$als,veld:$veld,first:$first,na:$na){bekeken aandeel verder onbekend
    inwoners{pseudoniem inzagen{gebruiker organisatie keren categorieen velden}}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_the_officer_finds_who_saw_a_field_page_by_page_and_is_in_the_log(wijk: Wijk, vraag: Vrager) -> None:
    personen = [await wijk.inwoner(f"Jansen{n}", roepnaam="Jo") for n in range(3)]
    for _ in range(2):
        await vraag.data("TEAMLEIDER", "{personen{edges{node{roepnaam}}}}")
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        namen = await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, personen))
    pagina: dict[str, Any] = {"verder": None}
    inwoners = []
    for _ in personen:
        pagina = (await vraag.data("FG", ZOEK, als="TEAMLEIDER", veld="Persoon.roepnaam", first=1, na=pagina["verder"]))["lekonderzoek"]
        inwoners += pagina["inwoners"]
    assert (pagina["verder"], pagina["aandeel"], pagina["onbekend"]) == (None, 1.0, [])
    inzage = {
        "gebruiker": str(wijk.TEAMLEIDER), "organisatie": str(wijk.stad), "keren": 2, "categorieen": ["IDENTITEIT"],
        "velden": ["Persoon.roepnaam"],
    }  # fmt: skip
    assert inwoners == [{"pseudoniem": str(naam), "inzagen": [inzage]} for naam in sorted(namen.values())]
    bekeken = [regel for regel in await wijk.log() if regel["gebeurtenis"] == "LOG_BEKEKEN"]
    assert {(regel["gebruiker"], regel["onderdeel"], regel["resultaat"]) for regel in bekeken} == {
        (wijk.FG.hex, "lekonderzoek", "GESLAAGD")
    }
    leeg = (await vraag.data("FG", ZOEK, als="TEAMLEDIER", veld="Persoon.roepnam"))["lekonderzoek"]
    assert (leeg["inwoners"], leeg["onbekend"]) == ([], ["TEAMLEDIER", "Persoon.roepnam"])


async def test_nobody_else_asks_and_half_a_question_is_refused(wijk: Wijk, vraag: Vrager) -> None:
    for rol in ("WIJKTEAM", "PRIVACY_OFFICER", "BEHEER", "KLANTMANAGER"):
        assert codes(await vraag(rol, ZOEK, als="DOCK")) == ["GEEN_RECHT"]
    for given in (
        {},
        {"als": "DOCK", "tot": "2027-03-01T07:00:00Z"},
        {"als": "DOCK", "first": 101},
        {"als": "DOCK", "van": "2028-01-01T00:00:00Z"},
    ):
        assert codes(await vraag("FG", ZOEK, **given)) == ["ONGELDIGE_INVOER"]
