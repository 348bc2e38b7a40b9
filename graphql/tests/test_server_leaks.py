"""No query, variable, token, name or BSN in any log or error (design.md 11.8): canaries, also in the message of a failing driver."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from wijkwerk import quiet_logging
from wijkwerk.organisaties import gemeente
from wijkwerk_graphql.testing import Dienst

BSN, NAAM = "999990019", "Kanarie van der Test"


@pytest.fixture
def stil(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """The logging of the server, put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        quiet_logging.configure()
        yield capsys
        logging.captureWarnings(False)
    root.handlers[:], level, sys.excepthook, threading.excepthook = before
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False


def double(connection: Connection) -> None:
    """Two rows with one key: PostgreSQL repeats the value in its message."""
    connection.execute(text("CREATE TABLE kanarie (bsn varchar(9) PRIMARY KEY, naam varchar(50))"))
    for _ in range(2):
        connection.execute(text("INSERT INTO kanarie VALUES (:bsn, :naam)"), {"bsn": BSN, "naam": NAAM})


@pytest.mark.anyio
async def test_a_failing_driver_tells_nothing(
    dienst_elk: Dienst, stil: pytest.CaptureFixture[str], proef: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        await dienst_elk.wijkwerk.database.transact(double)
    fout = RuntimeError(f"{BSN} {NAAM}")
    fout.__cause__ = caught.value
    monkeypatch.setattr(proef, "fout", fout)
    query = {
        "query": "query ($naam: String!) {kapot personen(filter: {naam: $naam}) {totalCount}}",
        "variables": {"naam": f"{BSN} {NAAM}"},
    }
    answer = await dienst_elk.post(query)
    out, err = stil.readouterr()
    assert (answer.status_code, answer.json()["data"]) == (200, {"kapot": None, "personen": {"totalCount": 0}})
    assert "RuntimeError" in err
    token = dienst_elk.token()
    for text_ in (out, err, answer.text, str(answer.headers), str(await dienst_elk.regels())):
        assert not [canary for canary in (BSN, NAAM, "personen(", token, "INSERT") if canary in text_]
    caplog.clear()


@pytest.mark.anyio
async def test_refused_requests_leave_no_values_in_the_log(dienst_elk: Dienst, stil: pytest.CaptureFixture[str]) -> None:
    await dienst_elk.post(f'{{"query": "{BSN}", }}'.encode())
    await dienst_elk.post(Authorization=f"Bearer {BSN}")
    await dienst_elk.post(Verwerkingsactiviteit=BSN)
    await dienst_elk.post(Accept=BSN)
    await dienst_elk.client.get(f"/{BSN}?bsn={BSN}")
    reader, writer = await asyncio.open_connection("127.0.0.1", dienst_elk.port)
    writer.write(f"GET /{BSN} HTTQ\r\n\r\n".encode())
    await reader.read()
    writer.close()
    out, err = stil.readouterr()
    assert BSN not in out + err
    assert BSN not in str(await dienst_elk.regels())


@pytest.mark.parametrize("name", ["asyncio", "strawberry.execution", "sqlalchemy.engine", "uvicorn.error", "py.warnings"])
def test_of_other_loggers_only_the_place_is_written(name: str, stil: pytest.CaptureFixture[str]) -> None:
    logging.getLogger(name).error(f"Key (bsn)=({BSN}) %s", NAAM)
    written = stil.readouterr().err
    assert f'"logger":"{name}"' in written
    assert BSN not in written
    assert NAAM not in written


def test_a_bsn_in_our_own_message_is_blotted_out(stil: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("wijkwerk.x").error("persoon %s", BSN)
    assert '"melding":"persoon …"' in stil.readouterr().err


def test_what_nobody_catches_tells_only_type_and_place(stil: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError(BSN)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    warnings.warn(BSN, stacklevel=1)
    written = stil.readouterr().err
    assert written.count("ValueError < test_server_leaks.py") == 2
    assert BSN not in written


@pytest.mark.anyio
async def test_the_log_of_a_refusal_names_no_gemeente_of_others(dienst_elk: Dienst) -> None:
    await dienst_elk.wijkwerk.database.transact(
        lambda connection: connection.execute(insert(gemeente).values(id=dienst_elk.organisatie, naam=NAAM, cbs_code="GM9998"))
    )
    await dienst_elk.post(sub="niemand")
    geweigerd = [regel for regel in await dienst_elk.regels() if regel["gebeurtenis"] == "AANMELDING_GEWEIGERD"]
    assert geweigerd
    assert all("gemeente" not in regel for regel in geweigerd)
