"""Households: members in time, more than one household, nobody twice in one, and housemates on a date (domain.md 1.9, 1.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import insert, select

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol, Huishoudsoort, leden_op, vertrek, voeg_toe, wijzig
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
VAN, VANDAAG = date(2020, 1, 1), date(2027, 3, 1)


async def rijen(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(Huishoudlid.tabel()).order_by(Huishoudlid.tabel().c.id)))


async def lid(
    wijk: Wijk, persoon: UUID, huishouden: UUID | None = None, van: date = VAN, *, rol: str | Actor = "WIJKTEAM", **rest: Any
) -> UUID:
    rest = {"rol": Huishoudrol.HOOFD} | rest
    return await wijk.schrijf(rol, lambda w: voeg_toe(w, persoon, huishouden, van=van, **rest))


async def huis(wijk: Wijk, lid: UUID) -> UUID:
    [row] = await wijk.rows(select(Huishoudlid.tabel().c.huishouden_id).where(Huishoudlid.tabel().c.id == lid))
    return UUID(str(row[0]))


async def samen(wijk: Wijk, persoon: UUID, op: date = VANDAAG, rol: str | Actor = "WIJKTEAM") -> list[UUID]:
    """Who is in the household with this resident, himself left out."""
    [leden] = await wijk.lees(rol, lambda r: leden_op(r, [persoon], op))
    return [each.persoon_id for each in leden if each.persoon_id != persoon]


async def test_members_come_and_go_and_are_read_on_a_date(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    ouder, kind, later = [await wijk.inwoner(naam) for naam in ("Djibet", "Djibet", "Vogel")]
    thuis = await huis(wijk, await lid(wijk, ouder))
    weg = await lid(wijk, kind, thuis)
    await lid(wijk, later, thuis, date(2025, 6, 1))
    await wijk.schrijf("WIJKTEAM", lambda w: vertrek(w, weg, 1, date(2024, 12, 31)))
    assert await samen(wijk, ouder, date(2019, 12, 31)) == []
    assert await samen(wijk, ouder, date(2020, 1, 1)) == [kind]
    assert await samen(wijk, ouder, date(2024, 12, 31)) == [kind]
    assert await samen(wijk, ouder, date(2025, 1, 1)) == []
    assert await samen(wijk, ouder) == [later]
    assert await samen(wijk, kind) == []


async def test_a_child_of_two_homes_lives_with_the_members_of_both(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    moeder, vader, kind = [await wijk.inwoner(naam) for naam in ("Haverkamp", "Esselink", "Esselink")]
    for ouder in (moeder, vader):
        await lid(wijk, kind, await huis(wijk, await lid(wijk, ouder)))
    assert sorted(await samen(wijk, kind)) == sorted([moeder, vader])
    assert await samen(wijk, moeder) == [kind]


async def test_the_same_resident_is_not_twice_in_one_household_at_the_same_time(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    first = await lid(wijk, persoon, tot=date(2020, 12, 31))
    thuis = await huis(wijk, first)
    for van, tot in ((date(2020, 12, 31), None), (date(2019, 1, 1), VAN), (date(2020, 3, 1), date(2020, 4, 1))):
        with pytest.raises(OngeldigeInvoer):
            await lid(wijk, persoon, thuis, van, tot=tot)
    assert [row.id for row in await rijen(wijk)] == [first]
    again = await lid(wijk, persoon, thuis, date(2021, 1, 1))
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, again, 1, {"van": date(2020, 6, 1)}))
    assert (await rijen(wijk))[1].van == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("van", "tot"),
    [(VAN, VAN - timedelta(days=1)), (date(1, 1, 1), None), (date(1874, 12, 31), None), (date(2029, 1, 1), None), (VAN, date(9999, 1, 1))],
    ids=["einde voor begin", "jaar 1", "te vroeg", "ver vooruit", "einde jaar 9999"],
)
async def test_days_that_can_not_be_are_refused_and_nothing_is_written(wijk_vlug: Wijk, van: date, tot: date | None) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    with pytest.raises(OngeldigeInvoer):
        await lid(wijk, persoon, van=van, tot=tot)
    assert await rijen(wijk) == []


async def test_only_who_may_and_can_reach_the_resident_and_the_household_adds_a_member(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    vreemd = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    ander = await wijk.inwoner("Vogel", rol=vreemd)
    elders = await huis(wijk, await lid(wijk, ander, rol=wijk.actor("WIJKTEAM", team=wijk.ander_team)))
    before = await rijen(wijk)
    tries: list[tuple[Any, UUID, UUID | None, type[WijkwerkError]]] = [
        ("TEAMLEIDER", persoon, None, GeenRecht), ("ZORG", persoon, None, GeenRecht), ("WIJKTEAM", ander, None, NietGevonden),
        ("WIJKTEAM", nieuw_id(), None, NietGevonden), ("WIJKTEAM", persoon, elders, NietGevonden),
        ("WIJKTEAM", persoon, nieuw_id(), NietGevonden),
        (wijk.actor("WIJKTEAM", team=wijk.ander_team), persoon, elders, NietGevonden),
    ]  # fmt: skip
    for rol, wie, waar, error in tries:
        actor = wijk.actor(rol) if isinstance(rol, str) else rol
        with pytest.raises(error):
            await lid(wijk, wie, waar, rol=actor)
    assert await rijen(wijk) == before


async def test_a_change_asks_the_version_that_was_read_and_a_known_field(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    id = await lid(wijk, persoon)
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, id, 1, {"rol": Huishoudrol.MEDEBEWONER}))
    for versie, gegevens, error in (
        (1, {"rol": Huishoudrol.KIND}, VersieVerouderd), (2, {"persoon_id": nieuw_id()}, OngeldigeInvoer),
        (2, {"huishouden_id": nieuw_id()}, OngeldigeInvoer), (2, {"rol": "BAAS"}, OngeldigeInvoer), (2, {"rol": None}, OngeldigeInvoer),
        (2, {"tot": VAN - timedelta(days=1)}, OngeldigeInvoer),
    ):  # fmt: skip
        with pytest.raises(error):
            await wijk.schrijf("WIJKTEAM", lambda w, v=versie, g=gegevens: wijzig(w, id, v, g))  # type: ignore[misc]
    with pytest.raises(NietGevonden):
        await wijk.schrijf(wijk.actor("WIJKTEAM", team=wijk.ander_team), lambda w: vertrek(w, id, 2, VANDAAG))
    [row] = await rijen(wijk)
    assert (row.versie, row.rol, row.tot, row.persoon_id) == (2, "MEDEBEWONER", None, persoon)


async def test_the_kind_is_that_of_the_household_and_changes_for_all_of_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    first = await lid(wijk, een, soort=Huishoudsoort.INSTITUTIONEEL)
    thuis = await huis(wijk, first)
    with pytest.raises(OngeldigeInvoer):
        await lid(wijk, twee, thuis, soort=Huishoudsoort.PARTICULIER)
    await lid(wijk, twee, thuis)
    assert [row.soort for row in await rijen(wijk)] == ["INSTITUTIONEEL"] * 2
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, first, 1, {"soort": Huishoudsoort.PARTICULIER}))
    assert [row.soort for row in await rijen(wijk)] == ["PARTICULIER"] * 2


async def test_who_is_a_member_twice_after_a_merge_is_shown_once(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    thuis = await huis(wijk, await lid(wijk, een))
    await lid(wijk, twee, thuis)
    dubbel = [dict(row._mapping) | {"id": nieuw_id()} for row in await rijen(wijk)]
    await wijk.change(insert(Huishoudlid.tabel()).values(dubbel))
    [leden] = await wijk.lees("WIJKTEAM", lambda r: leden_op(r, [een], VANDAAG))
    assert [each.persoon_id for each in leden] == [een, twee]


async def test_who_asked_for_secrecy_is_no_housemate_for_outsiders(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, geheim = await wijk.inwoner(), await wijk.inwoner("Vogel", geheim=True)
    await lid(wijk, geheim, await huis(wijk, await lid(wijk, een)))
    assert [row.soort for row in await wijk.rows(select(Afscherming.tabel()))] == [Afschermsoort.GEHEIM]
    buiten = replace(wijk.actor("WIJKTEAM"), buiten_gemeente=True)
    assert await samen(wijk, een) == [geheim]
    assert await samen(wijk, een, rol=buiten) == []


async def test_of_two_who_add_the_same_resident_at_once_one_is_refused(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Vogel")
    thuis = await huis(wijk, await lid(wijk, ander))
    ended: list[str] = []

    async def add(van: date) -> None:
        try:
            await lid(wijk, persoon, thuis, van)
            ended.append("GESLAAGD")
        except WijkwerkError as error:
            ended.append(error.code)

    async with anyio.create_task_group() as group:
        for day in (1, 2, 3):
            group.start_soon(add, date(2021, 1, day))
    assert sorted(ended) == ["GESLAAGD", "ONGELDIGE_INVOER", "ONGELDIGE_INVOER"]
    assert len(await rijen(wijk)) == 2


async def test_two_residents_are_added_at_once(wijk: Wijk) -> None:
    een, twee, drie = [await wijk.inwoner(naam) for naam in ("Moulin", "Vogel", "Djibet")]
    thuis = await huis(wijk, await lid(wijk, een))
    async with anyio.create_task_group() as group:
        for persoon in (twee, drie):
            group.start_soon(lid, wijk, persoon, thuis)
    assert sorted(await samen(wijk, een)) == sorted([twee, drie])


async def test_one_unit_makes_a_household_with_its_members(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")

    def both(work: Work) -> None:
        first = work.get(Huishoudlid, voeg_toe_en_schrijf(work, een)).huishouden_id
        voeg_toe(work, twee, first, Huishoudrol.PARTNER, VAN)
        with pytest.raises(OngeldigeInvoer):
            voeg_toe(work, twee, first, Huishoudrol.PARTNER, VAN)

    def voeg_toe_en_schrijf(work: Work, persoon: UUID) -> UUID:
        lid = voeg_toe(work, persoon, None, Huishoudrol.HOOFD, VAN)
        work.flush()
        return lid

    await wijk.schrijf("WIJKTEAM", both)
    assert await samen(wijk, een) == [twee]
    assert len(await rijen(wijk)) == 2


async def test_what_fails_later_in_the_unit_leaves_no_member(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()

    def twice(work: Work) -> None:
        first = voeg_toe(work, persoon, None, Huishoudrol.HOOFD, VAN)
        work.flush()
        vertrek(work, first, 1, VAN - timedelta(days=1))

    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", twice)
    assert await rijen(wijk) == []
