"""Stands between us and PostgreSQL, and breaks the connection at a COMMIT: nobody knows then whether that happened."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import Enum
from pathlib import Path

from sqlalchemy import URL

from .postgres import SHORT

_SOCKET = ".s.PGSQL.5432"


class Breuk(Enum):
    """When the connection breaks: before the server hears of the commit, or when it did it and nobody hears that."""

    ERVOOR = "ervoor"
    ERNA = "erna"


class Tussenpersoon:
    """Passes everything on. `breuk`: the next COMMIT is the last that is heard of its connection, once."""

    def __init__(self, server: Path) -> None:
        self.breuk: Breuk | None = None
        self._server = server

    async def luister(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of ours."""
        from_server, to_server = await asyncio.open_unix_connection(self._server)
        answers = asyncio.create_task(_pass_on(from_server, writer))
        try:
            while data := await reader.read(65_536):
                breuk, self.breuk = (self.breuk, None) if b"COMMIT" in data else (None, self.breuk)
                if breuk is Breuk.ERVOOR:
                    break
                if breuk is Breuk.ERNA:
                    answers.cancel()
                    await asyncio.wait([answers])
                to_server.write(data)
                if breuk is Breuk.ERNA:
                    await from_server.read(65_536)
                    break
        finally:
            answers.cancel()
            for end in (writer, to_server):
                end.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
    writer.close()


@asynccontextmanager
async def tussenpersoon(url: URL) -> AsyncIterator[tuple[Tussenpersoon, URL]]:
    """Between us and the server at this address; and the address to use instead."""
    made = Tussenpersoon(Path(str(url.query["host"])) / _SOCKET)
    with tempfile.TemporaryDirectory(prefix="wwpg-", dir=SHORT) as folder:
        listening = await asyncio.start_unix_server(made.luister, Path(folder) / _SOCKET)
        async with listening:
            yield made, url.set(query={"host": folder})
