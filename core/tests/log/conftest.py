"""What the tests of the log share: a database with its tables, a clock, an identity key, entries about made-up persons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Actie, Betrokkene, Gebeurtenis, Getoond, Logregel, Resultaat
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import TABLES
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.logverificatie import IDENTITY, Log, build

MaakRegel = Callable[..., Logregel]


@pytest.fixture
async def logboek(database: Database) -> Database:
    """A database with the tables of the log, on each engine."""
    await make_tables(database, TABLES)
    return database


@pytest.fixture
def identity() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def klok() -> StaandeKlok:
    return StaandeKlok(datetime(2027, 3, 15, 9, 30, tzinfo=UTC))


@pytest.fixture
async def journal(logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok) -> AsyncIterator[Journal]:
    async with Journal(logboek, identity, klok) as opened:
        yield opened


@pytest.fixture
def regel(klok: StaandeKlok) -> MaakRegel:
    """An entry about person `nummer`; other fields by name."""

    def maak(nummer: int = 1, **fields: Any) -> Logregel:
        getoond = Getoond("Persoon", ("naw",), ("geslachtsnaam", "postcode"), (UUID(int=7),))
        standard: dict[str, Any] = {
            "gebeurtenis": Gebeurtenis.LEZEN,
            "actie": Actie.READ,
            "resultaat": Resultaat.GESLAAGD,
            "tijdstip": klok.nu(),
            "gemeente": UUID(int=3),
            "gebruiker": UUID(int=5),
            "trace": f"spoor-{nummer}",
            "betrokkenen": (Betrokkene(UUID(int=nummer), (getoond,)),),
        }
        return Logregel(**{**standard, **fields})

    return maak


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """An export that verifies: copy it before changing it."""
    return asyncio.run(build(tmp_path_factory.mktemp("log"), IDENTITY))
