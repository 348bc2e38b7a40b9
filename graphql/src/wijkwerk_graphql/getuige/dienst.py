"""The witness over HTTP: `POST /add-checkpoint` (c2sp.org/tlog-witness). What it decides is in `wijkwerk.log.getuigen.bewaking`."""

from __future__ import annotations

import logging
from typing import Final

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from wijkwerk.errors import OpstartFout
from wijkwerk.log.getuigen.bewaking import GROOTSTE_VERZOEK, Bewaking
from wijkwerk_graphql.http.edge import Edge
from wijkwerk_graphql.http.errors import HttpFout
from wijkwerk_graphql.http.limits import BODY_SECONDS, read_body
from wijkwerk_graphql.http.probes import healthz

_LOGGER: Final = logging.getLogger(__name__)


class _Dienst:
    def __init__(self, bewaking: Bewaking, body_seconds: float) -> None:
        self._bewaking, self._body_seconds = bewaking, body_seconds

    async def voeg_toe(self, request: Request) -> Response:
        """What is wrong in the witness's own folder is for its operator: the log that asks hears that it can't be done now."""
        body = await read_body(request, GROOTSTE_VERZOEK, self._body_seconds)
        try:
            antwoord = await anyio.to_thread.run_sync(self._bewaking.voeg_toe, body)
        except (OpstartFout, OSError) as error:
            _LOGGER.critical("de getuige kan niet tekenen: %s", error if isinstance(error, OpstartFout) else type(error).__name__)
            return _tekst(503, "Deze getuige kan nu niet tekenen. Meld het bij de beheerder van de getuige.\n")
        # as a header, because Starlette adds a charset to a media type, and that of a size has none
        return Response(antwoord.tekst.encode(), antwoord.status, {"Content-Type": antwoord.media_type})


def make_getuige(bewaking: Bewaking, *, body_seconds: float = BODY_SECONDS) -> Starlette:
    """The ASGI application of this witness. `body_seconds`: how long a body may take."""
    app = Starlette(
        routes=[Route("/add-checkpoint", _Dienst(bewaking, body_seconds).voeg_toe, methods=["POST"]), Route("/healthz", healthz)],
        middleware=[Middleware(Edge)],
        exception_handlers={HttpFout: _geweigerd, ClientDisconnect: _weg},
    )
    app.router.redirect_slashes = False
    return app


async def _geweigerd(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HttpFout)  # noqa: S101 - it is registered for these
    return _tekst(error.status, f"{error.melding}\n", Connection="close")


async def _weg(_request: Request, _error: Exception) -> Response:
    """Nobody is there to read it."""
    return Response(status_code=400)


def _tekst(status: int, tekst: str, **headers: str) -> Response:
    return Response(tekst.encode(), status, headers, "text/plain; charset=utf-8")
