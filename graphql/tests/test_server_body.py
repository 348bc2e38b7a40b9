"""Bodies that are wrong, huge, slow or half: a clear answer, and nothing is executed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk.testing.wachten import tot
from wijkwerk_graphql.http.errors import HttpFout
from wijkwerk_graphql.http.limits import MAX_DEPTH, Vraag, parse_vraag
from wijkwerk_graphql.testing import Dienst, draaiend

MB = 1_048_576

NOT_ONE_REQUEST: dict[str, bytes] = {
    "empty": b"",
    "space": b"  ",
    "no JSON": b"{ik}",
    "cut off": b'{"query": "{ik{activiteit}}"',
    "two": b'{"query":"{ik{activiteit}}"}{"query":"{ik{activiteit}}"}',
    "batch": b'[{"query":"{ik{activiteit}}"}]',
    "text": b'"{ik}"',
    "null": b"null",
    "number": b"1",
    "no query": b"{}",
    "query null": b'{"query":null}',
    "query number": b'{"query":1}',
    "query list": b'{"query":["{ik}"]}',
    "query empty": b'{"query":" "}',
    "variables list": b'{"query":"{ik{activiteit}}","variables":[]}',
    "variables text": b'{"query":"{ik{activiteit}}","variables":"{}"}',
    "variables number": b'{"query":"{ik{activiteit}}","variables":0}',
    "variables false": b'{"query":"{ik{activiteit}}","variables":false}',
    "operationName number": b'{"query":"{ik{activiteit}}","operationName":0}',
    "operationName object": b'{"query":"{ik{activiteit}}","operationName":{}}',
    "extensions list": b'{"query":"{ik{activiteit}}","extensions":[]}',
    "not UTF-8": b'{"query":"{ik \xff}"}',
    "latin-1": '{"query":"{é}"}'.encode("latin-1"),
    "UTF-16": '{"query":"{ik{activiteit}}"}'.encode("utf-16"),
    "BOM": b'\xef\xbb\xbf{"query":"{ik{activiteit}}"}',
    "NUL": b'{"query":"{ik{activiteit}}"}\0',
    "lone surrogate": b'{"query":"{ik{activiteit}}","variables":{"a":"\\ud800"}}',
    "NaN": b'{"query":"{ik{activiteit}}","variables":{"a":NaN}}',
    "Infinity": b'{"query":"{ik{activiteit}}","variables":{"a":-Infinity}}',
    "out of range": b'{"query":"{ik{activiteit}}","variables":{"a":1e999}}',
    "huge integer": b'{"query":"{ik{activiteit}}","variables":{"a":' + b"9" * 5000 + b"}}",
    "comment": b'{"query":"{ik{activiteit}}" /* x */}',
    "key twice": b'{"query":"{ik{activiteit}}","query":"{iets}"}',
    "key twice in variables": b'{"query":"{ik{activiteit}}","variables":{"a":1,"a":2}}',
    "key twice, spelled in two ways": b'{"query":"{ik{activiteit}}","\\u0071uery":"{iets}"}',
    "deep": b'{"query":"{ik{activiteit}}","variables":{"a":' + b"[" * 500 + b"]" * 500 + b"}}",
    "very deep": b'{"query":"{ik{activiteit}}","variables":{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}}",
    "deep objects": b'{"query":"{ik{activiteit}}","variables":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
}


@pytest.mark.anyio
@pytest.mark.parametrize("fault", NOT_ONE_REQUEST)
async def test_what_is_not_one_request_is_400_and_nothing_runs(dienst: Dienst, fault: str) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.post(NOT_ONE_REQUEST[fault])
    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"message": HttpFout.standaard, "extensions": {"code": "ONGELDIG_VERZOEK"}}]}
    assert len(await dienst.gelezen()) == before


def test_a_whole_request_is_read_as_it_was_sent() -> None:
    variables = {"a": [1, 2.5, None, True, "é😀"], "b": {"c": {}}}
    sent = {"query": "query A($a: X) {ik}", "variables": variables, "operationName": "A", "extensions": {"x": 1}, "meer": 1}
    assert parse_vraag(orjson.dumps(sent)) == Vraag("query A($a: X) {ik}", variables, "A")


@pytest.mark.anyio
async def test_the_named_operation_runs_with_its_variables(dienst: Dienst) -> None:
    sent = {
        "query": "query A {ik{activiteit}} query B($ja: Boolean!) {ik{rollen activiteit @include(if: $ja)}}",
        "variables": {"ja": False},
        "operationName": "B",
    }
    answer = await dienst.post(sent)
    assert (answer.status_code, answer.json()) == (200, {"data": {"ik": {"rollen": ["WIJKTEAM"]}}})


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(st.dictionaries(st.text(max_size=5), JSON_VALUES, max_size=4))
def test_variables_mean_what_they_say(variables: dict[str, Any]) -> None:
    assert parse_vraag(orjson.dumps({"query": "{ik{activiteit}}", "variables": variables})).variables == variables


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused(body: bytes) -> None:
    with pytest.raises(HttpFout):
        parse_vraag(body)


@pytest.mark.parametrize(("depth", "fine"), [(MAX_DEPTH - 3, True), (MAX_DEPTH, False)])
def test_there_is_one_limit_to_depth(depth: int, fine: bool) -> None:
    body = b'{"query":"{ik{activiteit}}","variables":{"a":' + b"[" * depth + b"]" * depth + b"}}"
    if fine:
        assert parse_vraag(body).variables
    else:
        with pytest.raises(HttpFout):
            parse_vraag(body)


def padded(size: int) -> bytes:
    start = b'{"query":"{ik{activiteit}}"'
    return start + b" " * (size - len(start) - 1) + b"}"


@pytest.mark.anyio
@pytest.mark.parametrize(("size", "status"), [(MB, 200), (MB + 1, 413), (2 * MB, 413)])
async def test_a_body_has_a_limit_to_the_byte(dienst: Dienst, size: int, status: int) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.post(padded(size))
    assert (answer.status_code, len(await dienst.gelezen()) - before) == (status, 1 if status == 200 else 0)
    if status == 413:
        assert answer.json()["errors"][0]["extensions"] == {"code": "TE_GROOT"}


async def pieces(count: int, size: int = 65_536) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * size


@pytest.mark.anyio
async def test_pieces_without_a_length_are_counted(dienst: Dienst) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.client.post("/graphql", content=pieces(40), headers=dienst.headers())
    assert (answer.status_code, len(await dienst.gelezen())) == (413, before)


async def raw(dienst: Dienst, *parts: bytes, headers: dict[str, str] | None = None, wait: bool = True) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", dienst.port)
    lines = {"Host": "x", **dienst.headers(), **(headers or {})}
    writer.write("".join(["POST /graphql HTTP/1.1\r\n", *(f"{key}: {value}\r\n" for key, value in lines.items()), "\r\n"]).encode())
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 15) if wait else b""
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.anyio
async def test_an_endless_body_ends(dienst: Dienst) -> None:
    before = len(await dienst.gelezen())
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    answer = await raw(dienst, *[chunk] * 300, headers={"Transfer-Encoding": "chunked"})
    assert answer.startswith(b"HTTP/1.1 413 ") or answer == b""
    assert len(await dienst.gelezen()) == before
    assert (await dienst.post()).status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize(
    "headers",
    [{"Content-Length": "-1"}, {"Content-Length": "x"}, {"Content-Length": "1e3"}, {"Transfer-Encoding": "gzip, chunked"},
     {"Content-Length": "9" * 30}],
    ids=str,
)  # fmt: skip
async def test_a_length_that_is_none_is_refused(dienst: Dienst, headers: dict[str, str]) -> None:
    before = len(await dienst.gelezen())
    answer = await raw(dienst, b'{"query":"{ik{activiteit}}"}', headers=headers, wait="9" * 30 not in headers.values())
    assert not answer.startswith(b"HTTP/1.1 200")
    assert len(await dienst.gelezen()) == before


@pytest.mark.anyio
async def test_a_length_and_pieces_together_are_not_two_requests(dienst: Dienst) -> None:
    """Request smuggling: what follows the pieces must never be taken for a second request."""
    before = len(await dienst.gelezen())
    smuggled = b"POST /graphql HTTP/1.1\r\nHost: x\r\n\r\n"
    await raw(dienst, b"0\r\n\r\n" + smuggled, headers={"Transfer-Encoding": "chunked", "Content-Length": "4", "Connection": "close"})
    assert len(await dienst.gelezen()) == before


@pytest.mark.anyio
async def test_a_length_that_promises_less_cuts_the_body(dienst: Dienst) -> None:
    before = len(await dienst.gelezen())
    answer = await raw(dienst, b'{"query":"{ik{activiteit}}"}', headers={"Content-Length": "5"})
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert len(await dienst.gelezen()) == before


@pytest.mark.anyio
async def test_headers_without_end_are_refused(dienst: Dienst) -> None:
    answer = await raw(dienst, headers={"X-Vulling": "x" * 200_000})
    assert not answer.startswith(b"HTTP/1.1 200")
    assert (await dienst.post()).status_code == 200


@pytest.mark.anyio
async def test_a_slow_body_ends_in_408(migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path: Path) -> None:
    async with draaiend(await sqlite_templates.copy(migraties, tmp_path), tmp_path, body_seconds=0.2) as slow:
        answer = await raw(slow, b'{"query":', headers={"Content-Length": "16"})
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"TE_TRAAG" in answer
        assert await slow.gelezen() == []
        assert (await slow.post()).status_code == 200


@pytest.mark.anyio
async def test_who_leaves_half_way_leaves_nothing_behind(dienst: Dienst) -> None:
    before = len(await dienst.gelezen())
    await asyncio.gather(*(raw(dienst, b'{"query":', headers={"Content-Length": "16"}, wait=False) for _ in range(20)))
    assert (await dienst.post()).status_code == 200
    assert len(await dienst.gelezen()) == before + 1


@pytest.mark.anyio
async def test_who_leaves_while_it_runs_does_not_stop_the_others(dienst: Dienst, proef: Any) -> None:
    before = proef.bezig
    proef.verder.clear()
    try:
        leaving = asyncio.create_task(dienst.post({"query": "{wacht}"}))
        await arrived(proef, before + 1)
        leaving.cancel()
        waiting = asyncio.create_task(dienst.post({"query": "{wacht}"}))
        await arrived(proef, before + 2)
    finally:
        proef.verder.set()
    assert (await waiting).json() == {"data": {"wacht": True}}


async def arrived(proef: Any, count: int) -> None:
    async def there() -> bool:
        return bool(proef.bezig >= count)

    await tot(there)


@pytest.mark.anyio
async def test_many_at_once_each_get_their_own_answer(dienst_elk: Dienst) -> None:
    subs = ["anna", "fatima", "niemand"] * 30
    answers = await asyncio.gather(*(dienst_elk.post(sub=sub, Verwerkingsactiviteit="WMO_ONDERSTEUNING") for sub in subs))
    assert [answer.status_code for answer in answers] == [200, 200, 401] * 30
    spans = {regel["span"]: regel["gebruiker"] for regel in await dienst_elk.gelezen()}
    for answer, sub in zip(answers, subs, strict=True):
        if sub != "niemand":
            assert spans[answer.headers["traceparent"].split("-")[2]] == dienst_elk.gebruikers[sub].hex
    assert len([regel for regel in await dienst_elk.regels() if regel["gebeurtenis"] == "AANMELDING_GEWEIGERD"]) == 30
