"""Files with notes over HTTP: POST /bijlagen/<note> and GET /bijlagen/<file>, in pieces, with the same identity and errors as /graphql.

    POST  the bytes as they are; Content-Disposition: attachment; filename*=UTF-8''verslag.pdf     201 {"data": {"bijlage": {"id": "..."}}}
          Inzending: <uuid of the client>, if it may have to be sent again: then it is placed once
    GET   the bytes as they were, to be saved and never shown in place

The name is in a header and nowhere in the address, because proxies log addresses. What a client says the kind is, is not looked at.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote
from uuid import UUID

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wijkwerk.errors import WijkwerkError
from wijkwerk.notities.bijlage import Bestandssoort
from wijkwerk.notities.bijlagen import Bestand, Bijlagen
from wijkwerk_graphql.http.edge import AANROEP
from wijkwerk_graphql.http.errors import JSON, HttpFout, MediatypeOnbekend, MethodeOnbekend, VraagInAdres
from wijkwerk_graphql.http.limits import Pieces
from wijkwerk_graphql.identity.toegang import Toegangscontrole

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

_NAAM = re.compile(r"attachment\s*;\s*filename\*=utf-8''([!#$&+.^_`|~0-9a-z%-]+)\s*", re.IGNORECASE)
_MEDIA: Final = {
    Bestandssoort.PDF: "application/pdf",
    Bestandssoort.JPEG: "image/jpeg",
    Bestandssoort.PNG: "image/png",
    Bestandssoort.TEKST: "text/plain; charset=utf-8",
    Bestandssoort.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Bestandssoort.ODT: "application/vnd.oasis.opendocument.text",
}


class NaamOntbreekt(HttpFout):
    """There is no name, or not in the one form that every client can make (RFC 6266, 4.3; RFC 8187)."""

    standaard = "Noem de naam van het bestand in de header Content-Disposition: attachment; filename*=UTF-8''naam.pdf."


class Bijlagendienst:
    """The files of one installation. `seconds` as for the body of a question: a larger one has as much more time as it needs."""

    def __init__(self, wijkwerk: Wijkwerk, toegang: Toegangscontrole, seconds: float) -> None:
        self._bijlagen, self._toegang, self._seconds = Bijlagen(wijkwerk), toegang, seconds
        self._meeste = wijkwerk.settings.bijlagen.meeste_bytes

    async def answer(self, request: Request) -> Response:
        """Headers first, then the token, and only then the body."""
        if request.url.query:
            raise VraagInAdres
        nummer: UUID = request.path_params["nummer"]
        if request.method == "GET":
            return await self._geef(request, nummer)
        if request.method == "POST":
            return await self._neem(request, nummer)
        raise MethodeOnbekend

    async def _neem(self, request: Request, notitie: UUID) -> Response:
        headers, aanroep = request.headers, request.scope[AANROEP]
        _keur_codering(headers)
        naam, inzending = _naam(headers), _inzending(headers)
        sub = await self._toegang.sub(headers, aanroep)
        pieces = Pieces(request, self._seconds)
        try:
            self._bijlagen.keur_omvang(_lengte(headers))
            wie = partial(self._toegang.actor, sub, headers, aanroep)
            gemaakt = await self._bijlagen.ontvang(wie, notitie, naam, pieces, inzending=inzending)
        except WijkwerkError:
            await pieces.drain(self._meeste)
            raise
        return Response(orjson.dumps({"data": {"bijlage": {"id": str(gemaakt)}}}), 201, media_type=JSON)

    async def _geef(self, request: Request, bijlage: UUID) -> Response:
        aanroep = request.scope[AANROEP]
        sub = await self._toegang.sub(request.headers, aanroep)
        actor = await self._toegang.actor(sub, request.headers, aanroep)
        bestand = await self._bijlagen.lees(actor, bijlage)
        return StreamingResponse(bestand.delen, headers=_headers(bestand))


def _headers(bestand: Bestand) -> dict[str, str]:
    """To be saved under its own name. Beside these every answer says nosniff and no-store (`edge.py`)."""
    return {
        "Content-Type": _MEDIA[bestand.soort],
        "Content-Length": str(bestand.omvang),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(bestand.naam, safe='')}",
        "Accept-Ranges": "none",
    }


def _naam(headers: Headers) -> str:
    gegeven = headers.getlist("content-disposition")
    found = _NAAM.fullmatch(gegeven[0]) if len(gegeven) == 1 else None
    if found is None:
        raise NaamOntbreekt
    try:
        return unquote(found[1], errors="strict")
    except UnicodeDecodeError:
        raise NaamOntbreekt from None


def _keur_codering(headers: Headers) -> None:
    codings = [coding.strip().lower() for coding in headers.getlist("content-encoding")]
    if any(coding != "identity" for coding in codings):
        raise MediatypeOnbekend("Stuur het bestand zoals het is, zonder compressie in de header Content-Encoding.")


def _inzending(headers: Headers) -> UUID | None:
    """The number that the client made for what it sends, as the argument of that name in GraphQL."""
    gegeven = headers.getlist("inzending")
    if not gegeven:
        return None
    try:
        [nummer] = gegeven
        return UUID(nummer)
    except ValueError:
        raise HttpFout("Noem in de header Inzending één nummer: een UUID dat u zelf maakt.") from None


def _lengte(headers: Headers) -> int:
    """What the client says, or nothing: it may lie, and is counted. The server checked that it is a number."""
    return int(headers.get("content-length", "0"))
