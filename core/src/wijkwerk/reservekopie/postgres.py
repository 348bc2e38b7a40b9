"""PostgreSQL in and out of a file, with its own programs. A password is given in the environment, never on the command line."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, inspect, text

from wijkwerk.reservekopie.map import ReservekopieFout, nieuw_bestand, schijffouten
from wijkwerk.reservekopie.telling import Telling, aantal_in, revisie_in
from wijkwerk.settings import Settings
from wijkwerk.storage.base import Snapshot
from wijkwerk.storage.durable import on_disk
from wijkwerk.storage.migrate import Migraties
from wijkwerk.storage.revisions import VERSION_PREFIX

_DEBIAN: Final = Path("/usr/lib/postgresql")
_VERSIE = re.compile(rb"(\d+)(\.|devel|beta|rc|\b)")


def sleuteltabellen(owners: Sequence[Migraties]) -> list[str]:
    """The tables that are with the keys, and never with the data."""
    keys = [owner for owner in owners if owner.keys]
    return sorted({owner.version_table for owner in keys} | {name for owner in keys for name in owner.tables.tables if owner.claims(name)})


async def dump(settings: Settings, snapshot: Snapshot, naar: Path, tabellen: Sequence[str], *, alleen: bool) -> Telling:
    """Write a snapshot to a file (`pg_dump -Fc`): `alleen` these tables, or all but these.

    Raises ReservekopieFout when pg_dump is absent, is older than the server, or fails.
    """
    geteld = await snapshot.run(lambda connection: _geteld(connection, tabellen, alleen))
    naam = await snapshot.run(lambda connection: connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
    major = await snapshot.run(lambda connection: connection.execute(text("SHOW server_version_num")).scalar_one())
    programma = await _programma(settings, "pg_dump", int(major) // 10_000)
    with schijffouten():
        nieuw_bestand(naar).close()
    kies = [f"--{'table' if alleen else 'exclude-table'}={tabel}" for tabel in tabellen]
    how = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={naam}", f"--file={naar}"]
    await _draai([programma, *how, *kies], await snapshot.run(lambda connection: connection.engine.url))
    with schijffouten():
        on_disk(naar)
    return geteld


async def laad(settings: Settings, url: URL, bestand: Path) -> None:
    """Put the tables of a file in, all or none (`pg_restore`). Raises ReservekopieFout."""
    programma = await _programma(settings, "pg_restore", 0)
    how = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={url.database}"]
    await _draai([programma, *how, str(bestand)], url)


def tabellen_in(connection: Connection) -> list[str]:
    """The tables that are there."""
    return sorted(inspect(connection).get_table_names())


def maak_leeg(connection: Connection) -> None:
    """Take away all tables and functions: only for what was empty before it was filled here."""
    quote = connection.dialect.identifier_preparer.quote
    for naam in tabellen_in(connection):
        connection.execute(text(f"DROP TABLE IF EXISTS {quote(naam)} CASCADE"))  # a part goes with its table
    own = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
    for (signature,) in connection.execute(text(own)).all():
        connection.execute(text(f"DROP ROUTINE {signature}"))


def _geteld(connection: Connection, tabellen: Sequence[str], alleen: bool) -> Telling:
    namen = [naam for naam in tabellen_in(connection) if (naam in tabellen) is alleen]
    aantallen = {naam: connection.execute(aantal_in(naam)).scalar_one() for naam in namen}
    versies = [naam for naam in namen if naam.startswith(VERSION_PREFIX)]
    found = {naam: connection.execute(revisie_in(naam)).scalar() for naam in versies}
    return aantallen, {naam.removeprefix(VERSION_PREFIX): versie for naam, versie in found.items() if versie}


async def _programma(settings: Settings, naam: str, minstens: int) -> str:
    """The program; new enough for the server. Raises ReservekopieFout."""
    found = _zoek(settings, naam)
    if found is None:
        te_doen = "Installeer postgresql-client, of geef de map ervan met WIJKWERK_PG_PROGRAMMAS."
        raise ReservekopieFout(f"Het programma {naam} van PostgreSQL is er niet. {te_doen}")
    process = await asyncio.create_subprocess_exec(found, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
    gezegd = _VERSIE.search((await process.communicate())[0])
    if gezegd is None or int(gezegd[1]) < minstens:
        raise ReservekopieFout(f"Het programma {naam} is ouder dan de server (PostgreSQL {minstens}). Installeer minstens die versie.")
    return found


def _zoek(settings: Settings, naam: str) -> str | None:
    if settings.pg_programmas is not None:
        return shutil.which(naam, path=str(settings.pg_programmas))
    debian = sorted(_DEBIAN.glob(f"*/bin/{naam}"), key=lambda path: (len(path.parts[4]), path.parts[4]))
    return str(debian[-1]) if debian else shutil.which(naam)


async def _draai(opdracht: list[str], url: URL) -> None:
    """What the program says stays here: it can hold values of rows."""
    process = await asyncio.create_subprocess_exec(
        *opdracht, env=_omgeving(url), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        code = await process.wait()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if code:
        raise ReservekopieFout(
            f"{Path(opdracht[0]).name} is gestopt met een fout. Controleer of er ruimte is op de schijf, en of de database bereikbaar is."
        )


def _omgeving(url: URL) -> dict[str, str]:
    """The address as the programs of PostgreSQL read it."""
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    given = {
        "PGHOST": url.host or query.get("host"), "PGPORT": str(url.port) if url.port else query.get("port"), "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None, "PGDATABASE": url.database,
        "PGSSLMODE": query.get("ssl") or query.get("sslmode"),
    }  # fmt: skip
    return dict(os.environ) | {name: value for name, value in given.items() if value}
