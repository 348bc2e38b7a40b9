"""Plugins as pip installs them: found by entry point, refused by name."""

from __future__ import annotations

from importlib.metadata import distributions
from pathlib import Path

import pytest

from wijkwerk.errors import OpstartFout
from wijkwerk.plugins import Plugins

MOESTUIN = """
from pathlib import Path
from wijkwerk.hookspecs import PluginInfo, hookimpl
from wijkwerk.storage.revisions import Migraties

@hookimpl
def plugin_info():
    return PluginInfo("moestuin", "Een tuin voor de buurt.", "1.0", {"core": ">=0.1"})

@hookimpl
def migraties():
    return Migraties(owner="moestuin", map=Path("x"), requires=("core",))
"""


def _distribution(folder: Path, module: str, code: str) -> None:
    """A plugin as pip would install it: a module and the metadata of its entry point."""
    (folder / f"{module}.py").write_text(code)
    info = folder / f"{module}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[wijkwerk.plugins]\n{module.removeprefix('wijkwerk_')} = {module}\n")


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose distributions are the only ones that are installed."""

    def local(*, group: str) -> object:
        return [point for found in distributions(path=[str(tmp_path)]) for point in found.entry_points.select(group=group)]

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("wijkwerk.plugins.entry_points", local)
    return tmp_path


def test_an_installed_plugin_is_found_and_its_tables_come_after_the_core(only: Path) -> None:
    _distribution(only, "wijkwerk_moestuin", MOESTUIN)
    found = Plugins.installed()
    assert list(found.infos) == ["core", "moestuin"]
    assert [one.owner for one in found.migraties()].index("core") < [one.owner for one in found.migraties()].index("moestuin")


def test_the_keys_have_a_history_of_their_own(only: Path) -> None:
    assert {one.owner: one.keys for one in Plugins.installed().migraties()} == {"sleutels": True, "core": False}


def test_a_plugin_that_cannot_be_imported_is_named(only: Path) -> None:
    _distribution(only, "wijkwerk_kapot", "raise ImportError('weg')")
    with pytest.raises(OpstartFout, match="kapot kan niet worden geladen"):
        Plugins.installed()
