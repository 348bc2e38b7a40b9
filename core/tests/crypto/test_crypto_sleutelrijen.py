"""Rows of keys: which are found and in which order, and that each step of renewing leaves alone what is not its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, literal, select, text, update

from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import (
    Dienstsleutel,
    Gegevenssleutel,
    add_data,
    dienstsleutel,
    gegevenssleutel,
    newest_data,
    newest_service,
    service_context,
)
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rotation import NIETS, names_kek
from wijkwerk.crypto.service_keys import KEK, LOG_PSEUDONIEM
from wijkwerk.klok import SysteemKlok
from wijkwerk.storage.base import Database

pytestmark = pytest.mark.anyio
T = TypeVar("T")
GEMEENTE, ANDERE = UUID(int=1), UUID(int=2)
DOSSIER = UUID(int=21)
PERSONEN = [UUID(int=number) for number in range(11, 16)]
G, D = gegevenssleutel.c, dienstsleutel.c


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "hoofdsleutel")


@pytest.fixture
def ring(provider: FileProvider, database: Database) -> Keyring:
    return Keyring(provider, database, SysteemKlok())


async def in_keys(database: Database, work: Callable[[Connection], T]) -> T:
    def unit(connection: Connection) -> T:
        with database.keys(connection) as keys:
            return work(keys)

    return await database.transact(unit)


async def rows(database: Database, table: Any) -> list[Any]:
    return list(await in_keys(database, lambda keys: keys.execute(select(table).order_by(table.c.gemeente_id, table.c.id)).all()))


async def data_keys(database: Database, ring: Keyring, personen: list[UUID]) -> list[UUID]:
    return await database.transact(lambda c: [ring.data_key(c, GEMEENTE, persoon) for persoon in personen])


async def kek_of(database: Database, ring: Keyring) -> Dienstsleutel:
    return (await database.transact(lambda c: ring.rotation.generations(c, GEMEENTE, KEK)))[-1]


async def make_data(database: Database, ring: Keyring, generatie: int) -> UUID:
    """The next generation of the data key of the first person, in a unit that has read before."""

    def unit(connection: Connection) -> UUID:
        ring.rotation.generations(connection, GEMEENTE, KEK)
        return ring.rotation.make_data(connection, GEMEENTE, PERSONEN[0], None, generatie).id

    return await database.transact(unit)


async def put_again_last_first(database: Database, table: Any) -> list[Any]:
    """The same rows, put in from the last id to the first: an order that nobody asked for is another one than that of ids."""
    found = await rows(database, table)

    def work(keys: Connection) -> None:
        if keys.dialect.name == "postgresql":  # for this connection: nor does an index bring them in order
            for setting in ("enable_indexscan = off", "enable_bitmapscan = off", "plan_cache_mode = force_custom_plan"):
                keys.execute(text(f"SET {setting}"))
        keys.execute(table.delete())
        keys.execute(insert(table), [dict(row._mapping) for row in reversed(found)])

    await in_keys(database, work)
    return found


async def elsewhere(database: Database, table: Any) -> list[Any]:
    """A copy of each row, with the same id, in another municipality: what is done in one never touches it."""
    copies = [{**row._mapping, "gemeente_id": ANDERE} for row in await rows(database, table)]
    await in_keys(database, lambda keys: keys.execute(insert(table), copies))
    return [row for row in await rows(database, table) if row.gemeente_id == ANDERE]


async def test_data_keys_are_wrapped_anew_in_order_a_batch_at_a_time_and_those_of_another_gemeente_stay(
    database: Database, ring: Keyring
) -> None:
    rotation = ring.rotation
    ids = sorted(await data_keys(database, ring, PERSONEN))
    old = await kek_of(database, ring)
    copies = await elsewhere(database, gegevenssleutel)
    await put_again_last_first(database, gegevenssleutel)
    await database.transact(lambda c: rotation.renew_service(c, GEMEENTE, KEK))
    new = await kek_of(database, ring)
    steps, na = [], NIETS
    while True:
        batch = await database.transact(partial(rotation.rewrap_data, old=old, new=new, na=na, size=3))
        steps.append((batch.gedaan, batch.dicht, batch.verder_na))
        if batch.verder_na is None:
            break
        na = batch.verder_na
    assert steps == [(3, 0, ids[2]), (2, 0, None)]
    assert [row for row in await rows(database, gegevenssleutel) if row.gemeente_id == ANDERE] == copies
    assert await database.transact(lambda c: (rotation.data_under(c, old), rotation.data_under(c, new))) == (0, 5)
    # nor do they keep the old key, of which a row with the same id stays elsewhere
    other = [row for row in await elsewhere(database, dienstsleutel) if row.id == old.id]
    assert await database.transact(lambda c: rotation.destroy_service(c, old, names_kek(old)))
    assert [row for row in await rows(database, dienstsleutel) if row.id == old.id] == other
    assert await kek_of(database, ring) == new
    gone = old._replace(id=UUID(int=90))
    assert not await database.transact(lambda c: rotation.destroy_service(c, gone, names_kek(gone)))


async def test_what_does_not_open_is_counted_and_the_rest_is_wrapped_anew(database: Database, ring: Keyring) -> None:
    ids = sorted(await data_keys(database, ring, PERSONEN[:3]))
    old = await kek_of(database, ring)
    await in_keys(database, lambda keys: keys.execute(update(gegevenssleutel).where(G.id == ids[0]).values(ingepakt=b"x" * 60)))
    await database.transact(lambda c: ring.rotation.renew_service(c, GEMEENTE, KEK))
    new = await kek_of(database, ring)
    batch = await database.transact(lambda c: ring.rotation.rewrap_data(c, old, new, NIETS, 3))
    assert (batch.gedaan, batch.dicht, batch.verder_na) == (2, 1, ids[2])
    after = await database.transact(lambda c: ring.rotation.rewrap_data(c, old, new, ids[0], 3))
    assert (after.gedaan, after.dicht, after.verder_na) == (0, 0, None)  # after that one, not from it


async def test_service_keys_of_a_root_key_are_wrapped_anew_past_one_that_does_not_open(
    database: Database, ring: Keyring, provider: FileProvider
) -> None:
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    first, *others = await put_again_last_first(database, dienstsleutel)
    await in_keys(database, lambda keys: keys.execute(update(dienstsleutel).where(D.id == first.id).values(ingepakt=b"x" * 60)))
    old, _ = provider.current_id(), provider.renew()
    under = await database.transact(lambda c: ring.rotation.service_under(c, old))
    assert [row.id for row in under] == [first.id, *(row.id for row in others)]
    batch = await database.transact(lambda c: ring.rotation.rewrap_service(c, old))
    assert (batch.gedaan, batch.dicht, batch.verder_na) == (2, 1, None)
    assert [row.id for row in await database.transact(lambda c: ring.rotation.service_under(c, old))] == [first.id]
    assert await database.transact(lambda c: ring.rotation.readable_service(c)) == 2


async def test_a_renewed_key_is_used_at_once_by_who_renewed_it(database: Database, ring: Keyring, provider: FileProvider) -> None:
    for _ in range(2):  # what was made in a unit is remembered from the next on
        before = await database.transact(lambda c: ring.pseudonym(c, GEMEENTE, b"x"))
    await database.transact(lambda c: ring.rotation.renew_service(c, GEMEENTE, LOG_PSEUDONIEM))
    after = await database.transact(lambda c: ring.pseudonym(c, GEMEENTE, b"x"))
    assert after != before
    assert await database.transact(lambda c: Keyring(provider, database, SysteemKlok()).pseudonym(c, GEMEENTE, b"x")) == after


async def test_generations_are_numbered_and_stand_from_old_to_new_however_they_were_put_in(database: Database, ring: Keyring) -> None:
    [eerste] = await data_keys(database, ring, PERSONEN[:1])
    rotation, persoon = ring.rotation, PERSONEN[0]
    tweede = await make_data(database, ring, 2)
    await database.transact(lambda c: rotation.renew_service(c, GEMEENTE, KEK))
    await put_again_last_first(database, gegevenssleutel)
    await put_again_last_first(database, dienstsleutel)
    within = await database.transact(lambda c: ring.data_key(c, GEMEENTE, persoon, DOSSIER))
    assert await database.transact(lambda c: rotation.data_generations(c, GEMEENTE, persoon, None)) == [(eerste, 1), (tweede, 2)]
    assert await database.transact(lambda c: rotation.data_generations(c, GEMEENTE, persoon, DOSSIER)) == [(within, 1)]
    assert [row.generatie for row in await database.transact(lambda c: rotation.generations(c, GEMEENTE, KEK))] == [1, 2]
    assert (await in_keys(database, lambda keys: newest_service(keys, GEMEENTE, KEK.name))) == await kek_of(database, ring)


async def test_a_data_key_is_not_stored_beside_a_newer_one_nor_under_a_key_of_another_gemeente(
    database: Database, ring: Keyring, provider: FileProvider
) -> None:
    await data_keys(database, ring, PERSONEN[:1])
    kek, nu = await kek_of(database, ring), SysteemKlok().nu()
    await make_data(database, ring, 3)
    before = await rows(database, gegevenssleutel)
    strange = provider.wrap(b"k" * 32, service_context(kek.id, ANDERE, "KEK", 1))

    def work(keys: Connection) -> None:
        add_data(keys, Gegevenssleutel(UUID(int=90), GEMEENTE, PERSONEN[0], None, b"x", kek), 2, nu)
        add_data(keys, Gegevenssleutel(UUID(int=91), ANDERE, PERSONEN[1], None, b"x", kek._replace(ingepakt=strange[1])), 1, nu)
        assert newest_data(keys, ANDERE, PERSONEN[1], None) is None

    await in_keys(database, work)
    assert await rows(database, gegevenssleutel) == before


async def test_a_data_key_is_destroyed_when_who_looks_in_the_rows_finds_it_nowhere(database: Database, ring: Keyring) -> None:
    [key] = await data_keys(database, ring, PERSONEN[:1])

    def found(answer: int) -> Callable[[Connection], bool]:
        return lambda connection: bool(connection.execute(select(literal(answer))).scalar())

    assert not await database.transact(lambda c: ring.rotation.destroy_data(c, key, found(1)))
    assert await database.transact(lambda c: ring.rotation.destroy_data(c, key, found(0)))
    assert not await database.transact(lambda c: ring.rotation.destroy_data(c, key, found(0)))


async def test_without_a_gemeente_key_after_all_nothing_is_made(database: Database, ring: Keyring) -> None:
    with pytest.raises(SleutelOntbreekt):
        async with database.snapshot() as snapshot:
            await snapshot.run(lambda c: ring.rotation.make_data(c, GEMEENTE, PERSONEN[0], None))
    assert await rows(database, gegevenssleutel) == []
