"""A small HTTP server on loopback, for tests of what this system sends to others. Answers one request on each connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple


class Gezegd(NamedTuple):
    """What is answered. A status of 0 answers nothing, and keeps the connection open."""

    status: int
    body: bytes = b""
    media_type: str = "text/plain"


@asynccontextmanager
async def luisteraar(antwoord: Callable[[str, bytes], Gezegd], koppen: list[str] | None = None) -> AsyncIterator[str]:
    """Its URL, without a slash at the end. `antwoord` is given the path and the body of each request, in a thread; `koppen` gets the
    head of each."""
    stil = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            if koppen is not None:
                koppen.append(head)
            body = await reader.readexactly(int(head.lower().partition("content-length:")[2].split()[0]))
            gezegd = await asyncio.to_thread(antwoord, head.split(" ")[1], body)
            if not gezegd.status:
                await stil.wait()
            kop = f"HTTP/1.1 {gezegd.status} X\r\ncontent-type: {gezegd.media_type}\r\ncontent-length: {len(gezegd.body)}\r\n\r\n"
            writer.write(kop.encode() + gezegd.body)
            await writer.drain()
        except ConnectionError:
            pass  # who asked is gone
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        stil.set()
        listening.close()
