"""A request that comes in slowly is answered as of when it is there, not as of when it began (design.md 11, invariant 4)."""

from __future__ import annotations

import json
import socket
import time
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from tests.systeem import vragen
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.gebruikers import Aanstelling

VRAAG = "query ($id: ID!) { persoon(id: $id) { geslachtsnaam } }"


def halverwege(dienst: Dienst, wie: str, persoon: str, tussendoor: Any) -> dict[str, Any]:
    """The answer to a request of which the body comes after `tussendoor`."""
    body = json.dumps({"query": VRAAG, "variables": {"id": persoon}}).encode()
    head = ["POST /graphql HTTP/1.1", "Host: x", "Content-Type: application/json", "Connection: close", f"Content-Length: {len(body)}"]
    with socket.create_connection(("127.0.0.1", dienst.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*head, f"Authorization: Bearer {dienst.plek.token(wie)}", "", ""]).encode() + body[:5])
        time.sleep(0.3)
        tussendoor()
        connection.sendall(body[5:])
        received = b""
        while part := connection.recv(65_536):
            received += part
    found: dict[str, Any] = json.loads(received.partition(b"\r\n\r\n")[2])
    return found


def gedeeld(dienst: Dienst) -> tuple[str, str]:
    """A resident that the care organisation may see, and the consent for that."""
    zorg = str(dienst.plek.buurt.instellingen.organisaties["zorg"])
    for edge in dienst.als("zorg").data(vragen.LIJST, first=100)["personen"]["edges"]:
        persoon = str(edge["node"]["id"])
        found = dienst.als("wijkteam").data(vragen.TOESTEMMINGEN, id=persoon)["persoon"]
        for row in found["toestemmingen"] if found else ():
            if zorg in [each["organisatie"]["id"] for each in row["ontvangers"]] and row["status"] == "GEGEVEN":
                return persoon, str(row["id"])
    raise AssertionError("nobody is shared with the care organisation")


def test_consent_withdrawn_between_the_headers_and_the_body_counts(plek_sqlite: Plek) -> None:
    with plek_sqlite.dienst() as dienst:
        persoon, toestemming = gedeeld(dienst)
        assert halverwege(dienst, "zorg", persoon, lambda: None)["data"]["persoon"]["geslachtsnaam"]
        found = halverwege(dienst, "zorg", persoon, lambda: dienst.als("wijkteam").data(vragen.INTREKKEN, id=toestemming))
        assert found == {"data": {"persoon": None}}


def test_a_job_that_ends_between_the_headers_and_the_body_has_ended(plek_sqlite: Plek) -> None:
    gebruiker = plek_sqlite.buurt.instellingen.gebruikers["zorg"]
    rows, gisteren = Aanstelling.tabel(), date.today() - timedelta(days=1)  # noqa: DTZ011 - a day before any today
    with plek_sqlite.dienst() as dienst:
        persoon, _ = gedeeld(dienst)
        ended = update(rows).where(rows.c.gebruiker_id == gebruiker).values(tot=gisteren)
        found = halverwege(dienst, "zorg", persoon, lambda: plek_sqlite.opslag.change(ended))
        assert found["errors"][0]["extensions"]["code"] == "GEEN_RECHT"
        assert "data" not in found
