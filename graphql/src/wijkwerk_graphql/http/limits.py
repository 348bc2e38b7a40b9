"""What a request body may be: how large, how slow, how deep, and JSON as RFC 8259 means it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Self

import anyio
import orjson
from starlette.requests import ClientDisconnect, Request

from wijkwerk_graphql.http.errors import HttpFout, TeGroot, TeTraag

BODY_SECONDS: Final = 10.0
MAX_DEPTH: Final = 64
SLOWEST: Final = 16 * 1024
"""Bytes per second that a large body must come at, after the first `BODY_SECONDS`."""

# a client that is cut off while it still sends, does not hear why: so read on for a while, and keep nothing
_DRAIN: Final = 8


@dataclass(frozen=True, slots=True)
class Vraag:
    """A GraphQL request (GraphQL over HTTP, 5.1)."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The body, of at most `limit` bytes, counted as they arrive: a Content-Length may lie. Raises TeGroot or TeTraag."""
    body = bytearray()
    size = 0
    try:
        with anyio.fail_after(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limit:
                    body += chunk
                elif size > limit * _DRAIN:
                    break
    except TimeoutError:
        raise (TeGroot() if size > limit else TeTraag()) from None
    if size > limit:
        raise TeGroot
    return bytes(body)


def parse_vraag(body: bytes) -> Vraag:
    """The request in a body. Raises HttpFout for anything that is not exactly one request."""
    content = parse_object(body)
    query, name = content.get("query"), content.get("operationName")
    variables, extensions = content.get("variables"), content.get("extensions")
    maps = all(value is None or isinstance(value, dict) for value in (variables, extensions))
    if not maps or not isinstance(query, str) or not query.strip() or not (name is None or isinstance(name, str)):
        raise HttpFout
    return Vraag(query, variables or {}, name)


def parse_object(body: bytes, fout: type[HttpFout] = HttpFout) -> dict[str, Any]:
    """The JSON object in a body. Raises `fout` for anything else, and for JSON that is not as RFC 8259 means it."""
    content = _parse_json(body, fout)
    if not isinstance(content, dict):
        raise fout
    return content


def _parse_json(body: bytes, fout: type[HttpFout]) -> Any:
    """orjson refuses what is not UTF-8, a BOM, NaN and a lone surrogate; only the other one sees a key that is there twice."""
    try:
        orjson.loads(body)
        content = json.loads(body, object_pairs_hook=_unique, parse_float=_finite)
    except (ValueError, RecursionError):
        raise fout from None
    if _too_deep(content):
        raise fout
    return content


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is out of range")
    return value


def _too_deep(content: Any) -> bool:
    level = [content]
    for _ in range(MAX_DEPTH):
        level = [child for value in level for child in _children(value)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class Pieces:
    """The body of a request in pieces as they come, for who does not hold it whole.

    A next piece must come within `seconds`, and all of it at `SLOWEST` at least; only the time that we wait for the client
    counts. Raises TeTraag, and ClientDisconnect when the client is gone.
    """

    def __init__(self, request: Request, seconds: float) -> None:
        self._stream = aiter(request.stream())
        self._expects = "expect" in request.headers
        self._seconds = seconds
        self._size, self._waited = 0, 0.0
        self._begun, self._done = False, False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        began, self._begun, self._done = anyio.current_time(), True, True  # whatever is raised, there is no more of it
        in_all = self._seconds + self._size / SLOWEST - self._waited
        try:
            with anyio.fail_after(max(min(self._seconds, in_all), 0)):
                piece = await anext(self._stream)
        except TimeoutError:
            raise TeTraag from None
        self._done = False
        self._waited += anyio.current_time() - began
        self._size += len(piece)
        return piece

    async def drain(self, limit: int) -> None:
        """Read on and keep nothing, so that the client hears why it was refused; not when it waits for our leave to send at all."""
        read_until = self._size + limit
        if self._expects and not self._begun:
            return
        with suppress(TeTraag, ClientDisconnect):
            while not self._done and self._size < read_until:
                with suppress(StopAsyncIteration):
                    await anext(self)
