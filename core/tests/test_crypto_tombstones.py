"""Tombstones: what was destroyed stays destroyed in a backup of keys from before, and nothing else goes with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, select

from wijkwerk.crypto.keystore import delete_data, gegevenssleutel, live_data
from wijkwerk.crypto.tombstones import BATCH, Grafsteen, mark, plek_van, replay, tombstones
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements

pytestmark = pytest.mark.anyio
T = TypeVar("T")
GEMEENTE, ANDERE, PERSOON, ANDER, DOSSIER = (UUID(int=number) for number in range(1, 6))
BEGIN = datetime(2027, 3, 1, tzinfo=UTC)
MAX = 2**128


async def in_keys(database: Database, work: Callable[[Connection], T]) -> T:
    def unit(connection: Connection) -> T:
        with database.keys(connection) as keys:
            return work(keys)

    return await database.transact(unit)


def add(keys: Connection, gemeente: UUID, persoon: UUID, dossier: UUID | None, generatie: int = 1, dag: int = 0) -> UUID:
    made = UUID(int=MAX - nieuw_id().int)  # the last that is made is the first in order
    keys.execute(
        insert(gegevenssleutel).values(
            id=made, gemeente_id=gemeente, persoon_id=persoon, dossier_id=dossier, generatie=generatie, kek_id=uuid4(), ingepakt=b"x",
            gemaakt=BEGIN + timedelta(days=dag),
        )
    )  # fmt: skip
    return made


def left(keys: Connection) -> set[UUID]:
    return set(keys.execute(select(gegevenssleutel.c.id)).scalars())


@pytest.mark.parametrize(
    ("persoon", "dossier", "gone"),
    [(PERSOON, None, {0, 1}), (PERSOON, DOSSIER, {1}), (None, DOSSIER, {1, 2}), (ANDER, DOSSIER, {2}), (UUID(int=9), None, set())],
    ids=["a person", "a person in a dossier", "a dossier", "another in it", "somebody without keys"],
)
async def test_whose_keys_go_and_what_is_remembered_of_them(
    database: Database, persoon: UUID | None, dossier: UUID | None, gone: set[int]
) -> None:
    def work(keys: Connection) -> None:
        places: list[tuple[UUID, UUID, UUID | None]] = [
            (GEMEENTE, PERSOON, None), (GEMEENTE, PERSOON, DOSSIER), (GEMEENTE, ANDER, DOSSIER), (ANDERE, PERSOON, DOSSIER),
        ]  # fmt: skip
        made = [add(keys, *place) for place in places]
        found = live_data(keys, GEMEENTE, persoon, dossier)
        assert [key.id for key in found] == sorted(made[at] for at in gone)
        assert set(delete_data(keys, GEMEENTE, persoon, dossier)) == set(found)
        for _ in range(2):
            mark(keys, GEMEENTE, found[::-1], BEGIN)
        assert left(keys) == set(made) - {made[at] for at in gone}
        assert tombstones(keys) == sorted(Grafsteen(made[at], GEMEENTE, plek_van(*places[at]), BEGIN) for at in gone)

    await in_keys(database, work)


async def test_nobody_named_is_never_everybody(database: Database) -> None:
    def work(keys: Connection) -> None:
        made = {add(keys, GEMEENTE, PERSOON, None)}
        for function in (live_data, delete_data):
            with pytest.raises(ValueError, match=r"^whose keys"):
                function(keys, GEMEENTE, None, None)
        assert left(keys) == made

    await in_keys(database, work)


async def test_after_a_replay_of_the_destroyed_key_and_each_older_one_of_that_place_nothing_is_left_and_the_rest_is(
    database: Database,
) -> None:
    def work(keys: Connection) -> None:
        oud, net = (add(keys, GEMEENTE, PERSOON, DOSSIER, generatie, dag=dag) for generatie, dag in ((1, -9), (4, 0)))
        genoemd = add(keys, GEMEENTE, PERSOON, DOSSIER, 2, dag=9)  # made by a process whose clock is ahead
        kept = {
            add(keys, GEMEENTE, PERSOON, DOSSIER, 3, dag=1), add(keys, GEMEENTE, PERSOON, None, dag=-9),
            add(keys, GEMEENTE, ANDER, DOSSIER, dag=-9), add(keys, ANDERE, PERSOON, DOSSIER, dag=-9),
        }  # fmt: skip
        plek = plek_van(GEMEENTE, PERSOON, DOSSIER)
        stones = [Grafsteen(genoemd, GEMEENTE, plek, BEGIN), Grafsteen(nieuw_id(), GEMEENTE, plek, BEGIN - timedelta(days=20))]
        assert replay(keys, stones) == 3
        assert left(keys) == kept
        assert set(tombstones(keys)) == {
            *stones,
            *(Grafsteen(key, GEMEENTE, plek, BEGIN) for key in (oud, net)),
        }  # what is gone is known to be destroyed
        assert (replay(keys, stones), replay(keys, []), left(keys)) == (0, 0, kept)

    await in_keys(database, work)


async def test_more_than_a_batch_goes_in_a_few_statements(database: Database) -> None:
    def work(keys: Connection) -> None:
        stones = [
            Grafsteen(add(keys, GEMEENTE, UUID(int=at + 9), None), GEMEENTE, plek_van(GEMEENTE, UUID(int=at + 9), None), BEGIN)
            for at in range(BATCH + 1)
        ]
        kept = add(keys, GEMEENTE, PERSOON, None)
        with count_statements(database) as seen:
            assert replay(keys, iter(stones)) == BATCH + 1
        assert len(seen) == 7  # to find them, and for each of two batches: remember what was given, then what goes; destroy
        assert (left(keys), len(tombstones(keys))) == ({kept}, BATCH + 1)

    await in_keys(database, work)


def test_the_place_of_a_key_is_known_and_no_two_are_the_same() -> None:
    places: list[Any] = [(GEMEENTE, PERSOON, None), (GEMEENTE, PERSOON, DOSSIER), (GEMEENTE, DOSSIER, PERSOON), (PERSOON, GEMEENTE, None)]
    assert len({plek_van(*place) for place in places}) == 4
    assert plek_van(GEMEENTE, PERSOON, DOSSIER).hex() == "fbc018137a0bea7ac38f22b9793e0867"
