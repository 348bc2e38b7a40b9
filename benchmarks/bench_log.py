"""What the log costs: requests with it and without, entries against a naive global chain, at 1, 8 and 64 clients.

On both databases with durability on, and once more on a disk that is two milliseconds slower for every sync.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.opslag import DUURZAAM
from benchmarks.tragedisk import EXTRA_MS, is_traag, nog_eens_traag, voor_postgresql
from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, insert, select

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.demo.buurt import bouw
from wijkwerk.log.entry import Actie, Betrokkene, Gebeurtenis, Logregel, Resultaat
from wijkwerk.settings import Settings
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.postgres import PostgresServer, choose
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.schema.schema import Schema

CLIENTS = (1, 8, 64)
SECONDS = float(os.environ.get("WIJKWERK_BENCH_SECONDEN", "5"))
VRAAG = """query ($id: ID!) { persoon(id: $id) {
  voornamen voorvoegsel geslachtsnaam geslacht geboortedatum straat huisnummer postcode woonplaats } }"""

Client = Callable[[], Awaitable[object]]

_keten = Table(
    "bench_keten", MetaData(), Column("seq", BigInteger, primary_key=True), Column("hash", LargeBinary), Column("body", LargeBinary)
)
_kop = Table(
    "bench_kop", _keten.metadata, Column("id", BigInteger, primary_key=True), Column("seq", BigInteger), Column("hash", LargeBinary)
)


class Gemeten(NamedTuple):
    """How many a second, and how long one took, in milliseconds."""

    per_seconde: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.per_seconde:9,.0f}/s  p50 {self.p50:7.2f} ms  p99 {self.p99:7.2f} ms"


async def meet(client: Client, clients: int) -> Gemeten:
    """So many clients that each ask again when they have their answer."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS

    async def one() -> None:
        while (start := time.perf_counter()) < end:
            await client()
            times.append((time.perf_counter() - start) * 1000)

    await client()
    begin = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(clients)))
    took = time.perf_counter() - begin
    return Gemeten(len(times) / took, statistics.median(times), sorted(times)[int(len(times) * 0.99)])


class Naief:
    """Each entry in a transaction of its own, after the one before it: one chain for everybody, behind one lock."""

    def __init__(self, wijkwerk: Wijkwerk) -> None:
        self._wijkwerk, self._turn = wijkwerk, asyncio.Lock()
        self._sqlite: sqlite3.Connection | None = None

    async def maak(self) -> None:
        await self._wijkwerk.database.administer(self._make)

    async def record(self, regel: Logregel) -> None:
        """On SQLite the writer of the database would put several in one commit: there with a connection of its own."""
        if self._wijkwerk.database.dialect == "postgresql":
            await self._wijkwerk.database.transact(lambda connection: self._append(connection, regel))
            return
        async with self._turn:
            await asyncio.to_thread(self._append_alone, regel)

    def _make(self, connection: Connection) -> None:
        _keten.metadata.create_all(connection)
        connection.execute(insert(_kop).values(id=1, seq=0, hash=bytes(32)))

    def _append(self, connection: Connection, regel: Logregel) -> None:
        kop = connection.execute(select(_kop.c.seq, _kop.c.hash).where(_kop.c.id == 1).with_for_update()).one()
        body, hash_ = self._next(regel, kop.seq, kop.hash)
        connection.execute(insert(_keten).values(seq=kop.seq + 1, hash=hash_, body=body))
        connection.execute(_kop.update().values(seq=kop.seq + 1, hash=hash_))

    def _append_alone(self, regel: Logregel) -> None:
        if self._sqlite is None:
            path = self._wijkwerk.settings.map / "wijkwerk.db"
            self._sqlite = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            self._sqlite.execute("PRAGMA synchronous = FULL")
        self._sqlite.execute("BEGIN IMMEDIATE")
        seq, previous = self._sqlite.execute("SELECT seq, hash FROM bench_kop WHERE id = 1").fetchone()
        body, hash_ = self._next(regel, seq, previous)
        self._sqlite.execute("INSERT INTO bench_keten VALUES (?, ?, ?)", (seq + 1, hash_, body))
        self._sqlite.execute("UPDATE bench_kop SET seq = ?, hash = ?", (seq + 1, hash_))
        self._sqlite.execute("COMMIT")

    @staticmethod
    def _next(regel: Logregel, seq: int, previous: bytes) -> tuple[bytes, bytes]:
        body = regel.body("naief", seq + 1)
        return body, sha256(b"\x00" + previous + body).digest()


class ZonderLog(Wijkwerk):
    """Reads the same and shows it at once: no pseudonyms, no doors, no entry."""

    async def show(self, actor: Actor, shown: Any, work: Any, **_how: Any) -> Any:
        async with self.database.snapshot() as snapshot:
            return await work(snapshot)


def _regel(wijkwerk: Wijkwerk, actor: Actor) -> Logregel:
    return Logregel(
        gebeurtenis=Gebeurtenis.LEZEN, actie=Actie.READ, resultaat=Resultaat.GESLAAGD, tijdstip=wijkwerk.klok.nu(), gemeente=actor.gemeente,
        gebruiker=actor.gebruiker, organisatie=actor.organisatie, rollen=actor.rollen, activiteit=actor.activiteit, doelen=actor.doelen,
        beleid=actor.beleid, trace="0" * 32, span="0" * 16, betrokkenen=(Betrokkene(nieuw_id(), ()),),
    )  # fmt: skip


async def _regels(wijkwerk: Wijkwerk, actor: Actor) -> None:
    naief = Naief(wijkwerk)
    await naief.maak()
    print("  entries alone")
    for clients in CLIENTS:
        ours = await meet(lambda: wijkwerk.journal.record(_regel(wijkwerk, actor)), clients)
        naive = await meet(lambda: naief.record(_regel(wijkwerk, actor)), clients)
        print(f"    {clients:3} clients  naive global chain  {naive}")
        print(f"    {clients:3} clients  group commit        {ours}  ×{ours.per_seconde / naive.per_seconde:.1f}")


async def _verzoeken(met: Wijkwerk, zonder: Wijkwerk, actor: Actor, ids: Sequence[str]) -> None:
    schema = Schema.of(met.plugins)
    vragen = {"without the log": zonder, "with the log": met}

    async def vraag(wijkwerk: Wijkwerk) -> None:
        answer = await execute(schema, wijkwerk, actor, VRAAG, {"id": ids[0]})
        assert answer.data
        assert not answer.errors

    print("  requests: one resident, through GraphQL without HTTP")
    for clients in CLIENTS:
        found = {naam: await meet(lambda who=wie: vraag(who), clients) for naam, wie in vragen.items()}  # type: ignore[misc]  # a default
        floor = found["without the log"]
        for naam, gemeten in found.items():
            extra = (
                f"×{gemeten.per_seconde / floor.per_seconde:.2f}, +{gemeten.p50 - floor.p50:.2f} ms at p50" if gemeten is not floor else ""
            )
            print(f"    {clients:3} clients  {naam:15}  {gemeten}  {extra}")


async def _bench(title: str, settings: Settings) -> None:
    slow = f", every sync {EXTRA_MS} ms slower" if is_traag() else ""
    print(f"\n{title}{slow}: closed loop, {SECONDS:g} s each")
    async with Wijkwerk(settings) as wijkwerk:
        buurt = await bouw(wijkwerk)
        actor = buurt.actor("wijkteam")
        zonder = ZonderLog(settings, database=wijkwerk.database)
        zonder.keyring, zonder.journal = wijkwerk.keyring, wijkwerk.journal
        ids = [str(lid.id) for each in buurt.huishoudens if each.dossier and each.huis.gebied == "noord" for lid in each.leden]
        await _verzoeken(wijkwerk, zonder, actor, ids)
        await _regels(wijkwerk, actor)


def main() -> None:
    """Each engine in a folder on the disk, then everything again on the slow one."""
    with tempfile.TemporaryDirectory(prefix="wwbench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run as another user
        asyncio.run(_bench("SQLite", Settings(map=folder / "sqlite")))
        server = PostgresServer(choose(), data=folder / "cluster", settings=DUURZAAM, omgeving=voor_postgresql())
        try:
            url = server.url().render_as_string(hide_password=False)
            (folder / "postgresql").mkdir()
            asyncio.run(_bench("PostgreSQL", Settings(map=folder / "postgresql", database=url)))
        finally:
            server.stop()
    if not is_traag():
        sys.stdout.flush()
        nog_eens_traag()


if __name__ == "__main__":
    main()
