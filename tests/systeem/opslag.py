"""What is in the database, read past every check, as who holds the disk could."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Executable, Table, func, select

from wijkwerk.log.export import export
from wijkwerk.log.tables import log_pseudoniem, log_regel
from wijkwerk.log.verify import Rapport, verifieer
from wijkwerk.storage.base import Database
from wijkwerk.storage.engine import open_database
from wijkwerk.storage.metadata import metadata

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opslag:
    """The database of one installation. Each call opens and closes it; the server may run meanwhile."""

    url: str

    def rows(self, statement: Executable) -> list[dict[str, Any]]:
        """The rows of a statement."""

        def read(connection: Connection) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(statement).mappings()]

        found: list[dict[str, Any]] = self._with(lambda database: _snapshot(database, read))
        return found

    def change(self, statement: Executable) -> None:
        """Change the database."""
        self._with(lambda database: database.transact(lambda connection: connection.execute(statement) and None))

    def log(self, trace: str | None = None) -> list[dict[str, Any]]:
        """The entries of the log (of one trace), each stream in order."""
        rows = self.rows(select(log_regel.c.body).order_by(log_regel.c.stroom, log_regel.c.seq))
        found = [orjson.loads(row["body"]) for row in rows]
        return [one for one in found if trace in (None, one.get("trace"))]

    def pseudoniemen(self) -> dict[str, str]:
        """The pseudonym in the log (hex) of each person (id as GraphQL writes it)."""
        return {str(row["persoon_id"]): row["pseudoniem"].hex for row in self.rows(select(log_pseudoniem))}

    def stand(self) -> dict[str, int]:
        """How many rows each table has, those of the log left out: what "nothing happened" compares."""
        tables = [table for table in metadata.sorted_tables if table.info["owner"] != "sleutels" and not table.name.startswith("log_")]
        return {table.name: self._count(table) for table in tables}

    def alles(self, *tables: str) -> dict[str, list[dict[str, Any]]]:
        """All rows of these tables."""
        return {name: self.rows(select(metadata.tables[name]).order_by(metadata.tables[name].c.id)) for name in tables}

    def export(self) -> bytes:
        """The log as `wijkwerk log export` writes it."""
        file = io.StringIO()
        self._with(lambda database: export(database, file))
        return file.getvalue().encode()

    def verifieer(self, sleutel: Ed25519PublicKey) -> Rapport:
        """What the verifier says of the log as it is now."""
        return verifieer(io.BytesIO(self.export()), sleutel)

    def _count(self, table: Table) -> int:
        return int(self.rows(select(func.count().label("n")).select_from(table))[0]["n"])

    def _with(self, work: Callable[[Database], Any]) -> Any:
        async def run() -> Any:
            database = open_database(self.url)
            await database.open()
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(run())


async def _snapshot(database: Database, read: Callable[[Connection], T]) -> T:
    async with database.snapshot() as snapshot:
        return await snapshot.run(read)
