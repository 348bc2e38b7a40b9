"""The folder of a demo is whole or it is not there; what is in another folder stays as it is."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wijkwerk.errors import OpstartFout
from wijkwerk_graphql.demo.instellingen import demo_settings
from wijkwerk_graphql.demo.map import KENMERK, maak_demo

WIJKWERK = Path(sys.executable).with_name("wijkwerk")


def gemaakt(folder: Path) -> tuple[bool, list[str]]:
    gehoord: list[str] = []
    return asyncio.run(maak_demo(folder, gehoord.append, huizen=9, dossiers=3)), gehoord


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_demo_is_built_once_for_its_owner_only_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    nieuw, gehoord = gemaakt(folder)
    before = content(folder)
    assert nieuw
    assert (folder / KENMERK).exists()
    assert any("bewoners" in regel for regel in gehoord)
    assert gemaakt(folder) == (False, [])
    assert content(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    geheim = [path for path in folder.iterdir() if path.suffix in (".db", ".key") or path.name == "uitgever.json"]
    assert len(geheim) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in geheim} == {0o600}


@pytest.mark.parametrize("name", ["dossier.txt", ".verborgen", "wijkwerk.db"])
def test_a_folder_with_something_else_is_refused_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / name).write_text("van iemand anders")
    with pytest.raises(OpstartFout, match="nieuwe map"):
        gemaakt(tmp_path / "demo")
    assert content(tmp_path / "demo") == {name: b"van iemand anders"}
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_file_and_a_link_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("van iemand anders")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("file", "link"):
        with pytest.raises(OpstartFout, match="nieuwe map"):
            gemaakt(tmp_path / name)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "file").read_text() == "van iemand anders"


@pytest.mark.parametrize("sibling", ["demo.in-aanbouw", "parent"])
def test_where_nothing_can_be_made_the_message_says_what_to_do(tmp_path: Path, sibling: str) -> None:
    (tmp_path / sibling).write_text("van iemand anders")
    with pytest.raises(OpstartFout, match="mag schrijven"):
        gemaakt(tmp_path / "demo" if sibling != "parent" else tmp_path / "parent" / "demo")
    assert content(tmp_path) == {sibling: b"van iemand anders"}


def test_a_folder_of_somebody_else_beside_the_demo_is_not_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "demo.in-aanbouw").mkdir()
    (tmp_path / "demo.in-aanbouw" / "dossier.txt").write_text("van iemand anders")
    with pytest.raises(OpstartFout, match="niet van de demo"):
        gemaakt(tmp_path / "demo")
    assert content(tmp_path / "demo.in-aanbouw") == {"dossier.txt": b"van iemand anders"}
    assert not (tmp_path / "demo").exists()


def test_a_build_that_was_killed_is_noticed_and_done_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with started(folder) as process:
        assert "begonnen" in wait_for(process, "bewoners ingeschreven", "begonnen")
        with pytest.raises(OpstartFout, match="ander proces"):
            gemaakt(folder)
        process.send_signal(signal.SIGKILL)
    assert not folder.exists()
    assert (tmp_path / "demo.in-aanbouw").exists()
    nieuw, gehoord = gemaakt(folder)
    assert nieuw
    assert "afgebroken" in gehoord[0]
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def vol(_: str) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        asyncio.run(maak_demo(tmp_path / "demo", vol, huizen=9, dossiers=3))
    assert list(tmp_path.iterdir()) == []


def test_who_puts_something_in_the_folder_during_the_build_keeps_it(tmp_path: Path) -> None:
    def ander(_: str) -> None:
        (tmp_path / "demo").mkdir(exist_ok=True)
        (tmp_path / "demo" / "dossier.txt").write_text("van iemand anders")

    with pytest.raises(OpstartFout, match="niet in deze map worden gezet"):
        asyncio.run(maak_demo(tmp_path / "demo", ander, huizen=9, dossiers=3))
    assert content(tmp_path / "demo") == {"dossier.txt": b"van iemand anders"}
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_demo_reads_no_settings_but_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    echt = tmp_path / "echt.db"
    monkeypatch.setenv("WIJKWERK_DATABASE", f"sqlite:///{echt}")
    monkeypatch.setenv("WIJKWERK_IDENTITY_ISSUER", "https://echt.example")
    (tmp_path / "wijkwerk.toml").write_text(f'database = "sqlite:///{echt}"\nroot_key = "{tmp_path / "echt.key"}"\n')
    settings = demo_settings(tmp_path / "demo")
    assert settings.database_url == f"sqlite:///{tmp_path / 'demo' / 'wijkwerk.db'}"
    assert settings.root_key_file == tmp_path / "demo" / "root.key"
    assert settings.identity.issuer != "https://echt.example"


def started(folder: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [WIJKWERK, "demo", "--map", folder, "--port", "0"], stdout=subprocess.PIPE, text=True, env=env, cwd=folder.parent
    )


def wait_for(process: subprocess.Popen[str], words: str, answer: str) -> str:
    assert process.stdout is not None
    return next((answer for line in process.stdout if words in line), "")
