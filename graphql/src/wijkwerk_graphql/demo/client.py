"""A GraphQL client over HTTP, as small as can be: what the story asks, it asks like anybody else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

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
        body = json.dumps({"query": query, "variables": variables}).encode()
        status, inhoud = self._request("POST", "/graphql", body, {"Content-Type": "application/json"})
        return Antwoord(status, inhoud.decode("utf-8"))

    def stuur_bestand(self, notitie: str, naam: str, inhoud: bytes) -> Antwoord:
        """Place a file with a note. Raises as `vraag`."""
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(naam, safe='')}"}
        status, antwoord = self._request("POST", f"/bijlagen/{notitie}", inhoud, headers)
        return Antwoord(status, antwoord.decode("utf-8"))

    def haal_bestand(self, bijlage: str) -> tuple[int, bytes]:
        """The status and the bytes of a file, or of the answer that there is none. Raises as `vraag`."""
        return self._request("GET", f"/bijlagen/{bijlage}", b"", {})

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = HTTPConnection(self.host, self.port, timeout=SECONDEN)
        try:
            connection.request(method, path, body, {**self._headers(), **headers})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.activiteit is not None:
            headers["Verwerkingsactiviteit"] = self.activiteit
        return headers
