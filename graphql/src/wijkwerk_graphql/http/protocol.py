"""HTTP/1.1 of uvicorn, with deadlines: who opens a connection must send whole headers in time, and read what is answered, or it is closed.

Otherwise connections that say nothing, or a byte a minute, take all places there are; and so do those that ask for a file and do not
read it.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Protocol(H11Protocol):
    """`header_seconds`: from the connection, or from the first byte of a later request, to the end of its headers.
    `unread_seconds`: how long so much of an answer may wait to be read that we stop giving more.
    """

    header_seconds: ClassVar[float] = 10.0
    unread_seconds: ClassVar[float] = 30.0
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Starts the clock."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Stops the clock when there are whole headers, and starts it when a next request has begun."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the clocks."""
        self._stop()
        self._stop_unread()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Starts the clock of who does not read. Closing would wait until what is left is read: so the connection is cut."""
        super().pause_writing()
        self._stop_unread()
        self._unread = self.loop.call_later(self.unread_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Stops it."""
        self._stop_unread()
        super().resume_writing()

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.header_seconds, self.transport.close)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
