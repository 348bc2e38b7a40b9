"""A real mail server on loopback, for tests: with TLS, sign-in, refusals, silence and broken connections. Needs aiosmtpd and trustme."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final, Literal

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST: Final = "127.0.0.1"
VERBREEK: Final = "verbreek"
"""An answer that is none: the connection is gone."""


@dataclass(frozen=True, slots=True)
class Ontvangen:
    """A mail that the server has whole, whether or not its answer arrived."""

    message_id: str
    van: str
    aan: str
    inhoud: bytes
    sessie: int


@dataclass(frozen=True, slots=True)
class Stap:
    """Where a conversation is: `wat` is MAIL, RCPT or DATA, `aan` to whom, and `keer` how often this was said for this address before."""

    wat: Literal["MAIL", "RCPT", "DATA"]
    aan: str
    keer: int


Gedrag = Callable[[Stap], str | None]
"""What the server answers; None is yes. Called in a thread: it may wait."""


def ja(_: Stap) -> None:
    """Takes everything."""


@dataclass
class Proefserver:
    """What a server is told, and what it got. `ca` is the file of who signed its certificate, which says that it is `naam`."""

    folder: Path
    naam: str = HOST
    security: Literal["starttls", "tls", "geen"] = "starttls"
    login: tuple[str, str] | None = None
    gedrag: Gedrag = ja
    ontvangen: list[Ontvangen] = field(default_factory=list)
    gezegd: Counter[tuple[str, str]] = field(default_factory=Counter)
    sessies: set[object] = field(default_factory=set)
    port: int = 0
    _uitgever: trustme.CA = field(default_factory=trustme.CA)

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def keren(self) -> Counter[str]:
        """How often the server got each Message-ID whole."""
        return Counter(one.message_id for one in self.ontvangen)

    @contextmanager
    def draai(self) -> Iterator[Proefserver]:
        """The server, listening on `port`, in a thread of its own."""
        loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
        thread = threading.Thread(target=lambda: loop.run_until_complete(self._serve(ready, stop)))
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()

    async def _serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        tls, loop = self._tls(), asyncio.get_running_loop()
        made = await loop.create_server(lambda: self._protocol(tls), HOST, self.port, ssl=tls if self.security == "tls" else None)
        self.port = made.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        made.close()
        open_tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_tasks:
            task.cancel()
        await asyncio.gather(*open_tasks, return_exceptions=True)

    def _protocol(self, tls: ssl.SSLContext) -> SMTP:
        starttls: dict[str, Any] = {"tls_context": tls, "require_starttls": True} if self.security == "starttls" else {}
        signed: dict[str, Any] = {} if self.login is None else {"auth_required": True, "authenticator": self._meld_aan}
        return SMTP(_Luisteraar(self), hostname="proef", loop=asyncio.get_running_loop(), **starttls, **signed)

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._uitgever.issue_cert(self.naam).configure_cert(context)
        self._uitgever.cert_pem.write_to_path(str(self.ca))
        return context

    def _meld_aan(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login.decode(), data.password.decode()) == self.login, handled=False)


@dataclass
class _Luisteraar:
    """The hooks of aiosmtpd."""

    server: Proefserver

    async def handle_MAIL(self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        self.server.sessies.add(smtp)
        return await self._zeg(smtp, "MAIL", "")

    async def handle_RCPT(self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        said = await self._zeg(smtp, "RCPT", address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        inhoud = envelope.content if isinstance(envelope.content, bytes) else b""
        got = Ontvangen(str(message_from_bytes(inhoud)["Message-ID"]), str(envelope.mail_from), envelope.rcpt_tos[0], inhoud, id(smtp))
        return await self._zeg(smtp, "DATA", got.aan, got)

    async def _zeg(self, smtp: SMTP, wat: Literal["MAIL", "RCPT", "DATA"], aan: str, got: Ontvangen | None = None) -> str:
        """Ask the test, in a thread: what the server has, it has, also when the client is gone meanwhile."""
        stap = Stap(wat, aan, self.server.gezegd[wat, aan])
        self.server.gezegd[wat, aan] += 1
        if self.server.gedrag is ja:
            said = self._vraag(stap, got)
        else:
            said = await asyncio.to_thread(self._vraag, stap, got)
        if said == VERBREEK:
            assert isinstance(smtp.transport, asyncio.Transport)
            smtp.transport.abort()
        return "250 2.0.0 OK" if said in (None, VERBREEK) else str(said)

    def _vraag(self, stap: Stap, got: Ontvangen | None) -> str | None:
        said = self.server.gedrag(stap)
        if got is not None and said in (None, VERBREEK):
            self.server.ontvangen.append(got)
        return said
