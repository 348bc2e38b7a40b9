"""A new root key in the file and an old one out of it, and a process that still knows the old one."""

from __future__ import annotations

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rootfile import open_root_file
from wijkwerk.crypto.rootrotation import add_generation, remove_generation
from wijkwerk.errors import OpstartFout
from wijkwerk.klok import SysteemKlok
from wijkwerk.storage.base import Database

GEMEENTE, ANDERE_GEMEENTE = UUID(int=1), UUID(int=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hoofdsleutel"


def test_a_new_root_key_is_current_and_an_old_one_can_be_taken_out(path: Path) -> None:
    provider = FileProvider(path)
    oud, blob = provider.wrap(b"geheim", b"context")
    (path.parent / f".{path.name}.{'0a' * 8}").write_text("left behind by a kill")
    nieuw = provider.renew()
    assert provider.ids() == (oud, nieuw)
    assert provider.wrap(b"", b"")[0] == provider.current_id() == nieuw
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600
    assert FileProvider(path).unwrap(oud, blob, b"context") == b"geheim"
    with pytest.raises(ValueError, match=r"^the current root key stays$"):
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
        with pytest.raises(OpstartFout) as refused:
            change()
        te_doen = "Controleer de map, de rechten en de ruimte op de schijf."
        assert refused.value.melding == f"Het sleutelbestand kan niet worden gewijzigd. {te_doen}"
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_not_there_is_not_made_by_changing_it(path: Path) -> None:
    for change in (partial(add_generation, path), partial(remove_generation, path, "0" * 16)):
        with pytest.raises(OpstartFout):
            change()
    assert os.listdir(path.parent) == []


def test_of_changes_at_once_none_is_lost(path: Path) -> None:
    first, start = FileProvider(path).current_id(), Barrier(8)

    def change() -> str:
        start.wait()
        return add_generation(path).current

    with ThreadPoolExecutor(8) as pool:
        made = [future.result() for future in [pool.submit(change) for _ in range(8)]]
    assert open_root_file(path).keys.keys() == {first, *made}
    assert len({first, *made}) == 9


def test_the_file_can_be_changed_while_another_process_holds_its_folder(path: Path) -> None:
    first = FileProvider(path).current_id()
    with ThreadPoolExecutor(1) as pool:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)  # as the server of the demo does
            new = pool.submit(add_generation, path).result(timeout=30)
        finally:
            os.close(folder)
    assert open_root_file(path).keys.keys() == {first, new.current}


class Geteld(FileProvider):
    """Counts how often the root key is asked for."""

    keren = 0

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        self.keren += 1
        return super().unwrap(key_id, blob, context)


@pytest.mark.anyio
async def test_a_process_that_knows_a_service_key_under_a_root_key_that_is_gone_looks_again_once(path: Path, database: Database) -> None:
    now, provider, eigenaar = [0.0], Geteld(path), FileProvider(path)
    ring = Keyring(eigenaar, database, SysteemKlok())
    ander = Keyring(provider, database, SysteemKlok(), clock=lambda: now[0])

    async def pseudonym(moment: float) -> bytes:
        now[0] = moment
        return await database.transact(lambda c: ander.pseudonym(c, GEMEENTE, b"x"))

    await database.transact(lambda c: ander.prepare(c, GEMEENTE))
    voor = await pseudonym(30)  # opened until 60, and which one is the newest is known until 90
    oud, nieuw = eigenaar.current_id(), eigenaar.renew()
    await database.transact(lambda c: ring.rotation.rewrap_service(c, oud))
    eigenaar.destroy(oud)
    await database.transact(lambda c: ander.prepare(c, ANDERE_GEMEENTE))  # wraps, and so reads the file anew
    assert provider.ids() == (nieuw,)
    provider.keren = 0
    assert [await pseudonym(61) for _ in range(3)] == [voor] * 3
    assert provider.keren == 2  # the old one in vain, the new one once
