"""The key ring on both engines: keys that are made once, values that open, and keys that are gone for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, event, func, select, update

import wijkwerk.storage
from wijkwerk.crypto.envelope import Binding
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties, check, migrate

SLEUTELS = Migraties(owner="sleutels", map=Path(wijkwerk.storage.__file__).parents[1] / "migrations" / "sleutels", keys=True)
GEMEENTE, ANDERE_GEMEENTE = UUID(int=1), UUID(int=2)
PERSOON, ANDER, DOSSIER = UUID(int=11), UUID(int=12), UUID(int=21)

pytestmark = pytest.mark.anyio


class Ticks:
    """A clock that is set by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Database]:
    await migrate(database, [SLEUTELS])
    yield database


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "hoofdsleutel")


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def ring(provider: FileProvider, store: Database, ticks: Ticks) -> Keyring:
    return Keyring(provider, store, clock=ticks)


def place(row: UUID | None = None, gemeente: UUID = GEMEENTE) -> Binding:
    return Binding("notitie", gemeente, row or uuid4(), "tekst", 1)


async def read(store: Database, work: Callable[[Connection], Any]) -> Any:
    async with store.snapshot() as snapshot:
        return await snapshot.run(work)


async def in_keys(store: Database, statement: Any) -> Any:
    def unit(connection: Connection) -> Any:
        with store.keys(connection) as keys:
            result = keys.execute(statement)
            return result.all() if result.returns_rows else None

    return await store.transact(unit)


async def count(store: Database, table: Any) -> int:
    rows = await in_keys(store, select(func.count()).select_from(table))
    return int(rows[0][0])


async def sealed(store: Database, ring: Keyring, *plain: bytes, persoon: UUID = PERSOON, dossier: UUID | None = None) -> list[Any]:
    """Values of one person, each with its place."""

    def unit(connection: Connection) -> list[tuple[bytes, Binding]]:
        key_id = ring.data_key(connection, GEMEENTE, persoon, dossier)
        places = [place() for _ in plain]
        return [(ring.seal(connection, key_id, one, where), where) for one, where in zip(plain, places, strict=True)]

    return await store.transact(unit)


@contextmanager
def statements(store: Any) -> Iterator[list[str]]:
    """The SELECTs on the tables of keys that run inside the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "sleutel" in statement:
            seen.append(statement)

    for engine in store.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in store.engines:
        event.remove(engine, "before_cursor_execute", note)


async def test_the_migration_makes_exactly_the_declared_tables(store: Database) -> None:
    assert await check(store, [SLEUTELS]) == []


async def test_a_value_opens_in_another_process_in_a_snapshot(store: Database, ring: Keyring, provider: FileProvider) -> None:
    blobs = await sealed(store, ring, b"een", b"", b"drie")
    other = Keyring(provider, store)
    assert await read(store, lambda c: other.open(c, blobs)) == [b"een", b"", b"drie"]
    assert await read(store, lambda c: ring.open(c, [])) == []


async def test_a_person_has_one_key_per_dossier_and_one_outside(store: Database, ring: Keyring) -> None:
    def unit(connection: Connection) -> list[UUID]:
        asked = [(GEMEENTE, PERSOON), (GEMEENTE, PERSOON, DOSSIER), (GEMEENTE, ANDER), (ANDERE_GEMEENTE, PERSOON)]
        return [ring.data_key(connection, *one) for one in asked + asked]

    ids = await store.transact(unit)
    assert ids[:4] == ids[4:]
    assert len(set(ids)) == 4
    assert await count(store, gegevenssleutel) == 4


async def test_the_newest_generation_seals_and_every_generation_opens(store: Database, ring: Keyring, provider: FileProvider) -> None:
    old = await sealed(store, ring, b"oud")
    await in_keys(store, update(gegevenssleutel).values(generatie=0))

    def next_generation(connection: Connection) -> tuple[UUID, UUID]:
        first = ring.data_key(connection, GEMEENTE, PERSOON)
        row = ring._make(connection, GEMEENTE, PERSOON, None)
        return first, row.id

    first, second = await store.transact(next_generation)
    new = await sealed(store, ring, b"nieuw")
    assert first != second
    assert await store.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON)) == second
    assert await read(store, lambda c: Keyring(provider, store).open(c, old + new)) == [b"oud", b"nieuw"]


async def test_many_at_once_make_one_key(store: Database, provider: FileProvider) -> None:
    rings = [Keyring(provider, store) for _ in range(4)]
    units = [store.transact(lambda c, ring=ring: ring.data_key(c, GEMEENTE, PERSOON, DOSSIER)) for ring in rings * 2]  # type: ignore[misc]
    ids = await asyncio.gather(*units)
    assert len(set(ids)) == 1
    assert (await count(store, gegevenssleutel), await count(store, dienstsleutel)) == (1, 1)


async def test_what_many_at_once_sealed_all_opens(store: Database, provider: FileProvider) -> None:
    rings = [Keyring(provider, store) for _ in range(6)]
    blobs = [one for batch in await asyncio.gather(*(sealed(store, ring, b"x") for ring in rings)) for one in batch]
    assert await read(store, lambda c: Keyring(provider, store).open(c, blobs)) == [b"x"] * 6


@pytest.mark.parametrize("size", [1, 500])
async def test_opening_takes_one_statement_for_all_keys_and_none_when_they_are_known(
    store: Database, ring: Keyring, provider: FileProvider, size: int
) -> None:
    def unit(connection: Connection) -> list[tuple[bytes, Binding]]:
        where = place()
        keys = [ring.data_key(connection, GEMEENTE, UUID(int=1000 + number)) for number in range(size)]
        return [(ring.seal(connection, key, b"x", where), where) for key in keys]

    blobs = await store.transact(unit)
    fresh = Keyring(provider, store)
    for expected in (1, 0):
        with statements(store) as seen:
            assert await read(store, lambda c: fresh.open(c, blobs)) == [b"x"] * size
        assert len(seen) == expected


async def test_a_batch_larger_than_the_cache_opens(store: Database, ring: Keyring, provider: FileProvider) -> None:
    blobs = [one for number in range(5) for one in await sealed(store, ring, b"x", persoon=UUID(int=number))]
    assert await read(store, lambda c: Keyring(provider, store, size=2).open(c, blobs)) == [b"x"] * 5


async def test_after_destruction_nothing_of_that_person_opens_anywhere(store: Database, ring: Keyring, provider: FileProvider) -> None:
    gone = await sealed(store, ring, b"a") + await sealed(store, ring, b"b", dossier=DOSSIER)
    kept = await sealed(store, ring, b"c", persoon=ANDER)
    assert await store.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON)) == 2
    for one in (ring, Keyring(provider, store)):
        assert await read(store, lambda c, one=one: one.open(c, gone + kept)) == [None, None, b"c"]
    assert await store.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON)) == 0


async def test_destroying_a_dossier_keeps_the_rest_of_the_person(store: Database, ring: Keyring) -> None:
    outside, inside = await sealed(store, ring, b"a"), await sealed(store, ring, b"b", dossier=DOSSIER)
    assert await store.transact(lambda c: ring.destroy(c, ANDERE_GEMEENTE, PERSOON, DOSSIER)) == 0
    assert await store.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON, DOSSIER)) == 1
    assert await read(store, lambda c: ring.open(c, outside + inside)) == [b"a", None]


async def test_a_destroyed_key_does_not_seal_and_is_never_made_again(store: Database, ring: Keyring) -> None:
    before = await store.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON))
    await store.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON))
    with pytest.raises(SleutelOntbreekt):
        await store.transact(lambda c: ring.seal(c, before, b"geheim", place()))
    assert await store.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON)) != before


async def test_another_process_forgets_at_once_when_told_and_else_within_its_time(
    store: Database, ring: Keyring, provider: FileProvider, ticks: Ticks
) -> None:
    blobs = await sealed(store, ring, b"a")
    told, late = Keyring(provider, store, clock=ticks), Keyring(provider, store, clock=ticks)
    for other in (told, late):
        assert await read(store, lambda c, other=other: other.open(c, blobs)) == [b"a"]
    key_id = await store.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON))
    await store.transact(lambda c: ring.destroy(c, GEMEENTE, PERSOON))
    told.forget(key_id)
    assert await read(store, lambda c: told.open(c, blobs)) == [None]
    ticks.now = 60
    assert await read(store, lambda c: late.open(c, blobs)) == [None]


async def test_one_forged_value_spoils_the_batch(store: Database, ring: Keyring) -> None:
    (good, where), (other, _) = await sealed(store, ring, b"a", b"b")
    for forged in (other, good[:-1], b"", good + b"\x00"):
        with pytest.raises(Vervalst):
            await read(store, lambda c, forged=forged: ring.open(c, [(good, where), (forged, where)]))


async def test_a_value_of_one_gemeente_does_not_open_or_seal_in_another(store: Database, ring: Keyring) -> None:
    ((blob, where),) = await sealed(store, ring, b"a")
    key_id = await store.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON))
    with pytest.raises(Vervalst):
        await read(store, lambda c: ring.open(c, [(blob, place(where.row, ANDERE_GEMEENTE))]))
    with pytest.raises(SleutelOntbreekt):
        await store.transact(lambda c: ring.seal(c, key_id, b"a", place(gemeente=ANDERE_GEMEENTE)))


@pytest.mark.parametrize("change", [{"persoon_id": ANDER}, {"dossier_id": DOSSIER}, {"ingepakt": b"kort"}], ids=str)
async def test_a_wrapped_data_key_that_was_moved_or_changed_does_not_open(
    store: Database, ring: Keyring, provider: FileProvider, change: dict[str, Any]
) -> None:
    blobs = await sealed(store, ring, b"a")
    await in_keys(store, update(gegevenssleutel).values(**change))
    with pytest.raises(Vervalst):
        await read(store, lambda c: Keyring(provider, store).open(c, blobs))


@pytest.mark.parametrize("change", [{"generatie": 2}, {"doel": "KEK"}, {"ingepakt": b"kort"}], ids=str)
async def test_a_wrapped_service_key_that_was_moved_or_changed_does_not_open(
    store: Database, ring: Keyring, provider: FileProvider, change: dict[str, Any]
) -> None:
    await store.transact(lambda c: ring.blind_index(c, GEMEENTE, "999990019"))
    await in_keys(store, update(dienstsleutel).values(**change))
    with pytest.raises(Vervalst):
        await store.transact(lambda c: Keyring(provider, store).data_key(c, GEMEENTE, PERSOON)) if "doel" in change else await read(
            store, lambda c: Keyring(provider, store).blind_index(c, GEMEENTE, "999990019")
        )
