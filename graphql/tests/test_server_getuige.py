"""The witness as a service: what is not for the specification of witnesses, but for HTTP; and its command."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.errors import OpstartFout
from wijkwerk.klok import SysteemKlok
from wijkwerk.log.getuigen.bewaking import GROOTSTE_VERZOEK, Bewaking
from wijkwerk.log.getuigen.sleutel import maak_sleutel
from wijkwerk.log.note import ONDERTEKENING, Sleutel, sign_note
from wijkwerk_graphql.getuige.command import getuige
from wijkwerk_graphql.getuige.dienst import make_getuige
from wijkwerk_graphql.serve import server

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def draaiend(folder: Path, body_seconds: float = 10) -> AsyncIterator[tuple[httpx2.AsyncClient, int]]:
    with Bewaking(folder, SysteemKlok()) as bewaking, socket.create_server(("127.0.0.1", 0)) as listening:
        running, port = server(make_getuige(bewaking, body_seconds=body_seconds), 8), listening.getsockname()[1]
        serving = asyncio.create_task(running.serve([listening]))
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client, port
        running.should_exit = True
        await serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    maak_sleutel(tmp_path, "getuige.nl")
    return tmp_path


async def test_only_requests_that_the_protocol_knows_come_in(folder: Path) -> None:
    async with draaiend(folder) as (client, port):
        answers = [
            await client.get("/add-checkpoint"),
            await client.post("/"),
            await client.post("/add-checkpoint/"),
            await client.post("/add-checkpoint", content=b"x" * (GROOTSTE_VERZOEK + 1)),
            await client.post("/add-checkpoint", content=b"x" * GROOTSTE_VERZOEK),
            await client.get("/healthz"),
        ]
        assert [answer.status_code for answer in answers] == [405, 404, 404, 413, 400, 200]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nold")
        await writer.drain()
        writer.close()  # gone before the end
        assert (await client.get("/healthz")).status_code == 200
        assert reader
    async with draaiend(folder, body_seconds=0.05) as (client, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nold")
        assert (await asyncio.wait_for(reader.read(), 30)).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_a_size_comes_in_the_media_type_that_the_protocol_names(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    (folder / "logs").write_text(f"x.nl/log {Sleutel('x.nl/log', ONDERTEKENING, key.public_key()).vkey()}\n")
    body = sign_note(f"x.nl/log\n1\n{'A' * 43}=\n", "x.nl/log", key).encode()
    async with draaiend(folder) as (client, _):
        signed = await client.post("/add-checkpoint", content=b"old 0\n\n" + body)
        assert (signed.status_code, signed.text.startswith("— getuige.nl "), signed.text.count("\n")) == (200, True, 1)
        again = await client.post("/add-checkpoint", content=b"old 0\n\n" + body)
        assert (again.status_code, again.headers["content-type"], again.text) == (409, "text/x.tlog.size", "1\n")


async def test_what_is_wrong_in_the_folder_is_for_who_looks_after_it(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    body = b"old 1\n\nx.nl/log\n1\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 x.nl/log AAAAAAAA\n"
    async with draaiend(folder) as (client, _):
        (folder / "logs").write_text("onzin\n")
        answer = await client.post("/add-checkpoint", content=body)
        assert (answer.status_code, "Regel 1" in answer.text) == (503, False)
        (folder / "logs").unlink()
        assert (await client.post("/add-checkpoint", content=body)).status_code == 404
    assert ["Regel 1" in record.getMessage() for record in caplog.records if record.levelname == "CRITICAL"] == [True]


def test_the_command_makes_a_key_and_shows_it(tmp_path: Path) -> None:
    runner, waar = CliRunner(), ["--map", str(tmp_path / "getuige")]
    made = runner.invoke(getuige, [*waar, "sleutel", "--naam", "getuige.nl"])
    assert made.output.startswith("getuige.nl+")
    assert runner.invoke(getuige, [*waar, "sleutel"]).output == made.output
    assert isinstance(runner.invoke(getuige, [*waar, "sleutel", "--naam", "ander.nl"]).exception, OpstartFout)
    (tmp_path / "getuige" / "logs").write_text("onzin\n")
    assert isinstance(runner.invoke(getuige, waar).exception, OpstartFout)
