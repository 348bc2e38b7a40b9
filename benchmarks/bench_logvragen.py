"""A log of ten million entries: how fast it is verified, and how soon it says who has seen a resident.

On both databases. Chain, heads, segments and tree are real: rows as the writer of the log makes them, loaded in bulk.
`--regels` and `--map` make it smaller, or keep it for a next time; another engine only: `--engine`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.opslag import DUURZAAM
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Table, func, select

from wijkwerk.klok import StaandeKlok
from wijkwerk.log import stream
from wijkwerk.log.chain import entry_hash, head_message
from wijkwerk.log.checkpoint import zet_checkpoint
from wijkwerk.log.entry import Actie, Betrokkene, Deur, Gebeurtenis, Getoond, Logregel, Logsoort, Resultaat
from wijkwerk.log.export import export
from wijkwerk.log.partities import zorg_vooruit
from wijkwerk.log.query import Onder, Zoekvraag, zoek
from wijkwerk.log.stream import Kop, Stroom
from wijkwerk.log.tables import TABLES, log_betrokkene, log_kop, log_regel
from wijkwerk.log.verify import verifieer
from wijkwerk.storage.base import Database
from wijkwerk.storage.engine import open_database
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.laden import laad
from wijkwerk.testing.postgres import PostgresServer, choose

GEMEENTE, ORGANISATIE = UUID(int=1), UUID(int=2)
BEGIN = datetime(2027, 1, 4, 8, tzinfo=UTC)
INWONERS, GEBRUIKERS, STROMEN, PER_KEER = 100_000, 400, 20, 5_000
VRAGEN, WARM, BLADZIJDE = 400, 40, 20
TE_CONTROLEREN = 1_000_000
IDENTITY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def _id(kind: str, number: int) -> UUID:
    """Spread evenly, as a pseudonym is, and the same in every run."""
    return UUID(bytes=sha256(f"{kind}{number}".encode()).digest()[:16])


def _inwoner(wat: random.Random) -> int:
    """One in ten looks is at one of a hundred residents whom many people work with."""
    return wat.randrange(100) if wat.random() < 0.1 else wat.randrange(INWONERS)


class _Regels:
    """A year of a municipality: workers who open the file of a resident, in the name of a case. Each entry has the bytes that the writer
    makes: those of one entry of the writer, with other numbers in it.
    """

    def __init__(self, aantal: int) -> None:
        self._wat, self._stap = random.Random(7), timedelta(days=365) / aantal
        self._nummer = 0
        self._personen, self._deuren = [[_id(kind, number) for number in range(INWONERS)] for kind in ("inwoner", "deur")]
        self._gebruikers = [_id("gebruiker", number) for number in range(GEBRUIKERS)]

    def stuk(self, stroom: UUID, kop: Kop, aantal: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Kop]:
        """The next rows of both tables, and where the stream is after them."""
        vorm, rows, subjects, hash_ = _vorm(stroom), list[dict[str, Any]](), list[dict[str, Any]](), kop.hash
        for seq in range(kop.seq + 1, kop.seq + 1 + aantal):
            moment, wie = BEGIN + self._stap * self._nummer, self._gebruikers[self._wat.randrange(GEBRUIKERS)]
            persoon, deur = self._personen[_inwoner(self._wat)], self._deuren[self._wat.randrange(INWONERS)]
            tijd = moment.isoformat(timespec="microseconds")
            body = vorm % {
                b"persoon": persoon.hex.encode(), b"deur": deur.hex.encode(), b"wie": wie.hex.encode(), b"tijd": tijd.encode(),
                b"trace": b"%032x" % self._nummer, b"span": b"%016x" % self._nummer, b"seq": b"%d" % seq,
            }  # fmt: skip
            hash_ = entry_hash(hash_, body)
            place = {"stroom": stroom, "seq": seq, "tijdstip": moment}
            rows.append(
                place
                | {"periode": tijd[:7], "hash": hash_, "body": body, "gemeente_id": GEMEENTE, "gebruiker": wie}
                | {"organisatie": ORGANISATIE, "activiteit": "WMO_ONDERSTEUNING", "doelen": " WMO_ONDERZOEK "}
                | {"gebeurtenis": "LEZEN", "resultaat": "GESLAAGD"}
            )
            subjects.append({"pseudoniem": persoon, **place})
            self._nummer += 1
        return rows, subjects, Kop(kop.seq + aantal, hash_)


def _vorm(stroom: UUID) -> bytes:
    """The body of an entry in this stream, with a place for each number that differs."""
    persoon, deur, wie, seq = UUID(int=2**120 + 1), UUID(int=2**120 + 2), UUID(int=2**120 + 3), 987654321
    body = _regel(persoon, deur, wie).body(stroom.hex, seq).replace(b"%", b"%%")
    named = {"persoon": persoon.hex, "deur": deur.hex, "wie": wie.hex, "trace": "f" * 32, "span": "e" * 16, "seq": str(seq)}
    for name, value in {**named, "tijd": BEGIN.isoformat(timespec="microseconds")}.items():
        body = body.replace(value.encode(), f"%({name})b".encode())
    return body


def _regel(persoon: UUID, deur: UUID, wie: UUID) -> Logregel:
    velden = ("voornamen", "geslachtsnaam", "straat", "huisnummer", "postcode", "woonplaats")
    return Logregel(
        gebeurtenis=Gebeurtenis.LEZEN, actie=Actie.READ, resultaat=Resultaat.GESLAAGD, tijdstip=BEGIN, gemeente=GEMEENTE, gebruiker=wie,
        organisatie=ORGANISATIE, rollen=("WIJKTEAM",), activiteit="WMO_ONDERSTEUNING", doelen=("WMO_ONDERZOEK",), beleid="9f2c",
        trace="f" * 32, span="e" * 16, onderdeel="persoon",
        betrokkenen=(Betrokkene(persoon, (Getoond("Persoon", ("ADRES", "IDENTITEIT"), velden, (deur,)),)),),
        toegang=(Deur(deur, "DOSSIER", UUID(int=9), "WMO_ONDERZOEK/1"),),
    )  # fmt: skip


async def _vul(database: Database, aantal: int, klok: StaandeKlok) -> None:
    """Fill an empty log: streams opened by the writer, entries loaded in bulk, then all under a checkpoint."""
    await make_tables(database, TABLES)
    for maand in range(12) if database.dialect == "postgresql" else ():  # as the minutes make them
        await zorg_vooruit(database, StaandeKlok(BEGIN + timedelta(days=30 * maand)))
    start = time.monotonic()

    def meld(rijen: int) -> None:
        print(f"\r  {rijen:,} rows, {time.monotonic() - start:.0f} s", end="", file=sys.stderr, flush=True)

    stromen = [Stroom.nieuw(IDENTITY, Logsoort.INZAGE) for _ in range(STROMEN)]
    koppen = [await database.transact(partial(_begin, stroom=stroom, klok=klok)) for stroom in stromen]
    await laad(database, _stukken(stromen, koppen, aantal), meld=meld)
    for stroom, kop in zip(stromen, koppen, strict=True):
        await database.transact(partial(_teken, stroom=stroom, kop=kop))
    while not (await database.transact(lambda connection: zet_checkpoint(connection, IDENTITY, klok))).compleet:
        pass
    took = time.monotonic() - start
    print(f"\r  filled: {aantal:,} entries under a checkpoint in {took:.0f} s, {aantal / took:,.0f}/s" + " " * 20)


def _begin(connection: Connection, *, stroom: Stroom, klok: StaandeKlok) -> list[Kop]:
    """Where the stream is after its own first entries. A list, to be moved on."""
    stream.append(connection, stroom, [_regel(_id("inwoner", 0), _id("deur", 0), _id("gebruiker", 0))], klok)
    return [Kop(*connection.execute(select(log_kop.c.seq, log_kop.c.hash).where(log_kop.c.stroom == stroom.id)).one())]


def _stukken(stromen: list[Stroom], koppen: list[list[Kop]], aantal: int) -> Iterator[Mapping[Table, Sequence[Mapping[str, Any]]]]:
    """Stream after stream, in pieces; `koppen` are moved on."""
    regels = _Regels(aantal)
    for stroom, kop in zip(stromen, koppen, strict=True):
        for at in range(0, aantal // STROMEN, PER_KEER):
            rows, subjects, kop[0] = regels.stuk(stroom.id, kop[0], min(PER_KEER, aantal // STROMEN - at))
            yield {log_regel: rows, log_betrokkene: subjects}


def _teken(connection: Connection, *, stroom: Stroom, kop: list[Kop]) -> None:
    values = {**kop[0]._asdict(), "handtekening": stroom.sleutel.sign(head_message(stroom.id, *kop[0]))}
    connection.execute(log_kop.update().where(log_kop.c.stroom == stroom.id).values(values))


async def _controleer(database: Database, folder: Path) -> None:
    """Export, and verify the export: what `wijkwerk log export` and `verify.py` do."""
    file, start = folder / "log.jsonl", time.monotonic()
    with file.open("w", encoding="utf-8") as target:
        telling = await export(database, target)
    exported = time.monotonic()
    with file.open("rb") as lines:
        rapport = verifieer(lines, IDENTITY.public_key())
    took, size = time.monotonic() - exported, file.stat().st_size
    file.unlink()
    assert rapport.goed, rapport.bevindingen[:5]
    hashed = _alleen_hashen(telling.regels, size // telling.regels)
    print(f"  export: {telling.regels / (exported - start):,.0f} entries/s, {size / 1e9:.1f} GB")
    print(f"  verified: {telling.regels / took:,.0f} entries/s, ×{took / hashed:.1f} of SHA-256 alone over as much")


def _alleen_hashen(aantal: int, bytes_: int) -> float:
    """Seconds for the floor: one hash over each."""
    body, start = bytes(bytes_), time.perf_counter()
    sample = min(aantal, 200_000)
    for _ in range(sample):
        sha256(body).digest()
    return (time.perf_counter() - start) * aantal / sample


async def _vraag(database: Database, tot: datetime) -> None:
    """Who has seen this resident, the newest twenty; against as many entries by their key."""
    wat = random.Random(11)
    vaak, zelden = [_id("inwoner", n) for n in range(100)], [_id("inwoner", wat.randrange(INWONERS)) for _ in range(VRAGEN + WARM)]

    def wie(inwoner: UUID) -> Callable[[Connection], object]:
        return lambda connection: zoek(
            connection, Zoekvraag(gemeente=GEMEENTE, van=BEGIN, tot=tot, personen=(Onder(inwoner),)), first=BLADZIJDE
        )  # fmt: skip

    def sleutels(connection: Connection) -> object:
        stroom = connection.execute(select(log_regel.c.stroom).limit(1)).scalar_one()
        where = (log_regel.c.stroom == stroom, log_regel.c.seq.between(10, 9 + BLADZIJDE))
        return connection.execute(select(log_regel.c.body).where(*where)).all()

    floor = await _tijden(database, [sleutels] * (VRAGEN + WARM))
    for naam, wie_dan in (("a resident", zelden), ("one often seen", [wat.choice(vaak) for _ in range(VRAGEN + WARM)])):
        found = await _tijden(database, [wie(each) for each in wie_dan])
        p50, p99 = statistics.median(found), sorted(found)[int(len(found) * 0.99)]
        print(f"  who has seen {naam:15} p50 {p50:6.2f} ms  p99 {p99:6.2f} ms  ×{p50 / statistics.median(floor):.1f} of {BLADZIJDE} by key")


async def _tijden(database: Database, vragen: list[Callable[[Connection], object]]) -> list[float]:
    times = []
    for each in vragen:
        start = time.perf_counter()
        async with database.snapshot() as snapshot:
            await snapshot.run(each)
        times.append((time.perf_counter() - start) * 1000)
    return times[WARM:]


async def _bench(title: str, url: str, folder: Path, aantal: int, *, controleer: bool) -> None:
    print(f"\n{title}: {aantal:,} entries about {INWONERS:,} residents")
    database, klok = open_database(url), StaandeKlok(BEGIN)
    await database.open()
    try:
        if await _regels_in(database) != aantal + 2 * STROMEN:
            await _vul(database, aantal, klok)
        await (_controleer(database, folder) if controleer else _vraag(database, BEGIN + timedelta(days=400)))
    finally:
        await database.close()


async def _regels_in(database: Database) -> int:
    with suppress(Exception):  # no tables yet
        return int(await database.transact(lambda connection: connection.execute(select(func.count()).select_from(log_regel)).scalar_one()))
    return 0


def main() -> None:
    """On the engines asked for. Verifying reads a file, whatever it came from: once is enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regels", type=int, default=10_000_000)
    parser.add_argument("--map", type=Path)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wwbench-") as name:
        folder = options.map or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # PostgreSQL may run as another user
        engines = options.engine or ["sqlite", "postgresql"]
        if "sqlite" in engines:
            klein = min(options.regels, TE_CONTROLEREN)
            asyncio.run(_bench("SQLite", f"sqlite:///{folder / 'klein.db'}", folder, klein, controleer=True))
            asyncio.run(_bench("SQLite", f"sqlite:///{folder / 'log.db'}", folder, options.regels, controleer=False))
        if "postgresql" in engines:
            server = PostgresServer(choose(), data=folder / "cluster", settings=DUURZAAM)
            try:
                url = server.url().render_as_string(hide_password=False)
                asyncio.run(_bench("PostgreSQL", url, folder, options.regels, controleer=False))
            finally:
                server.stop()


if __name__ == "__main__":
    main()
