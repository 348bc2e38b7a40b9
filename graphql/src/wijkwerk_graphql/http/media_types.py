"""Media types of GraphQL over HTTP: what a request must be, and what an answer may be (GraphQL over HTTP, 4; RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers

from wijkwerk_graphql.http.errors import JSON, MediatypeOnbekend, NietAanvaardbaar

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
OFFERED: Final = (GRAPHQL_RESPONSE, JSON)

_REQUEST = re.compile(r'application/json(\s*;\s*charset=("utf-8"|utf-8))?\s*', re.IGNORECASE)
_QUALITY = re.compile(r"[01](\.\d{0,3})?")


def require_json(headers: Headers) -> None:
    """Raises MediatypeOnbekend unless the body is said to be plain JSON in UTF-8."""
    kinds = headers.getlist("content-type")
    encodings = [encoding.strip().lower() for encoding in headers.getlist("content-encoding")]
    if len(kinds) != 1 or not _REQUEST.fullmatch(kinds[0]) or any(encoding != "identity" for encoding in encodings):
        raise MediatypeOnbekend


def negotiate(headers: Headers, offered: tuple[str, ...] = OFFERED) -> str:
    """The media type of the answer; the first that is offered for who has no preference. Raises NietAanvaardbaar."""
    accept = ",".join(headers.getlist("accept"))
    if not accept.strip():
        return offered[0]
    asked = [_range(part) for part in accept.split(",") if part.strip()]
    best = max(offered, key=lambda kind: _quality(kind, asked))
    if _quality(best, asked) <= 0:
        raise NietAanvaardbaar
    return best


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    given = [piece.removeprefix("q=") for piece in parameters if piece.startswith("q=")]
    if not given:
        return kind, 1.0
    return kind, float(given[0]) if _QUALITY.fullmatch(given[0]) else 0.0


def _quality(kind: str, asked: list[tuple[str, float]]) -> float:
    """That of the most specific range that matches."""
    for candidate in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        found = [quality for name, quality in asked if name == candidate]
        if found:
            return max(found)
    return 0.0
