"""Between HTTP and the engine: what runs a request, and the HTTP status that its answer has."""

from __future__ import annotations

from typing import Any, Final, Protocol, TypeAlias

from wijkwerk.access.actor import Actor
from wijkwerk.errors import DatabaseNietBeschikbaar, GeenRecht, LogNietBeschikbaar, WijkwerkError
from wijkwerk_graphql.http_errors import JSON, status_of
from wijkwerk_graphql.limits import Vraag

Antwoord: TypeAlias = dict[str, Any]
"""A GraphQL response: `data`, absent when nothing was executed, and `errors`, absent when there are none."""

_STATUS: Final = {kind.code: status_of(kind()) for kind in (WijkwerkError, GeenRecht, LogNietBeschikbaar, DatabaseNietBeschikbaar)}


class Uitvoering(Protocol):
    """Runs one request for one actor; what it showed is in the log when it returns. A WijkwerkError ends the whole request."""

    async def __call__(self, actor: Actor, vraag: Vraag) -> Antwoord: ...


def status_of_answer(answer: Antwoord, media: str) -> int:
    """GraphQL over HTTP, 6.4: with application/json a request that was understood is 200; a fault of ours is 5xx in both."""
    if "data" in answer:
        return 200
    codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
    status = max((_STATUS.get(code, 400) for code in codes), default=500)
    return 200 if media == JSON and status < 500 else status
