"""Asking whether somebody is known, many times at once: with real commits."""

from __future__ import annotations

import asyncio

import pytest

from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.bekendheid import Bekend, Bekendheidsvraag, is_bekend
from wijkwerk.zoeken.kenmerken import Kenmerken

pytestmark = pytest.mark.anyio


async def test_questions_at_the_same_time_do_not_pass_the_limit(wijk: Wijk) -> None:
    kenmerken = Kenmerken(geslachtsnaam="Kanarie", geboortedatum=Datum(1956, 11, 15))
    await wijk.inwoner("Kanarie", geboortedatum=Datum(1956, 11, 15))
    answers = await asyncio.gather(*(wijk.schrijf("DOCK", lambda work: is_bekend(work, kenmerken)) for _ in range(16)))
    told = [answer.uitkomst for answer in answers]
    assert (told.count(Bekend.BEKEND), told.count(Bekend.TE_VAAK_GEVRAAGD)) == (10, 6)
    assert len(await wijk.rows(Bekendheidsvraag.tabel().select())) == 16
