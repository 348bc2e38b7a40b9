"""The HTTP status that an answer of the engine has."""

from __future__ import annotations

from typing import Final

from wijkwerk.errors import DatabaseNietBeschikbaar, GeenRecht, LogNietBeschikbaar, SleutelsNietBereikbaar, WijkwerkError
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.http.errors import JSON, status_of

_KINDS: Final = (WijkwerkError, GeenRecht, LogNietBeschikbaar, DatabaseNietBeschikbaar, SleutelsNietBereikbaar)
_STATUS: Final = {kind.code: status_of(kind()) for kind in _KINDS}


def status_of_answer(answer: Answer, media: str) -> int:
    """GraphQL over HTTP, 6.4: with application/json a request that was understood is 200; a fault of ours is 5xx in both."""
    codes = [error["extensions"]["code"] for error in answer.errors]
    status = max((_STATUS.get(code, 400) for code in codes), default=500)
    told = any(value is not None for value in (answer.data or {}).values())
    if told or (answer.executed and status != 503):
        return 200
    return 200 if media == JSON and status < 500 else status
