"""The plugin in the README is a real file that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_the_readme_shows_the_plugin_as_it_is() -> None:
    readme = (HERE.parent / "README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert shown.strip() in (HERE / "voorbeeld" / "wijkwerk_moestuin.py").read_text(encoding="utf-8")


def test_the_plugin_of_the_readme_makes_its_table_and_answers_under_scope(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, HERE / "voorbeeld" / "proef.py", tmp_path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "{'data': {'persoon': {'geslachtsnaam': 'Tuinman', 'moestuinplekken': [{'nummer': 7}]}}}"
