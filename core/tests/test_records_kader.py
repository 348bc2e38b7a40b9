"""Rows about no known person: for the party whose kader it is, up to the level of the role, with the rights that a field asks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Mapped

from wijkwerk.access.actor import Actor
from wijkwerk.access.levels import N1, N4, N6
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.records.declare import KaderRecord, Retention
from wijkwerk.records.fields import field
from wijkwerk.records.plan import Filter
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio

APART = Permission("proef:apart:lezen", "Het aparte veld zien.")


class Signaal(KaderRecord):
    """Een signaal over iemand die nog niemand kent."""

    owner = "proefkader"
    lezen = schrijven = PUBLIC
    retention = Retention("eigen", "P42D", "melding")

    aantal: Mapped[int] = field("Hoe vaak", level=N1)
    zwaar: Mapped[int] = field("Hoe zwaar", level=N6)
    apart: Mapped[int] = field("Apart", level=N1, requires=APART)


NAMEN = ("aantal", "zwaar", "apart")


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    await make_tables(wijk_vlug.wijkwerk.database, [Signaal.tabel()])
    return wijk_vlug


async def rows(wijk: Wijk, actor: Actor) -> list[tuple[Any, ...]]:
    found = await wijk.lees(actor, lambda reader: reader.page(Signaal, NAMEN, first=10).rows)
    return [(row.aantal, row.zwaar, row.apart, row.beperkt) for row in found]


@pytest.fixture
async def actor(wijk: Wijk) -> Actor:
    """Of the team whose kader holds one signal; another team's signal lies beside it."""
    actor = wijk.actor("WIJKTEAM")
    for partij, aantal in ((actor.teams[0], 1), (nieuw_id(), 2)):
        values: dict[str, Any] = {"verantwoordelijke_id": actor.organisatie, "partij_id": partij, "aantal": aantal, "zwaar": 6, "apart": 7}
        await wijk.wijkwerk.database.transact(partial(wijk.put, record=Signaal, **values))
    return actor


async def test_only_the_party_in_its_own_organisation_sees_the_row(wijk: Wijk, actor: Actor) -> None:
    assert [row[0] for row in await rows(wijk, actor)] == [1]
    assert await rows(wijk, replace(actor, organisatie=nieuw_id())) == []


async def test_a_field_above_the_roles_ceiling_is_null_and_can_not_be_filtered_on(wijk: Wijk, actor: Actor) -> None:
    low = replace(actor, plafond=N4, rechten=actor.rechten | {APART.naam})
    assert await rows(wijk, low) == [(1, None, 7, True)]

    def count(reader: Reader) -> int:
        return reader.count(Signaal, {Filter("zwaar"): 6})

    assert await wijk.lees(low, count) == 0
    assert await wijk.lees(replace(low, plafond=N6), count) == 1


async def test_a_field_that_asks_a_right_is_null_without_it(wijk: Wijk, actor: Actor) -> None:
    assert await rows(wijk, actor) == [(1, 6, None, True)]


async def test_who_may_all_sees_all(wijk: Wijk, actor: Actor) -> None:
    assert await rows(wijk, replace(actor, rechten=actor.rechten | {APART.naam})) == [(1, 6, 7, False)]
