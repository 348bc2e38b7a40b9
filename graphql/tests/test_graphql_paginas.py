"""Lists by page: every row once, in order, counted under the same scope; a cursor serves one user and one list."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.schema.cursor import Zegel
from wijkwerk_graphql.schema.problems import CursorOngeldig
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
PAGE = """query($after:String,$n:Int!){personen(first:$n,after:$after){
    totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor} edges{cursor node{id geslachtsnaam}}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_pages_hold_every_row_once_in_order(wijk: Wijk, vraag: Vrager) -> None:
    made = {str(await wijk.inwoner(naam)) for naam in ("Visser", "Aarts", "visser", "De Boer", "Aarts", "Ötzi", "Zon")}
    for size in (1, 3, 200):
        await walk(vraag, made, size)


async def walk(vraag: Vrager, made: set[str], size: int) -> None:
    """All pages of this size, one after another."""
    after, names, ids, pages = None, [], [], 0
    while True:
        page = (await vraag.data("WIJKTEAM", PAGE, n=size, after=after))["personen"]
        assert page["totalCount"] == len(made)
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        names += [edge["node"]["geslachtsnaam"] for edge in page["edges"]]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        pages, after = pages + 1, page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert set(ids) == made
    assert len(ids) == len(made)
    assert [name.lower() for name in names] == ["aarts", "aarts", "de boer", "ötzi", "visser", "visser", "zon"]
    assert pages == -(-len(made) // size)


async def test_a_cursor_hides_its_place_and_serves_one_user_and_one_list(wijk: Wijk, vraag: Vrager) -> None:
    await wijk.dossier(await wijk.inwoner("Kanarie"))
    cursor = (await vraag.data("WIJKTEAM", PAGE, n=1))["personen"]["pageInfo"]["endCursor"]
    assert b"anarie" not in urlsafe_b64decode(cursor)
    assert codes(await vraag("REGISSEUR", PAGE, n=1, after=cursor)) == ["CURSOR_ONGELDIG"]
    assert codes(await vraag("WIJKTEAM", "query($after:String){dossiers(after:$after){totalCount}}", after=cursor)) == ["CURSOR_ONGELDIG"]
    assert codes(await vraag("WIJKTEAM", PAGE, n=1, after=cursor)) == []


async def test_what_is_no_cursor_is_refused(vraag: Vrager) -> None:
    for cursor in ("", "x", "AAAA", "é", "\x00", "=" * 9, "A" * 5_000, "W10="):
        answer = await vraag("WIJKTEAM", PAGE, n=1, after=cursor)
        assert codes(answer) == ["CURSOR_ONGELDIG"], cursor
        assert answer.errors[0]["extensions"]["veld"] == "after"


async def test_a_cursor_that_was_changed_anywhere_is_refused(wijk: Wijk) -> None:
    def make(connection: Connection) -> Zegel:
        return Zegel.of(Reader(connection, wijk.actor("WIJKTEAM"), wijk.wijkwerk.keyring), "Persoon", ("sorteernaam",))

    async with wijk.wijkwerk.database.snapshot() as snapshot:
        zegel = await snapshot.run(make)
    place = ["aarts", None, 3, Datum(1956, 11), wijk.klok.nu(), nieuw_id()]
    cursor = zegel.seal(place)
    assert zegel.open(cursor) == place

    @given(st.integers(0, len(cursor) - 5), st.sampled_from("AQgw_-"))
    def check(at: int, sign: str) -> None:
        if cursor[at] != sign:
            with pytest.raises(CursorOngeldig):
                zegel.open(cursor[:at] + sign + cursor[at + 1 :])

    check()
    with pytest.raises(TypeError):
        zegel.seal([1.5])


async def test_total_count_is_counted_only_when_it_is_asked(wijk: Wijk, vraag: Vrager) -> None:
    for text, counted in (
        ("{personen{edges{node{id}}}}", 0),
        ("{personen{totalCount}}", 1),
        ("{personen{...a}} fragment a on PersoonConnection{x:totalCount}", 1),
    ):
        with count_statements(wijk.wijkwerk.database) as statements:
            await vraag.data("WIJKTEAM", text)
        assert sum("count(" in statement.lower() for statement in statements) == counted
