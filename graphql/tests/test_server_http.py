"""GraphQL over HTTP: methods, media types, status codes, headers, traces, probes."""

from __future__ import annotations

import re
import string
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.http.edge import Edge
from wijkwerk_graphql.http.errors import NietAanvaardbaar
from wijkwerk_graphql.http.media_types import OFFERED, negotiate
from wijkwerk_graphql.http.status import status_of_answer
from wijkwerk_graphql.http.trace import aanroep
from wijkwerk_graphql.testing import Dienst

anyio = pytest.mark.anyio

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


def code(answer: Any) -> str:
    """The code of the only error; an error answer holds nothing else."""
    content = answer.json()
    assert list(content) == ["errors"]
    [error] = content["errors"]
    assert set(error) == {"message", "extensions"}
    assert set(error["extensions"]) <= {"code", "referentie"}
    found: str = error["extensions"]["code"]
    return found


@anyio
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_only_post_asks(dienst: Dienst, method: str) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.client.request(method, "/graphql", headers=dienst.headers())
    assert (answer.status_code, answer.headers["allow"], len(await dienst.gelezen())) == (405, "POST", before)


@anyio
@pytest.mark.parametrize("path", ["/", "/graphql/", "/graphiql", "/docs", "/../etc/passwd", "/%00", "/healthz/x"])
async def test_there_is_nothing_else_and_no_redirect(dienst: Dienst, path: str) -> None:
    answer = await dienst.client.get(path, headers={"Host": "elders.example"})
    assert (answer.status_code, code(answer)) == (404, "PAD_ONBEKEND")
    assert "elders" not in answer.text


@anyio
@pytest.mark.parametrize("query", ["?query={ik}", "?access_token=x", "?x"])
async def test_nothing_is_asked_in_the_address(dienst: Dienst, query: str) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.client.post(f"/graphql{query}", content=b'{"query":"{ik{activiteit}}"}', headers=dienst.headers())
    assert (answer.status_code, code(answer), len(await dienst.gelezen())) == (400, "ONGELDIG_VERZOEK", before)


@anyio
@pytest.mark.parametrize(
    "kind",
    [
        "", "text/plain", "application/graphql", "multipart/form-data; boundary=x", "application/jsonp",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1", "application/json; charset=utf-16", "application/json; x=1", "application/json, text/html",
        "application/graphql-response+json",
    ],
)  # fmt: skip
async def test_a_request_is_json_in_utf8(dienst: Dienst, kind: str) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.post(Content_Type=kind)
    assert (answer.status_code, code(answer), len(await dienst.gelezen())) == (415, "MEDIATYPE_ONBEKEND", before)


@anyio
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
async def test_a_compressed_request_is_refused(dienst: Dienst, encoding: str) -> None:
    answer = await dienst.post(Content_Encoding=encoding)
    assert (answer.status_code, code(answer)) == (415, "MEDIATYPE_ONBEKEND")


@anyio
@pytest.mark.parametrize("kind", ["application/json", "Application/JSON ;  Charset=UTF-8", 'application/json; charset="utf-8"'])
async def test_utf8_may_be_said(dienst: Dienst, kind: str) -> None:
    assert (await dienst.post(Content_Type=kind)).status_code == 200


ACCEPTED = {
    "*/*": GRAPHQL,
    "application/*": GRAPHQL,
    JSON: JSON,
    GRAPHQL: GRAPHQL,
    f"{JSON}, {GRAPHQL}": GRAPHQL,
    f"{JSON}, {GRAPHQL};q=0.9": JSON,
    f"text/html, {JSON};q=0.1, */*;q=0": JSON,
    f"{GRAPHQL};q=0, */*": JSON,
    "application/json; charset=utf-8": JSON,
    "APPLICATION/JSON": JSON,
    ", ,application/json": JSON,
}


@anyio
@pytest.mark.parametrize("accept", ACCEPTED)
async def test_the_answer_has_the_type_that_is_accepted(dienst: Dienst, accept: str) -> None:
    answer = await dienst.post(Accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{ACCEPTED[accept]}; charset=utf-8")


@anyio
@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml;q=1", "*/*;q=0", "application/json;q=0", "application/json;q=nan", "x" * 9000]
)
async def test_who_accepts_nothing_of_ours_gets_406(dienst: Dienst, accept: str) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.post(Accept=accept)
    assert (answer.status_code, code(answer), len(await dienst.gelezen())) == (406, "NIET_AANVAARDBAAR", before)


@given(st.text(alphabet=string.ascii_letters + string.digits + "/*;,=q.+- \t", max_size=80))
def test_any_accept_header_gives_a_type_or_406(accept: str) -> None:
    try:
        assert negotiate(Headers({"accept": accept})) in OFFERED
    except NietAanvaardbaar:
        assert accept.strip()


def errors(*codes: str) -> list[dict[str, Any]]:
    return [{"message": "Nee.", "extensions": {"code": one}} for one in codes]


STATUS: list[tuple[dict[str, Any], int, int]] = [
    ({"data": {"a": 1}}, 200, 200),
    ({"data": {"a": 1, "b": None}, "errors": errors("NIET_GEVONDEN")}, 200, 200),
    ({"data": None, "errors": errors("NIET_GEVONDEN")}, 200, 200),
    ({"errors": errors("DOCUMENT_ONGELDIG")}, 400, 200),
    ({"errors": errors("ONGELDIGE_INVOER", "ONGELDIGE_INVOER")}, 400, 200),
    ({"errors": errors("GEEN_RECHT", "GEEN_RECHT")}, 403, 200),
    ({"errors": errors("INTERNE_FOUT")}, 500, 500),
    ({"errors": errors("LOG_NIET_BESCHIKBAAR")}, 503, 503),
    ({"errors": errors("DATABASE_NIET_BESCHIKBAAR")}, 503, 503),
    ({"errors": errors("SLEUTELS_NIET_BEREIKBAAR")}, 503, 503),
    ({"data": {"a": None}, "errors": errors("LOG_NIET_BESCHIKBAAR")}, 503, 503),
    ({"data": {"a": 1, "b": None}, "errors": errors("DATABASE_NIET_BESCHIKBAAR")}, 200, 200),
]


@pytest.mark.parametrize(("answer", "new", "old"), STATUS, ids=str)
def test_the_status_follows_the_specification_for_each_media_type(answer: dict[str, Any], new: int, old: int) -> None:
    made = Answer(answer.get("data"), answer.get("errors", []), "data" in answer)
    assert made.as_dict() == answer
    assert [status_of_answer(made, media) for media in (GRAPHQL, JSON)] == [new, old]


@anyio
async def test_what_fails_in_one_field_leaves_the_others(dienst: Dienst, caplog: pytest.LogCaptureFixture) -> None:
    for accept in (GRAPHQL, JSON):
        answer = await dienst.post({"query": "{kapot ik{activiteit}}"}, Accept=accept)
        assert answer.status_code == 200
        assert answer.json()["data"] == {"kapot": None, "ik": {"activiteit": "WMO_ONDERSTEUNING"}}
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["INTERNE_FOUT"]
    caplog.clear()


@anyio
async def test_what_nobody_catches_is_a_code_and_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    async def stuk(_request: Request) -> Response:
        raise ValueError("999990019")

    app = Edge(Router([Route("/stuk", stuk)]))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client:
        answer = await client.get("/stuk")
    assert (answer.status_code, code(answer)) == (500, "INTERNE_FOUT")
    assert answer.json()["errors"][0]["extensions"]["referentie"] == answer.headers["x-request-id"]
    assert answer.headers["x-request-id"] in caplog.text
    assert "999990019" not in answer.text


@anyio
async def test_an_answer_that_breaks_off_is_not_followed_by_another(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Message] = []

    async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("999990019")

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await Edge(half)({"type": "http", "headers": []}, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]
    assert "ValueError" in caplog.text


HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}


@anyio
@pytest.mark.parametrize("path", ["/graphql", "/healthz", "/readyz", "/nergens"])
async def test_every_answer_has_the_security_headers_and_no_cors(dienst: Dienst, path: str) -> None:
    answer = await dienst.client.get(path, headers={"Origin": "https://elders.example"})
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@anyio
async def test_a_browser_of_another_site_gets_no_permission(dienst: Dienst) -> None:
    asks = {"Origin": "https://elders.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = await dienst.client.options("/graphql", headers=asks)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@anyio
async def test_it_lives_and_is_ready_without_a_token(dienst_elk: Dienst) -> None:
    assert (await dienst_elk.client.get("/healthz")).json() == {"status": "ok"}
    ready = await dienst_elk.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
    start = {"STROOM_GEOPEND", "REGISTER_GEWIJZIGD", "BELEID_GEWIJZIGD", "LOG_INGESTELD"}
    assert {regel["gebeurtenis"] for regel in await dienst_elk.regels()} <= start


@anyio
async def test_without_a_log_it_is_not_ready_but_lives(dienst_elk: Dienst) -> None:
    await dienst_elk.wijkwerk.journal.close()
    assert (await dienst_elk.client.get("/readyz")).status_code == 503
    assert (await dienst_elk.client.get("/healthz")).status_code == 200


def met(*traceparents: str) -> dict[str, Any]:
    """A request, as ASGI gives it, with these headers."""
    return {"type": "http", "headers": [(b"traceparent", each.encode()) for each in traceparents]}


GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize("given_header", [GOOD, GOOD.replace("00-", "cc-", 1) + "-later", GOOD[:-2] + "00"])
def test_a_trace_goes_on_with_a_span_of_our_own(given_header: str) -> None:
    made = aanroep(met(given_header))
    assert made.trace == "0af7651916cd43dd8448eb211c80319c"
    assert re.fullmatch("[0-9a-f]{16}", made.span)
    assert made.span != "b7ad6b7169203331"
    assert made.ouder == "b7ad6b7169203331"
    assert made.traceparent == f"00-{made.trace}-{made.span}-01"


@pytest.mark.parametrize(
    "given_header",
    ["", "x", GOOD.upper(), GOOD + "-x", "ff" + GOOD[2:], GOOD.replace("0af7651916cd43dd8448eb211c80319c", "0" * 32),
     GOOD.replace("b7ad6b7169203331", "0" * 16), GOOD[:-1], GOOD + "\n", " " + GOOD],
)  # fmt: skip
def test_a_trace_that_is_not_right_is_replaced(given_header: str) -> None:
    made = aanroep(met(given_header))
    assert re.fullmatch("[0-9a-f]{32}", made.trace)
    assert made.trace != "0af7651916cd43dd8448eb211c80319c"
    assert made.ouder == ""


def test_two_traces_are_none() -> None:
    made = aanroep(met(GOOD, GOOD))
    assert made.trace != "0af7651916cd43dd8448eb211c80319c"
