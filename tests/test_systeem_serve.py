"""`wijkwerk serve` as a process: starts, says where, drains on SIGTERM, and refuses to start with one Dutch line."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import orjson
import pytest

from wijkwerk.settings import IdentitySettings
from wijkwerk_graphql.identity.issuer import LokaleUitgever

COMMAND = [sys.executable, "-c", "from wijkwerk.cli import main; main()"]
SERVE = [*COMMAND, "serve"]


def environment(folder: Path, *, jwks: bool = True) -> dict[str, str]:
    """A clean installation in `folder`."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("WIJKWERK_")}
    identity = IdentitySettings(jwks=folder / "jwks.json")
    LokaleUitgever.open(folder / "uitgever.json", identity)
    own = {"WIJKWERK_MAP": str(folder / "data")} | ({"WIJKWERK_IDENTITY__JWKS": str(identity.jwks)} if jwks else {})
    return {**plain, **own}


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    subprocess.run([*COMMAND, "migrate"], env=environment(folder), cwd=folder, check=True, capture_output=True)
    process = subprocess.Popen(
        [*SERVE, "--port", "0"], env=environment(folder), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    try:
        assert found, process.stderr and process.stderr.read()
        yield process, found[0].removesuffix("/graphql")
    finally:
        process.kill()
        process.communicate()


def test_it_starts_answers_and_stops_on_sigterm(tmp_path: Path) -> None:
    with running(tmp_path) as (process, address):
        assert httpx2.get(f"{address}/readyz").json() == {"status": "ok"}
        assert httpx2.post(f"{address}/graphql", json={"query": "{ik{activiteit}}"}).status_code == 401
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_a_request_under_way_is_finished_before_it_stops(tmp_path: Path) -> None:
    with running(tmp_path) as (process, address):
        host, port = address.removeprefix("http://").split(":")
        body = b'{"query":"{ik{activiteit}}"}'
        with socket.create_connection((host, int(port)), 20) as connection:
            lines = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            connection.sendall(lines.encode())
            time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            connection.sendall(b"\r\n" + body)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 401")
        process.communicate(timeout=30)
    assert process.returncode == 0


def refused(folder: Path, *options: str, jwks: bool = True, **settings: str) -> tuple[int, str, str]:
    env = {**environment(folder, jwks=jwks), **settings}
    done = subprocess.run([*SERVE, *options], env=env, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def one_line(code: int, out: str, err: str) -> bool:
    return code == 2 and out == "" and err.count("\n") == 1 and "Traceback" not in err


def test_without_keys_it_does_not_start(tmp_path: Path) -> None:
    found = refused(tmp_path, jwks=False)
    assert one_line(*found)
    assert "WIJKWERK_IDENTITY__JWKS" in found[2]
    assert not (tmp_path / "data").exists()


def test_without_a_database_it_does_not_start_and_makes_none(tmp_path: Path) -> None:
    found = refused(tmp_path)
    assert one_line(*found)
    assert "WIJKWERK_MAP" in found[2]
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_stops_the_start_and_is_named(tmp_path: Path) -> None:
    subprocess.run([*COMMAND, "migrate"], env=environment(tmp_path), cwd=tmp_path, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = refused(tmp_path, "--port", port)
    assert one_line(*found)
    assert f"Poort {port} is niet vrij" in found[2]
    assert "--host" not in found[2]
    assert not (tmp_path / "data" / "root.key").exists()


def test_an_address_that_is_not_ours_stops_the_start_and_names_the_option(tmp_path: Path) -> None:
    subprocess.run([*COMMAND, "migrate"], env=environment(tmp_path), cwd=tmp_path, check=True, capture_output=True)
    found = refused(tmp_path, "--host", "niet.bestaand.invalid")
    assert one_line(*found)
    assert "--host" in found[2]


@pytest.mark.parametrize("options", [["--port", "70000"], ["--port", "x"], ["--poort", "1"]], ids=" ".join)
def test_wrong_options_are_one_line(tmp_path: Path, options: list[str]) -> None:
    assert one_line(*refused(tmp_path, *options))


def test_a_wrong_setting_is_named_but_not_its_value(tmp_path: Path) -> None:
    found = refused(tmp_path, WIJKWERK_MAX_BODY="geheim999990019")
    assert one_line(*found)
    assert "max_body" in found[2]
    assert "999990019" not in found[2]


def test_a_secret_key_in_the_jwks_stops_the_start(tmp_path: Path) -> None:
    env = environment(tmp_path)
    Path(env["WIJKWERK_IDENTITY__JWKS"]).write_bytes(orjson.dumps({"keys": [orjson.loads((tmp_path / "uitgever.json").read_bytes())]}))
    done = subprocess.run(SERVE, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert one_line(done.returncode, done.stdout, done.stderr)
