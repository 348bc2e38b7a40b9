"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): POST /graphql; and files beside it. What was sent is in no log
and no error."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from wijkwerk.errors import WijkwerkError
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.http.bijlagen import Bijlagendienst
from wijkwerk_graphql.http.brieven import Brievendienst
from wijkwerk_graphql.http.edge import AANROEP, Edge
from wijkwerk_graphql.http.errors import JSON, HttpFout, MethodeOnbekend, NietAanvaardbaar, PadOnbekend, VraagInAdres, error_response
from wijkwerk_graphql.http.limits import BODY_SECONDS, parse_vraag, read_body
from wijkwerk_graphql.http.logexport import Logexport
from wijkwerk_graphql.http.media_types import negotiate, require_json
from wijkwerk_graphql.http.probes import Readyz, healthz
from wijkwerk_graphql.http.status import status_of_answer
from wijkwerk_graphql.identity.toegang import Toegangscontrole
from wijkwerk_graphql.schema.schema import Schema

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

_EDGE_ERRORS: Final[dict[int, type[HttpFout]]] = {404: PadOnbekend, 405: MethodeOnbekend}


class _Service:
    """What exists while the server runs."""

    schema: Schema

    def __init__(self, wijkwerk: Wijkwerk, body_seconds: float) -> None:
        self._wijkwerk = wijkwerk
        self.toegang = Toegangscontrole(wijkwerk)
        self._max_body = wijkwerk.settings.max_body
        self._body_seconds = body_seconds

    async def graphql(self, request: Request) -> Response:
        """Headers first, then the token, and only then the body: who is nobody can't make us read.

        What somebody may is worked out when the body is there: it can take seconds, and access that ended meanwhile has ended.
        """
        media = negotiate(request.headers)
        require_json(request.headers)
        if request.url.query:
            raise VraagInAdres
        aanroep = request.scope[AANROEP]
        sub = await self.toegang.sub(request.headers, aanroep)
        vraag = parse_vraag(await read_body(request, self._max_body, self._body_seconds))
        actor = await self.toegang.actor(sub, request.headers, aanroep)
        answer = await execute(self.schema, self._wijkwerk, actor, vraag.query, vraag.variables, vraag.operation_name)
        return _rendered(answer, media)


def make_app(wijkwerk: Wijkwerk, *, body_seconds: float = BODY_SECONDS) -> Starlette:
    """The ASGI application. Its lifespan opens and closes `wijkwerk`, and builds the schema.

    `body_seconds`: how long a body may take. Raises OpstartFout without a usable JWKS file.
    """
    service = _Service(wijkwerk, body_seconds)
    brieven = Brievendienst(wijkwerk, service.toegang, body_seconds)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with wijkwerk:
            service.schema = Schema.of(wijkwerk.plugins)
            yield

    app = Starlette(
        routes=[
            Route("/graphql", service.graphql, methods=["POST"]),
            Route("/bijlagen/{nummer:uuid}", Bijlagendienst(wijkwerk, service.toegang, body_seconds).answer, methods=["GET", "POST"]),
            Route("/inzagelog", Logexport(wijkwerk, service.toegang, body_seconds).answer, methods=["POST"]),
            Route("/brieven/mijn-inzage", brieven.mijn_inzage, methods=["POST"]),
            Route("/brieven/inzage", brieven.inzage, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", Readyz(wijkwerk).answer),
        ],
        middleware=[Middleware(Edge, wijkwerk.settings.proxies)],
        exception_handlers={WijkwerkError: _refused, HTTPException: _unrouted, ClientDisconnect: _gone},
        lifespan=lifespan,
    )
    # a redirect would repeat the Host header and the path
    app.router.redirect_slashes = False
    return app


def _rendered(answer: Answer, media: str) -> Response:
    return Response(orjson.dumps(answer.as_dict()), status_of_answer(answer, media), media_type=f"{media}; charset=utf-8")


async def _refused(request: Request, error: Any) -> Response:
    return error_response(error, media=_media(request))


async def _unrouted(request: Request, error: Any) -> Response:
    kind = _EDGE_ERRORS.get(error.status_code, HttpFout)
    return error_response(kind(), media=_media(request), headers=error.headers)


async def _gone(_request: Request, _error: Exception) -> Response:
    """Nobody is there to read it."""
    return Response(status_code=400)


def _media(request: Request) -> str:
    try:
        return negotiate(request.headers)
    except NietAanvaardbaar:
        return JSON
