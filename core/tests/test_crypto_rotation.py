"""The steps of renewing keys, each by itself: what they refuse, and what a process with old knowledge does."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, select

from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rotation import NIETS, names_kek
from wijkwerk.crypto.service_keys import BSN_INDEX, KEK
from wijkwerk.klok import SysteemKlok
from wijkwerk.storage.base import Database
from wijkwerk.storage.revisions import Migraties
from wijkwerk.testing.databases import SqliteTemplates

pytestmark = pytest.mark.anyio
GEMEENTE, PERSOON, DOSSIER = UUID(int=1), UUID(int=11), UUID(int=21)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hoofdsleutel"


@pytest.fixture
def ring(path: Path, database: Database) -> Keyring:
    return Keyring(FileProvider(path), database, SysteemKlok())


async def test_without_any_key_encryption_key_no_data_key_is_stored(
    database: Database, ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    [kek] = await database.transact(lambda c: ring.rotation.generations(c, GEMEENTE, KEK))
    opened = await database.transact(lambda c: ring._service.current(c, GEMEENTE, KEK))

    def weg(connection: Connection) -> None:
        with database.keys(connection) as keys:
            keys.execute(delete(dienstsleutel).where(dienstsleutel.c.id == kek.id))

    await database.transact(weg)
    monkeypatch.setattr(ring._service, "current", lambda *_: opened)
    with pytest.raises(SleutelOntbreekt):
        await database.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON))


async def test_a_process_that_knows_a_key_which_another_one_destroyed_stores_under_the_new_one(
    database: Database, ring: Keyring, path: Path
) -> None:
    rotation, ander = ring.rotation, Keyring(FileProvider(path), database, SysteemKlok())
    for process in (ring, ander):
        await database.transact(partial(process.prepare, gemeente=GEMEENTE))
    await database.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON))
    await database.transact(lambda c: rotation.renew_service(c, GEMEENTE, KEK))
    oud, nieuw = await database.transact(lambda c: rotation.generations(c, GEMEENTE, KEK))
    await database.transact(lambda c: rotation.rewrap_data(c, oud, nieuw, NIETS, 10))
    assert await database.transact(lambda c: rotation.destroy_service(c, oud, names_kek(oud)))
    made = await database.transact(lambda c: ander.data_key(c, GEMEENTE, PERSOON, DOSSIER))
    assert await database.transact(lambda c: rotation.data_generations(c, GEMEENTE, PERSOON, DOSSIER)) == [(made, 1)]
    assert await database.transact(lambda c: rotation.data_under(c, nieuw)) == 2


async def test_a_key_that_is_named_is_not_destroyed_and_one_that_is_gone_neither(database: Database, ring: Keyring) -> None:
    rotation = ring.rotation
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    sleutel = await database.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON))
    [kek] = await database.transact(lambda c: rotation.generations(c, GEMEENTE, KEK))
    assert await database.transact(lambda c: rotation.is_alone(c, kek))
    assert not await database.transact(lambda c: rotation.destroy_service(c, kek, names_kek(kek)))
    assert not await database.transact(lambda c: rotation.destroy_data(c, sleutel, lambda _: True))
    assert await database.transact(lambda c: rotation.destroy_data(c, sleutel, lambda _: False))
    assert not await database.transact(lambda c: rotation.destroy_data(c, sleutel, lambda _: False))
    assert (await database.transact(lambda c: rotation.rewrap_data(c, kek, kek, NIETS, 5))).gedaan == 0
    assert await database.transact(lambda c: rotation.is_first(c, GEMEENTE, BSN_INDEX))
    await database.transact(lambda c: rotation.renew_service(c, GEMEENTE, BSN_INDEX))
    assert not await database.transact(lambda c: rotation.is_first(c, GEMEENTE, BSN_INDEX))
    await database.transact(lambda c: rotation.renew_service(c, UUID(int=5), BSN_INDEX))
    assert await database.transact(lambda c: rotation.is_first(c, UUID(int=5), BSN_INDEX))
    for _ in range(2):
        await database.transact(lambda c: rotation.bar_root(c, "oud"))


async def test_on_sqlite_nothing_under_the_old_key_is_left_in_the_files_when_it_is_destroyed(
    sqlite_templates: SqliteTemplates, migraties: list[Migraties], path: Path, tmp_path: Path
) -> None:
    """Its steps leave the write-ahead log alone: the last one, that destroys, writes everything in its place."""
    database = await sqlite_templates.copy(migraties, tmp_path)
    ring, blob = Keyring(FileProvider(path), database, SysteemKlok()), gegevenssleutel.c.ingepakt

    def files() -> bytes:
        return b"".join(each.read_bytes() for each in tmp_path.glob("keys.db*"))

    def wrapped(connection: Connection) -> list[bytes]:
        with database.keys(connection) as keys:
            return list(keys.execute(select(blob)).scalars())

    await database.open()
    for number in range(20):
        await database.transact(partial(ring.data_key, gemeente=GEMEENTE, persoon=UUID(int=100 + number)))
    voor = await database.transact(wrapped)
    await database.transact(lambda c: ring.rotation.renew_service(c, GEMEENTE, KEK))
    oud, nieuw = await database.transact(lambda c: ring.rotation.generations(c, GEMEENTE, KEK))
    assert all(each in files() for each in voor)
    first = await database.transact(lambda c: ring.rotation.rewrap_data(c, oud, nieuw, NIETS, 10))
    assert first.verder_na is not None
    await database.transact(lambda c: ring.rotation.rewrap_data(c, oud, nieuw, first.verder_na or NIETS, 20))
    assert any(each in files() for each in voor)
    assert await database.transact(lambda c: ring.rotation.destroy_service(c, oud, names_kek(oud)))
    assert not any(each in files() for each in (*voor, oud.ingepakt))
    assert all(each in files() for each in await database.transact(wrapped))
    await database.close()
