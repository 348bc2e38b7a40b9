"""A GraphQL client over HTTP, as small as can be: what the story asks, it asks like anybody else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

SECONDEN = 20


@dataclass(frozen=True, slots=True)
class Antwoord:
    """What came back. `tekst` is the whole body as it was sent, to search for what must not be in it."""

    status: int
    tekst: str

    @property
    def _inhoud(self) -> dict[str, Any]:
        inhoud = json.loads(self.tekst)
        return inhoud if isinstance(inhoud, dict) else {}

    @property
    def data(self) -> dict[str, Any]:
        """The data; empty when there is none."""
        return self._inhoud.get("data") or {}

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [str(error.get("extensions", {}).get("code")) for error in self._inhoud.get("errors", [])]


@dataclass(frozen=True, slots=True)
class Client:
    """One user of one server. Without a token it is nobody; without an activity the server takes the only one of the role."""

    host: str
    port: int
    token: str | None = None
    activiteit: str | None = None

    def vraag(self, query: str, **variables: object) -> Antwoord:
        """Send a document with its variables. Raises OSError or HTTPException when nobody answers."""
        connection = HTTPConnection(self.host, self.port, timeout=SECONDEN)
        try:
            connection.request("POST", "/graphql", json.dumps({"query": query, "variables": variables}), self._headers())
            response = connection.getresponse()
            return Antwoord(response.status, response.read().decode("utf-8"))
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.activiteit is not None:
            headers["Verwerkingsactiviteit"] = self.activiteit
        return headers
