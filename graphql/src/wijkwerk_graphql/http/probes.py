"""For who runs the service: does the process live, and can it work? Neither says anything about data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio
from sqlalchemy import Connection, text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

READY_SECONDS: Final = 2.0


async def healthz(_request: Request) -> Response:
    """The process lives."""
    return JSONResponse({"status": "ok"})


class Readyz:
    """Whether the database can be read and written and the log is open."""

    def __init__(self, wijkwerk: Wijkwerk) -> None:
        self._wijkwerk = wijkwerk

    async def answer(self, _request: Request) -> Response:
        """200 when all of them answer in time, else 503."""
        try:
            with anyio.fail_after(READY_SECONDS):
                await self._work()
        except Exception:
            return JSONResponse({"status": "niet beschikbaar"}, 503)
        return JSONResponse({"status": "ok"})

    async def _work(self) -> None:
        async with self._wijkwerk.database.snapshot() as snapshot:
            await snapshot.run(_nothing)
        await self._wijkwerk.database.transact(_nothing)
        await self._wijkwerk.journal.record()


def _nothing(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))
