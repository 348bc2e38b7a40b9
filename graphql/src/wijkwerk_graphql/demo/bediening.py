"""A server for as long as a story lasts, in this process: the story talks to it over HTTP, from a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from wijkwerk.app import Wijkwerk
from wijkwerk.settings import Settings
from wijkwerk_graphql.http.server import make_app
from wijkwerk_graphql.serve import listen, server


@dataclass(frozen=True, slots=True)
class Dienst:
    """Where the server is, and the installation behind it."""

    wijkwerk: Wijkwerk
    host: str
    port: int


@asynccontextmanager
async def dienst(settings: Settings) -> AsyncIterator[Dienst]:
    """A server on a free port of this machine, for this installation; it has stopped when this is left."""
    wijkwerk = Wijkwerk(settings)
    app = make_app(wijkwerk)
    with listen("127.0.0.1", 0) as listening:
        async with app.router.lifespan_context(app):
            running = server(app, settings.max_connections)
            serving = asyncio.create_task(running.serve([listening]))
            try:
                yield Dienst(wijkwerk, *listening.getsockname()[:2])
            finally:
                running.should_exit = True
                await serving
