"""`wijkwerk demo` as a visitor runs it: in an empty folder, from the installed package."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from wijkwerk.demo.instellingen import INWONER, MEDEWERKERS
from wijkwerk_graphql.demo import spelen
from wijkwerk_graphql.demo.command import demo
from wijkwerk_graphql.demo.toneel import Toneel
from wijkwerk_graphql.demo.verhaal import verwacht

WIJKWERK = Path(sys.executable).with_name("wijkwerk")
ROLLEN = {**{one.onderwerp: one.rol for one in MEDEWERKERS}, INWONER: "INWONER"}


def environment(tmp_path: Path) -> dict[str, str]:
    """Temporary files of the command go where the test can see that they are gone."""
    (tmp_path / "tmp").mkdir()
    return {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "PYTHONUNBUFFERED": "1"}


def test_the_story_comes_out_as_told_and_leaves_nothing(tmp_path: Path) -> None:
    leeg = tmp_path / "leeg"
    leeg.mkdir()
    done = subprocess.run(
        [WIJKWERK, "demo", "--story"], cwd=leeg, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "✗" not in done.stdout
    assert done.stdout.count("✓") == len(spelen.VERHAAL)
    verteld = re.search(r"(\d+) logregels gecontroleerd\.$", done.stdout.rstrip())
    assert verteld is not None
    assert int(verteld[1]) > 30
    assert "999993653" not in done.stdout
    assert list(leeg.iterdir()) == list((tmp_path / "tmp").iterdir()) == []


def test_a_story_that_comes_out_otherwise_ends_with_code_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same story, but it now tells that the resident was never registered."""

    def doet_niets(_: Toneel) -> list[str]:
        return []

    monkeypatch.setattr(spelen, "VERHAAL", (replace(spelen.VERHAAL[0], doe=doet_niets), *spelen.VERHAAL[1:]))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    found = CliRunner().invoke(demo, ["--story"])
    assert found.exit_code == 1
    assert "✗  2" in found.output
    assert "gecontroleerd" not in found.output
    assert list(tmp_path.iterdir()) == []


def test_one_untrue_step_after_a_whole_story_ends_with_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def onwaar(toneel: Toneel) -> list[str]:
        antwoord = toneel.als("wijkteam").vraag("{ ik { rollen } }")
        verwacht(antwoord.data["ik"]["rollen"] == ["REGISSEUR"], "het wijkteam moet regisseur zijn")
        return []

    waar = len(spelen.VERHAAL)
    monkeypatch.setattr(spelen, "VERHAAL", (*spelen.VERHAAL, replace(spelen.VERHAAL[0], doe=onwaar)))
    found = CliRunner().invoke(demo, ["--story"])
    assert found.exit_code == 1
    assert found.output.count("✓") == waar
    assert "het wijkteam moet regisseur zijn" in found.output
    assert "gecontroleerd." not in found.output.splitlines()[-1]


@pytest.fixture(scope="module")
def plek(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the command of `started` runs."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def started(plek: Path) -> Iterator[list[str]]:
    """The lines that the command printed until it served."""
    env = environment(plek)
    with subprocess.Popen([WIJKWERK, "demo", "--port", "0"], cwd=plek, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "luistert op" in line:
                break
        assert "luistert op" in "".join(lines[-1:])
        yield lines
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert {path.name for path in plek.iterdir()} == {".demo", "tmp"}


def tokens(lines: list[str]) -> dict[str, str]:
    """What stands before the table of roles: a user and a token, a line each."""
    return dict(line.split() for line in lines[: roles_at(lines)] if line.partition(" ")[0] in ROLLEN)


def roles_at(lines: list[str]) -> int:
    return next(at for at, line in enumerate(lines) if line.startswith("GEBRUIKER "))


def test_every_user_has_a_token_that_works(started: list[str]) -> None:
    found = tokens(started)
    assert list(found) == list(ROLLEN)
    for onderwerp, rol in ROLLEN.items():
        token = found[onderwerp]
        activiteit = {"Verwerkingsactiviteit": "WMO_ONDERSTEUNING"} if rol == "TEAMLEIDER" else {}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}", **activiteit}
        assert post(address(started), headers, json.dumps({"query": "{ ik { rollen } }"})) == {"data": {"ik": {"rollen": [rol]}}}


def test_there_is_a_resident_who_may_withdraw_a_consent_and_a_referral_that_waits(started: list[str]) -> None:
    def vraag(onderwerp: str, query: str) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {tokens(started)[onderwerp]}"}
        return post(address(started), headers, json.dumps({"query": query}))["data"]

    [zelf] = vraag(INWONER, "{ mijnGegevens { geslachtsnaam toestemmingen { id status } dossiers { id } } }")["mijnGegevens"]
    assert zelf["geslachtsnaam"]
    assert zelf["dossiers"]
    assert [each["status"] for each in zelf["toestemmingen"]] == ["GEGEVEN"]
    [wacht] = vraag("buurtcoach", "{ verwijzingen { edges { node { status vraag persoon { id geslachtsnaam } } } } }")["verwijzingen"][
        "edges"
    ]
    assert wacht["node"]["status"] == "AANGEBODEN"
    assert wacht["node"]["vraag"]


def test_every_user_has_a_role_and_what_it_shows(started: list[str]) -> None:
    rows = started[roles_at(started) + 1 :][: len(ROLLEN)]
    assert [row.split()[:2] for row in rows] == [[onderwerp, rol] for onderwerp, rol in ROLLEN.items()]
    assert all(len(row.split()) > 2 for row in rows)


def test_the_tokens_are_in_a_file_for_the_owner_alone(started: list[str], plek: Path) -> None:
    file = plek / ".demo" / "tokens.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert dict(line.split() for line in file.read_text().splitlines()) == tokens(started)
    assert f"De tokens staan in {file}" in "\n".join(started)


def test_what_to_do_next_is_what_stays_on_the_screen(started: list[str]) -> None:
    assert started[-2] == "Ctrl-C stopt de server."
    last = [line.partition(" ")[0].partition("=")[0] for line in started[-14:-2] if line]
    assert last == ["#", "TOKEN", "curl"] * 3


def test_the_three_commands_to_try_show_what_they_promise(started: list[str]) -> None:
    team, zorg, fg = (run_curl(*pair) for pair in pairwise(started) if pair[1].startswith("curl "))
    assert team["data"]["personen"]["totalCount"] > 100
    assert all(edge["node"]["adresregel1"] for edge in team["data"]["personen"]["edges"])
    assert 0 < zorg["data"]["personen"]["totalCount"] < 15
    assert all(edge["node"]["adresregel1"] is None for edge in zorg["data"]["personen"]["edges"])
    regels = fg["data"]["inzagelog"]["regels"]
    assert all(regel["gebruiker"] and regel["activiteit"] and regel["doelen"] for regel in regels[:2])
    assert [regel["rollen"] for regel in regels[:2]] == [["ZORG"], ["WIJKTEAM"]]
    namen = [edge["node"]["aanschrijfwijze"] for edge in team["data"]["personen"]["edges"]]
    assert not any(naam in json.dumps(fg, ensure_ascii=False) for naam in namen if naam)


def test_a_port_that_is_taken_is_refused_before_anything_is_built(started: list[str], tmp_path: Path) -> None:
    port = str(urlsplit(address(started)).port)
    done = subprocess.run([WIJKWERK, "demo", "--port", port], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"Poort {port} " in done.stderr
    assert "--port" in done.stderr
    assert "--host" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_demo_that_runs_is_not_started_twice(started: list[str], plek: Path) -> None:
    done = subprocess.run([WIJKWERK, "demo", "--port", "0"], cwd=plek, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "draait al" in done.stderr


def address(lines: list[str]) -> str:
    return lines[-1].rpartition(" ")[2]


def run_curl(token: str, line: str) -> Any:
    """What a shell and curl do with these two lines; the words that the shell gives to curl are sent from here."""
    shell = f'curl() {{ printf "%s\\0" "$@"; }}\n{token}\n{line}'
    given = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout.split("\0")
    url, *rest = given[1:-1]
    options = list(zip(rest[::2], rest[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
    return post(url, headers, next(value for option, value in options if option == "-d"))


def post(url: str, headers: dict[str, str], body: str) -> Any:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request("POST", parts.path, body, headers)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()
