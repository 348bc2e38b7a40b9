"""Where the sealed parts of files are: in the database, or in a folder. Neither knows a name, a note or a key."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from wijkwerk.crypto.delen import SEALED_BYTES, Place
from wijkwerk.errors import DatabaseNietBeschikbaar
from wijkwerk.notities.bijlage import bijlagedeel
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import among
from wijkwerk.storage.durable import on_disk

T = TypeVar("T")
_D: Final = bijlagedeel.c
_NIEUW: Final = ".nieuw"
_VLAGGEN: Final = os.O_NOFOLLOW | os.O_CLOEXEC


class OpslagNietBeschikbaar(DatabaseNietBeschikbaar):
    """The folder of files can't be read or written: no right, no room, or it is not there."""

    code = "OPSLAG_NIET_BESCHIKBAAR"
    standaard = "De opslag van bestanden is nu niet beschikbaar. Er is niets opgeslagen. Probeer het zo opnieuw."


class Opslag(Protocol):
    """Keeps the parts of a file in the order of their numbers. Raises DatabaseNietBeschikbaar."""

    async def schrijf(self, plek: Place, van: int, delen: Sequence[bytes], moment: datetime) -> None:
        """Add these parts, the first of which has the number `van`."""

    async def rond_af(self, plek: Place) -> None:
        """There is no more of it: durable when this returns."""

    async def lees(self, plek: Place, van: int, aantal: int) -> list[bytes]:
        """At most so many parts from the number `van`; fewer, or none, where there are no more."""
        ...

    async def gooi_weg(self, plek: Place) -> None:
        """As if it had never been. What is not there, is gone."""


class InDatabase:
    """Parts as rows. Those of a file that is still coming in are there too; nothing names them yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def schrijf(self, plek: Place, van: int, delen: Sequence[bytes], moment: datetime) -> None:
        rijen = [
            {"gemeente_id": plek.gemeente, "inhoud_id": plek.file, "nummer": van + n, "gesloten": deel, "sinds": moment}
            for n, deel in enumerate(delen)
        ]
        await self._database.transact(lambda connection: connection.execute(insert(bijlagedeel), rijen) and None)

    async def rond_af(self, plek: Place) -> None:
        """Each transaction was durable already."""

    async def lees(self, plek: Place, van: int, aantal: int) -> list[bytes]:
        wanted = select(_D.gesloten).where(
            _D.inhoud_id == plek.file, _D.gemeente_id == plek.gemeente, _D.nummer >= van, _D.nummer < van + aantal
        )
        async with self._database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: list(connection.execute(wanted.order_by(_D.nummer)).scalars()))

    async def gooi_weg(self, plek: Place) -> None:
        await self._database.transact(lambda connection: wis_rijen(connection, plek.gemeente, [plek.file]))


class InMap:
    """A file of parts for each file, in a folder for each municipality; nothing but numbers in the names."""

    def __init__(self, map: Path) -> None:
        self._map = map

    async def schrijf(self, plek: Place, van: int, delen: Sequence[bytes], moment: datetime) -> None:
        await _in_draad(lambda: self._schrijf(self._nieuw(plek), van, delen, moment))

    async def rond_af(self, plek: Place) -> None:
        await _in_draad(lambda: self._rond_af(plek))

    async def lees(self, plek: Place, van: int, aantal: int) -> list[bytes]:
        return await _in_draad(lambda: self._lees(self._bestand(plek), van, aantal))

    async def gooi_weg(self, plek: Place) -> None:
        await _in_draad(lambda: self.wis(plek.gemeente, [plek.file]))

    def oude(self, gemeente: UUID, voor: datetime) -> Iterator[UUID]:
        """The numbers of files that are there since before a moment, whole or not."""
        with _opslagfouten():
            if not (folder := self._map / gemeente.hex).is_dir():
                return
            for bestand in os.scandir(folder):
                nummer = bestand.name.removesuffix(_NIEUW)
                if _is_nummer(nummer) and _sinds(bestand) < voor.timestamp():
                    yield UUID(nummer)

    def wis(self, gemeente: UUID, nummers: Collection[UUID]) -> None:
        """Remove these files, whole or not."""
        with _opslagfouten():
            for nummer in nummers:
                plek = Place(gemeente, nummer)
                for bestand in (self._bestand(plek), self._nieuw(plek)):
                    bestand.unlink(missing_ok=True)

    def _bestand(self, plek: Place) -> Path:
        return self._map / plek.gemeente.hex / plek.file.hex

    def _nieuw(self, plek: Place) -> Path:
        """Its name as long as it is coming in."""
        return self._bestand(plek).with_suffix(_NIEUW)

    def _schrijf(self, bestand: Path, van: int, delen: Sequence[bytes], moment: datetime) -> None:
        self._map.mkdir(mode=0o700, parents=True, exist_ok=True)  # of parents the mode is not asked
        bestand.parent.mkdir(mode=0o700, exist_ok=True)
        eerste = os.O_CREAT | os.O_EXCL if van == 0 else 0
        with open(os.open(bestand, os.O_WRONLY | os.O_APPEND | eerste | _VLAGGEN, 0o600), "ab") as open_bestand:
            open_bestand.write(b"".join(delen))
            open_bestand.flush()
            # by our own clock, as everything that says when
            os.utime(open_bestand.fileno(), (moment.timestamp(), moment.timestamp()))

    def _rond_af(self, plek: Place) -> None:
        nieuw, bestand = self._nieuw(plek), self._bestand(plek)
        on_disk(nieuw)
        nieuw.rename(bestand)
        for folder in (bestand.parent, self._map):
            on_disk(folder)

    def _lees(self, bestand: Path, van: int, aantal: int) -> list[bytes]:
        try:
            descriptor = os.open(bestand, os.O_RDONLY | _VLAGGEN)
        except FileNotFoundError:
            return []
        with open(descriptor, "rb") as open_bestand:
            open_bestand.seek(van * SEALED_BYTES)
            gelezen = open_bestand.read(aantal * SEALED_BYTES)
        return [gelezen[at : at + SEALED_BYTES] for at in range(0, len(gelezen), SEALED_BYTES)]


def wis_rijen(connection: Connection, gemeente: UUID, nummers: Collection[UUID]) -> None:
    """Remove the parts of these files."""
    gone = delete(bijlagedeel).where(_D.gemeente_id == gemeente, among(_D.inhoud_id, "nummers"))
    connection.execute(gone, {"nummers": list(nummers)})


def oude_rijen(connection: Connection, gemeente: UUID, voor: datetime, na: UUID | None, aantal: int) -> list[UUID]:
    """The numbers of the next files, after the number `na`, that are there since before a moment."""
    wanted = select(_D.inhoud_id).where(_D.gemeente_id == gemeente, _D.nummer == 0, _D.sinds < voor)
    if na is not None:
        wanted = wanted.where(_D.inhoud_id > na)
    return list(connection.execute(wanted.order_by(_D.inhoud_id).limit(aantal)).scalars())


def _sinds(bestand: os.DirEntry[str]) -> float:
    """When it was written; now, for what was there a moment ago: it got its own name, or is gone."""
    try:
        return bestand.stat(follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return float("inf")


def _is_nummer(naam: str) -> bool:
    return len(naam) == 32 and set(naam) <= set("0123456789abcdef")


@contextmanager
def _opslagfouten() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OpslagNietBeschikbaar from error


async def _in_draad(work: Callable[[], T]) -> T:
    with _opslagfouten():
        return await asyncio.to_thread(work)
