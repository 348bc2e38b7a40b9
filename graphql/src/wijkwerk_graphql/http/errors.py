"""Errors at the edge: what is wrong with a request as HTTP, and how every error looks as an answer.

    {"errors": [{"message": "<Dutch>", "extensions": {"code": "<CODE>", "veld"?: "<name>"}}]}

Nothing that the client sent is ever repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import orjson
from starlette.responses import Response
from strawberry.utils.str_converters import to_camel_case

from wijkwerk.brieven.fouten import BriefNietMogelijk
from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.errors import (
    DatabaseNietBeschikbaar,
    GeenRecht,
    InzendingAnders,
    InzendingGedaan,
    LogNietBeschikbaar,
    NietAangemeld,
    NietGevonden,
    OngeldigeInvoer,
    SleutelsNietBereikbaar,
    VersieVerouderd,
    WijkwerkError,
)
from wijkwerk.notities.bestandskeuring import BestandssoortOnbekend
from wijkwerk.notities.bijlagen import BestandTeGroot
from wijkwerk.records.allowed import GezondheidNietToegestaan

JSON: Final = "application/json"


class HttpFout(WijkwerkError):
    """The request is refused before anybody looks at what it asks. `status` is the HTTP status (RFC 9110)."""

    code = "ONGELDIG_VERZOEK"
    standaard = "Dit verzoek klopt niet. Stuur een JSON-object met de velden query, variables en operationName."
    status: ClassVar[int] = 400


class VraagInAdres(HttpFout):
    """Something is in the URL, where proxies log it."""

    standaard = "Zet niets achter het adres. Stuur de vraag als JSON en het token in de header Authorization."


class MethodeOnbekend(HttpFout):
    """Not this method here."""

    code = "METHODE_ONBEKEND"
    standaard = "Deze methode kan hier niet. Stuur een GraphQL-vraag met POST. Een bestand stuurt u met POST en haalt u op met GET."
    status = 405


class PadOnbekend(HttpFout):
    """There is nothing at this path. Another path than a record that is absent (NIET_GEVONDEN)."""

    code = "PAD_ONBEKEND"
    standaard = "Dit adres bestaat niet. De GraphQL-dienst staat op /graphql, een bestand op /bijlagen/ en dan het nummer (een UUID)."
    status = 404


class NietAanvaardbaar(HttpFout):
    """The client accepts none of our media types."""

    code = "NIET_AANVAARDBAAR"
    standaard = "Vraag in de header Accept om application/graphql-response+json of application/json."
    status = 406


class TeTraag(HttpFout):
    """The body did not arrive in time."""

    code = "TE_TRAAG"
    standaard = "Het verzoek kwam niet op tijd helemaal binnen. Probeer het opnieuw."
    status = 408


class TeGroot(HttpFout):
    """The body is larger than the setting `max_body`."""

    code = "TE_GROOT"
    standaard = "Het verzoek is te groot. Stuur een kleinere vraag, of verdeel het over meer verzoeken."
    status = 413


class MediatypeOnbekend(HttpFout):
    """Not JSON in UTF-8, or compressed."""

    code = "MEDIATYPE_ONBEKEND"
    standaard = "Stuur het verzoek als application/json in UTF-8, zonder compressie."
    status = 415


_STATUS: Final[tuple[tuple[type[WijkwerkError], int], ...]] = (
    (NietAangemeld, 401),
    (GeenRecht, 403),
    (NietGevonden, 404),
    (LogNietBeschikbaar, 503),
    (DatabaseNietBeschikbaar, 503),
    (SleutelsNietBereikbaar, 503),
    (SleutelOntbreekt, 410),
    (BriefNietMogelijk, 406),
    (VersieVerouderd, 409),
    (InzendingAnders, 409),
    (InzendingGedaan, 409),
    (GezondheidNietToegestaan, 403),
    (BestandTeGroot, 413),
    (BestandssoortOnbekend, 415),
    (OngeldigeInvoer, 400),
)


def status_of(error: WijkwerkError) -> int:
    """The HTTP status of an error that ends the whole request; 500 for one that should not have come this far."""
    if isinstance(error, HttpFout):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def error_response(
    error: WijkwerkError, *, media: str = JSON, referentie: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to a refused request. It closes the connection, because the rest of the body may still be on its way."""
    veld = {"veld": to_camel_case(error.veld)} if error.veld else {}
    extensions: dict[str, Any] = {"code": error.code} | veld | ({"referentie": referentie} if referentie else {})
    content = orjson.dumps({"errors": [{"message": error.melding, "extensions": extensions}]})
    extra = {"WWW-Authenticate": "Bearer"} if isinstance(error, NietAangemeld) else {}
    return Response(content, status_of(error), {"Connection": "close", **extra, **(headers or {})}, f"{media}; charset=utf-8")
