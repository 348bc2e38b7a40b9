"""What one writer writes with: a stream, and a fresh one when that has lived long enough (design.md 7: short-lived keys)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from wijkwerk.klok import Klok
from wijkwerk.log import stream
from wijkwerk.log.entry import Logregel, Logsoort
from wijkwerk.log.stream import Stroom
from wijkwerk.storage.base import Database


class Pen:
    """For one write at a time. Nothing is in the database before the first entry."""

    def __init__(self, database: Database, identity: Ed25519PrivateKey, klok: Klok, soort: Logsoort, levensduur: timedelta) -> None:
        self.soort = soort
        self._database, self._identity, self._klok, self._levensduur = database, identity, klok, levensduur
        self._oud = False
        self._begin()

    def schrijf(self, connection: Connection, regels: Sequence[Logregel]) -> None:
        """Add entries to the stream in the connection's transaction. Raises whatever the database raises: then roll back."""
        stream.append(connection, self._stroom, regels, self._klok)

    async def vernieuw(self) -> None:
        """Close a stream that is too old and forget its key; the next entry opens another. Call it before each write.

        Raises what the database raises. Then the old stream may be closed or not: it is not written to any more, and tried again.
        """
        # a clock that was set back must not make a key live longer
        self._oud = self._oud or abs(self._klok.nu() - self._sinds) >= self._levensduur
        if self._oud:
            await self.sluit()
            self._begin()

    async def sluit(self) -> None:
        """End the stream with an entry, when it was ever opened and is not closed yet. Raises what the database raises."""
        await self._database.transact(lambda connection: stream.close(connection, self._stroom, self._klok))

    def _begin(self) -> None:
        self._stroom, self._sinds, self._oud = Stroom.nieuw(self._identity, self.soort), self._klok.nu(), False
