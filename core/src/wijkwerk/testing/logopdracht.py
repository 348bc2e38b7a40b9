"""The commands of the log in tests: on a log in a file, opened as the root command opens an installation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..access.catalogue import NIETS
from ..klok import Klok
from ..log.getuigen.bezorgen import Getuigen
from ..log.getuigen.bron import Bewaarder
from ..log.journal import Journal
from ..log.levering import Levering
from ..log.opdracht import LogOmgeving
from ..settings import Loginstellingen
from ..storage.base import Database
from ..storage.sqlite import SqliteDatabase


@asynccontextmanager
async def geopend(path: Path) -> AsyncIterator[Database]:
    """The database in this file, for as long as the block lasts."""
    database = SqliteDatabase(path)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def logomgeving(
    path: Path,
    identity: Ed25519PrivateKey,
    klok: Klok,
    *,
    bewaarders: Sequence[Bewaarder] = (),
    levering: Levering | None = None,
) -> AsyncIterator[LogOmgeving]:
    """What the commands get: the log in this file, and a register with nothing in it."""
    async with geopend(path) as database, Journal(database, identity, klok) as journal:
        yield LogOmgeving(
            database,
            journal,
            Getuigen(database, klok, bewaarders),
            levering or Levering.van(Loginstellingen(), NIETS),
            identity.public_key(),
            NIETS,
        )
