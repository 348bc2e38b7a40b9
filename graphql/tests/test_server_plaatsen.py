"""There are so many places for connections, and nobody keeps one without sending whole headers in time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk_graphql.http.protocol import Protocol
from wijkwerk_graphql.testing import Dienst, draaiend

pytestmark = pytest.mark.anyio
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(autouse=True)
def vlug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Protocol, "header_seconds", 0.5)


async def trickled(dienst: Dienst, first: bytes = b"") -> tuple[bytes, bool]:
    """What the server says, and whether it hangs up on who sends a hundred bytes, one at a time, after these."""
    reader, writer = await asyncio.open_connection("127.0.0.1", dienst.port)
    writer.write(first)
    said = await reader.readuntil(b"}") if first else b""
    cut_off = False
    for number in range(100):
        writer.write(WHOLE[number % 3 : number % 3 + 1])
        try:
            async with asyncio.timeout(0.1):
                said += await reader.read()
        except TimeoutError:
            continue
        except ConnectionError:
            pass
        cut_off = True
        break
    writer.close()
    return said, cut_off


@pytest.mark.parametrize("first", [b"", WHOLE], ids=["first", "second"])
async def test_who_never_ends_the_headers_is_cut_off(dienst: Dienst, first: bytes) -> None:
    said, cut_off = await trickled(dienst, first)
    assert said.startswith(b"HTTP/1.1 200 ") if first else said == b""
    assert cut_off
    assert (await dienst.client.get("/healthz")).status_code == 200


async def test_who_says_nothing_is_cut_off(dienst: Dienst) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", dienst.port)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()


async def test_a_slow_body_or_answer_is_not_cut_off_by_it(dienst: Dienst) -> None:
    body = b'{"query":"{ik{activiteit}}"}'
    reader, writer = await asyncio.open_connection("127.0.0.1", dienst.port)
    lines = {"Host": "x", "Content-Length": str(len(body)), "Connection": "close", **dienst.headers()}
    writer.write("".join(["POST /graphql HTTP/1.1\r\n", *(f"{key}: {value}\r\n" for key, value in lines.items()), "\r\n"]).encode())
    await asyncio.sleep(0.8)
    writer.write(body)
    assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_one_connection_too_many_is_refused_until_there_is_place(
    migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path: Path
) -> None:
    async with draaiend(await sqlite_templates.copy(migraties, tmp_path), tmp_path, max_connections=3) as full:
        held = [await asyncio.open_connection("127.0.0.1", full.port) for _ in range(3)]
        assert (await full.post()).status_code == 503
        assert await full.gelezen() == []
        await asyncio.sleep(0.8)
        assert (await full.post()).status_code == 200
        for _, writer in held:
            writer.close()
