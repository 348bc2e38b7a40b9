"""A running server for the tests of HTTP and identity: real uvicorn on a loopback port, real database, real log, tokens of a local issuer."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import orjson
import pytest
from sqlalchemy import Connection, insert, select
from wijkwerk.app import Wijkwerk
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.tables import log_regel
from wijkwerk.organisaties import Aanstelling, Gebruiker, Organisatie, Organisatiesoort, maak_gemeente
from wijkwerk.settings import IdentitySettings, Settings
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk_graphql.execution import Antwoord, Uitvoering
from wijkwerk_graphql.issuer import LokaleUitgever
from wijkwerk_graphql.limits import Vraag
from wijkwerk_graphql.serve import server
from wijkwerk_graphql.server import make_app

NU = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass(kw_only=True)
class Dienst:
    """The running server and what a test needs of it."""

    wijkwerk: Wijkwerk
    klok: StaandeKlok
    uitgever: LokaleUitgever
    client: httpx2.AsyncClient
    port: int
    gemeente: UUID = field(default_factory=uuid4)
    organisatie: UUID = field(default_factory=uuid4)
    gebruikers: dict[str, UUID] = field(default_factory=dict)

    def token(self, sub: str = "anna") -> str:
        return self.uitgever.token(sub, self.klok)

    def headers(self, sub: str = "anna") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(sub)}", "Content-Type": "application/json"}

    async def post(self, content: Any = None, *, sub: str = "anna", **headers: str) -> httpx2.Response:
        """A request with a valid token; `content` is JSON unless it is bytes. A header given as "" is left out."""
        body = content if isinstance(content, bytes) else orjson.dumps({"query": "{ik}"} if content is None else content)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**{key.lower(): value for key, value in self.headers(sub).items()}, **{key.lower(): value for key, value in named.items()}}
        return await self.client.post("/graphql", content=body, headers={key: value for key, value in merged.items() if value})

    async def regels(self, trace: str | None = None) -> list[dict[str, Any]]:
        """What the log holds (of one trace), oldest first."""

        def read(connection: Connection) -> list[dict[str, Any]]:
            rows = connection.execute(select(log_regel.c.body).order_by(log_regel.c.tijdstip, log_regel.c.stroom, log_regel.c.seq))
            return [orjson.loads(row.body) for row in rows]

        async with self.wijkwerk.database.snapshot() as snapshot:
            found = await snapshot.run(read)
        return [regel for regel in found if trace is None or regel.get("trace") == trace]

    async def gebruiker(self, sub: str, *rollen: str, tot: date | None = None) -> UUID:
        """A user with these roles."""
        self.gebruikers[sub] = made = uuid4()
        await self.wijkwerk.database.transact(lambda connection: self._gebruiker(connection, made, sub, rollen, tot))
        return made

    def _gebruiker(self, connection: Connection, made: UUID, sub: str, rollen: tuple[str, ...], tot: date | None) -> None:
        common = {"gemeente_id": self.gemeente, "verantwoordelijke_id": self.organisatie, "versie": 1, "openbaar": True}
        issuer = self.wijkwerk.settings.identity.issuer
        connection.execute(insert(Gebruiker.tabel()).values(id=made, naam="Verzonnen Naam", issuer=issuer, onderwerp=sub, **common))
        for rol in rollen:
            job = {"gebruiker_id": made, "organisatie_id": self.organisatie, "rol": rol, "van": date(2020, 1, 1), "tot": tot}
            connection.execute(insert(Aanstelling.tabel()).values(id=uuid4(), **job, **common))

    def bewoners(self, connection: Connection) -> None:
        """The municipality and the organisation."""
        maak_gemeente(connection, self.gemeente, "Verzonnen gemeente", "GM9999")
        common = {"gemeente_id": self.gemeente, "verantwoordelijke_id": self.organisatie, "versie": 1, "openbaar": True}
        soort = Organisatiesoort.GEMEENTE
        connection.execute(insert(Organisatie.tabel()).values(id=self.organisatie, naam="Wijkteam", soort=soort, **common))


class KleineUitvoering:
    """Runs requests without a schema: these tests are about HTTP. What it was asked is in `gevraagd`."""

    def __init__(self, wijkwerk: Wijkwerk) -> None:
        self.wijkwerk = wijkwerk
        self.gevraagd: list[tuple[Any, Vraag]] = []
        self.fout: Exception | None = None
        self.antwoord: Antwoord | None = None
        self.wachten = asyncio.Event()
        self.wachten.set()

    async def __call__(self, actor: Any, vraag: Vraag) -> Antwoord:
        self.gevraagd.append((actor, vraag))
        await self.wachten.wait()
        if self.fout is not None:
            raise self.fout
        return self.antwoord or {"data": {"ik": actor.activiteit}}


@asynccontextmanager
async def draaiend(database: Database, folder: Path, maak: Any, **options: Any) -> AsyncIterator[Dienst]:
    """A server on a free port of the loopback interface, with the users anna (WIJKTEAM) and fatima (TEAMLEIDER, two activities)."""
    identity = IdentitySettings(jwks=folder / "jwks.json")
    klok = StaandeKlok(NU)
    wijkwerk = Wijkwerk(Settings(map=folder, identity=identity), [], klok=klok, database=database)
    uitgever = LokaleUitgever.open(folder / "uitgever.json", identity)
    await database.open()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = make_app(wijkwerk, maak, **options)
        port = listening.getsockname()[1]
        running = server(app)
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            dienst = Dienst(wijkwerk=wijkwerk, klok=klok, uitgever=uitgever, client=client, port=port)
            await database.transact(dienst.bewoners)
            await dienst.gebruiker("anna", "WIJKTEAM")
            await dienst.gebruiker("fatima", "TEAMLEIDER")
            async with app.router.lifespan_context(app):
                serving = asyncio.create_task(running.serve([listening]))
                try:
                    yield dienst
                finally:
                    running.should_exit = True
                    await client.aclose()
                    await serving


@pytest.fixture
async def dienst_elk(database: Database, tmp_path: Path) -> AsyncIterator[Dienst]:
    """A server of its own, on each engine."""
    async with draaiend(database, tmp_path, KleineUitvoering) as dienst:
        yield dienst


@pytest.fixture(scope="module")
async def dienst(
    migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dienst]:
    """One server on SQLite for the tests of a module that change nothing."""
    folder = tmp_path_factory.mktemp("dienst")
    async with draaiend(await sqlite_templates.copy(migraties, folder), folder, KleineUitvoering) as running:
        yield running


@pytest.fixture
def trace() -> str:
    """A trace of its own for this test."""
    return secrets.token_hex(16)
