"""The command `wijkwerk`: Dutch, lazy, without secrets, and never a stack trace."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

HEAVY = ("strawberry", "sqlalchemy", "uvicorn", "starlette")


def wijkwerk(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("WIJKWERK_")}
    program = "import sys; sys.argv[0] = 'wijkwerk'; from wijkwerk.cli import main; main()"
    env = {**plain, "WIJKWERK_MAP": str(folder / "data"), **settings}
    done = subprocess.run([sys.executable, "-c", program, *arguments], env=env, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_help_is_dutch_and_names_every_command(tmp_path: Path) -> None:
    code, out, _ = wijkwerk(tmp_path, "--help")
    assert code == 0
    for word in ("Gebruik:", "Opties:", "Opdrachten:", *(point.name for point in entry_points(group="wijkwerk.cli"))):
        assert word in out
    assert not [word for word in ("Usage", "Options", "Commands", "Show this") if word in out]


def test_help_loads_no_command(tmp_path: Path) -> None:
    program = (
        "import sys\nsys.argv = ['wijkwerk', '--help']\nfrom wijkwerk.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    )
    found = f"print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program + found], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments", [["bestaat-niet"], ["config", "bestaat-niet"], ["migrate", "--nee"], ["migrate", "extra"]], ids=" ".join
)
def test_a_wrong_command_line_is_one_dutch_line(tmp_path: Path, arguments: list[str]) -> None:
    code, out, err = wijkwerk(tmp_path, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--help" in err


def test_config_show_has_no_secrets(tmp_path: Path) -> None:
    code, out, _ = wijkwerk(tmp_path, "config", "show", WIJKWERK_DATABASE="postgresql://wie:geheim@db.example/wijk?password=ook&ssl=x")
    assert code == 0
    assert "database = postgresql://db.example/wijk\n" in out
    assert "identity.issuer = " in out
    assert not [secret for secret in ("geheim", "wie", "ook") if secret in out]


def test_a_database_address_that_is_none_is_not_repeated(tmp_path: Path) -> None:
    for arguments in (("config", "show"), ("migrate",)):
        _, out, err = wijkwerk(tmp_path, *arguments, WIJKWERK_DATABASE="geheim")
        assert "geheim" not in out + err
        assert "Traceback" not in err


def test_settings_that_can_not_be_read_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "wijkwerk.toml").write_text("wachtwoord = [geheim")
    code, out, err = wijkwerk(tmp_path, "config", "show")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "geheim" not in err


def test_migrate_brings_a_database_to_this_version_twice(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert wijkwerk(tmp_path, "migrate", "--check")[0] == 1
    for arguments in (("migrate",), ("migrate",), ("migrate", "--check")):
        code, out, err = wijkwerk(tmp_path, *arguments)
        assert (code, out, err) == (0, "De database past bij deze versie.\n", "")


def test_plugins_list_starts_with_the_core(tmp_path: Path) -> None:
    code, out, _ = wijkwerk(tmp_path, "plugins", "list")
    assert code == 0
    assert out.startswith("core ")
