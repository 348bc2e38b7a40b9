"""`wijkwerk serve`: one process, until it is told to stop; then it takes nothing new, finishes what runs, and closes the log."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click
import uvicorn
from starlette.applications import Starlette

from wijkwerk.cli_beheer import read_settings
from wijkwerk.cli_database import require_database
from wijkwerk.cli_waarden import Getal
from wijkwerk.errors import OpstartFout
from wijkwerk.settings import Settings
from wijkwerk_graphql.http.protocol import Protocol

DRAIN_SECONDS: Final = 20
KEEP_ALIVE_SECONDS: Final = 5
_IN_USE: Final = (errno.EADDRINUSE, errno.EACCES)
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Server(uvicorn.Server):
    """Uvicorn without its habit of raising the signal again when it is done: we still have to close the log then."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)


def server(app: Starlette, max_connections: int) -> uvicorn.Server:
    """Uvicorn for this app. h11 and not httptools: it is strict and limits the size of headers. Logging is that of the process."""
    return Server(
        uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            # uvicorn refuses at the limit, and counts the connection that it refuses
            limit_concurrency=max_connections + 1,
        )
    )


async def run(app: Starlette, settings: Settings, listening: socket.socket) -> None:
    """Serve on a bound socket until a signal. The lifespan is ours, so that what stops the start reaches the caller."""
    async with app.router.lifespan_context(app):
        host, port = listening.getsockname()[:2]
        click.echo(f"Wijkwerk luistert op http://{f'[{host}]' if ':' in host else host}:{port}/graphql")
        await server(app, settings.max_connections).serve([listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to this address. Raises OpstartFout when that can't be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno in _IN_USE:
            raise OpstartFout(f"Poort {port} is niet vrij of mag hier niet. Kies een andere poort met --port.") from None
        raise OpstartFout("Dit adres kan niet worden gebruikt. Kies een ander adres met --host.") from None


@click.command()
@click.option("--host", help="Het adres waarop de dienst luistert; zonder deze optie dat uit de instellingen.")
@click.option("--port", type=Getal(0, 65535), help="De poort; 0 kiest een vrije poort.")
def serve(host: str | None, port: int | None) -> None:
    """Start de dienst. Met Ctrl-C of SIGTERM stopt hij netjes."""
    from wijkwerk.app import Wijkwerk
    from wijkwerk_graphql.http.server import make_app

    settings = read_settings()
    app = make_app(Wijkwerk(settings))
    asyncio.run(require_database(settings))
    with listen(host or settings.host, settings.port if port is None else port) as listening:
        asyncio.run(run(app, settings, listening))
