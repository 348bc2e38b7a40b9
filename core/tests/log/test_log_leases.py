"""The streams that writes borrow: whoever waits gets one, also while the log is closing."""

from __future__ import annotations

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.log.entry import Logsoort
from wijkwerk.log.leases import Leases
from wijkwerk.log.stream import Stroom

pytestmark = pytest.mark.anyio


class Lening:
    """Somebody who has a stream until told to give it back."""

    def __init__(self, leases: Leases) -> None:
        self.terug, self.heeft = asyncio.Event(), asyncio.Event()
        self.taak = asyncio.create_task(self._leen(leases))

    async def _leen(self, leases: Leases) -> Stroom:
        async with leases.one() as stroom:
            self.heeft.set()
            await self.terug.wait()
            return stroom


@pytest.fixture
def stromen(identity: Ed25519PrivateKey) -> list[Stroom]:
    return [Stroom.nieuw(identity, Logsoort.INZAGE) for _ in range(2)]


async def test_each_stream_is_lent_to_one_at_a_time(stromen: list[Stroom]) -> None:
    leases = Leases(stromen)
    eerste, tweede, derde = (Lening(leases) for _ in range(3))
    await asyncio.gather(eerste.heeft.wait(), tweede.heeft.wait())
    assert not derde.heeft.is_set()
    tweede.terug.set()
    await derde.heeft.wait()
    for each in (eerste, derde):
        each.terug.set()
    assert [await each.taak for each in (eerste, tweede, derde)] == [stromen[0], stromen[1], stromen[1]]


@pytest.mark.parametrize("turns", range(4))
async def test_who_waits_for_a_stream_when_closing_begins_gets_one_and_closing_waits_for_them(stromen: list[Stroom], turns: int) -> None:
    leases = Leases(stromen[:1])
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


async def test_who_gives_up_waiting_keeps_nothing(stromen: list[Stroom]) -> None:
    leases = Leases(stromen[:1])
    heeft, weg, blijft = (Lening(leases) for _ in range(3))
    await heeft.heeft.wait()
    weg.taak.cancel()
    for each in (heeft, blijft):
        each.terug.set()
    async with asyncio.timeout(10):
        await leases.idle()
    assert weg.taak.cancelled()
    assert await blijft.taak is stromen[0]
