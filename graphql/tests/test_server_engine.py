"""HTTP with the real engine behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from wijkwerk.storage.base import Database
from wijkwerk_graphql.testing import Dienst, draaiend

pytestmark = pytest.mark.anyio


@pytest.fixture
async def echt(database: Database, tmp_path: Path) -> AsyncIterator[Dienst]:
    """A server with the engine and the core's own schema."""
    async with draaiend(database, tmp_path) as dienst:
        yield dienst


async def test_a_document_is_run_for_the_actor_of_the_token(echt: Dienst, trace: str) -> None:
    answer = await echt.post({"query": "{ik {activiteit}}"}, traceparent=f"00-{trace}-{'1' * 16}-01")
    assert (answer.status_code, answer.json()) == (200, {"data": {"ik": {"activiteit": "WMO_ONDERSTEUNING"}}})
    assert [regel["gebeurtenis"] for regel in await echt.regels(trace)] == ["LEZEN"]


async def test_a_document_that_is_wrong_is_400_or_200_by_media_type(echt: Dienst) -> None:
    for accept, status in (("application/graphql-response+json", 400), ("application/json", 200)):
        answer = await echt.post({"query": "{bestaatNiet999990019}"}, Accept=accept)
        assert answer.status_code == status
        assert answer.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_ONGELDIG"
        assert "999990019" not in answer.text


async def test_without_a_log_there_is_no_data(echt: Dienst) -> None:
    await echt.wijkwerk.journal.close()
    for accept in ("application/graphql-response+json", "application/json"):
        answer = await echt.post({"query": "{ik {activiteit}}"}, Accept=accept)
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["extensions"]["code"] == "LOG_NIET_BESCHIKBAAR"
        assert "data" not in answer.json()
