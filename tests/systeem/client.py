"""A client over real HTTP: it sends exactly what it is told to, and keeps all that came back."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

SECONDEN = 30


@dataclass(frozen=True, slots=True)
class Antwoord:
    """What came back; `headers` with lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def inhoud(self) -> dict[str, Any]:
        """The body as JSON."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def data(self) -> dict[str, Any]:
        """The data; empty when there is none."""
        return self.inhoud.get("data") or {}

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [str(error["extensions"]["code"]) for error in self.inhoud.get("errors", ())]

    @property
    def trace(self) -> str:
        """The trace id of the header traceparent."""
        return self.headers["traceparent"].split("-")[1]


@dataclass(frozen=True, slots=True)
class Client:
    """One user of one server; without a token it is nobody."""

    port: int
    token: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def vraag(self, query: str, **variables: object) -> Antwoord:
        """Send a document with its variables. Raises OSError or HTTPException when nobody answers."""
        return self.stuur(json.dumps({"query": query, "variables": variables}).encode())

    def data(self, query: str, **variables: object) -> dict[str, Any]:
        """The data of a document that must go well."""
        answer = self.vraag(query, **variables)
        assert (answer.status, answer.codes) == (200, [])
        return answer.data

    def stuur(self, body: bytes, **headers: str) -> Antwoord:
        """Send these bytes. A header given as "" is left out."""
        return self.doe("POST", "/graphql", body, **headers)

    def doe(self, methode: str, pad: str, body: bytes | None = None, **headers: str) -> Antwoord:
        """Ask for another address, such as that of a file."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDEN)
        try:
            connection.request(methode, pad, body, self._headers(headers))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Antwoord(response.status, found, response.read())
        finally:
            connection.close()

    def breek_af(self, body: bytes, bytes_sent: int) -> None:
        """Promise a whole body, send a part of it, and hang up."""
        with self.half("/graphql", body, bytes_sent):
            pass

    @contextmanager
    def half(self, pad: str, body: bytes, bytes_sent: int, **headers: str) -> Iterator[socket.socket]:
        """Promise a whole body, and send a part of it: the rest is for who has the connection, which ends with the block."""
        named = {**self._headers(headers), "Content-Length": str(len(body)), "Host": "127.0.0.1"}
        head = "\r\n".join([f"POST {pad} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())])
        with socket.create_connection(("127.0.0.1", self.port), timeout=SECONDEN) as connection:
            connection.sendall(head.encode() + b"\r\n\r\n" + body[:bytes_sent])
            yield connection

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        token = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        named = {name.replace("_", "-"): value for name, value in given.items()}
        headers = {"Content-Type": "application/json", **token, **self.extra, **named}
        return {name: value for name, value in headers.items() if value}
