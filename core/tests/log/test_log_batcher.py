"""Group commit: batches are bounded, who comes when it is too busy waits for a turn, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.batcher import MAX_BATCH, Batcher
from wijkwerk.log.entry import Logregel

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]


class Schrijver:
    """Writes when it is told to, and keeps what it wrote."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.bezig = asyncio.Event()
        self.verder = asyncio.Event()
        self.verder.set()

    async def schrijf(self, regels: Sequence[Logregel]) -> None:
        self.bezig.set()
        await self.verder.wait()
        self.batches.append([regel.trace for regel in regels])

    @property
    def geschreven(self) -> list[str]:
        return [trace for batch in self.batches for trace in batch]


@pytest.fixture
async def schrijver() -> Schrijver:
    return Schrijver()


async def bezet(batcher: Batcher, schrijver: Schrijver, regel: Maak) -> asyncio.Task[None]:
    """The writer has its hands full with entry 0 until it is let go."""
    schrijver.verder.clear()
    first = asyncio.create_task(batcher.submit([regel(0)]))
    await schrijver.bezig.wait()
    return first


def sporen(*nummers: int) -> list[str]:
    return [f"spoor-{nummer}" for nummer in nummers]


async def test_a_batch_is_bounded_and_a_larger_caller_goes_alone(schrijver: Schrijver, regel: Maak) -> None:
    batcher, one = Batcher(schrijver.schrijf), regel(1)
    await asyncio.gather(*(batcher.submit([one] * size) for size in (MAX_BATCH + 200, 300, 200, 1)))
    assert [len(batch) for batch in schrijver.batches] == [MAX_BATCH + 200, MAX_BATCH, 1]
    await batcher.stop()
    with pytest.raises(LogNietBeschikbaar):
        await batcher.submit([one])
    assert len(schrijver.batches) == 3


async def test_when_it_is_too_busy_callers_wait_in_the_order_they_came_and_nothing_is_lost(schrijver: Schrijver, regel: Maak) -> None:
    """One that asks for more than all the room is among them."""
    batcher = Batcher(schrijver.schrijf, room=4)
    first = await bezet(batcher, schrijver, regel)
    sizes = (1, 2, 3, 9, 1, 1)
    callers = [asyncio.create_task(batcher.submit([regel(at)] * size)) for at, size in enumerate(sizes, start=1)]
    await asyncio.sleep(0)
    schrijver.verder.set()
    await asyncio.gather(first, *callers)
    assert schrijver.geschreven == sporen(0, *(at for at, size in enumerate(sizes, start=1) for _ in range(size)))
    assert [len(batch) for batch in schrijver.batches] == [1, 3, 3, 9, 2]
    await batcher.stop()


async def test_who_goes_away_while_in_line_leaves_nothing_behind(schrijver: Schrijver, regel: Maak) -> None:
    batcher = Batcher(schrijver.schrijf, room=1)
    first = await bezet(batcher, schrijver, regel)
    taken, gone, stays = callers = [asyncio.create_task(batcher.submit([regel(nummer)])) for nummer in (1, 2, 3)]
    await asyncio.sleep(0)
    gone.cancel()
    taken.cancel()
    schrijver.verder.set()
    await asyncio.wait([first, *callers])
    assert (gone.cancelled(), stays.exception()) == (True, None)
    assert schrijver.geschreven == sporen(0, 1, 3)
    await batcher.stop()


async def test_who_waits_too_long_is_refused_also_for_room_and_later_ones_are_served(schrijver: Schrijver, regel: Maak) -> None:
    batcher = Batcher(schrijver.schrijf, room=1, patience=0.05)
    first = await bezet(batcher, schrijver, regel)
    done = await asyncio.gather(first, *(batcher.submit([regel(nummer)]) for nummer in (1, 2, 3)), return_exceptions=True)
    assert {type(one) for one in done} == {LogNietBeschikbaar}
    assert schrijver.geschreven == []
    schrijver.verder.set()
    await batcher.submit([regel(4)])
    assert schrijver.geschreven == sporen(0, 1, 4)
    await batcher.stop()


async def test_stopping_writes_what_was_taken_and_what_stood_in_line(schrijver: Schrijver, regel: Maak) -> None:
    batcher = Batcher(schrijver.schrijf, room=1)
    first = await bezet(batcher, schrijver, regel)
    callers = [asyncio.create_task(batcher.submit([regel(nummer)])) for nummer in (1, 2, 3)]
    await asyncio.sleep(0)
    stopped = asyncio.create_task(batcher.stop())
    await asyncio.sleep(0)
    with pytest.raises(LogNietBeschikbaar):
        await batcher.submit([regel(4)])
    schrijver.verder.set()
    await asyncio.gather(first, *callers, stopped)
    assert schrijver.geschreven == sporen(0, 1, 2, 3)


async def test_a_batcher_that_is_killed_leaves_nobody_waiting(schrijver: Schrijver, regel: Maak) -> None:
    before = asyncio.all_tasks()
    batcher = Batcher(schrijver.schrijf, room=1)
    (task,) = asyncio.all_tasks() - before
    first = await bezet(batcher, schrijver, regel)
    others = [asyncio.create_task(batcher.submit([regel(nummer)])) for nummer in (1, 2)]
    await asyncio.sleep(0)
    task.cancel()
    done = await asyncio.gather(first, *others, return_exceptions=True)
    assert {type(one) for one in done} == {LogNietBeschikbaar}
    with pytest.raises(LogNietBeschikbaar):
        await batcher.submit([regel(3)])
