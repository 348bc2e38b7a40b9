"""Signing in is in the log, once for each token; and what a client writes of its own gets into no entry, wherever it puts it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from wijkwerk.log.tables import log_regel, log_stroom
from wijkwerk.storage.base import Database
from wijkwerk_graphql.identity.aangemeld import Aangemeld
from wijkwerk_graphql.testing import Dienst, draaiend

pytestmark = pytest.mark.anyio
KANARIE = "Kanariepiet"
TRACE, OUDER, CLIENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "2001:db8::7"


@pytest.fixture
async def achter_proxy(database: Database, tmp_path: Path) -> AsyncIterator[Dienst]:
    """A server that believes this very machine about who called it."""
    async with draaiend(database, tmp_path, proxies=(ip_network("127.0.0.0/8"),)) as dienst:
        yield dienst


async def aanmeldingen(dienst: Dienst) -> list[dict[str, Any]]:
    return [regel for regel in await dienst.regels() if regel["gebeurtenis"] == "AANMELDING_GESLAAGD"]


async def test_the_first_request_with_a_token_is_signing_in(dienst_elk: Dienst) -> None:
    for _ in range(3):
        assert (await dienst_elk.post()).status_code == 200
    await dienst_elk.post(sub="niemand")
    await dienst_elk.post(Authorization="Bearer x.y.z")
    [regel] = await aanmeldingen(dienst_elk)
    assert (regel["gebruiker"], regel["gemeente"]) == (dienst_elk.gebruikers["anna"].hex, dienst_elk.gemeente.hex)
    assert (regel["resultaat"], regel["actie"], regel["onderdeel"]) == ("GESLAAGD", "E", "aanmelden")
    assert (regel["netwerkadres"], len(regel["trace"]), len(regel["span"])) == ("127.0.0.1", 32, 16)
    assert datetime.fromisoformat(regel["einde"]) == dienst_elk.klok.nu()
    dienst_elk.klok.moment += timedelta(seconds=1)
    assert (await dienst_elk.post()).status_code == 200
    assert len(await aanmeldingen(dienst_elk)) == 2
    geweigerd = [regel for regel in await dienst_elk.regels() if regel["gebeurtenis"] == "AANMELDING_GEWEIGERD"]
    assert {(regel["netwerkadres"], regel["code"]) for regel in geweigerd} == {
        ("127.0.0.1", "GEBRUIKER_ONBEKEND"), ("127.0.0.1", "TOKEN_ONLEESBAAR"),
    }  # fmt: skip
    soorten = select(log_regel.c.gebeurtenis, log_stroom.c.soort).join(log_stroom, log_stroom.c.id == log_regel.c.stroom)
    async with dienst_elk.wijkwerk.database.snapshot() as snapshot:
        rows = await snapshot.run(lambda connection: connection.execute(soorten).all())
    assert {row.soort for row in rows if row.gebeurtenis.startswith("AANMELDING")} == {"AANMELDING"}
    assert {row.soort for row in rows if row.gebeurtenis == "LEZEN"} == {"INZAGE"}


async def test_who_can_not_be_written_down_does_not_sign_in_and_does_when_the_log_is_back(dienst_elk: Dienst) -> None:
    await dienst_elk.wijkwerk.journal.close()
    answer = await dienst_elk.post()
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "LOG_NIET_BESCHIKBAAR")
    await dienst_elk.wijkwerk.journal.open()
    assert await aanmeldingen(dienst_elk) == []
    assert (await dienst_elk.post()).status_code == 200
    assert len(await aanmeldingen(dienst_elk)) == 1


async def test_a_refusal_right_after_it_leaves_both_entries(dienst_elk: Dienst) -> None:
    assert (await dienst_elk.post(sub="fatima", Verwerkingsactiviteit=KANARIE)).status_code == 403
    namen = [regel["gebeurtenis"] for regel in await dienst_elk.regels() if regel.get("gebruiker") == dienst_elk.gebruikers["fatima"].hex]
    assert sorted(namen) == ["AANMELDING_GESLAAGD", "VERZOEK_GEWEIGERD"]


def test_so_many_tokens_are_remembered_and_none_of_them_is_kept() -> None:
    gezien = Aangemeld(meeste=2)
    for token in ("een", "twee", "drie"):
        assert token not in gezien
        gezien.onthoud(token)
    assert ["een" in gezien, "twee" in gezien, "drie" in gezien] == [False, True, True]
    assert "drie" not in repr(vars(gezien))


VRAGEN = [
    {"query": f"query {KANARIE} {{{KANARIE}: ik {{{KANARIE}: activiteit}}}}"},
    {"query": f"query {KANARIE}($v: String!) {{{KANARIE}: personen(filter: {{naam: $v}}) {{totalCount}}}}", "variables": {"v": KANARIE}},
    {"query": f'{{personen(filter: {{naam: "{KANARIE}"}}) {{...{KANARIE}}}}} fragment {KANARIE} on PersoonConnection {{totalCount}}'},
    {"query": f"query A {{ik {{activiteit}}}} query {KANARIE} {{ik {{activiteit}}}}", "operationName": KANARIE},
    {"query": f'mutation {KANARIE} {{{KANARIE}: persoonWijzigen(id: "{KANARIE}", versie: 1, persoon: {{roepnaam: "{KANARIE}"}}) {{id}}}}'},
    {"query": f"{{{KANARIE} {{id}}}}"},
    {"query": f"{{inzagelog(van: \"{KANARIE}\") {{{KANARIE}}}}}"},
    {"query": "{ik {activiteit}}", "variables": {KANARIE: KANARIE}, "extensions": {KANARIE: KANARIE}},
]  # fmt: skip
HEADERS = {
    "tracestate": f"wijk={KANARIE}", "baggage": f"naam={KANARIE}", "X_Request_Id": KANARIE, "User_Agent": KANARIE, "Referer": f"https://{KANARIE}",
    "Forwarded": f"for={KANARIE}", "X_Real_IP": KANARIE, "X_Forwarded_For": f"{KANARIE}, {CLIENT}", "X_Forwarded_Host": KANARIE,
    "X_Forwarded_Proto": KANARIE, "Cookie": KANARIE, "traceparent": f"00-{TRACE}-{OUDER}-01",
}  # fmt: skip


async def test_nothing_that_a_client_made_up_gets_into_an_entry(achter_proxy: Dienst) -> None:
    dienst = achter_proxy
    for vraag in VRAGEN:
        await dienst.post(vraag, **HEADERS)
    regels = await dienst.regels(TRACE)
    assert {regel["onderdeel"] for regel in regels} == {"ik", "personen", "persoonWijzigen"}
    assert {(regel["ouder"], regel["netwerkadres"]) for regel in regels} == {(OUDER, CLIENT)}
    for name in ("Verwerkingsactiviteit", "Organisatie", "traceparent", "X_Forwarded_For", "Authorization"):
        await dienst.post(**{**HEADERS, name: f"Bearer {KANARIE}"})
    [laatste] = {regel["netwerkadres"] for regel in await dienst.regels() if regel.get("trace") == TRACE} - {CLIENT}
    assert laatste == "127.0.0.1"
    async with dienst.wijkwerk.database.snapshot() as snapshot:
        rows = await snapshot.run(lambda connection: connection.execute(select(log_regel)).all())
    assert len(rows) > len(VRAGEN)
    assert KANARIE.lower() not in str(rows).lower()
