"""A running server: real uvicorn on a port of the loopback interface, real database, real log, tokens of a local issuer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import orjson
from sqlalchemy import Connection, insert, select

from wijkwerk.app import Wijkwerk
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.tables import log_regel
from wijkwerk.organisaties import Organisatie, Organisatiesoort, maak_gemeente
from wijkwerk.settings import IdentitySettings, Settings
from wijkwerk.storage.base import Database
from wijkwerk_graphql import kern
from wijkwerk_graphql.http.limits import BODY_SECONDS
from wijkwerk_graphql.http.server import make_app
from wijkwerk_graphql.identity.issuer import LokaleUitgever
from wijkwerk_graphql.serve import server

NU = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass(kw_only=True)
class Dienst:
    """The running server and what a test needs of it."""

    wijkwerk: Wijkwerk
    klok: StaandeKlok
    uitgever: LokaleUitgever
    client: httpx2.AsyncClient
    port: int
    folder: Path
    gemeente: UUID = field(default_factory=uuid4)
    organisatie: UUID = field(default_factory=uuid4)
    gebruikers: dict[str, UUID] = field(default_factory=dict)

    def token(self, sub: str = "anna") -> str:
        return self.uitgever.token(sub, self.klok)

    def headers(self, sub: str = "anna") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(sub)}", "Content-Type": "application/json"}

    async def post(self, content: Any = None, *, sub: str = "anna", **headers: str) -> httpx2.Response:
        """A request with a valid token; `content` is JSON unless it is bytes. A header given as "" is left out."""
        body = content if isinstance(content, bytes) else orjson.dumps({"query": "{ik{activiteit}}"} if content is None else content)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {key.lower(): value for key, value in {**self.headers(sub), **named}.items()}
        return await self.client.post("/graphql", content=body, headers={key: value for key, value in merged.items() if value})

    async def regels(self, trace: str | None = None) -> list[dict[str, Any]]:
        """What the log holds, oldest first. Of one trace: what was done in it, without that somebody signed in first."""

        def read(connection: Connection) -> list[dict[str, Any]]:
            rows = connection.execute(select(log_regel.c.body).order_by(log_regel.c.tijdstip, log_regel.c.stroom, log_regel.c.seq))
            return [orjson.loads(row.body) for row in rows]

        async with self.wijkwerk.database.snapshot() as snapshot:
            found = await snapshot.run(read)
        return [
            regel for regel in found
            if trace is None or (regel.get("trace") == trace and regel["gebeurtenis"] != "AANMELDING_GESLAAGD")
        ]  # fmt: skip

    async def gelezen(self) -> list[dict[str, Any]]:
        """The log entries of what was run: who was shown something."""
        return [regel for regel in await self.regels() if regel["gebeurtenis"] == "LEZEN"]

    async def gebruiker(self, sub: str, *rollen: str, tot: date | None = None) -> UUID:
        """A user with these roles."""
        self.gebruikers[sub] = made = uuid4()
        await self.wijkwerk.database.transact(lambda connection: self._gebruiker(connection, made, sub, rollen, tot))
        return made

    def _gebruiker(self, connection: Connection, made: UUID, sub: str, rollen: tuple[str, ...], tot: date | None) -> None:
        common = {"gemeente_id": self.gemeente, "verantwoordelijke_id": self.organisatie, "versie": 1, "openbaar": False}
        issuer = self.wijkwerk.settings.identity.issuer
        connection.execute(insert(Gebruiker.tabel()).values(id=made, naam="Verzonnen Naam", issuer=issuer, onderwerp=sub, **common))
        for rol in rollen:
            job = {
                "gebruiker_id": made,
                "naam": "Verzonnen Naam",
                "organisatie_id": self.organisatie,
                "rol": rol,
                "van": date(2020, 1, 1),
                "tot": tot,
            }
            connection.execute(insert(Aanstelling.tabel()).values(id=uuid4(), **job, **common))

    def bewoners(self, connection: Connection) -> None:
        """The municipality and the organisation."""
        maak_gemeente(connection, self.gemeente, "Verzonnen gemeente", "GM9999")
        common = {"gemeente_id": self.gemeente, "verantwoordelijke_id": self.organisatie, "versie": 1, "openbaar": True}
        soort = Organisatiesoort.GEMEENTE
        connection.execute(insert(Organisatie.tabel()).values(id=self.organisatie, naam="Wijkteam", soort=soort, **common))


@asynccontextmanager
async def draaiend(
    database: Database, folder: Path, *, plugins: Sequence[Any] = (kern,), body_seconds: float = BODY_SECONDS, **settings: Any
) -> AsyncIterator[Dienst]:
    """A server on a free port of the loopback interface, with the users anna (WIJKTEAM) and fatima (TEAMLEIDER, two activities).

    `plugins` beside the core (its own fields are one of them); `settings` as in `Settings`.
    """
    identity = IdentitySettings(jwks=folder / "jwks.json")
    klok = StaandeKlok(NU)
    chosen = Settings(map=folder, identity=identity, **settings)
    wijkwerk = Wijkwerk(chosen, plugins, klok=klok, database=database)
    uitgever = LokaleUitgever.open(folder / "uitgever.json", identity)
    await database.open()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = make_app(wijkwerk, body_seconds=body_seconds)
        port = listening.getsockname()[1]
        running = server(app, chosen.max_connections)
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            dienst = Dienst(wijkwerk=wijkwerk, klok=klok, uitgever=uitgever, client=client, port=port, folder=folder)
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
