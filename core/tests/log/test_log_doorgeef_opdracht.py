"""`wijkwerk log doorgeven`: exit codes, going on where it stopped, staying and stopping."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.access.catalogue import NIETS
from wijkwerk.klok import StaandeKlok
from wijkwerk.log import doorgeef_opdracht
from wijkwerk.log.commands import log
from wijkwerk.log.entry import Logregel
from wijkwerk.log.levering import Levering
from wijkwerk.log.opdracht import LogOmgeving
from wijkwerk.log.tables import TABLES
from wijkwerk.settings import Loginstellingen
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.logopdracht import geopend, logomgeving
from wijkwerk.testing.luisteraar import Gezegd, luisteraar

Maak = Callable[..., Logregel]
Roep = Callable[..., Result]


class Elders:
    """A receiver in a thread of its own: how many pieces came, and what is answered to the next ones (then 200)."""

    def __init__(self) -> None:
        self.url, self.stukken, self.statussen = "", 0, list[int]()
        self.doe: Callable[[int], None] = lambda _: None

    def antwoord(self, _path: str, _body: bytes) -> Gezegd:
        self.stukken += 1
        self.doe(self.stukken)
        return Gezegd(self.statussen.pop(0) if self.statussen else 200, b"{}", "application/json")


@pytest.fixture
def elders() -> Iterator[Elders]:
    found, ready = Elders(), threading.Event()
    loop, einde = asyncio.new_event_loop(), asyncio.Event()

    async def listen() -> None:
        async with luisteraar(found.antwoord) as url:
            found.url = url
            ready.set()
            await einde.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(listen(),))
    thread.start()
    assert ready.wait(20)
    yield found
    loop.call_soon_threadsafe(einde.set)
    thread.join(20)
    loop.close()


@pytest.fixture
def roep(tmp_path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak) -> Roep:
    """Runs the command on a log to which three entries are added each time it is opened."""

    @asynccontextmanager
    async def omgeving(log: Loginstellingen) -> AsyncIterator[LogOmgeving]:
        path = tmp_path / "log.db"
        if not path.exists():
            async with geopend(path) as database:
                await make_tables(database, TABLES)
        async with logomgeving(path, identity, klok, levering=Levering.van(log, NIETS)) as app:
            await app.journal.record(*(regel(n, trace=f"{n:032x}") for n in range(3)))
            yield app

    def run(instellingen: Loginstellingen, *arguments: str) -> Result:
        return CliRunner().invoke(log, ["doorgeven", *arguments], obj=lambda: omgeving(instellingen))

    return run


def naar(elders: Elders) -> Loginstellingen:
    return Loginstellingen(otlp_audit_url=f"{elders.url}/v1/logs", otlp_url=f"{elders.url}/v1/traces")


def test_without_a_receiver_it_says_which_setting_to_give(roep: Roep) -> None:
    result = roep(Loginstellingen(), "--once")
    assert result.exit_code == 2
    assert "log.otlp_url" in result.output


def test_once_gives_all_there_is_and_the_next_time_what_is_new(roep: Roep, elders: Elders) -> None:
    first, second = roep(naar(elders), "--once"), roep(naar(elders), "--once")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "nen7513: 4 regels doorgegeven, nog 0" in first.output
    assert second.output.strip().endswith("nen7513: 5 regels doorgegeven, nog 0")


def test_once_with_a_receiver_that_takes_nothing_ends_with_code_3_and_gives_it_the_next_time(roep: Roep, elders: Elders) -> None:
    elders.statussen = [503]
    alleen_audit = Loginstellingen(otlp_audit_url=f"{elders.url}/v1/logs")
    assert roep(alleen_audit, "--once").exit_code == 3
    assert roep(alleen_audit, "--once").exit_code == 0
    weg = Loginstellingen(otlp_audit_url="http://127.0.0.1:1/v1/logs")
    assert roep(weg, "--once").exit_code == 3


def test_it_stays_tries_again_and_stops_when_told(roep: Roep, elders: Elders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorgeef_opdracht, "RUST", 0.01)
    elders.statussen = [503, 503]
    elders.doe = lambda stuk: os.kill(os.getpid(), signal.SIGTERM) if stuk == 3 else None
    assert roep(Loginstellingen(otlp_audit_url=f"{elders.url}/v1/logs")).exit_code == 0
    assert elders.stukken == 3
