"""The name of a log: it stands in every checkpoint, so it is chosen once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OpstartFout
from wijkwerk.log.entry import Logregel
from wijkwerk.log.instelling import keur_naam
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import log_regel
from wijkwerk.settings import Loginstellingen, Settings
from wijkwerk.storage.base import Database

pytestmark = pytest.mark.anyio


async def test_before_the_first_checkpoint_any_name_will_do_and_after_it_only_that_one(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    await keur_naam(logboek, "gemeente.example/log")
    await journal.record(regel(1))
    await journal.checkpoint()
    await keur_naam(logboek, journal.origin)
    with pytest.raises(OpstartFout, match=r"heet wijkwerk/log, en niet gemeente\.example/log"):
        await keur_naam(logboek, "gemeente.example/log")


async def test_an_installation_with_another_name_for_its_log_does_not_start_and_writes_nothing(tmp_path: Path) -> None:
    gewoon, anders = (Settings(map=tmp_path, log=log) for log in (Loginstellingen(), Loginstellingen(origin="gemeente.example/log")))
    async with Wijkwerk(gewoon, []):
        pass

    async def regels() -> int:
        async with Wijkwerk(gewoon, []) as wijkwerk, wijkwerk.database.snapshot() as snapshot:
            return len(await snapshot.run(lambda connection: connection.execute(select(log_regel.c.seq)).all()))

    before = await regels()
    with pytest.raises(OpstartFout, match=r"log\.origin"):
        async with Wijkwerk(anders, []):
            pass
    assert await regels() == before
