"""The tree of areas: what may stand where, who keeps it, and what happens to it in time (domain.md 1.8)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.gebieden import Gebied, Gebiedsbron, Gebiedsoort
from wijkwerk.gebiedsbeheer import beeindig, maak, wijzig
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
BEGIN, EIND = date(2020, 1, 1), date(2027, 6, 30)
ROTTERDAM = {"code": "GM0599", "naam": "Rotterdam", "soort": Gebiedsoort.GEMEENTE, "herkomst": Gebiedsbron.CBS, "van": BEGIN}
OVERSCHIE = {"code": "WK059904", "naam": "Overschie", "soort": Gebiedsoort.WIJK, "herkomst": Gebiedsbron.CBS, "van": BEGIN}
KLEINPOLDER = {"code": "BU05990451", "naam": "Kleinpolder", "soort": Gebiedsoort.BUURT, "herkomst": Gebiedsbron.CBS, "van": BEGIN}
EIGEN = {"code": "NOORD", "naam": "Noord", "soort": Gebiedsoort.WIJK, "herkomst": Gebiedsbron.GEMEENTE, "van": BEGIN}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gemaakt(wijk: Wijk, gegevens: dict[str, Any], **rest: Any) -> UUID:
    return await wijk.schrijf("BEHEER", lambda work: maak(work, gegevens | rest))


async def boom(wijk: Wijk) -> tuple[UUID, UUID, UUID]:
    """The municipality, a wijk in it, and a buurt in that."""
    stad = await gemaakt(wijk, ROTTERDAM)
    overschie = await gemaakt(wijk, OVERSCHIE, bovenliggend_id=stad)
    return stad, overschie, await gemaakt(wijk, KLEINPOLDER, bovenliggend_id=overschie)


async def stand(wijk: Wijk) -> list[tuple[Any, ...]]:
    g = Gebied.tabel()
    return [tuple(row) for row in await wijk.rows(select(g).order_by(g.c.id))]


async def geweigerd(wijk: Wijk, unit: Any, kind: type[WijkwerkError], rol: str = "BEHEER") -> WijkwerkError:
    """The refusal, after which nothing has changed."""
    voor = await stand(wijk)
    with pytest.raises(kind) as refused:
        await wijk.schrijf(rol, unit)
    assert await stand(wijk) == voor
    return refused.value


async def test_a_tree_of_municipality_wijk_and_buurt(wijk: Wijk) -> None:
    stad, overschie, kleinpolder = await boom(wijk)
    rows = await wijk.lees(
        "WIJKTEAM", lambda reader: reader.by_key(Gebied, ("code", "bovenliggend_id"), "id", [stad, overschie, kleinpolder])
    )
    assert {row.code: row.bovenliggend_id for row in rows} == {"GM0599": None, "WK059904": stad, "BU05990451": overschie}


@OP_SQLITE
@pytest.mark.parametrize(
    ("gegevens", "veld"),
    [
        pytest.param(OVERSCHIE | {"code": "WK05990"}, "code", id="too few digits"),
        pytest.param(OVERSCHIE | {"code": "WK0599044"}, "code", id="too many digits"),
        pytest.param(OVERSCHIE | {"code": "BU05990451"}, "code", id="a code of another level"),
        pytest.param(OVERSCHIE | {"code": "wk059904"}, "code", id="small letters"),
        pytest.param(OVERSCHIE | {"code": "WK０５９９０４"}, "code", id="digits of another script"),
        pytest.param(EIGEN | {"code": "WK059904"}, "code", id="a CBS code that is called the municipality's own"),
        pytest.param(EIGEN | {"code": "bu05990451"}, "code", id="the same in small letters"),
        pytest.param(EIGEN | {"code": "ABCDEFGHIJK"}, "code", id="eleven signs"),
        pytest.param(EIGEN | {"code": "A B"}, "code", id="a space"),
        pytest.param(EIGEN | {"code": ""}, "code", id="empty"),
        pytest.param(EIGEN | {"naam": " "}, "naam", id="no name"),
        pytest.param(EIGEN | {"naam": None}, "naam", id="name is null"),
        pytest.param(EIGEN | {"naam": "x" * 201}, "naam", id="a name of 201 signs"),
        pytest.param(EIGEN | {"tot": date(2019, 12, 31)}, "tot", id="ends before it begins"),
        pytest.param({k: v for k, v in EIGEN.items() if k != "van"}, "van", id="no beginning"),
        pytest.param(EIGEN | {"openbaar": False}, "openbaar", id="a field that nobody gives"),
    ],
)
async def test_what_can_not_be_an_area_is_refused(wijk: Wijk, gegevens: dict[str, Any], veld: str) -> None:
    error = await geweigerd(wijk, lambda work: maak(work, gegevens), OngeldigeInvoer)
    assert error.veld == veld


async def test_own_divisions_have_own_codes(wijk: Wijk) -> None:
    stad = await gemaakt(wijk, ROTTERDAM)
    noord = await gemaakt(wijk, EIGEN, bovenliggend_id=stad)
    assert await gemaakt(wijk, EIGEN | {"code": "noord-1", "soort": Gebiedsoort.BUURT}, bovenliggend_id=noord)


async def test_an_area_lies_in_one_a_level_up(wijk: Wijk) -> None:
    stad, overschie, kleinpolder = await boom(wijk)
    ander = {"code": "BU05990452", "naam": "Noord Kethel", "soort": Gebiedsoort.BUURT, "herkomst": Gebiedsbron.CBS, "van": BEGIN}
    for boven in (stad, kleinpolder):
        error = await geweigerd(wijk, lambda work, boven=boven: maak(work, ander | {"bovenliggend_id": boven}), OngeldigeInvoer)
        assert error.veld == "bovenliggend_id"
    await geweigerd(wijk, lambda work: wijzig(work, stad, 1, {"bovenliggend_id": overschie}), OngeldigeInvoer)
    await geweigerd(wijk, lambda work: wijzig(work, overschie, 1, {"bovenliggend_id": overschie}), OngeldigeInvoer)
    await geweigerd(wijk, lambda work: wijzig(work, overschie, 1, {"bovenliggend_id": kleinpolder}), OngeldigeInvoer)
    await geweigerd(wijk, lambda work: maak(work, ander | {"bovenliggend_id": nieuw_id()}), NietGevonden)


async def test_the_digits_of_the_larger_area_come_first(wijk: Wijk) -> None:
    _, overschie, _ = await boom(wijk)
    lombardijen = KLEINPOLDER | {"code": "BU05991284", "naam": "Lombardijen", "bovenliggend_id": overschie}
    error = await geweigerd(wijk, lambda work: maak(work, lombardijen), OngeldigeInvoer)
    assert error.veld == "bovenliggend_id"


async def test_a_larger_area_can_not_become_of_a_level_that_its_smaller_ones_do_not_fit_in(wijk: Wijk) -> None:
    stad = await gemaakt(wijk, ROTTERDAM)
    noord = await gemaakt(wijk, EIGEN, bovenliggend_id=stad)
    await gemaakt(wijk, EIGEN | {"code": "N1", "soort": Gebiedsoort.BUURT}, bovenliggend_id=noord)
    await geweigerd(wijk, lambda work: wijzig(work, noord, 1, {"soort": Gebiedsoort.BUURT, "bovenliggend_id": None}), OngeldigeInvoer)


async def test_a_code_is_of_one_area_at_a_time(wijk: Wijk) -> None:
    await gemaakt(wijk, EIGEN | {"tot": date(2022, 12, 31)})
    error = await geweigerd(wijk, lambda work: maak(work, EIGEN | {"van": date(2022, 12, 31)}), OngeldigeInvoer)
    assert error.veld == "code"
    await geweigerd(wijk, lambda work: maak(work, EIGEN | {"van": date(2019, 1, 1)}), OngeldigeInvoer)
    assert await gemaakt(wijk, EIGEN | {"van": date(2023, 1, 1)})


async def test_a_code_is_free_in_another_municipality(wijk: Wijk) -> None:
    await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, Gebied, gemeente_id=wijk.buurgemeente, **EIGEN) and None)
    assert await gemaakt(wijk, EIGEN)


async def test_a_name_changes_and_the_code_does_not(wijk: Wijk) -> None:
    noord = await gemaakt(wijk, EIGEN)
    await wijk.schrijf("BEHEER", lambda work: wijzig(work, noord, 1, {"naam": "Hoog Noord"}))
    g = Gebied.tabel()
    assert [tuple(row) for row in await wijk.rows(select(g.c.naam, g.c.versie).where(g.c.id == noord))] == [("Hoog Noord", 2)]
    error = await geweigerd(wijk, lambda work: wijzig(work, noord, 2, {"code": "ZUID"}), OngeldigeInvoer)
    assert error.veld == "code"
    await geweigerd(wijk, lambda work: wijzig(work, noord, 1, {"naam": "Te laat"}), VersieVerouderd)
    await geweigerd(wijk, lambda work: wijzig(work, nieuw_id(), 1, {"naam": "Niets"}), NietGevonden)


async def test_what_lies_in_an_area_ends_first(wijk: Wijk) -> None:
    _, overschie, kleinpolder = await boom(wijk)
    error = await geweigerd(wijk, lambda work: beeindig(work, overschie, 1, EIND), OngeldigeInvoer)
    assert error.veld == "tot"
    await wijk.schrijf("BEHEER", lambda work: beeindig(work, kleinpolder, 1, EIND))
    await wijk.schrijf("BEHEER", lambda work: beeindig(work, overschie, 1, EIND))
    g = Gebied.tabel()
    assert {row.tot for row in await wijk.rows(select(g.c.tot).where(g.c.id.in_([overschie, kleinpolder])))} == {EIND}
    await geweigerd(wijk, lambda work: maak(work, KLEINPOLDER | {"van": date(2028, 1, 1), "bovenliggend_id": overschie}), OngeldigeInvoer)


@pytest.mark.parametrize("rol", ["WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "PARTNER_BEHEER", "FG", "DOCK"])
async def test_only_functional_management_keeps_the_areas(wijk: Wijk, rol: str) -> None:
    noord = await gemaakt(wijk, EIGEN)
    units = [
        lambda work: maak(work, OVERSCHIE), lambda work: wijzig(work, noord, 1, {"naam": "X"}), lambda work: beeindig(work, noord, 1, EIND),
    ]  # fmt: skip
    for unit in units:
        await geweigerd(wijk, unit, GeenRecht, rol)


async def test_two_who_make_the_same_area_at_once_make_one(wijk: Wijk) -> None:
    """The second waits for the first, and then sees it: the database alone would let another beginning through."""

    def unit(van: date) -> Any:
        def make(work: Work) -> UUID:
            return maak(work, EIGEN | {"van": van})

        return make

    await wijk.schrijf("BEHEER", unit(BEGIN))
    await geweigerd(wijk, unit(date(2021, 1, 1)), OngeldigeInvoer)
    g = Gebied.tabel()
    assert (await wijk.rows(select(func.count()).where(g.c.code == "NOORD")))[0][0] == 1
