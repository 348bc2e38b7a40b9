"""Processes that are killed at any moment: what they acknowledged is in the log, nothing is half, the next life goes on.

On the journal itself; with a real server over HTTP: tests/test_kill.py.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.log.export import export
from wijkwerk.log.verify import verifieer
from wijkwerk.storage.base import Database
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.storage.sqlite import SqliteDatabase

pytestmark = pytest.mark.anyio
RONDES = 8
TEGELIJK = {"sqlite": 1, "postgresql": 2}
"""How many processes work at the same time: SQLite is for one."""

LEVENS = textwrap.dedent(
    """
    import asyncio, gc, os, signal, sys
    from uuid import UUID
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from wijkwerk.klok import SysteemKlok
    from wijkwerk.log.entry import Actie, Betrokkene, Gebeurtenis, Logregel, Resultaat
    from wijkwerk.log.journal import Journal
    from wijkwerk.storage.engine import open_database

    klok, url = SysteemKlok(), sys.argv[1]

    def regel(trace, gebeurtenis=Gebeurtenis.LEZEN):
        return Logregel(gebeurtenis=gebeurtenis, actie=Actie.READ, resultaat=Resultaat.GESLAAGD, tijdstip=klok.nu(),
                        trace=trace, betrokkenen=(Betrokkene(UUID(int=1), ()),))

    async def caller(journal, life, name, write):
        for number in range(10**9):
            trace = f"{life}-{name}-{number}"
            if write:
                await journal.transact(lambda _: (None, [regel(trace), regel(trace)]))
            else:
                await journal.record(regel(trace), regel(trace, Gebeurtenis.AANMELDING_GESLAAGD))
            os.write(1, (trace + "\\n").encode())

    async def leven(life):
        database = open_database(url)
        await database.open()
        async with Journal(database, Ed25519PrivateKey.from_private_bytes(bytes(range(32))), klok, interval=0.01) as journal:
            await asyncio.gather(*(caller(journal, life, name, name % 2) for name in range(6)))

    gc.freeze()
    for line in sys.stdin:
        lives = line.split()
        pids = []
        for life in lives:
            pids.append(os.fork())
            if not pids[-1]:
                asyncio.run(leven(life))
        next(sys.stdin)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        os.write(1, f"dood {' '.join(map(str, codes))}\\n".encode())
    """
)


class Moeder:
    """Makes lives by copying itself, and kills them when told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ronde(self, levens: list[str], seconden: float) -> set[str]:
        """What these lives acknowledged before they were killed with signal 9, some time after the first word of one."""
        self._say(" ".join(levens))
        assert self._process.stdout is not None
        words = [self._process.stdout.readline().strip()]
        time.sleep(seconden)
        self._say("")
        while not words[-1].startswith("dood"):
            words.append(self._process.stdout.readline().strip())
            assert words[-1], "the process that makes lives has ended"
        assert set(words.pop().split()[1:]) == {"-9"}
        return set(words)

    def _say(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()


@contextmanager
def moeder(url: str) -> Iterator[Moeder]:
    with subprocess.Popen([sys.executable, "-c", LEVENS, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Moeder(process)
        finally:
            process.kill()


async def test_every_acknowledged_entry_survives_a_kill_and_the_chain_verifies(database: Database) -> None:
    acknowledged: set[str] = set()
    kans = random.Random(3)
    with moeder(_url(database)) as levens:
        for at in range(RONDES):
            namen = [f"{at}.{number}" for number in range(TEGELIJK[database.dialect])]
            acknowledged |= levens.ronde(namen, kans.random() * 0.15)
            bodies = await _nagekeken(database)
    traces = Counter(body["trace"] for body in bodies if "trace" in body)
    assert acknowledged <= set(traces)
    assert len(acknowledged) > RONDES
    # of a write both entries or none; those of a read are in two streams, and of one that was not acknowledged one may be missing
    assert all(found == 2 for trace, found in traces.items() if int(trace.split("-")[1]) % 2 or trace in acknowledged)
    lives: dict[str, set[str]] = {}
    for body in bodies:
        lives.setdefault(body["stream"], set()).update([body["trace"].split("-")[0]] if "trace" in body else [])
    assert all(len(life) <= 1 for life in lives.values())


def _url(database: Database) -> str:
    if isinstance(database, PostgresDatabase):
        return database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    assert isinstance(database, SqliteDatabase)
    return f"sqlite:///{database.path}"


async def _nagekeken(database: Database) -> list[dict[str, Any]]:
    """The entries; the log verifies."""
    file = io.StringIO()
    await export(database, file)
    lines = file.getvalue().encode().splitlines()
    rapport = verifieer(lines, Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key())
    assert rapport.bevindingen == []
    return [json.loads(line["body"]) for line in map(json.loads, lines) if line["soort"] == "regel"]
