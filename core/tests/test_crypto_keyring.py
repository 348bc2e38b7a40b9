"""The key ring on both engines: keys that are made once, values that open, and keys that are gone for good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, inspect, select, update

from wijkwerk.crypto.envelope import Binding, key_id_of
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.klok import SysteemKlok
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties, check, downgrade
from wijkwerk.testing.databases import count_statements

T = TypeVar("T")
GEMEENTE, ANDERE_GEMEENTE = UUID(int=1), UUID(int=2)
PERSOON, ANDER, DOSSIER = UUID(int=11), UUID(int=12), UUID(int=21)

pytestmark = pytest.mark.anyio


class Ticks:
    """A clock that is set by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "hoofdsleutel")


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def ring(provider: FileProvider, database: Database, ticks: Ticks) -> Keyring:
    return Keyring(provider, database, SysteemKlok(), clock=ticks)


def place(row: UUID | None = None, gemeente: UUID = GEMEENTE) -> Binding:
    return Binding("notitie", gemeente, row or uuid4(), "tekst", 1)


async def read(database: Database, work: Callable[[Connection], T]) -> T:
    async with database.snapshot() as snapshot:
        return await snapshot.run(work)


async def in_keys(database: Database, statement: Any) -> Any:
    def unit(connection: Connection) -> Any:
        with database.keys(connection) as keys:
            result = keys.execute(statement)
            return result.all() if result.returns_rows else None

    return await database.transact(unit)


async def count(database: Database, table: Any) -> int:
    rows = await in_keys(database, select(func.count()).select_from(table))
    return int(rows[0][0])


async def names(database: Database) -> set[str]:
    def work(connection: Connection) -> set[str]:
        with database.keys(connection) as keys:
            return set(inspect(keys).get_table_names())

    return await read(database, work)


async def key_of(database: Database, ring: Keyring, persoon: UUID = PERSOON, dossier: UUID | None = None) -> UUID:
    return await database.transact(lambda c: ring.data_key(c, GEMEENTE, persoon, dossier))


async def opened(database: Database, ring: Keyring, blobs: list[Any]) -> list[bytes | None]:
    return await read(database, lambda c: ring.open(c, blobs))


async def sealed(database: Database, ring: Keyring, *plain: bytes, persoon: UUID = PERSOON, dossier: UUID | None = None) -> list[Any]:
    """Values of one person, each with its place."""

    def unit(connection: Connection) -> list[tuple[bytes, Binding]]:
        key_id = ring.data_key(connection, GEMEENTE, persoon, dossier)
        places = [place() for _ in plain]
        return [(ring.seal(connection, key_id, one, where), where) for one, where in zip(plain, places, strict=True)]

    return await database.transact(unit)


async def test_the_migration_makes_exactly_the_declared_tables(database: Database, migraties: list[Migraties]) -> None:
    own = [one for one in migraties if one.owner == "sleutels"]
    assert len(own) == 1
    assert [line for line in await check(database, own) if line.startswith("sleutels")] == []


async def test_the_migration_goes_back_to_nothing(database: Database, migraties: list[Migraties]) -> None:
    (own,) = [one for one in migraties if one.owner == "sleutels"]
    await downgrade(database, own, "base")
    assert not {"dienstsleutel", "gegevenssleutel"} & await names(database)


async def test_a_value_opens_in_another_process_in_a_snapshot(database: Database, ring: Keyring, provider: FileProvider) -> None:
    blobs = await sealed(database, ring, b"een", b"", b"drie")
    other = Keyring(provider, database, SysteemKlok())
    assert await opened(database, other, blobs) == [b"een", b"", b"drie"]
    assert await opened(database, ring, []) == []


async def test_a_person_has_one_key_per_dossier_and_one_outside(database: Database, ring: Keyring) -> None:
    def unit(connection: Connection) -> list[UUID]:
        asked = [(GEMEENTE, PERSOON), (GEMEENTE, PERSOON, DOSSIER), (GEMEENTE, ANDER), (ANDERE_GEMEENTE, PERSOON)]
        return [ring.data_key(connection, *one) for one in asked + asked]

    ids = await database.transact(unit)
    assert ids[:4] == ids[4:]
    assert len(set(ids)) == 4
    assert await count(database, gegevenssleutel) == 4


async def test_the_newest_generation_seals_and_every_generation_opens(database: Database, ring: Keyring, provider: FileProvider) -> None:
    first = await sealed(database, ring, b"eerste")
    (aside,) = await in_keys(database, select(gegevenssleutel))
    await in_keys(database, delete(gegevenssleutel))
    second = await sealed(database, ring, b"tweede")
    for generatie, newest in ((0, second), (2, first)):
        await in_keys(database, delete(gegevenssleutel).where(gegevenssleutel.c.id == aside.id))
        await in_keys(database, insert(gegevenssleutel).values({**aside._mapping, "generatie": generatie}))
        key_id = await read(database, lambda c: ring.data_key(c, GEMEENTE, PERSOON))
        assert key_id == key_id_of(newest[0][0])
        assert await opened(database, Keyring(provider, database, SysteemKlok()), first + second) == [b"eerste", b"tweede"]


async def test_many_at_once_make_one_key(database: Database, provider: FileProvider) -> None:
    rings = [Keyring(provider, database, SysteemKlok()) for _ in range(4)]
    ids = await asyncio.gather(*(key_of(database, ring, PERSOON, DOSSIER) for ring in rings * 2))
    assert len(set(ids)) == 1
    assert (await count(database, gegevenssleutel), await count(database, dienstsleutel)) == (1, 1)


async def test_what_many_at_once_sealed_all_opens(database: Database, provider: FileProvider) -> None:
    rings = [Keyring(provider, database, SysteemKlok()) for _ in range(6)]
    blobs = [one for batch in await asyncio.gather(*(sealed(database, ring, b"x") for ring in rings)) for one in batch]
    assert await opened(database, Keyring(provider, database, SysteemKlok()), blobs) == [b"x"] * 6


@pytest.mark.parametrize("size", [1, 500])
async def test_opening_takes_one_statement_for_all_keys_and_none_when_they_are_known(
    database: Database, ring: Keyring, provider: FileProvider, size: int
) -> None:
    def unit(connection: Connection) -> list[tuple[bytes, Binding]]:
        where = place()
        with database.keys(connection):
            keys = [ring.data_key(connection, GEMEENTE, UUID(int=1000 + number)) for number in range(size)]
        return [(ring.seal(connection, key, b"x", where), where) for key in keys]

    blobs = await database.transact(unit)
    fresh = Keyring(provider, database, SysteemKlok())
    for expected in (1, 0):
        with count_statements(database) as seen:
            assert await opened(database, fresh, blobs) == [b"x"] * size
        assert len(seen) == expected


async def test_a_batch_larger_than_the_cache_opens(database: Database, ring: Keyring, provider: FileProvider) -> None:
    blobs = [one for number in range(5) for one in await sealed(database, ring, b"x", persoon=UUID(int=number))]
    assert await opened(database, Keyring(provider, database, SysteemKlok(), size=2), blobs) == [b"x"] * 5


async def test_after_destruction_nothing_of_that_person_opens_anywhere(database: Database, ring: Keyring, provider: FileProvider) -> None:
    gone = await sealed(database, ring, b"a") + await sealed(database, ring, b"b", dossier=DOSSIER)
    kept = await sealed(database, ring, b"c", persoon=ANDER)
    await database.transact(lambda c: ring.data_key(c, ANDERE_GEMEENTE, PERSOON))
    own = {key_id_of(blob) for blob, _ in gone}
    assert await database.transact(lambda c: ring.keys_of(c, GEMEENTE, PERSOON)) == own
    assert {key.id for key in await database.transact(lambda c: ring.live(c, GEMEENTE, PERSOON))} == own
    assert [key.id for key in await database.transact(lambda c: ring.live(c, GEMEENTE, None, DOSSIER))] == [key_id_of(gone[1][0])]
    assert await database.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON)) == 2
    for one in (ring, Keyring(provider, database, SysteemKlok())):
        assert await opened(database, one, gone + kept) == [None, None, b"c"]
    assert await database.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON)) == 0


async def test_destroying_a_dossier_keeps_the_rest_of_the_person(database: Database, ring: Keyring) -> None:
    outside, inside = await sealed(database, ring, b"a"), await sealed(database, ring, b"b", dossier=DOSSIER)
    assert await database.transact(lambda c: ring.destroy(c, ANDERE_GEMEENTE, PERSOON, DOSSIER)) == 0
    assert await database.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON, DOSSIER)) == 1
    assert await opened(database, ring, outside + inside) == [b"a", None]


async def test_a_destroyed_key_does_not_seal_and_is_never_made_again(database: Database, ring: Keyring) -> None:
    before = await key_of(database, ring)
    await database.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON))
    with pytest.raises(SleutelOntbreekt):
        await database.transact(lambda c: ring.seal(c, before, b"geheim", place()))
    assert await key_of(database, ring) != before


async def test_another_process_forgets_at_once_when_told_and_else_within_its_time(
    database: Database, ring: Keyring, provider: FileProvider, ticks: Ticks
) -> None:
    blobs = await sealed(database, ring, b"a")
    told, asked, late = [Keyring(provider, database, SysteemKlok(), clock=ticks) for _ in range(3)]
    key_id = await key_of(database, ring)
    await database.transact(lambda c: asked.forget_destroyed(c, key_id))
    for other in (told, asked, late):
        assert await opened(database, other, blobs) == [b"a"]
    await database.transact(lambda c: asked.forget_destroyed(c, key_id))
    assert asked._opened.get(key_id) is not None
    await database.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON))
    told.forget(key_id)
    await database.transact(lambda c: asked.forget_destroyed(c, key_id))
    for other in (told, asked):
        assert await opened(database, other, blobs) == [None]
    ticks.now = 60
    assert await opened(database, late, blobs) == [None]


async def test_one_forged_value_spoils_the_batch(database: Database, ring: Keyring) -> None:
    (good, where), (other, _) = await sealed(database, ring, b"a", b"b")
    for forged in (other, good[:-1], b"", good + b"\x00"):
        with pytest.raises(Vervalst):
            await opened(database, ring, [(good, where), (forged, where)])


async def test_a_value_of_one_gemeente_does_not_open_or_seal_in_another(database: Database, ring: Keyring) -> None:
    ((blob, where),) = await sealed(database, ring, b"a")
    key_id = await key_of(database, ring)
    with pytest.raises(Vervalst):
        await opened(database, ring, [(blob, place(where.row, ANDERE_GEMEENTE))])
    with pytest.raises(SleutelOntbreekt):
        await database.transact(lambda c: ring.seal(c, key_id, b"a", place(gemeente=ANDERE_GEMEENTE)))


@pytest.mark.parametrize("change", [{"persoon_id": ANDER}, {"dossier_id": DOSSIER}, {"ingepakt": b"kort"}], ids=str)
async def test_a_wrapped_data_key_that_was_moved_or_changed_does_not_open(
    database: Database, ring: Keyring, provider: FileProvider, change: dict[str, Any]
) -> None:
    blobs = await sealed(database, ring, b"a")
    await in_keys(database, update(gegevenssleutel).values(**change))
    with pytest.raises(Vervalst):
        await opened(database, Keyring(provider, database, SysteemKlok()), blobs)


async def test_a_key_that_is_absent_can_not_be_made_in_a_snapshot(database: Database, ring: Keyring) -> None:
    with pytest.raises(SleutelOntbreekt):
        await read(database, lambda c: ring.data_key(c, GEMEENTE, PERSOON))
    assert (await count(database, gegevenssleutel), await count(database, dienstsleutel)) == (0, 0)
    made = await key_of(database, ring)
    assert await read(database, lambda c: ring.data_key(c, GEMEENTE, PERSOON)) == made


async def test_a_unit_that_fails_leaves_no_value_that_can_not_be_opened(database: Database, ring: Keyring, provider: FileProvider) -> None:
    def fails(connection: Connection) -> None:
        ring.data_key(connection, GEMEENTE, PERSOON)
        ring.data_key(connection, GEMEENTE, ANDER)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transact(fails)
    blobs = await sealed(database, ring, b"a") + await sealed(database, ring, b"b", persoon=ANDER, dossier=DOSSIER)
    assert await opened(database, Keyring(provider, database, SysteemKlok()), blobs) == [b"a", b"b"]


async def test_who_reads_an_older_snapshot_does_not_bring_a_destroyed_key_back(database: Database, ring: Keyring) -> None:
    blobs = await sealed(database, ring, b"a")
    async with database.snapshot() as snapshot:
        await snapshot.run(lambda c: c.execute(select(1)).all())
        await database.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON))
        await snapshot.run(lambda c: ring.open(c, blobs))
    assert await opened(database, ring, blobs) == [None]


@pytest.mark.parametrize("table", [dienstsleutel, gegevenssleutel], ids=["dienstsleutel", "gegevenssleutel"])
async def test_a_key_that_is_gone_and_was_not_destroyed_is_an_error(
    database: Database, ring: Keyring, provider: FileProvider, table: Table
) -> None:
    kept, gone = await sealed(database, ring, b"a", persoon=ANDER), await sealed(database, ring, b"b")
    await database.transact(lambda c: ring.destroy(c, GEMEENTE, ANDER))
    await in_keys(database, delete(table))
    assert await opened(database, Keyring(provider, database, SysteemKlok()), kept) == [None]
    with pytest.raises(SleutelOntbreekt):
        await opened(database, Keyring(provider, database, SysteemKlok()), kept + gone)


@pytest.mark.parametrize("bounds", [{"ttl": 0}, {"ttl": 60.1}, {"ttl": -1}, {"size": 0}, {"ttl": float("nan")}])
async def test_opened_keys_can_not_be_kept_longer_than_a_minute_or_without_bound(
    database: Database, provider: FileProvider, bounds: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="ttl"):
        Keyring(provider, database, SysteemKlok(), **bounds)


async def test_one_key_for_a_moment_is_enough(database: Database, ring: Keyring, provider: FileProvider) -> None:
    blobs = await sealed(database, ring, b"a") + await sealed(database, ring, b"b", persoon=ANDER)
    assert await opened(database, Keyring(provider, database, SysteemKlok(), ttl=0.1, size=1), blobs) == [b"a", b"b"]
