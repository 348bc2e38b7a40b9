"""Renewing keys beside an open transaction that stores something: on PostgreSQL, where two of them write at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, text

from wijkwerk.crypto.envelope import Binding
from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import Dienstsleutel, all_service, dienstsleutel, gegevenssleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rewrapping import Batch
from wijkwerk.crypto.rotation import NIETS, names_kek
from wijkwerk.crypto.service_keys import BSN_INDEX, KEK, KeyUse
from wijkwerk.klok import SysteemKlok
from wijkwerk.storage.base import Database
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.storage.revisions import Migraties
from wijkwerk.testing.databases import PostgresTemplates
from wijkwerk.testing.samenvoegingen import wacht_op_een_ander
from wijkwerk.testing.tegelijk import bezig

pytestmark = pytest.mark.anyio
GEMEENTE, ANDERE, EEN, TWEE = UUID(int=1), UUID(int=2), UUID(int=11), UUID(int=12)
PLAATS = Binding("notitie", GEMEENTE, UUID(int=21), "tekst", 1)


@pytest.fixture
async def database(migraties: list[Migraties], pg_templates: PostgresTemplates) -> AsyncIterator[Database]:
    async with pg_templates.clone(migraties) as url:
        opened = PostgresDatabase(url)
        await opened.open()
        await opened.transact(lambda c: c.execute(text(f"ALTER DATABASE \"{url.database}\" SET lock_timeout = '20s'")))
        await opened.close()  # from the next connection on who waits for nothing fails, instead of waiting for ever
        await opened.open()
        yield opened
        await opened.close()


@pytest.fixture
async def ring(database: Database, tmp_path: Path) -> Keyring:
    made = Keyring(FileProvider(tmp_path / "hoofdsleutel"), database, SysteemKlok())
    await database.transact(lambda c: made.prepare(c, GEMEENTE))
    return made


@pytest.fixture
async def ander(database: Database, ring: Keyring, tmp_path: Path) -> Keyring:
    """Another process, that knows the keys of before any rotation."""
    made = Keyring(FileProvider(tmp_path / "hoofdsleutel"), database, SysteemKlok())
    await database.transact(lambda c: made.data_key(c, GEMEENTE, UUID(int=99)))
    return made


async def generaties(database: Database, ring: Keyring, use: KeyUse[Any]) -> list[Dienstsleutel]:
    return await database.transact(lambda c: ring.rotation.generations(c, GEMEENTE, use))


async def vernieuwd(database: Database, ring: Keyring, use: KeyUse[Any]) -> tuple[Dienstsleutel, Dienstsleutel]:
    """The key of before, and the one that was made now."""
    await database.transact(lambda c: ring.rotation.renew_service(c, GEMEENTE, use))
    oud, nieuw = await generaties(database, ring, use)
    return oud, nieuw


async def herpak(database: Database, ring: Keyring, oud: Dienstsleutel, nieuw: Dienstsleutel) -> Batch:
    return await database.transact(lambda c: ring.rotation.rewrap_data(c, oud, nieuw, NIETS, 10))


async def vernietig(database: Database, ring: Keyring, oud: Dienstsleutel) -> bool:
    return await database.transact(lambda c: ring.rotation.destroy_service(c, oud, names_kek(oud)))


async def onder(database: Database, *, persoon: UUID) -> list[UUID]:
    """Which key-encryption key wraps the data keys of this person."""
    asked = select(gegevenssleutel.c.kek_id).where(gegevenssleutel.c.persoon_id == persoon)
    return list(await database.transact(lambda c: c.execute(asked).scalars().all()))


async def er_zijn(database: Database, use: KeyUse[Any]) -> list[UUID]:
    asked = select(dienstsleutel.c.id).where(dienstsleutel.c.gemeente_id == GEMEENTE, dienstsleutel.c.doel == use.name)
    return list(await database.transact(lambda c: c.execute(asked.order_by(dienstsleutel.c.generatie)).scalars().all()))


async def test_who_has_stored_a_data_key_under_the_old_key_and_is_not_done_keeps_it(
    database: Database, ring: Keyring, ander: Keyring
) -> None:
    blobs: list[bytes] = []

    def bewaar(connection: Connection) -> None:
        blobs.append(ander.seal(connection, ander.data_key(connection, GEMEENTE, EEN), b"tekst", PLAATS))

    async with bezig(database.transact, bewaar):
        oud, nieuw = await vernieuwd(database, ring, KEK)
        assert await herpak(database, ring, oud, nieuw) == Batch(1, 0, None)  # that of UUID 99: nobody sees the other one yet
        assert not await vernietig(database, ring, oud)
        assert await er_zijn(database, KEK) == [oud.id, nieuw.id]
    assert await onder(database, persoon=EEN) == [oud.id]
    assert not await vernietig(database, ring, oud)  # nobody is storing, and one is stored
    assert await er_zijn(database, KEK) == [oud.id, nieuw.id]
    assert await herpak(database, ring, oud, nieuw) == Batch(1, 0, None)
    assert await vernietig(database, ring, oud)
    assert await er_zijn(database, KEK) == [nieuw.id]
    assert await onder(database, persoon=EEN) == [nieuw.id]
    vers = Keyring(ring.rotation.provider, database, SysteemKlok())
    assert await database.transact(lambda c: vers.open(c, [(blobs[0], PLAATS)])) == [b"tekst"]


async def test_who_began_before_and_stores_after_the_old_key_is_gone_stores_under_the_new_one(
    database: Database, ring: Keyring, ander: Keyring
) -> None:
    blobs: list[bytes] = []
    async with bezig(database.transact, lambda c: ander.keys_of(c, GEMEENTE, EEN)) as schrijver:
        oud, nieuw = await vernieuwd(database, ring, KEK)
        await herpak(database, ring, oud, nieuw)
        assert await vernietig(database, ring, oud)
        schrijver.verder = lambda c: blobs.append(ander.seal(c, ander.data_key(c, GEMEENTE, EEN), b"tekst", PLAATS))
    assert await onder(database, persoon=EEN) == [nieuw.id]
    vers = Keyring(ring.rotation.provider, database, SysteemKlok())
    assert await database.transact(lambda c: vers.open(c, [(blobs[0], PLAATS)])) == [b"tekst"]


@pytest.mark.parametrize("lukt", [True, False], ids=["gone", "rolled back"])
async def test_who_stores_while_the_old_key_is_being_destroyed_waits_for_what_comes_of_it(
    database: Database, ring: Keyring, ander: Keyring, lukt: bool
) -> None:
    oud, nieuw = await vernieuwd(database, ring, KEK)
    await herpak(database, ring, oud, nieuw)

    def bewaar(connection: Connection) -> None:
        ander.data_key(connection, GEMEENTE, EEN)

    def einde(connection: Connection) -> None:
        wacht_op_een_ander(connection)
        if not lukt:
            raise InterruptedError

    try:
        async with bezig(database.transact, lambda c: ring.rotation.destroy_service(c, oud, names_kek(oud))) as vernietiger:
            vernietiger.verder = einde
            schrijver = asyncio.create_task(database.transact(bewaar))
    except InterruptedError:
        assert not lukt
    await schrijver
    assert await er_zijn(database, KEK) == ([nieuw.id] if lukt else [oud.id, nieuw.id])
    assert await onder(database, persoon=EEN) == [nieuw.id if lukt else oud.id]


async def test_who_seals_with_a_data_key_does_not_hold_up_its_wrapping_and_can_not_lose_it(
    database: Database, ring: Keyring, ander: Keyring
) -> None:
    vorige, sleutel = await database.transact(
        lambda c: (ring.data_key(c, GEMEENTE, EEN), ring.rotation.make_data(c, GEMEENTE, EEN, None, 2).id)
    )
    async with bezig(database.transact, lambda c: ander.data_key(c, GEMEENTE, EEN)):
        oud, nieuw = await vernieuwd(database, ring, KEK)
        assert await herpak(database, ring, oud, nieuw) == Batch(3, 0, None)
        assert not await database.transact(lambda c: ring.rotation.destroy_data(c, sleutel, lambda _: False))
        # nor does that one hold what it does not seal with: the generation before, and the key that wrapped both
        assert await database.transact(lambda c: ring.rotation.destroy_data(c, vorige, lambda _: False))
        assert await vernietig(database, ring, oud)
    assert await onder(database, persoon=EEN) == [nieuw.id]
    assert await database.transact(lambda c: ring.rotation.destroy_data(c, sleutel, lambda _: False))
    assert await onder(database, persoon=EEN) == []


async def test_a_data_key_that_somebody_is_destroying_is_not_waited_for(database: Database, ring: Keyring) -> None:
    for persoon in (EEN, TWEE):
        await database.transact(partial(ring.data_key, gemeente=GEMEENTE, persoon=persoon))
    oud, nieuw = await vernieuwd(database, ring, KEK)
    async with bezig(database.transact, lambda c: ring.destroy(c, GEMEENTE, EEN)):
        assert await herpak(database, ring, oud, nieuw) == Batch(1, 0, None)
        assert not await vernietig(database, ring, oud)
    assert await onder(database, persoon=EEN) == []
    assert await onder(database, persoon=TWEE) == [nieuw.id]
    assert await vernietig(database, ring, oud)


async def test_a_key_that_a_writer_looked_up_stays_until_that_one_is_done(database: Database, ring: Keyring, ander: Keyring) -> None:
    seen: list[list[Dienstsleutel]] = []
    await database.transact(lambda c: ring.prepare(c, ANDERE))
    async with bezig(database.transact, lambda c: seen.append(ander.rotation.held_generations(c, GEMEENTE, BSN_INDEX))):
        oud, nieuw = await vernieuwd(database, ring, BSN_INDEX)
        assert seen == [[oud]]
        allemaal = await database.transact(all_service)
        assert len(allemaal) == 7
        vrij = [await database.transact(partial(ring.rotation.is_alone, row=sleutel)) for sleutel in allemaal]
        assert vrij == [sleutel != oud for sleutel in allemaal]  # that one, and no other: not of this gemeente, nor of this purpose
        assert not await database.transact(lambda c: ring.rotation.destroy_service(c, oud, lambda _: False))
    assert await er_zijn(database, BSN_INDEX) == [oud.id, nieuw.id]
    assert await database.transact(lambda c: ring.rotation.is_alone(c, oud))
    assert await database.transact(lambda c: ring.rotation.destroy_service(c, oud, lambda _: False))
    assert not await database.transact(lambda c: ring.rotation.is_alone(c, oud))
    assert await er_zijn(database, BSN_INDEX) == [nieuw.id]


async def test_who_looks_keys_up_while_one_is_being_destroyed_finds_what_is_left(database: Database, ring: Keyring, ander: Keyring) -> None:
    oud, nieuw = await vernieuwd(database, ring, BSN_INDEX)
    seen: list[list[Dienstsleutel]] = []

    def kijk(connection: Connection) -> None:
        seen.append(ander.rotation.held_generations(connection, GEMEENTE, BSN_INDEX))

    async with bezig(database.transact, lambda c: ring.rotation.destroy_service(c, oud, lambda _: False)) as vernietiger:
        vernietiger.verder = wacht_op_een_ander
        kijker = asyncio.create_task(database.transact(kijk))
    await kijker
    assert seen == [[nieuw]]


async def test_who_is_storing_a_key_under_a_root_key_is_waited_for_before_that_is_barred(
    database: Database, ring: Keyring, ander: Keyring
) -> None:
    oud = ring.rotation.provider.current_id()
    async with bezig(database.transact, lambda c: ander.prepare(c, ANDERE)) as schrijver:
        schrijver.verder = wacht_op_een_ander
        grendel = asyncio.create_task(database.transact(lambda c: ring.rotation.bar_root(c, oud)))
    await grendel
    assert [row.gemeente_id for row in await database.transact(lambda c: ring.rotation.service_under(c, oud))].count(ANDERE) == 3


async def test_who_stores_a_key_while_its_root_key_is_being_barred_waits_and_is_refused(
    database: Database, ring: Keyring, ander: Keyring
) -> None:
    oud = ring.rotation.provider.current_id()
    async with bezig(database.transact, lambda c: ring.rotation.bar_root(c, oud)) as grendel:
        grendel.verder = wacht_op_een_ander
        schrijver = asyncio.create_task(database.transact(lambda c: ander.prepare(c, ANDERE)))
    with pytest.raises(SleutelOntbreekt):
        await schrijver
    assert {row.gemeente_id for row in await database.transact(lambda c: ring.rotation.service_under(c, oud))} == {GEMEENTE}
