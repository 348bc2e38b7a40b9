"""The outermost layer of ours: where a request comes from, headers on every answer, and nothing but a code when something breaks."""

from __future__ import annotations

import logging
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wijkwerk.errors import WijkwerkError
from wijkwerk_graphql.http.errors import error_response
from wijkwerk_graphql.http.trace import aanroep

AANROEP: Final = "wijkwerk.aanroep"
"""Where the Aanroep is in the ASGI scope."""

_LOGGER: Final = logging.getLogger(__name__)

CSP: Final = "Content-Security-Policy"

_SECURITY: Final = {
    "Cache-Control": "no-store",
    CSP: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Edge:
    """Pure ASGI middleware. `proxies`: who is believed about who called them."""

    def __init__(self, app: ASGIApp, proxies: Collection[IPv4Network | IPv6Network] = ()) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = aanroep(scope, self._proxies)
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                beleid = {CSP: headers.get(CSP, _SECURITY[CSP])}  # of a page that is ours and has a style of its own
                headers.update({**_SECURITY, **beleid, "traceparent": ours.traceparent, "X-Request-Id": ours.trace})
            await send(message)

        try:
            await self._app({**scope, AANROEP: ours}, receive, send_with_headers)
        except Exception as error:
            _LOGGER.error("onverwachte fout: %s, verzoek %s", type(error).__name__, ours.trace, exc_info=True)
            if not started:
                await error_response(WijkwerkError(), referentie=ours.trace)(scope, receive, send_with_headers)
