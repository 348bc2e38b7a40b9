"""A made-up municipality to import into, on both engines, and what tests of an import need again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, func, select, update

from wijkwerk import systeem
from wijkwerk.app import Wijkwerk
from wijkwerk.importeren.inlezen import Uitslag, lees_in
from wijkwerk.importeren.invoer import Invoer
from wijkwerk.importeren.plek import Plek, zoek_plek
from wijkwerk.importeren.verwerker import Proef, Schrijver
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.personen import Persoon
from wijkwerk.records.history import Gegevensbron
from wijkwerk.settings import Settings
from wijkwerk.storage.base import Database
from wijkwerk.storage.metadata import metadata
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.wijk import Wijk, made

VANDAAG = date(2027, 3, 1)


def _bsns() -> Iterator[str]:
    """Test numbers that pass the 11-proof."""
    for begin in range(9999_0000, 9999_9999):
        rest = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), str(begin), strict=True)) % 11
        if rest < 10:
            yield f"{begin}{rest}"


@pytest.fixture
def bsns() -> Callable[[int], list[str]]:
    """So many different BSNs, always the same ones."""
    return lambda aantal: list(islice(_bsns(), aantal))


@pytest.fixture
def schrijf(tmp_path: Path) -> Callable[..., Path]:
    """Make a file `naam` with these rows below the header `kop`."""

    def bestand(*regels: str, kop: str = "BSN;voornamen;geslachtsnaam", naam: str = "p.csv") -> Path:
        pad = tmp_path / naam
        pad.write_text("\n".join([kop, *regels, ""]), encoding="utf-8")
        return pad

    return bestand


@pytest.fixture
async def wijk(database_savepoint: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    """On PostgreSQL in one transaction that is forgotten afterwards; a module that needs real commits has its own."""
    async with made(database_savepoint, tmp_path, []) as opened:
        yield opened


@pytest.fixture
async def stad(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> Wijk:
    """The made-up municipality, of which one organisation is the municipality itself. Imports hardly pause here."""
    monkeypatch.setattr(systeem, "BEURT_SECONDEN", 0.01)
    o = Organisatie.tabel()
    await wijk.change(update(o).where(o.c.id == wijk.stad).values(soort=Organisatiesoort.GEMEENTE))
    return wijk


@pytest.fixture
def zoek(stad: Wijk) -> Callable[..., Awaitable[Plek]]:
    """The place that names mean."""

    async def plek(team: str | None = None, gemeente: str | None = "gemeente") -> Plek:
        async with stad.wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: zoek_plek(connection, gemeente, team))

    return plek


@pytest.fixture
def importeer(stad: Wijk, zoek: Callable[..., Awaitable[Plek]]) -> Callable[..., Awaitable[Uitslag]]:
    """Import a file for a team, as the command does."""

    async def run(
        pad: Path,
        *,
        proef: bool = False,
        ww: Wijkwerk | None = None,
        voortgang: Any = lambda _: None,
        bron: Gegevensbron = Gegevensbron.PROFESSIONAL,
        **plek: Any,
    ) -> Uitslag:
        invoer = Invoer.van(pad)
        doet = (Proef if proef else Schrijver)(ww or stad.wijkwerk, await zoek(**{"team": "team"} | plek), invoer.sha256, bron)
        return await lees_in(invoer, doet, pad.with_name(f"{pad.name}.fouten.csv"), VANDAAG, voortgang)

    return run


@pytest.fixture
def namen(stad: Wijk) -> Callable[[], Awaitable[list[str]]]:
    """The surnames of everybody in the register."""

    async def read() -> list[str]:
        return sorted(row[0] for row in await stad.rows(select(Persoon.tabel().c.geslachtsnaam)))

    return read


@pytest.fixture
def rijen(stad: Wijk) -> Callable[[], Awaitable[dict[str, int]]]:
    """How many rows every table has, the keys and the log included."""

    def tel(connection: Connection) -> dict[str, int]:
        with stad.wijkwerk.database.keys(connection) as keys:
            place = {"sleutels": keys, "core": connection}
            tables = [table for table in metadata.sorted_tables if table.info.get("owner") in place]
            return {
                table.name: place[table.info["owner"]].execute(select(func.count()).select_from(table)).scalar_one() for table in tables
            }

    async def read() -> dict[str, int]:
        async with stad.wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(tel)

    return read


@pytest.fixture
def ander_proces(stad: Wijk, tmp_path: Path) -> Callable[[], AbstractAsyncContextManager[Wijkwerk]]:
    """A second installation on the same database, with connections, keys and log streams of its own."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Wijkwerk]:
        async with Wijkwerk(Settings(map=tmp_path), [], klok=stad.klok, database=_again(stad.wijkwerk.database)) as ww:
            yield ww

    return opened


def _again(database: Database) -> Database:
    if isinstance(database, SqliteDatabase):
        return SqliteDatabase(database.path, database.keys_path)
    return PostgresDatabase(cast(PostgresDatabase, database).url)
