"""Build what a release publishes, from the last commit: `python tools/dist.py FOLDER` (docs/decisions/0002)."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCAL_FOLDER = re.compile(r" @ \{root:uri\}/plugins/\w+")


def export_last_commit(target: Path) -> None:
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(target, filter="data")


def name_versions(pyproject: Path) -> None:
    """Replace the folders of the extra `plugins` by the version that core and plugins share."""
    text = pyproject.read_text()
    version = tomllib.loads(text)["project"]["version"]
    pyproject.write_text(LOCAL_FOLDER.sub(f"=={version}", text))


def build(folder: Path, target: Path) -> None:
    """Wheel and sdist of one distribution."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "--directory", str(target)], cwd=folder, check=True)


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        checkout = Path(temporary)
        export_last_commit(checkout)
        name_versions(checkout / "pyproject.toml")
        build(checkout, target.resolve())
        for pyproject in sorted(checkout.glob("plugins/*/pyproject.toml")):
            # EUPL-1.2, article 5: a copy of the licence goes with every copy of the work.
            shutil.copytree(checkout / "LICENSES", pyproject.parent / "LICENSES")
            build(pyproject.parent, target.resolve())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
