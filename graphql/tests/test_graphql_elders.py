"""What went wrong in other systems (the project's paper on peers names the threads), each as a test of ours: list, count, page, search,
filter, sort and nested path keep the rule that the single row has.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.geheimhouding import zet_geheimhouding
from wijkwerk.personen import Persoon
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
LIJST = """query($f:PersonenFilter!,$n:Int,$a:String){personen(filter:$f,first:$n,after:$a){
    totalCount pageInfo{hasNextPage endCursor} edges{node{id geslachtsnaam}}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def door(wijk: Wijk, persoon: UUID, categorie: str, partij: UUID, niveau: int, doel: str = "ZORG_UITWISSELING", **more: Any) -> UUID:
    row = {
        "persoon_id": persoon, "partij_id": partij, "partijsoort": Partijsoort.ORGANISATIE, "doel": doel, "categorie_code": categorie,
        "niveau_tot": niveau, "grondslag": "x", "bron": Bron.TOESTEMMING, "bron_id": nieuw_id(), "van": wijk.klok.nu(),
    } | more  # fmt: skip
    return await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, Betrokkenheid, **row))


async def test_a_count_and_its_pages_hold_only_who_consented_at_every_step(wijk: Wijk, vraag: Vrager) -> None:
    """hapi-fhir 1507, 2012, 2369: a total that counted what was held back, and pages of which only the first was filtered."""
    mensen = [await wijk.inwoner("Visser") for _ in range(7)]
    deuren = [await door(wijk, persoon, "IDENTITEIT", wijk.zorg, 5) for persoon in mensen[::2]]
    assert len(deuren) == 4
    first = (await vraag.data("ZORG", LIJST, f={"naam": "visser"}, n=2))["personen"]
    assert (first["totalCount"], len(first["edges"]), first["pageInfo"]["hasNextPage"]) == (4, 2, True)
    shown = {UUID(edge["node"]["id"]) for edge in first["edges"]}
    rest = [deur for deur, persoon in zip(deuren, mensen[::2], strict=True) if persoon not in shown]
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.id.in_(rest)).values(tot=wijk.klok.nu()))
    after = first["pageInfo"]["endCursor"]
    second = (await vraag.data("ZORG", LIJST, f={"naam": "visser"}, n=2, a=after))["personen"]
    assert (second["totalCount"], second["edges"], second["pageInfo"]["hasNextPage"]) == (2, [], False)


async def test_what_is_nested_below_a_row_or_found_by_search_asks_again(wijk: Wijk, vraag: Vrager) -> None:
    """open-zaak security-issues 5, 10, 12: the search and the expanded relation had no filter of their own."""
    persoon = await wijk.inwoner("Visser", contact=["0612345678"])
    await door(wijk, persoon, "IDENTITEIT", wijk.zorg, 2)
    [node] = [edge["node"] for edge in (await vraag.data("ZORG", LIJST, f={"naam": "visser"}))["personen"]["edges"]]
    assert node == {"id": str(persoon), "geslachtsnaam": "Visser"}
    nested = "query($id:ID!){persoon(id:$id){geslachtsnaam contactgegevens{waarde} contact:contactgegevens{persoon{contactgegevens{id}}}}}"
    found = (await vraag.data("ZORG", nested, id=str(persoon)))["persoon"]
    assert found == {"geslachtsnaam": "Visser", "contactgegevens": [], "contact": []}
    assert (await vraag.data("ZORG", LIJST, f={"postcode": "3043TD"}))["personen"]["totalCount"] == 0


@pytest.mark.parametrize("andersom", [False, True], ids=["eerst ruim", "eerst krap"])
async def test_two_doors_never_add_up_to_what_neither_opens(wijk: Wijk, vraag: Vrager, andersom: bool) -> None:
    """BetterAngels 2327: two joins in one query gave everybody the union of all rights."""
    een, ander = await wijk.inwoner("Visser", contact=["0612345678"]), await wijk.inwoner("Visser", contact=["0687654321"])
    doors: list[tuple[UUID, str, int, dict[str, Any]]] = [
        (een, "IDENTITEIT", 5, {}),
        (een, "CONTACT", 5, {"doel": "WMO_ALG_VOORZIENING"}),  # for another purpose
        (een, "CONTACT", 5, {"verantwoordelijke_id": wijk.zorg}),  # of another controller
        (een, "CONTACT", 5, {"rol": "DOCK"}),  # for another role
        (een, "CONTACT", 5, {"partij_id": wijk.dock}),  # for somebody else
        (een, "CONTACT", 5, {"van": wijk.klok.nu() - timedelta(2), "tot": wijk.klok.nu() - timedelta(1)}),  # over
        (ander, "CONTACT", 5, {}),  # no IDENTITEIT
    ]
    for persoon, categorie, niveau, more in reversed(doors) if andersom else doors:
        await door(wijk, persoon, categorie, more.pop("partij_id", wijk.zorg), niveau, **more)
    seen = "query($id:ID!){persoon(id:$id){geslachtsnaam contactgegevens{waarde}}}"
    assert (await vraag.data("ZORG", seen, id=str(een)))["persoon"] == {"geslachtsnaam": "Visser", "contactgegevens": []}
    assert (await vraag.data("ZORG", seen, id=str(ander)))["persoon"] is None
    assert (await vraag.data("ZORG", LIJST, f={"naam": "visser"}))["personen"]["totalCount"] == 1
    rows = await wijk.lees("ZORG", lambda reader: reader.count(Contactgegeven))
    assert rows == 1  # of the other one, whose name is not to be seen


async def test_a_list_holds_back_whom_the_single_row_holds_back(wijk: Wijk, vraag: Vrager) -> None:
    """hmpps-interventions: limited-access persons were guarded one by one, and stood in every list."""
    geheim, ander = await wijk.inwoner("Visser"), await wijk.inwoner("Visser")
    dossier = await wijk.dossier(geheim, ander)
    for persoon in (geheim, ander):
        await door(wijk, persoon, "IDENTITEIT", wijk.zorg, 5)
    versie = (await wijk.rows(Persoon.tabel().select().where(Persoon.tabel().c.id == geheim)))[0].versie
    await wijk.schrijf("REGISSEUR", lambda work: zet_geheimhouding(work, geheim, versie, True))
    for rol, totaal in (("ZORG", 1), ("WIJKTEAM", 2)):
        found = (await vraag.data(rol, LIJST, f={"naam": "visser"}))["personen"]
        assert (found["totalCount"], len(found["edges"])) == (totaal, totaal), rol
    leden = "query($id:ID!){dossier(id:$id){leden{id}}}"
    assert len((await vraag.data("WIJKTEAM", leden, id=str(dossier)))["dossier"]["leden"]) == 2


async def test_nothing_is_found_filtered_or_ordered_by_what_may_not_be_read(wijk: Wijk, vraag: Vrager) -> None:
    """Graphcool 250, drupal-graphql 814: by asking often enough, a filter or an order tells a hidden value."""
    adres: dict[str, Any] = {"straat": "Kerkstraat", "huisnummer": 1, "woonplaats": "Rotterdam"}
    for postcode in ("3043TD", "3011AB"):
        persoon = await wijk.inwoner("Visser", postcode=Postcode(postcode), **adres)
        await door(wijk, persoon, "IDENTITEIT", wijk.zorg, 1)  # the name at N1 is the first name: no surname, no date of birth, no address
    for gezocht in ({"naam": "visser"}, {"geboortedatum": "1956"}, {"postcode": "3043TD"}, {"postcode": "3043TD", "huisnummer": 1}):
        found = (await vraag.data("ZORG", LIJST, f=gezocht))["personen"]
        assert (found["totalCount"], found["edges"]) == (0, []), gezocht
    assert codes(await vraag("ZORG", LIJST, f={"bsn": "999993653"})) == ["GEEN_RECHT"]
    ordered = await wijk.lees("ZORG", lambda reader: reader.page(Persoon, ("roepnaam",), order=("sorteernaam",), first=10))
    assert ordered.rows == []
    assert len((await wijk.lees("ZORG", lambda reader: reader.page(Persoon, ("roepnaam",), first=10))).rows) == 2
