"""The streams that writes borrow: whoever waits gets one, also while the log is closing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Logsoort
from wijkwerk.log.journal import LEVENSDUUR
from wijkwerk.log.leases import Leases
from wijkwerk.log.pen import Pen
from wijkwerk.storage.sqlite import SqliteDatabase

pytestmark = pytest.mark.anyio


class Lening:
    """Somebody who has a stream until told to give it back."""

    def __init__(self, leases: Leases) -> None:
        self.terug, self.heeft = asyncio.Event(), asyncio.Event()
        self.taak = asyncio.create_task(self._leen(leases))

    async def _leen(self, leases: Leases) -> Pen:
        async with leases.one() as pen:
            self.heeft.set()
            await self.terug.wait()
            return pen


@pytest.fixture
def pennen(identity: Ed25519PrivateKey, klok: StaandeKlok, tmp_path: Path) -> list[Pen]:
    """Nobody writes with them here."""
    database = SqliteDatabase(tmp_path / "log.db")
    return [Pen(database, identity, klok, Logsoort.INZAGE, LEVENSDUUR) for _ in range(2)]


async def test_each_stream_is_lent_to_one_at_a_time(pennen: list[Pen]) -> None:
    leases = Leases(pennen)
    eerste, tweede, derde = (Lening(leases) for _ in range(3))
    await asyncio.gather(eerste.heeft.wait(), tweede.heeft.wait())
    assert not derde.heeft.is_set()
    tweede.terug.set()
    await derde.heeft.wait()
    for each in (eerste, derde):
        each.terug.set()
    assert [await each.taak for each in (eerste, tweede, derde)] == [pennen[1], pennen[0], pennen[0]]


async def test_who_comes_alone_gets_the_stream_that_was_used_last(pennen: list[Pen]) -> None:
    """So a quiet process has one stream for what it writes, not one for each writer that it could have."""
    leases, used = Leases(pennen), set()
    for _ in range(3):
        async with leases.one() as pen:
            used.add(pen)
    assert len(used) == 1


async def test_who_takes_all_that_are_unused_is_waited_for_like_a_borrower(pennen: list[Pen]) -> None:
    leases = Leases(pennen)
    async with leases.one() as lent:
        with leases.unused() as rest:
            later = Lening(leases)
            await asyncio.sleep(0)
            assert {lent, *rest} == set(pennen)
            assert not later.heeft.is_set()
        await later.heeft.wait()
        later.terug.set()
        await later.taak
    async with asyncio.timeout(10):
        await leases.idle()


@pytest.mark.parametrize("turns", range(4))
async def test_who_waits_for_a_stream_when_closing_begins_gets_one_and_closing_waits_for_them(pennen: list[Pen], turns: int) -> None:
    leases = Leases(pennen[:1])
    leningen = [Lening(leases) for _ in range(4)]
    await leningen[0].heeft.wait()
    for each in leningen:
        each.terug.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await leases.idle()
        assert all(each.heeft.is_set() for each in leningen)
        await asyncio.gather(*(each.taak for each in leningen))


async def test_who_gives_up_waiting_keeps_nothing(pennen: list[Pen]) -> None:
    leases = Leases(pennen[:1])
    heeft, weg, blijft = (Lening(leases) for _ in range(3))
    await heeft.heeft.wait()
    weg.taak.cancel()
    for each in (heeft, blijft):
        each.terug.set()
    async with asyncio.timeout(10):
        await leases.idle()
    assert weg.taak.cancelled()
    assert await blijft.taak is pennen[0]


async def test_who_waits_too_long_is_refused_and_keeps_nothing(pennen: list[Pen]) -> None:
    leases = Leases(pennen[:1], patience=0.01)
    heeft = Lening(leases)
    await heeft.heeft.wait()
    with pytest.raises(LogNietBeschikbaar):
        await Lening(leases).taak
    heeft.terug.set()
    async with asyncio.timeout(10):
        await leases.idle()
    async with leases.one() as pen:
        assert pen is pennen[0]
