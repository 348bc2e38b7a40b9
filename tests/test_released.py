"""What a release publishes: every file of the packages, and metadata that names versions (docs/decisions/0002)."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ("buurtgroepen", "mantelzorg", "tegenprestatie", "vrijwilligerspool")
SOURCES = {"wijkwerk": ["core/src", "graphql/src"], **{f"wijkwerk_{name}": [f"plugins/{name}/src"] for name in PLUGINS}}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `make dist` makes."""
    target = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "tools/dist.py", str(target)], cwd=ROOT, check=True, capture_output=True)
    return target


def wheel_metadata(path: Path) -> str:
    with zipfile.ZipFile(path) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        return wheel.read(name).decode()


def sdist_text(path: Path, name: str) -> str:
    with tarfile.open(path) as sdist:
        content = sdist.extractfile(f"{path.name.removesuffix('.tar.gz')}/{name}")
        assert content is not None
        return content.read().decode()


def committed_files(folder: str) -> set[str]:
    command = ["git", "ls-tree", "-r", "-z", "--name-only", f"HEAD:{folder}"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return set(names.split("\0")) - {""}


def test_no_released_metadata_names_a_folder(released: Path) -> None:
    texts = {path.name: wheel_metadata(path) for path in released.glob("*.whl")}
    texts |= {path.name: sdist_text(path, name) for path in released.glob("*.tar.gz") for name in ("PKG-INFO", "pyproject.toml")}
    assert len(texts) == 2 * len(SOURCES)
    assert [name for name, text in texts.items() if "file:" in text or "@ {root" in text] == []


@pytest.mark.parametrize("distribution", SOURCES)
def test_a_released_wheel_holds_every_file_of_its_packages(released: Path, distribution: str) -> None:
    """Migrations and data files are not Python modules, so a setting could forget them."""
    (path,) = released.glob(f"{distribution}-*.whl")
    expected = set().union(*(committed_files(source) for source in SOURCES[distribution]))
    with zipfile.ZipFile(path) as wheel:
        assert expected - set(wheel.namelist()) == set()
    assert any(name.endswith("/__init__.py") for name in expected)


def test_every_released_wheel_carries_its_licence(released: Path) -> None:
    """EUPL-1.2, article 5: a copy of the licence with every copy of the work."""
    text = (ROOT / "LICENSES/EUPL-1.2.txt").read_bytes()
    for path in released.glob("*.whl"):
        with zipfile.ZipFile(path) as wheel:
            assert [wheel.read(name) for name in wheel.namelist() if name.endswith("/licenses/LICENSES/EUPL-1.2.txt")] == [text]


def test_the_released_core_names_the_versions_of_its_plugins(released: Path) -> None:
    (path,) = released.glob("wijkwerk-*.whl")
    version = path.name.split("-")[1]
    plugins = {line for line in wheel_metadata(path).splitlines() if line.startswith("Requires-Dist: wijkwerk-")}
    assert plugins == {f"Requires-Dist: wijkwerk-{name}=={version}; extra == 'plugins'" for name in PLUGINS}
