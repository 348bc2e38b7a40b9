"""The outermost layer of ours: the trace of a request, headers on every answer, and nothing but a code when something breaks."""

from __future__ import annotations

import logging
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wijkwerk.errors import WijkwerkError
from wijkwerk_graphql.http.errors import error_response
from wijkwerk_graphql.http.trace import Trace

TRACE: Final = "wijkwerk.trace"
"""Where the Trace is in the ASGI scope."""

_LOGGER: Final = logging.getLogger(__name__)

_SECURITY: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Edge:
    """Pure ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = Trace.of(Headers(scope=scope))
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update({**_SECURITY, "traceparent": trace.traceparent, "X-Request-Id": trace.trace})
            await send(message)

        try:
            await self._app({**scope, TRACE: trace}, receive, send_with_headers)
        except Exception as error:
            _LOGGER.error("onverwachte fout: %s, verzoek %s", type(error).__name__, trace.trace, exc_info=True)
            if not started:
                await error_response(WijkwerkError(), referentie=trace.trace)(scope, receive, send_with_headers)
