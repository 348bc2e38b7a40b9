"""Where a backup is put back: an empty place, which stays empty unless everything that was put there is in order."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from wijkwerk.errors import WijkwerkError
from wijkwerk.reservekopie.maken import BIJLAGEN, DATABASE
from wijkwerk.reservekopie.manifest import Manifest
from wijkwerk.reservekopie.map import MERK, ReservekopieFout, geef_naam, kopieer, schijffouten
from wijkwerk.reservekopie.postgres import laad, maak_leeg, tabellen_in
from wijkwerk.settings import Settings
from wijkwerk.storage.durable import on_disk
from wijkwerk.storage.engine import open_database
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.storage.sqlite import SqliteDatabase

BEZIG: Final = ".terugzetten"
_NIET_LEEG: Final = "Hier staat al iets van Wijkwerk. Zet een reservekopie alleen terug op een lege plek."


@dataclass(frozen=True, slots=True)
class Bron:
    """A backup: the folders of its halves, and what they say of themselves."""

    gegevens: Path
    sleutels: Path
    manifest: Manifest
    sleutelmanifest: Manifest

    @property
    def bijlagen(self) -> list[str]:
        """The files that go with notes."""
        return [bestand.naam for bestand in self.manifest.bestanden if bestand.naam.startswith(f"{BIJLAGEN}/")]


@asynccontextmanager
async def gevuld(settings: Settings, bron: Bron, *, proef: bool) -> AsyncIterator[Settings]:
    """Put the files of a backup in place, and lend the settings with which they can be looked at. Who leaves in the ordinary way has
    found them in order: then they are where the installation looks. Else, and after a trial (`proef`), they are gone.

    Raises ReservekopieFout when the place is not empty, or is not of the kind that the backup is of.
    """
    database = open_database(settings.database_url)
    if database.dialect != bron.manifest.database:
        raise ReservekopieFout(f"Deze kopie is van {bron.manifest.database}. Kies met WIJKWERK_DATABASE zo'n database, en begin opnieuw.")
    if isinstance(database, SqliteDatabase):
        made = _proefmap(settings, bron) if proef else _map(settings, database, bron)
    else:
        made = _proefdatabase(settings, bron) if proef else _database(settings, bron)
    async with made as within:
        yield within


@asynccontextmanager
async def _proefmap(settings: Settings, bron: Bron) -> AsyncIterator[Settings]:
    with schijffouten(), tempfile.TemporaryDirectory(prefix="wijkwerk-proef-", ignore_cleanup_errors=True) as folder:
        yield _geplaatst(settings, bron, Path(folder))


@asynccontextmanager
async def _map(settings: Settings, database: SqliteDatabase, bron: Bron) -> AsyncIterator[Settings]:
    bijlagen = _plek_van_bijlagen(settings, bron)
    if any(_staat_er(path) for path in (database.path, database.keys_path)):
        raise ReservekopieFout(f"{_NIET_LEEG} Verplaats eerst {database.path} en {database.keys_path}, of kies een andere WIJKWERK_MAP.")
    bezig = database.path.parent / BEZIG
    with schijffouten():
        database.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(bezig, ignore_errors=True)  # what an earlier one that was cut off left
        bezig.mkdir(mode=0o700)
    try:
        yield _geplaatst(settings, bron, bezig)
        with schijffouten():
            _kopieer_bijlagen(bron, bijlagen)
            # the data last: without it nothing starts
            for van, naar in ((bezig / "keys.db", database.keys_path), (bezig / "wijkwerk.db", database.path)):
                os.rename(van, naar)
            on_disk(database.path.parent)
    finally:
        shutil.rmtree(bezig, ignore_errors=True)


def _geplaatst(settings: Settings, bron: Bron, folder: Path) -> Settings:
    for map, naam, manifest in ((bron.gegevens, "wijkwerk.db", bron.manifest), (bron.sleutels, "keys.db", bron.sleutelmanifest)):
        with schijffouten():
            gekopieerd = kopieer(map / DATABASE["sqlite"], folder / naam)
        if gekopieerd not in {one.sha256 for one in manifest.bestanden}:
            raise ReservekopieFout("De reservekopie is tijdens het terugzetten veranderd. Begin opnieuw.")
    return _met(settings, f"sqlite:///{folder / 'wijkwerk.db'}")


@asynccontextmanager
async def _database(settings: Settings, bron: Bron) -> AsyncIterator[Settings]:
    bijlagen, url = _plek_van_bijlagen(settings, bron), make_url(settings.database_url)
    database = PostgresDatabase(url, connections=1)
    await database.open()
    try:
        await database.transact(_merk)
        try:
            await _laad(settings, bron, url)
            yield settings
            _kopieer_bijlagen(bron, bijlagen)
            await database.transact(lambda connection: connection.execute(text(f"DROP TABLE {MERK}")) and None)
        except BaseException:
            with suppress(SQLAlchemyError, WijkwerkError):
                await database.transact(maak_leeg)
            raise
    finally:
        await database.close()


def _merk(connection: Connection) -> None:
    if tabellen_in(connection):
        raise ReservekopieFout(f"{_NIET_LEEG} Maak een nieuwe database, en kies die met WIJKWERK_DATABASE.")
    connection.execute(text(f"CREATE TABLE {MERK} ()"))


@asynccontextmanager
async def _proefdatabase(settings: Settings, bron: Bron) -> AsyncIterator[Settings]:
    url = make_url(settings.database_url)
    naam = f"wijkwerk_proef_{token_hex(4)}"
    await _beheer(url, f"CREATE DATABASE {naam}")
    try:
        await _laad(settings, bron, url.set(database=naam))
        yield _met(settings, url.set(database=naam).render_as_string(hide_password=False))
    finally:
        await _beheer(url, f"DROP DATABASE {naam} WITH (FORCE)")


async def _laad(settings: Settings, bron: Bron, url: URL) -> None:
    for map in (bron.sleutels, bron.gegevens):
        await laad(settings, url, map / DATABASE["postgresql"])


async def _beheer(url: URL, opdracht: str) -> None:
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(opdracht))
    except (SQLAlchemyError, OSError):
        raise ReservekopieFout("Voor een proef moet u een database mogen maken (CREATEDB). Vraag dat recht aan.") from None
    finally:
        await engine.dispose()


def _plek_van_bijlagen(settings: Settings, bron: Bron) -> Path | None:
    """Where files that go with notes come; None without any. Raises ReservekopieFout unless there is a place, and it is empty."""
    if not bron.bijlagen:
        return None
    if (map := settings.bijlagen.map) is None:
        raise ReservekopieFout("Bij deze kopie horen bestanden. Noem met WIJKWERK_BIJLAGEN__MAP in welke map ze moeten komen.")
    if map.exists() and (not map.is_dir() or any(map.iterdir())):
        raise ReservekopieFout(f"De map {map} voor bestanden is niet leeg. Verplaats wat erin staat, en begin opnieuw.")
    return map


def _kopieer_bijlagen(bron: Bron, naar: Path | None) -> None:
    """Complete under another name first, of which nothing is left when there is no room for all."""
    if naar is None:
        return
    bezig = naar.with_name(f"{naar.name}{BEZIG}")
    with schijffouten():
        shutil.rmtree(bezig, ignore_errors=True)  # what an earlier one that was cut off left
        try:
            bezig.mkdir(mode=0o700, parents=True)
            for naam in bron.bijlagen:
                doel = bezig / Path(naam).relative_to(BIJLAGEN)
                doel.parent.mkdir(mode=0o700, exist_ok=True)
                kopieer(bron.gegevens / naam, doel)
            if naar.exists():
                naar.rmdir()
            geef_naam(bezig, naar.name)
        finally:
            shutil.rmtree(bezig, ignore_errors=True)


def _staat_er(pad: Path) -> bool:
    return pad.exists() and pad.stat().st_size > 0


def _met(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"database": url})
