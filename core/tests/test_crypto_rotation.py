"""The steps of renewing keys, each by itself: what they refuse, and what a process with old knowledge does."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete

from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rootfile import open_root_file
from wijkwerk.crypto.rootrotation import add_generation, remove_generation
from wijkwerk.crypto.rotation import NIETS, names_kek
from wijkwerk.crypto.service_keys import BSN_INDEX, KEK
from wijkwerk.errors import OpstartFout
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


def test_a_new_root_key_is_current_and_an_old_one_can_be_taken_out(path: Path) -> None:
    provider = FileProvider(path)
    oud, blob = provider.wrap(b"geheim", b"context")
    (path.parent / f".{path.name}.{'0' * 16}").write_text("left behind by a kill")
    nieuw = provider.renew()
    assert provider.ids() == (oud, nieuw)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600
    assert FileProvider(path).unwrap(oud, blob, b"context") == b"geheim"
    with pytest.raises(ValueError, match="stays"):
        provider.destroy(nieuw)
    provider.destroy(oud)
    assert open_root_file(path).keys.keys() == {nieuw}
    with pytest.raises(SleutelOntbreekt):
        provider.unwrap(oud, blob, b"context")


def test_a_file_that_can_not_be_changed_stays_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileProvider(path)
    before = path.read_bytes()

    def vol(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("os.fsync", vol)
    for change in (partial(add_generation, path), partial(remove_generation, path, "0" * 16)):
        with pytest.raises(OpstartFout):
            change()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


async def test_a_process_with_a_service_key_under_a_root_key_that_is_gone_looks_again(
    path: Path, database: Database, ring: Keyring
) -> None:
    now = [0.0]
    ander = Keyring(FileProvider(path), database, SysteemKlok(), clock=lambda: now[0])
    await database.transact(lambda c: ring.prepare(c, GEMEENTE))
    voor = await database.transact(lambda c: ander.pseudonym(c, GEMEENTE, b"x"))
    provider = FileProvider(path)
    oud, _ = provider.current_id(), provider.renew()
    await database.transact(lambda c: ring.rotation.rewrap_service(c, oud))
    provider.destroy(oud)
    ander._service._cache._values = type(ander._service._cache._values)(
        (key, value) for key, value in ander._service._cache._values.items() if key[0] == GEMEENTE
    )
    assert await database.transact(lambda c: ander.pseudonym(c, GEMEENTE, b"x")) == voor


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
