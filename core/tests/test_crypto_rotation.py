"""The steps of renewing keys, each by itself: what they refuse, and what a process with old knowledge does."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete

from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rotation import NIETS, names_kek
from wijkwerk.crypto.service_keys import BSN_INDEX, KEK
from wijkwerk.klok import SysteemKlok
from wijkwerk.storage.base import Database

pytestmark = pytest.mark.anyio
GEMEENTE, PERSOON = UUID(int=1), UUID(int=11)


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


async def test_a_key_that_is_named_is_not_destroyed_and_one_that_is_gone_neither(database: Database, ring: Keyring) -> None:
    rotation = ring.rotation
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    sleutel = await database.transact(lambda c: ring.data_key(c, GEMEENTE, PERSOON))
    [kek] = await database.transact(lambda c: rotation.generations(c, GEMEENTE, KEK))
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
