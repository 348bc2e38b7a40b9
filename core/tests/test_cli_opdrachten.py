"""The command `wijkwerk`: Dutch, lazy, without secrets, and never a stack trace."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import asyncpg
import pytest

from wijkwerk.testing.postgres import PostgresServer

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


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo", "--port", "70000"], "--port moet een getal van 0 tot en met 65535 zijn.\n"),
        (["serve", "--port", "x"], "--port moet een getal van 0 tot en met 65535 zijn.\n"),
        (["log", "verify", "weg.jsonl"], "Het bestand weg.jsonl bestaat niet. Controleer de naam.\n"),
        (["log", "verify", "--checkpoint", "."], "Het bestand . is een map. Controleer de naam.\n"),
        (["log", "verify", "weg\x1b[2J"], "Het bestand weg[2J bestaat niet. Controleer de naam.\n"),
        (["log", "verify", "p.csv"], "Dit bestand is geen export van het log. Maak er een met `wijkwerk log export`.\n"),
        (["log", "export", "p.csv"], "p.csv bestaat al. Kies een nieuwe naam.\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_value_is_one_line_that_says_which_and_why(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "p.csv").write_text("geslachtsnaam\nBoer\n")
    assert wijkwerk(tmp_path, *arguments) == (2, "", sentence)
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_what_stands_for_a_value_is_dutch(tmp_path: Path) -> None:
    seen = "".join(wijkwerk(tmp_path, *words, "--help")[1] for words in (["demo"], ["import", "personen"], ["log", "verify"]))
    for word in ("--port GETAL", "--map MAP", "--team TEKST", "--fouten BESTAND", "[BESTAND]"):
        assert word in seen
    assert not [word for word in ("TEXT", "FILE", "DIRECTORY", "INTEGER") if word in seen]


def test_the_help_of_planned_work_knows_the_exit_codes_of_its_docs(tmp_path: Path) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "beheer" / "jobs.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| (\d) \|", docs, re.MULTILINE))
    assert set(re.findall(r"^ +(\d) ", wijkwerk(tmp_path, "jobs", "run", "--help")[1], re.MULTILINE)) == told == set("01234")


def test_config_show_has_no_secrets(tmp_path: Path) -> None:
    code, out, _ = wijkwerk(tmp_path, "config", "show", WIJKWERK_DATABASE="postgresql://wie:geheim@db.example/wijk?password=ook&ssl=x")
    assert code == 0
    assert "database = postgresql://db.example/wijk\n" in out
    assert "identity.issuer = " in out
    assert not [secret for secret in ("geheim", "wie", "ook") if secret in out]


@pytest.mark.parametrize("arguments", [("config", "show"), ("migrate",), ("log", "verify")], ids=" ".join)
@pytest.mark.parametrize("address", ["geheim", "mysql://geheim@db.example/wijk", "sqlite:///:memory:"])
def test_a_database_address_that_cannot_be_used_is_refused_and_not_repeated(
    tmp_path: Path, arguments: tuple[str, ...], address: str
) -> None:
    code, out, err = wijkwerk(tmp_path, *arguments, WIJKWERK_DATABASE=address)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "sqlite:///pad" in err
    assert "geheim" not in err
    assert list(tmp_path.iterdir()) == []


NOT_MAKING = (
    ("log", "verify"), ("log", "key"), ("log", "checkpoint"), ("log", "export", "export.jsonl"), ("migrate", "--check"),
    ("import", "personen", "p.csv"), ("import", "personen", "p.csv", "--dry-run"),
)  # fmt: skip


@pytest.mark.parametrize("arguments", NOT_MAKING, ids=" ".join)
def test_only_migrate_makes_a_database(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "p.csv").write_text("geslachtsnaam\nBoer\n")
    code, _, err = wijkwerk(tmp_path, *arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert "geen database" in err
    assert "WIJKWERK_MAP" in err
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_an_empty_file_is_no_database_and_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "wijkwerk.db").touch()
    assert wijkwerk(tmp_path, "log", "verify")[0] == 2
    assert [(path.name, path.stat().st_size) for path in (tmp_path / "data").iterdir()] == [("wijkwerk.db", 0)]


async def empty_database(server: PostgresServer, name: str) -> None:
    url = server.url()
    connection = await asyncpg.connect(host=url.query["host"], user=url.username, database=url.database)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


def test_a_postgresql_database_without_our_tables_is_none_and_gets_none(tmp_path: Path, pg_server: PostgresServer) -> None:
    asyncio.run(empty_database(pg_server, "leeg"))
    url = pg_server.url("leeg").render_as_string(hide_password=False)
    code, _, err = wijkwerk(tmp_path, "log", "verify", WIJKWERK_DATABASE=url)
    assert (code, "geen database" in err) == (2, True)
    assert wijkwerk(tmp_path, "migrate", "--check", WIJKWERK_DATABASE=url)[0] == 2
    assert list(tmp_path.iterdir()) == []
    assert wijkwerk(tmp_path, "migrate", WIJKWERK_DATABASE=url)[0] == 0
    assert wijkwerk(tmp_path, "migrate", "--check", WIJKWERK_DATABASE=url)[0] == 0


def test_migrate_makes_one_folder_and_never_a_row_of_them(tmp_path: Path) -> None:
    code, out, err = wijkwerk(tmp_path, "migrate", WIJKWERK_MAP=str(tmp_path / "tik" / "fout"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "bestaat niet" in err
    assert list(tmp_path.iterdir()) == []


def test_config_show_makes_nothing(tmp_path: Path) -> None:
    assert wijkwerk(tmp_path, "config", "show")[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_settings_that_can_not_be_read_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "wijkwerk.toml").write_text("wachtwoord = [geheim")
    code, out, err = wijkwerk(tmp_path, "config", "show")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "geheim" not in err


def test_migrate_brings_a_database_to_this_version_twice(tmp_path: Path) -> None:
    for arguments in (("migrate",), ("migrate",), ("migrate", "--check")):
        code, out, err = wijkwerk(tmp_path, *arguments)
        assert (code, out, err) == (0, "De database past bij deze versie.\n", "")


def test_plugins_list_starts_with_the_core(tmp_path: Path) -> None:
    code, out, _ = wijkwerk(tmp_path, "plugins", "list")
    assert code == 0
    assert out.startswith("core ")
