"""Keys of the service itself: blind index, pseudonyms, signing and message authentication; made once, moved never."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import cbor2
import pytest
from sqlalchemy import Connection, delete, insert, select, update

from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import SYSTEEM, Dienstsleutel, data_context, dienstsleutel, service_context
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.service_keys import existing
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.klok import SysteemKlok
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import count_statements

T = TypeVar("T")
GEMEENTE, ANDERE_GEMEENTE = UUID(int=1), UUID(int=2)
BSN, ANDER_BSN = "999990019", "999993653"

pytestmark = pytest.mark.anyio

NEEDS_A_KEY: list[Callable[[Keyring, Connection], Any]] = [
    lambda ring, c: ring.blind_indexer(c, GEMEENTE)(BSN),
    lambda ring, c: ring.pseudonym(c, GEMEENTE, b"x"),
    lambda ring, c: ring.signing_key(c, "LOG_IDENTITEIT"),
    lambda ring, c: ring.mac_key(c, "CURSOR"),
    lambda ring, c: ring.prepare(c, GEMEENTE),
]


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "hoofdsleutel")


@pytest.fixture
def ring(provider: FileProvider, database: Database) -> Keyring:
    return Keyring(provider, database, SysteemKlok())


async def read(database: Database, work: Callable[[Connection], T]) -> T:
    async with database.snapshot() as snapshot:
        return await snapshot.run(work)


async def rows(database: Database) -> list[Any]:
    return list(await in_keys(database, select(dienstsleutel)))


async def in_keys(database: Database, statement: Any) -> Any:
    def unit(connection: Connection) -> Any:
        with database.keys(connection) as keys:
            result = keys.execute(statement)
            return result.all() if result.returns_rows else None

    return await database.transact(unit)


async def test_prepare_makes_the_keys_of_a_gemeente_once(database: Database, ring: Keyring) -> None:
    for _ in range(2):
        await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    made = await rows(database)
    assert sorted(row.doel for row in made) == ["BSN_INDEX", "KEK", "LOG_PSEUDONIEM"]
    assert {row.gemeente_id for row in made} == {GEMEENTE}


async def test_after_prepare_a_snapshot_finds_every_key(database: Database, ring: Keyring, provider: FileProvider) -> None:
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    assert len(await read(database, lambda c: Keyring(provider, database, SysteemKlok()).blind_indexer(c, GEMEENTE)(BSN)[0])) == 16


@pytest.mark.parametrize("need", NEEDS_A_KEY)
async def test_a_snapshot_that_misses_a_key_gets_an_error_and_nothing_is_made(
    database: Database, ring: Keyring, need: Callable[[Keyring, Connection], Any]
) -> None:
    with pytest.raises(SleutelOntbreekt):
        await read(database, lambda c: need(ring, c))
    assert await rows(database) == []


@pytest.mark.parametrize("need", NEEDS_A_KEY[:2])
async def test_a_snapshot_that_has_read_before_gets_the_same_error(
    database: Database, ring: Keyring, need: Callable[[Keyring, Connection], Any]
) -> None:
    def work(connection: Connection) -> None:
        connection.execute(select(1))
        need(ring, connection)

    with pytest.raises(SleutelOntbreekt):
        await read(database, work)
    assert await rows(database) == []


async def test_the_blind_index_is_the_same_in_every_process_and_other_per_value_and_gemeente(
    database: Database, ring: Keyring, provider: FileProvider
) -> None:
    other = Keyring(provider, database, SysteemKlok())

    def unit(connection: Connection) -> list[bytes]:
        asked = [(ring, GEMEENTE, BSN), (other, GEMEENTE, BSN), (ring, GEMEENTE, ANDER_BSN), (ring, ANDERE_GEMEENTE, BSN)]
        return [one.blind_indexer(connection, gemeente)(value)[0] for one, gemeente, value in asked]

    first, same, *different = await database.transact(unit)
    assert first == same
    assert len({first, *different}) == 3
    assert len(first) == 16
    assert BSN.encode() not in first


async def test_index_and_pseudonym_are_hmac_sha256_with_keys_of_their_own(
    database: Database, ring: Keyring, provider: FileProvider
) -> None:
    [index] = await database.transact(lambda c: ring.blind_indexer(c, GEMEENTE)(BSN))
    pseudonym = await database.transact(lambda c: ring.pseudonym(c, GEMEENTE, BSN.encode()))
    secrets = {row.doel: unwrapped(provider, row) for row in await rows(database)}
    assert index == hmac.digest(secrets["BSN_INDEX"], BSN.encode(), "sha256")[:16]
    assert pseudonym == hmac.digest(secrets["LOG_PSEUDONIEM"], BSN.encode(), "sha256")[:16]
    assert index != pseudonym


def unwrapped(provider: FileProvider, row: Any) -> bytes:
    context = service_context(row.id, row.gemeente_id, row.doel, row.generatie)
    return provider.unwrap(row.provider_sleutel, row.ingepakt, context)


async def test_text_that_can_not_be_encoded_is_refused_without_repeating_it(database: Database, ring: Keyring) -> None:
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    before = await rows(database)
    with pytest.raises(OngeldigeInvoer) as refused:
        await database.transact(lambda c: ring.blind_indexer(c, GEMEENTE)(BSN + "\ud800"))
    assert BSN not in str(refused.value)
    assert refused.value.__suppress_context__
    assert await rows(database) == before


async def test_a_signing_key_is_the_same_in_every_process_and_other_per_name(
    database: Database, ring: Keyring, provider: FileProvider
) -> None:
    log, other = await database.transact(lambda c: (ring.signing_key(c, "LOG_IDENTITEIT"), ring.signing_key(c, "ANDERS")))
    again = await read(database, lambda c: Keyring(provider, database, SysteemKlok()).signing_key(c, "LOG_IDENTITEIT"))
    again.public_key().verify(log.sign(b"regel"), b"regel")
    assert other.public_key() != log.public_key()
    assert {row.gemeente_id for row in await rows(database)} == {SYSTEEM}


async def test_a_name_never_reaches_a_key_of_another_kind(database: Database, ring: Keyring) -> None:
    def unit(connection: Connection) -> tuple[bytes, bytes]:
        for gemeente in (SYSTEEM, GEMEENTE):
            ring.prepare(connection, gemeente)
        return ring.mac_key(connection, "KEK"), ring.signing_key(connection, "KEK").private_bytes_raw()

    mac, seed = await database.transact(unit)
    assert len(mac) == 32
    assert mac != seed
    assert len(await rows(database)) == 8


async def test_many_at_once_make_one_service_key(database: Database, provider: FileProvider) -> None:
    rings = [Keyring(provider, database, SysteemKlok()) for _ in range(8)]
    made = await asyncio.gather(*(mac_of(database, ring) for ring in rings))
    assert len(set(made)) == 1
    assert len(await rows(database)) == 1


async def mac_of(database: Database, ring: Keyring) -> bytes:
    return await database.transact(lambda c: ring.mac_key(c, "CURSOR"))


async def test_a_known_key_takes_no_statement_and_is_read_again_after_its_time(database: Database, provider: FileProvider) -> None:
    now = [0.0]
    ring = Keyring(provider, database, SysteemKlok(), clock=lambda: now[0])
    await mac_of(database, ring)
    for moment, expected in ((0.0, 1), (59.9, 0), (60.0, 1)):
        now[0] = moment
        with count_statements(database) as seen:
            await read(database, lambda c: ring.mac_key(c, "CURSOR"))
        assert len(seen) == expected


async def test_a_key_made_in_a_unit_that_fails_is_not_used_afterwards(database: Database, ring: Keyring, provider: FileProvider) -> None:
    def fails(connection: Connection) -> None:
        ring.prepare(connection, GEMEENTE)
        ring.blind_indexer(connection, GEMEENTE)(BSN)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transact(fails)
    index = await database.transact(lambda c: ring.blind_indexer(c, GEMEENTE)(BSN))
    assert index == await read(database, lambda c: Keyring(provider, database, SysteemKlok()).blind_indexer(c, GEMEENTE)(BSN))


@pytest.mark.parametrize(
    "change", [{"generatie": 2}, {"id": UUID(int=5)}, {"ingepakt": b"kort"}, {"gemeente_id": ANDERE_GEMEENTE}], ids=str
)
async def test_a_wrapped_key_that_was_moved_or_changed_does_not_open(
    database: Database, ring: Keyring, provider: FileProvider, change: dict[str, Any]
) -> None:
    await database.transact(lambda c: ring.blind_indexer(c, GEMEENTE)(BSN))
    await in_keys(database, update(dienstsleutel).values(**change))
    gemeente = change.get("gemeente_id", GEMEENTE)
    with pytest.raises(Vervalst):
        await read(database, lambda c: Keyring(provider, database, SysteemKlok()).blind_indexer(c, gemeente)(BSN))


async def test_a_key_for_another_purpose_does_not_open_as_this_one(database: Database, ring: Keyring, provider: FileProvider) -> None:
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    own = {row.doel: row for row in await rows(database)}
    await in_keys(database, delete(dienstsleutel).where(dienstsleutel.c.doel == "KEK"))
    await in_keys(database, insert(dienstsleutel).values({**own["BSN_INDEX"]._mapping, "doel": "KEK", "id": UUID(int=5)}))
    with pytest.raises(Vervalst):
        await database.transact(lambda c: Keyring(provider, database, SysteemKlok()).data_key(c, GEMEENTE, UUID(int=9)))


async def test_the_newest_generation_is_used(database: Database, ring: Keyring, provider: FileProvider) -> None:
    old = await mac_of(database, ring)
    (row,) = await rows(database)
    key_id = UUID(int=5)
    root, wrapped = provider.wrap(b"n" * 32, service_context(key_id, SYSTEEM, "MAC:CURSOR", 2))
    new = Dienstsleutel(key_id, SYSTEEM, "MAC:CURSOR", 2, root, wrapped)
    await in_keys(database, insert(dienstsleutel).values({**new._asdict(), "gemaakt": row.gemaakt}))
    assert await mac_of(database, Keyring(provider, database, SysteemKlok())) == b"n" * 32 != old


async def test_a_row_that_is_not_there_after_all_is_an_error(database: Database) -> None:
    with pytest.raises(SleutelOntbreekt):
        existing(None)


class Geteld(FileProvider):
    """Counts how often the root key is asked for: with a token that is a call to a device."""

    keren = 0

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        self.keren += 1
        return super().unwrap(key_id, blob, context)


async def test_a_key_that_is_open_is_not_asked_of_the_provider_again(database: Database, tmp_path: Path) -> None:
    provider = Geteld(tmp_path / "hoofdsleutel")
    ring = Keyring(provider, database, SysteemKlok())
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    found = [await read(database, lambda c: ring.pseudonym(c, GEMEENTE, b"x")) for _ in range(3)]
    assert (len(set(found)), provider.keren) == (1, 3)  # the three keys of the gemeente, once each


def test_what_a_wrapped_key_is_bound_to_never_changes() -> None:
    one, two, three = (UUID(int=number) for number in (1, 2, 3))
    service = cbor2.dumps(["dienst", one.bytes, two.bytes, "KEK", 4])
    data = cbor2.dumps(["gegevens", one.bytes, two.bytes, three.bytes, None])
    assert service_context(one, two, "KEK", 4) == service
    assert data_context(one, two, three, None) == data
    assert data_context(one, two, three, one) == data[:-1] + cbor2.dumps(one.bytes)
