"""Searching in notes through the whole engine."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.notities import zoeken
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
ZOEKEN = """query($t:String!,$d:ID,$n:Int,$a:String){zoekInNotities(tekst:$t,dossier:$d,first:$n,after:$a){
    bekeken nietAllesBekeken volgende notities{id soort persoon{geslachtsnaam} versies(first:1){tekst}}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gevuld(wijk: Wijk, *teksten: str) -> tuple[UUID, list[str]]:
    """A case with notes, and their numbers, the oldest first."""
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    over = partial(schrijf, dossier=dossier, persoon=persoon, soort=Notitiesoort.CONTACTVERSLAG)
    made = [await wijk.schrijf("WIJKTEAM", partial(over, inhoud=verteld(tekst))) for tekst in teksten]
    return dossier, [str(notitie) for notitie in made]


async def zoek(vraag: Vrager, rol: Any, tekst: str, **rest: Any) -> Any:
    return (await vraag.data(rol, ZOEKEN, t=tekst, **rest))["zoekInNotities"]


async def test_a_note_is_found_with_what_the_document_asks_of_it_and_the_log_says_searched(wijk: Wijk, vraag: Vrager) -> None:
    dossier, [een, _] = await gevuld(wijk, "René belde", "Iets anders")
    found = await zoek(vraag, "WIJKTEAM", "rene", d=str(dossier))
    notitie = {"id": een, "soort": "CONTACTVERSLAG", "persoon": {"geslachtsnaam": "Moulin"}, "versies": [{"tekst": "René belde"}]}
    assert found == {"bekeken": 2, "nietAllesBekeken": False, "volgende": None, "notities": [notitie]}
    entry = (await wijk.log())[-1]
    assert (entry["gebeurtenis"], entry["onderdeel"], entry["details"]["doorzocht"]) == ("ZOEKEN", "zoekInNotities", 2)
    for rol in (wijk.actor("WIJKTEAM", team=wijk.ander_team, gebruiker=wijk.TEAMLEIDER), "ZORG"):
        leeg: dict[str, Any] = {"bekeken": 0, "nietAllesBekeken": False, "volgende": None, "notities": []}
        assert await zoek(vraag, rol, "rene", d=str(dossier)) == await zoek(vraag, rol, "rene", d=een) == leeg
    assert codes(await vraag("KLANTMANAGER", ZOEKEN, t="rene")) == ["GEEN_RECHT"]


async def test_a_search_goes_on_after_what_was_looked_at_and_its_cursor_is_for_who_asked(
    wijk: Wijk, vraag: Vrager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zoeken, "MEESTE_NOTITIES", 2)
    _, made = await gevuld(wijk, "Kanarie", "Mus", "Mus", "Mus", "Kanarie")
    found: list[str] = []
    bekeken: list[tuple[int, bool]] = []
    after = None
    while not bekeken or after is not None:
        deel = await zoek(vraag, "WIJKTEAM", "kanarie", a=after)
        found, after = found + [each["id"] for each in deel["notities"]], deel["volgende"]
        bekeken.append((deel["bekeken"], deel["nietAllesBekeken"]))
    assert (found, bekeken) == ([made[4], made[0]], [(2, True), (2, True), (1, False)])
    cursor = (await zoek(vraag, "WIJKTEAM", "kanarie"))["volgende"]
    for rol, given in (("REGISSEUR", cursor), ("WIJKTEAM", cursor[:-4]), ("WIJKTEAM", ""), ("WIJKTEAM", "x" * 3_000)):
        assert codes(await vraag(rol, ZOEKEN, t="kanarie", a=given)) == ["CURSOR_ONGELDIG"], given


@pytest.mark.parametrize(
    ("given", "veld"),
    [
        ({"t": ""}, "tekst"), ({"t": "x" * 100_000}, "tekst"), ({"t": "a b c d e f gg"}, "tekst"), ({"t": "mus", "n": 0}, "first"),
        ({"t": "mus", "n": 51}, "first"),
    ],
    ids=["empty", "huge", "many", "none", "page"],
)  # fmt: skip
async def test_a_question_that_makes_no_sense_says_what_to_do(vraag: Vrager, given: dict[str, Any], veld: str) -> None:
    answer = await vraag("WIJKTEAM", ZOEKEN, **given)
    assert (codes(answer), answer.errors[0]["extensions"]["veld"]) == ([OngeldigeInvoer.code], veld)


async def test_many_searches_in_one_document_are_too_much(vraag: Vrager) -> None:
    many = " ".join(f'z{n}:zoekInNotities(tekst:"mus"){{bekeken}}' for n in range(11))
    assert codes(await vraag("WIJKTEAM", f"{{{many}}}")) == ["DOCUMENT_TE_ZWAAR"]
