"""A process that is killed at any moment: what it acknowledged is in the log, nothing is half, the next life goes on."""

from __future__ import annotations

import asyncio
import io
import json
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.log.export import export
from wijkwerk.log.tables import TABLES
from wijkwerk.log.verify import verifieer
from wijkwerk.storage.engine import open_database
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.databases import make_tables

ROUNDS = 15

LIFE = textwrap.dedent(
    """
    import asyncio, os, sys
    from uuid import UUID
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from wijkwerk.klok import SysteemKlok
    from wijkwerk.log.entry import Actie, Betrokkene, Gebeurtenis, Logregel, Resultaat
    from wijkwerk.log.journal import Journal
    from wijkwerk.storage.engine import open_database

    klok, (url, life) = SysteemKlok(), sys.argv[1:]

    def regel(trace):
        return Logregel(gebeurtenis=Gebeurtenis.LEZEN, actie=Actie.READ, resultaat=Resultaat.GESLAAGD, tijdstip=klok.nu(),
                        trace=trace, betrokkenen=(Betrokkene(UUID(int=1), ()),))

    async def caller(journal, name, write):
        for number in range(10**9):
            trace = f"{life}-{name}-{number}"
            if write:
                await journal.transact(lambda _: (None, [regel(trace)]))
            else:
                await journal.record(regel(trace), regel(trace))
            os.write(1, (trace + "\\n").encode())

    async def main():
        database = open_database(url)
        await database.open()
        async with Journal(database, Ed25519PrivateKey.from_private_bytes(bytes(range(32))), klok, interval=0.01) as journal:
            await asyncio.gather(*(caller(journal, name, name % 2) for name in range(6)))

    asyncio.run(main())
    """
)


def test_every_acknowledged_entry_survives_a_kill_and_the_chain_verifies(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "log.db")
    asyncio.run(prepare(database))
    acknowledged: set[str] = set()
    for life in range(ROUNDS):
        acknowledged |= set(killed_life(f"sqlite:///{database.path}", life))
    file = asyncio.run(exported(database))
    rapport = verifieer(file.encode().splitlines(), Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key())
    assert rapport.bevindingen == []
    bodies = [json.loads(line["body"]) for line in map(json.loads, file.splitlines()) if line["soort"] == "regel"]
    traces = [body["trace"] for body in bodies if "trace" in body]
    assert acknowledged <= set(traces)
    assert len(acknowledged) > ROUNDS
    assert all(traces.count(trace) == (1 if int(trace.split("-")[1]) % 2 else 2) for trace in set(traces))
    lives = {
        body["stream"]: {other["trace"].split("-")[0] for other in bodies if other["stream"] == body["stream"] and "trace" in other}
        for body in bodies
    }
    assert all(len(life) == 1 for life in lives.values())


async def prepare(database: SqliteDatabase) -> None:
    await database.open()
    await make_tables(database, TABLES)
    await database.close()


async def exported(database: SqliteDatabase) -> str:
    reopened, file = open_database(f"sqlite:///{database.path}"), io.StringIO()
    await reopened.open()
    await export(reopened, file)
    await reopened.close()
    return file.getvalue()


def killed_life(url: str, life: int) -> list[str]:
    """What one life acknowledged before it was killed with signal 9."""
    with subprocess.Popen([sys.executable, "-c", LIFE, url, str(life)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.random() * 0.15)
        process.kill()
        rest = process.stdout.read()
    if process.returncode != -9:
        pytest.fail("the life ended by itself")
    return [line.decode() for line in (first + rest).split(b"\n")[:-1]]
