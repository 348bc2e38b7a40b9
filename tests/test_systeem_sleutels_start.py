"""Every command starts the same way: not at all without the root keys of what is there, and then nothing has changed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from tests.systeem.dienst import Plek

from wijkwerk.crypto.rootfile import RootKeys, fingerprint
from wijkwerk.testing.softhsm import SoftToken

OPDRACHTEN = (
    ("serve", "--port", "0"), ("worker", "--once"), ("jobs", "list"), ("migrate",), ("keys", "show"), ("keys", "rotate", "root"),
    ("gemeente", "list"),
)  # fmt: skip


def refused(plek: Plek, *arguments: str, named: Path | str) -> str:
    """The command stops at once with one Dutch line that names the file or the token; the files and the rows are as they were."""
    before = state(plek)
    done = plek.opdracht(*arguments)
    said = done.stderr.decode()
    assert (done.returncode, done.stdout, said.count("\n")) == (2, b"", 1), (arguments, said)
    assert str(named) in said, (arguments, said)
    assert state(plek) == before
    return said


def state(plek: Plek) -> tuple[Any, ...]:
    files = sorted(path.name for path in plek.folder.iterdir() if not path.name.endswith(("-wal", "-shm")))
    key = plek.folder / "root.key"
    return files, key.exists() and (key.read_bytes(), key.stat().st_mode), plek.opslag.stand(), plek.opslag.log()


def another_key(path: Path) -> None:
    path.write_text(RootKeys(fingerprint(b"a" * 32), {fingerprint(b"a" * 32): b"a" * 32}).text())


SPOILS: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-10]),
    "read by others": lambda path: path.chmod(0o644),
}


def test_no_command_starts_on_another_key_in_the_right_format(plek: Plek) -> None:
    key = plek.folder / "root.key"
    good = key.read_bytes()
    another_key(key)
    for opdracht in OPDRACHTEN:
        assert "past niet bij deze gegevens" in refused(plek, *opdracht, named=key)
    refused(plek, "keys", "init", named=key)
    key.write_bytes(good)
    with plek.dienst() as dienst:
        assert dienst.als("wijkteam").vraag("{ ik { rollen } }").codes == []


def test_the_server_names_the_key_file_that_is_wrong_and_makes_none(plek_sqlite: Plek) -> None:
    key = plek_sqlite.folder / "root.key"
    good = key.read_bytes()
    for spoil in SPOILS.values():
        spoil(key)
        refused(plek_sqlite, "serve", "--port", "0", named=key)
        refused(plek_sqlite, "keys", "init", named=key if key.exists() else "andere hoofdsleutel")
        key.write_bytes(good)
        key.chmod(0o600)
    assert plek_sqlite.opdracht("gemeente", "list").returncode == 0


def test_a_lost_file_of_wrapped_keys_is_not_made_anew(plek_sqlite: Plek) -> None:
    keys = plek_sqlite.folder / "keys.db"
    content = keys.read_bytes()
    for path in plek_sqlite.folder.glob("keys.db*"):
        path.unlink()
    for opdracht in OPDRACHTEN[:4]:
        done = plek_sqlite.opdracht(*opdracht)
        assert (done.returncode, str(keys) in done.stderr.decode(), keys.exists()) == (2, True, False)
    keys.write_bytes(content)
    keys.chmod(0o600)
    assert plek_sqlite.opdracht("gemeente", "list").returncode == 0


def nieuw(folder: Path, database: Path) -> Plek:
    """An installation without anything yet."""
    for made in (folder, folder.with_name(f"{folder.name}-uitvoer")):
        made.mkdir()
    return Plek(folder, f"sqlite:///{database}", cast(Any, None), folder.with_name(f"{folder.name}-uitvoer"))


def test_of_two_first_starts_with_a_key_of_their_own_one_wins_for_good(tmp_path: Path) -> None:
    plekken = [nieuw(tmp_path / name, tmp_path / "wijkwerk.db") for name in ("een", "twee")]
    assert plekken[0].opdracht("migrate").returncode == 0
    with plekken[0].proces("gemeente", "list") as first, plekken[1].proces("gemeente", "list") as second:
        codes = [ended(process) for process in (first, second)]
    assert sorted(codes) == [0, 2]
    assert [plek.opdracht("gemeente", "list").returncode for plek in plekken] == codes


def ended(process: subprocess.Popen[bytes]) -> int:
    process.communicate(timeout=60)
    return process.returncode


@pytest.fixture
def met_token(tmp_path: Path, token: SoftToken) -> Plek:
    made = nieuw(tmp_path / "nieuw", tmp_path / "nieuw" / "wijkwerk.db")
    given = {name: value for name, value in token.sleutels.model_dump().items() if isinstance(value, str | Path)}
    lines = "".join(f'{name} = "{value}"\n' for name, value in given.items())
    (made.folder / "wijkwerk.toml").write_text(f"[sleutels]\n{lines}")
    return made


NEW = ("gemeente", "new", "Rotterdam", "--code", "GM0599", "--beheerder-naam", "T. Test", "--beheerder-subject", "tester")


def test_a_new_installation_on_a_token_from_nothing_to_a_server(met_token: Plek, token: SoftToken) -> None:
    said = [met_token.opdracht("migrate")]
    assert (said[0].returncode, b"keys init" in said[0].stderr) == (2, True)
    assert not list(met_token.folder.glob("*.db"))
    said += [met_token.opdracht(*arguments) for arguments in (("keys", "init"), ("migrate",), NEW, ("gemeente", "list"))]
    assert [one.returncode for one in said[1:]] == [0, 0, 0, 0]
    refused(met_token, "keys", "init", named="andere hoofdsleutel")
    with met_token.dienst() as dienst:
        assert dienst.port
    token.away()
    for opdracht in OPDRACHTEN[:4]:
        refused(met_token, *opdracht, named=token.label)
    token.back()
    token.pin_file.chmod(0o644)
    refused(met_token, "serve", "--port", "0", named=token.pin_file)
    token.pin_file.chmod(0o600)
    assert met_token.opdracht("gemeente", "list").stdout == said[-1].stdout
    said.append(met_token.opdracht("config", "show"))
    assert not (met_token.folder / "root.key").exists()
    assert token.pin not in "".join(one.stdout.decode() + one.stderr.decode() for one in said) + met_token.gezegd().decode()
