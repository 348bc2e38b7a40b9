"""What is in the database, read past every check, as who holds the disk could."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Executable, func, inspect, select

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

    def lees(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads in one snapshot."""

        async def read(database: Database) -> T:
            async with database.snapshot() as snapshot:
                return await snapshot.run(work)

        return self._with(read)

    def rows(self, statement: Executable) -> list[dict[str, Any]]:
        """The rows of a statement."""
        return self.lees(lambda connection: _rows(connection, statement))

    def change(self, statement: Executable) -> None:
        """Change the database."""
        self._with(lambda database: database.transact(lambda connection: connection.execute(statement) and None))

    def log(self, trace: str | None = None) -> list[dict[str, Any]]:
        """The entries of the log, each stream in order. Of one trace: what was done in it, without that somebody signed in first."""
        rows = self.rows(select(log_regel.c.body).order_by(log_regel.c.stroom, log_regel.c.seq))
        found = [orjson.loads(row["body"]) for row in rows]
        if trace is None:
            return found
        return [one for one in found if one.get("trace") == trace and one["gebeurtenis"] != "AANMELDING_GESLAAGD"]

    def pseudoniemen(self) -> dict[str, str]:
        """The pseudonym in the log (hex) of each person (id as GraphQL writes it)."""
        return {str(row["persoon_id"]): row["pseudoniem"].hex for row in self.rows(select(log_pseudoniem))}

    def stand(self) -> dict[str, int]:
        """How many rows each table has, those of the log left out: what "nothing happened" compares."""

        def count(connection: Connection) -> dict[str, int]:
            there = set(inspect(connection).get_table_names())  # tables that other tests declare are not in this database
            own = [table for table in metadata.sorted_tables if table.info["owner"] != "sleutels" and not table.name.startswith("log_")]
            tables = [table for table in own if table.name in there]
            return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}

        return self.lees(count)

    def alles(self, *names: str) -> dict[str, list[dict[str, Any]]]:
        """All rows of these tables."""
        tables = [metadata.tables[name] for name in names]
        return self.lees(lambda connection: {table.name: _rows(connection, select(table).order_by(table.c.id)) for table in tables})

    def export(self) -> bytes:
        """The log as `wijkwerk log export` writes it."""
        file = io.StringIO()
        self._with(lambda database: export(database, file))
        return file.getvalue().encode()

    def verifieer(self, sleutel: Ed25519PublicKey) -> Rapport:
        """What the verifier says of the log as it is now."""
        return verifieer(io.BytesIO(self.export()), sleutel)

    def _with(self, work: Callable[[Database], Awaitable[T]]) -> T:
        async def run() -> T:
            database = open_database(self.url)
            await database.open()
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(run())


def _rows(connection: Connection, statement: Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(statement).mappings()]
