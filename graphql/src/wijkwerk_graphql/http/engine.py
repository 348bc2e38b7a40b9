"""Between HTTP and the engine: what runs a request, and the HTTP status that its answer has."""

from __future__ import annotations

from typing import Any, Final, Protocol, TypeAlias

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import DatabaseNietBeschikbaar, GeenRecht, LogNietBeschikbaar, WijkwerkError
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.http.errors import JSON, status_of
from wijkwerk_graphql.http.limits import Vraag
from wijkwerk_graphql.schema.schema import Schema

Antwoord: TypeAlias = dict[str, Any]
"""A GraphQL response: `data`, absent when nothing was executed, and `errors`, absent when there are none."""

_STATUS: Final = {kind.code: status_of(kind()) for kind in (WijkwerkError, GeenRecht, LogNietBeschikbaar, DatabaseNietBeschikbaar)}


class Uitvoering(Protocol):
    """Runs one request for one actor; what it showed is in the log when it returns. A WijkwerkError ends the whole request."""

    async def __call__(self, actor: Actor, vraag: Vraag) -> Antwoord: ...


def engine(wijkwerk: Wijkwerk) -> Uitvoering:
    """The GraphQL engine, with the schema of the core and all plugins. Raises OpstartFout when the parts don't fit."""
    schema = Schema.of(wijkwerk.plugins)

    async def run(actor: Actor, vraag: Vraag) -> Antwoord:
        return (await execute(schema, wijkwerk, actor, vraag.query, vraag.variables, vraag.operation_name)).as_dict()

    return run


def status_of_answer(answer: Antwoord, media: str) -> int:
    """GraphQL over HTTP, 6.4: with application/json a request that was understood is 200; a fault of ours is 5xx in both."""
    codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
    status = max((_STATUS.get(code, 400) for code in codes), default=500)
    told = any(value is not None for value in (answer.get("data") or {}).values())
    if told or ("data" in answer and status != 503):
        return 200
    return 200 if media == JSON and status < 500 else status
