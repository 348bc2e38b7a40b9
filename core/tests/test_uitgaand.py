"""Outgoing HTTP against real servers on loopback."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from wijkwerk.uitgaand import GROOTSTE_ANTWOORD, Antwoord, UitgaandMislukt, is_loopback, post

pytestmark = pytest.mark.anyio

Serve = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve, seen: list[bytes], tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Reads one request, then `serve` writes the answer."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            seen.append(head + await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split()[0])))
            await serve(writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    async with listening:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listening.sockets[0].getsockname()[1]}/pad"


def says(status: str, body: bytes, *headers: str) -> Serve:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]).encode()

    async def serve(writer: asyncio.StreamWriter) -> None:
        writer.write(head + body)
        await writer.drain()

    return serve


async def test_what_is_sent_arrives_and_what_comes_back_is_given_whatever_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    seen: list[bytes] = []
    redirect = says("302 Found", b"elders", "location: http://127.0.0.1:1/", "content-type: Text/X.Tlog.Size; charset=utf-8")
    async with server(redirect, seen) as url:
        assert await post(url, b"old 0\n", media_type="text/plain", kop={"x-naam": "w"}) == Antwoord(302, "text/x.tlog.size", b"elders")
    (request,) = seen
    assert request.startswith(b"POST /pad HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\nold 0\n")
    assert b"content-type: text/plain\r\n" in request.lower()
    assert b"x-naam: w\r\n" in request.lower()


async def test_over_tls_only_who_the_file_trusts_is_answered_to(tmp_path: Path) -> None:
    authority, tls, seen = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), list[bytes]()
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with server(says("200 OK", b""), seen, tls) as url:
        with pytest.raises(UitgaandMislukt, match="geen verbinding"):
            await post(url, b"geheim", media_type="text/plain")
        with pytest.raises(UitgaandMislukt, match="ca_file"):
            await post(url, b"geheim", media_type="text/plain", ca_file=tmp_path / "weg.pem")
        assert seen == []
        assert await post(url, b"geheim", media_type="text/plain", ca_file=tmp_path / "ca.pem") == Antwoord(200, "", b"")


@pytest.mark.parametrize(
    ("url", "melding"),
    [
        ("http://voorbeeld.invalid/x", "https"),
        ("http://localhost:1/x", "https"),
        ("ftp://127.0.0.1/x", "https"),
        ("http://127.0.0.1:99999/x", "poort"),
        ("http://[::1/x", "klopt niet"),
        ("http://127.0.0.1:1/x", "geen verbinding"),
    ],
    ids=["other-machine", "name", "scheme", "port", "brackets", "nobody-there"],
)
async def test_without_encryption_nothing_leaves_this_machine(url: str, melding: str) -> None:
    with pytest.raises(UitgaandMislukt, match=melding):
        await post(url, b"geheim", media_type="text/plain")


async def test_silence_and_more_than_an_answer_may_be_end_as_no_answer() -> None:
    async def silence(writer: asyncio.StreamWriter) -> None:
        await writer.drain()
        await asyncio.Event().wait()

    seen: list[bytes] = []
    async with server(says("200 OK", b"x" * (GROOTSTE_ANTWOORD + 1)), seen) as url:
        with pytest.raises(UitgaandMislukt, match="te groot"):
            await post(url, b"", media_type="text/plain")
    async with server(silence, seen) as url:
        with pytest.raises(UitgaandMislukt, match="tijd"):
            await post(url, b"", media_type="text/plain", timeout=0.05)


def test_a_name_is_not_loopback() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "192.0.2.1")] == [True, True, False, False]
