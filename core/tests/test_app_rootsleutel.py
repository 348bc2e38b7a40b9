"""A root key is made once. Without every key that wrapped what is there nothing starts, and nothing is changed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from sqlalchemy import Connection, delete, select, update

from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel
from wijkwerk.crypto.provider import RenewableProvider
from wijkwerk.crypto.rootfile import RootKeys, fingerprint, open_root_file
from wijkwerk.errors import NietAangemeld, OpstartFout, SleutelsNietBereikbaar
from wijkwerk.klok import SysteemKlok
from wijkwerk.log.entry import Actie, Gebeurtenis
from wijkwerk.log.tables import log_regel
from wijkwerk.settings import Settings, Sleutelinstellingen
from wijkwerk.sleutelbeheer.hoofdsleutel import vernieuw_hoofdsleutel
from wijkwerk.sleutelbeheer.start import make_first_root_key, open_with_root_key
from wijkwerk.storage.base import Database
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.softhsm import SoftToken

pytestmark = pytest.mark.anyio


async def started(settings: Settings, database: Database | None = None) -> None:
    async with Wijkwerk(settings, [], database=database):
        pass


async def refused(settings: Settings, database: Database, named: Path | str, *said: str) -> None:
    """It does not start, says which file or token and what to do, and all rows and files are as they were."""
    before = await everything(settings, database)
    with pytest.raises(OpstartFout, match=re.escape(str(named))) as fout:
        await Wijkwerk(settings, [], database=database).open()
    assert [word for word in said if word not in fout.value.melding] == []
    assert await everything(settings, database) == before


async def everything(settings: Settings, database: Database) -> tuple[Any, ...]:
    def rows(connection: Connection) -> tuple[Any, ...]:
        with database.keys(connection) as keys:
            return (*keys.execute(select(dienstsleutel).order_by(dienstsleutel.c.id)), *connection.execute(select(log_regel.c.body)))

    await database.open()
    async with database.snapshot() as snapshot:
        found = await snapshot.run(rows)
    return found, {path: path.lstat().st_mode for path in settings.map.iterdir()}, content(settings.root_key_file)


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def replaced(path: Path, keys: RootKeys) -> None:
    path.write_bytes(keys.text().encode())


def other_key(path: Path) -> None:
    replaced(path, RootKeys(fingerprint(b"a" * 32), {fingerprint(b"a" * 32): b"a" * 32}))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def readable_by_others(path: Path) -> None:
    path.chmod(0o640)


def gone(path: Path) -> None:
    path.unlink()


def a_link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nergens"))


WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "another key in the right format": (other_key, "past niet bij deze gegevens"),
    "emptied": (emptied, "leeg"),
    "readable by others": (readable_by_others, "chmod 600"),
    "gone": (gone, "is weg"),
    "a link to nothing": (a_link_to_nothing, "link"),
}


async def test_the_first_start_makes_a_root_key_and_a_later_one_never_does(database: Database, tmp_path: Path) -> None:
    settings = Settings(map=tmp_path / "map")
    settings.map.mkdir()
    await started(settings, database)
    kept = settings.root_key_file.rename(tmp_path / "elders.key")
    await refused(settings, database, settings.root_key_file, "reservekopie")
    assert not settings.root_key_file.exists()
    await started(Settings(map=settings.map, root_key=kept), database)


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_key_file_is_named_and_nothing_changes(database: Database, tmp_path: Path, wrong: str) -> None:
    settings, (spoil, said) = Settings(map=tmp_path / "map"), WRONG[wrong]
    settings.map.mkdir()
    await started(settings, database)
    good = settings.root_key_file.read_bytes()
    spoil(settings.root_key_file)
    await refused(settings, database, settings.root_key_file, said)
    settings.root_key_file.unlink(missing_ok=True)
    settings.root_key_file.write_bytes(good)
    settings.root_key_file.chmod(0o600)
    await started(settings, database)


async def test_a_file_that_misses_an_older_key_in_use_is_refused_though_its_current_one_is_right(
    database: Database, tmp_path: Path
) -> None:
    settings = Settings(map=tmp_path / "map")
    settings.map.mkdir()
    await started(settings, database)
    old, new = open_root_file(settings.root_key_file), b"n" * 32
    both = RootKeys(fingerprint(new), {**old.keys, fingerprint(new): new})
    replaced(settings.root_key_file, both)
    async with Wijkwerk(settings, [], database=database) as wijkwerk:
        await database.transact(lambda connection: wijkwerk.keyring.mac_key(connection, "nieuw"))
    replaced(settings.root_key_file, RootKeys(both.current, {both.current: new}))
    await refused(settings, database, settings.root_key_file, old.current, "past niet")
    replaced(settings.root_key_file, old)
    await refused(settings, database, settings.root_key_file, both.current, "past niet")
    replaced(settings.root_key_file, both)
    await started(settings, database)


async def test_one_damaged_row_is_not_blamed_on_the_key_file(database: Database, tmp_path: Path) -> None:
    settings = Settings(map=tmp_path / "map")
    settings.map.mkdir()
    await started(settings, database)
    damage = update(dienstsleutel).where(dienstsleutel.c.doel == "SIGN:log").values(ingepakt=b"x" * 60)
    await on_keys(database, lambda keys: keys.execute(damage))
    with pytest.raises(Vervalst):
        await started(settings, database)


async def test_no_new_keys_are_made_where_the_wrapped_ones_are_gone(database: Database, tmp_path: Path) -> None:
    settings = Settings(map=tmp_path / "map")
    settings.map.mkdir()
    async with Wijkwerk(settings, [], database=database) as wijkwerk:
        regel = wijkwerk.failure(None, NietAangemeld(), Gebeurtenis.LEZEN, Actie.READ, "proef")
        await wijkwerk.journal.record(regel)
    await on_keys(database, lambda keys: keys.execute(delete(dienstsleutel)))
    await refused(settings, database, "de tabel met ingepakte sleutels is leeg", "reservekopie")


async def on_keys(database: Database, change: Callable[[Connection], object]) -> None:
    def unit(connection: Connection) -> None:
        with database.keys(connection) as keys:
            change(keys)

    await database.open()
    await database.transact(unit)
    await database.close()


async def test_a_lost_file_of_keys_is_not_made_anew(tmp_path: Path) -> None:
    settings = Settings(map=tmp_path)
    await started(settings)
    (tmp_path / "keys.db").rename(tmp_path / "weg.db")
    before, database = files(tmp_path), SqliteDatabase(tmp_path / "wijkwerk.db")
    with pytest.raises(OpstartFout, match=r"keys\.db"):
        await started(settings)
    settings.root_key_file.rename(tmp_path / "elders")
    with pytest.raises(OpstartFout, match=r"keys\.db"):
        await make_first_root_key(settings, database)
    (tmp_path / "elders").rename(settings.root_key_file)
    assert files(tmp_path) == before


async def test_a_wrong_key_file_at_the_first_start_makes_no_database(tmp_path: Path) -> None:
    settings = Settings(map=tmp_path)
    settings.root_key_file.write_bytes(b"")
    with pytest.raises(OpstartFout, match=re.escape(str(settings.root_key_file))):
        await started(settings)
    assert files(tmp_path) == [settings.root_key_file.name]


async def test_looking_at_the_root_key_makes_none(database: Database, tmp_path: Path) -> None:
    assert await open_with_root_key(Settings(map=tmp_path), database) is None
    assert not Settings(map=tmp_path).root_key_file.exists()


async def test_a_key_is_made_for_a_new_installation_only(database: Database, tmp_path: Path) -> None:
    settings = Settings(map=tmp_path / "map")
    settings.map.mkdir()
    absent = SqliteDatabase(tmp_path / "nog-niet.db")
    assert str(settings.root_key_file) in await make_first_root_key(settings, absent)
    assert not absent.path.exists()
    made = settings.root_key_file.read_bytes()
    with pytest.raises(OpstartFout, match="is er al"):
        await make_first_root_key(settings, absent)
    assert settings.root_key_file.read_bytes() == made
    await started(settings, database)
    settings.root_key_file.unlink()
    with pytest.raises(OpstartFout, match="andere hoofdsleutel"):
        await make_first_root_key(settings, database)
    assert not settings.root_key_file.exists()


@pytest.fixture
def met_token(token: SoftToken, tmp_path: Path) -> Settings:
    (tmp_path / "map").mkdir()
    return Settings(map=tmp_path / "map", sleutels=token.sleutels)


async def test_a_token_without_our_key_does_not_start_and_with_it_does(database: Database, met_token: Settings) -> None:
    await refused(met_token, database, "Het token wijk", "wijkwerk keys init")
    assert "Het token wijk" in await make_first_root_key(met_token, database)
    await started(met_token, database)
    await started(met_token, database)
    assert not met_token.root_key_file.exists()
    with pytest.raises(OpstartFout, match="andere hoofdsleutel"):
        await make_first_root_key(met_token.model_copy(update={"sleutels": named(met_token, "tweede")}), database)
    await refused(met_token.model_copy(update={"sleutels": named(met_token, "tweede")}), database, "Het token wijk", "tweede")


def named(settings: Settings, sleutel: str) -> Sleutelinstellingen:
    return settings.sleutels.model_copy(update={"sleutel": sleutel})


async def test_a_key_that_took_the_place_of_ours_is_not_ours(database: Database, met_token: Settings, token: SoftToken) -> None:
    await make_first_root_key(met_token, database)
    await started(met_token, database)
    module = pkcs11.lib(str(met_token.sleutels.module))
    module.reinitialize()
    with module.get_token(token_label=token.label).open(rw=True, user_pin=token.pin) as session:
        ours: Any = session.get_key(label="wijkwerk")
        key_id = ours[pkcs11.Attribute.ID]
        ours.destroy()
        closed = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
        session.generate_key(pkcs11.KeyType.AES, 256, id=key_id, label="wijkwerk", store=True, template=closed)
    await refused(met_token, database, "Het token wijk past niet bij deze gegevens", key_id.hex())


async def test_the_root_key_in_a_token_is_renewed_and_the_old_one_destroyed(database: Database, met_token: Settings) -> None:
    await make_first_root_key(met_token, database)
    async with Wijkwerk(met_token, [], database=database) as wijkwerk:
        provider = wijkwerk.keyring.rotation.provider
        old = provider.current_id()
        await vernieuw_hoofdsleutel(wijkwerk, lambda *_: None, vernietig_oude=True)
        assert isinstance(provider, RenewableProvider)
        assert provider.ids() == (provider.current_id(),) != (old,)
    await started(met_token, database)


async def test_a_token_instead_of_the_file_does_not_start_and_the_file_still_does(
    database: Database, met_token: Settings, tmp_path: Path
) -> None:
    with_file = Settings(map=met_token.map)
    await started(with_file, database)
    await refused(met_token, database, "Het token wijk")
    await started(with_file, database)


async def test_when_the_token_goes_away_nothing_is_sealed_and_when_it_is_back_it_works(
    database: Database, met_token: Settings, token: SoftToken
) -> None:
    await make_first_root_key(met_token, database)
    await started(met_token, database)
    await database.open()
    provider, now = await open_with_root_key(met_token, database), [0.0]
    assert provider is not None
    ring = Keyring(provider, database, SysteemKlok(), clock=lambda: now[0])
    first = await database.transact(lambda connection: ring.mac_key(connection, "cursor"))
    token.away()
    now[0] = 61.0
    for name in ("cursor", "nieuw"):
        with pytest.raises(SleutelsNietBereikbaar):
            await database.transact(partial(ring.mac_key, name=name))
    token.back()
    assert await database.transact(lambda connection: ring.mac_key(connection, "cursor")) == first


async def test_a_token_needs_its_settings_and_its_extra(token: SoftToken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for missing in ("module", "token", "pin_file"):
        half = token.sleutels.model_copy(update={missing: None})
        with pytest.raises(OpstartFout, match=f"sleutels.{missing}"):
            await started(Settings(map=tmp_path / "map", sleutels=half))
    monkeypatch.delitem(sys.modules, "wijkwerk.crypto.token", raising=False)
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(OpstartFout, match=re.escape("wijkwerk[pkcs11]")):
        await started(Settings(map=tmp_path / "map", sleutels=token.sleutels))
    assert not (tmp_path / "map").exists()
