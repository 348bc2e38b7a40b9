"""The export of the log over HTTP: the identity, errors and log of /graphql; whole or broken off, never silently less."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import orjson
import pytest
from anyio.lowlevel import checkpoint

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.query import MAX_FIRST
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk.toezicht import uitvoer
from wijkwerk_graphql.testing import NU, Dienst, draaiend

pytestmark = pytest.mark.anyio
AANTAL = 2 * MAX_FIRST + 3
DAG = {"van": (NU - timedelta(days=1)).isoformat(), "tot": "2099-01-01T00:00:00Z"}


async def gevuld(dienst: Dienst) -> Dienst:
    await dienst.gebruiker("fg", "FG")
    wie: dict[str, Any] = {"gemeente": dienst.gemeente, "resultaat": Resultaat.GESLAAGD, "actie": Actie.EXECUTE}
    regels = [Logregel(gebeurtenis=Gebeurtenis.AFDRUKKEN, tijdstip=NU - timedelta(seconds=1), gebruiker=UUID(int=5), **wie)] * AANTAL
    await dienst.wijkwerk.journal.record(*regels)
    elders = {**wie, "gemeente": uuid4()}
    await dienst.wijkwerk.journal.record(Logregel(gebeurtenis=Gebeurtenis.AFDRUKKEN, tijdstip=NU - timedelta(seconds=1), **elders))
    return dienst


@pytest.fixture(scope="module")
async def dienst(
    migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dienst]:
    """A server with a log to export."""
    folder: Path = tmp_path_factory.mktemp("logexport")
    async with draaiend(await sqlite_templates.copy(migraties, folder), folder) as running:
        yield await gevuld(running)


async def vraag(dienst: Dienst, content: Any, *, sub: str = "fg", **headers: str) -> httpx2.Response:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    given = {key.lower(): value for key, value in {**dienst.headers(sub), **headers}.items()}
    return await dienst.client.post("/inzagelog", content=body, headers=given)


async def exports(dienst: Dienst) -> list[dict[str, Any]]:
    return [regel for regel in await dienst.regels() if regel["gebeurtenis"] == "EXPORT"]


async def test_what_is_found_comes_whole_on_each_engine_and_is_in_the_log_first(dienst_elk: Dienst) -> None:
    dienst = await gevuld(dienst_elk)
    answer = await vraag(dienst, {"vorm": "jsonl", **DAG, "gebeurtenis": "AFDRUKKEN", "activiteit": None})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jsonl")
    assert answer.headers["content-disposition"] == 'attachment; filename="inzagelog.jsonl"'
    assert answer.headers["cache-control"] == "no-store"
    lines = [orjson.loads(line) for line in answer.text.splitlines()]
    assert len({(line["stream"], line["seq"]) for line in lines}) == len(lines) == AANTAL
    assert {line["gemeente"] for line in lines} == {dienst.gemeente.hex}
    [regel] = await exports(dienst)
    assert (regel["gebruiker"], regel["resultaat"], regel["actie"]) == (dienst.gebruikers["fg"].hex, "GESLAAGD", "E")
    assert regel["details"] == {
        "vorm": "jsonl", "van": DAG["van"], "tot": NU.isoformat(), "gezocht": ["Inzagelog.gebeurtenis"],
    }  # fmt: skip
    dienst.klok.moment += timedelta(seconds=1)
    answer = await vraag(dienst, {"vorm": "csv", **DAG, "gebeurtenis": "EXPORT", "gebruiker": str(dienst.gebruikers["fg"])})
    [rij] = csv.DictReader(StringIO(answer.text))
    assert rij["trace"] == regel["trace"]


@pytest.mark.parametrize(
    ("content", "sub", "status", "code"),
    [
        ({"vorm": "jsonl", **DAG}, "anna", 403, "GEEN_RECHT"), ({"vorm": "pdf", **DAG}, "fg", 400, "ONGELDIGE_INVOER"),
        ({"vorm": 1, **DAG}, "fg", 400, "ONGELDIGE_INVOER"), ({}, "fg", 400, "ONGELDIGE_INVOER"), (DAG, "fg", 400, "ONGELDIGE_INVOER"),
        ({"vorm": "csv"}, "fg", 400, "ONGELDIGE_INVOER"), ({"vorm": "csv", **DAG, "van": "gisteren"}, "fg", 400, "ONGELDIGE_INVOER"),
        ({"vorm": "csv", **DAG, "van": "2026-01-01T00:00:00"}, "fg", 400, "ONGELDIGE_INVOER"),
        ({"vorm": "csv", **DAG, "van": "2098-01-01T00:00:00Z"}, "fg", 400, "ONGELDIGE_INVOER"),
        ({"vorm": "csv", **DAG, "gebruiker": "999993653"}, "fg", 400, "ONGELDIGE_INVOER"),
        ({"vorm": "csv", **DAG, "doel": "x" * 61}, "fg", 400, "ONGELDIGE_INVOER"),
        ({"vorm": "csv", **DAG, "naam": "Jo"}, "fg", 400, "ONGELDIG_VERZOEK"), ([], "fg", 400, "ONGELDIG_VERZOEK"),
        (b"{", "fg", 400, "ONGELDIG_VERZOEK"), (b"", "fg", 400, "ONGELDIG_VERZOEK"),
    ],
)  # fmt: skip
async def test_what_may_not_or_cannot_be_gives_no_line(dienst: Dienst, content: Any, sub: str, status: int, code: str) -> None:
    before = len(await exports(dienst))
    answer = await vraag(dienst, content, sub=sub)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)
    assert "999993653" not in answer.text
    if code == "ONGELDIGE_INVOER":
        assert error["extensions"]["veld"] in ("vorm", "van", "tot", "gebruiker", "doel")
    if code == "ONGELDIG_VERZOEK":
        assert "vorm, van en tot" in error["message"]
    nieuw = (await exports(dienst))[before:]
    assert {regel["resultaat"] for regel in nieuw} <= {"GEWEIGERD"}
    if sub == "anna":
        assert [regel["gebruiker"] for regel in nieuw] == [dienst.gebruikers["anna"].hex]


async def test_without_a_token_in_the_address_or_by_another_method_there_is_nothing(dienst: Dienst) -> None:
    content = {"vorm": "csv", **DAG}
    assert (await vraag(dienst, content, Authorization="Bearer x")).status_code == 401
    assert (await vraag(dienst, content, **{"Content-Type": "text/plain"})).status_code == 415
    assert (await dienst.client.get("/inzagelog", headers=dienst.headers("fg"))).status_code == 405
    answer = await dienst.client.post("/inzagelog?gebruiker=x", content=orjson.dumps(content), headers=dienst.headers("fg"))
    assert answer.status_code == 400


async def test_without_a_log_nothing_leaves(dienst: Dienst, monkeypatch: pytest.MonkeyPatch) -> None:
    async def weg(*_: Any) -> None:
        raise LogNietBeschikbaar

    with monkeypatch.context() as patched:
        patched.setattr(dienst.wijkwerk.journal, "record", weg)
        answer = await vraag(dienst, {"vorm": "jsonl", **DAG})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "LOG_NIET_BESCHIKBAAR")


async def test_who_goes_away_stops_it(dienst: Dienst, monkeypatch: pytest.MonkeyPatch) -> None:
    gestopt, begonnen = asyncio.Event(), asyncio.Event()

    async def eindeloos(*_: Any) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 65_536
                begonnen.set()
                await checkpoint()  # as reading the next piece does
        finally:
            gestopt.set()

    monkeypatch.setattr(uitvoer, "delen", eindeloos)
    body = orjson.dumps({"vorm": "jsonl", **DAG})
    async with dienst.client.stream("POST", "/inzagelog", content=body, headers=dienst.headers("fg")) as answer:
        assert answer.status_code == 200
        await asyncio.wait_for(begonnen.wait(), 20)
    await asyncio.wait_for(gestopt.wait(), 20)


async def test_what_breaks_half_way_is_not_taken_for_the_whole(dienst: Dienst, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stuk(*_: Any) -> AsyncIterator[bytes]:
        yield b"{}\n"
        raise LogNietBeschikbaar

    monkeypatch.setattr(uitvoer, "delen", stuk)
    with pytest.raises(httpx2.RemoteProtocolError):
        await vraag(dienst, {"vorm": "jsonl", **DAG})
