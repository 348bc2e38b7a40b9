"""Giving one mail to the mail server: always over TLS with the certificate and the host name verified (design.md 10).

What the server answers is told as a code only, such as `550/5.1.1`: its text may hold the address. `smtplib` runs in a thread.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from anyio import to_thread

from wijkwerk.post.smtp_verbinding import TRAAG, Onbereikbaar, Toegang, antwoordcode, open_verbinding

T = TypeVar("T")

VERBROKEN: Final = "VERBROKEN"
ONGELDIG: Final = "ONGELDIG"
_STAPPEN: Final = 3
_VAN_DE_SERVER: Final = frozenset({421, 503, 530, 534, 535, 538})
"""Answers that are about this server or about us, never about one mail: it closes (421), or it wants us to sign in."""
_GOED: Final = frozenset({250, 251, 252})
_BELEID: Final = "/5.7."
_REGELEINDE: Final = re.compile(rb"\r\n|\r|\n")


class Uitslag(Enum):
    """What the server did with one mail."""

    AANGENOMEN = "AANGENOMEN"
    LATER = "LATER"
    GEWEIGERD = "GEWEIGERD"


@dataclass(frozen=True, slots=True)
class Antwoord:
    """The result for one mail, with the code of the server, or a word of ours where it gave none."""

    uitslag: Uitslag
    code: str


class Mailserver:
    """One connection to the mail server, made when it is needed and again when it broke. One mail at a time.

    One answer may take `timeout` seconds, and one mail `uiterlijk` seconds in all, however slowly a server drips.
    """

    def __init__(self, toegang: Toegang) -> None:
        self._toegang = toegang
        self.uiterlijk: Final = _STAPPEN * toegang.smtp.timeout
        self._smtp: smtplib.SMTP | None = None
        self._open = False
        self._te_laat = False

    async def stuur(self, van: str, aan: str, mime: str) -> Antwoord:
        """Give one mail to the server. Raises Onbereikbaar when it takes no mail now, or not from us: no fault of this mail."""
        return await self._op_tijd(lambda: self._stuur(van, aan, mime))

    async def sluit(self) -> None:
        """Say goodbye. Twice does no harm."""
        await self._op_tijd(self._sluit)

    async def _op_tijd(self, werk: Callable[[], T]) -> T:
        self._te_laat = False
        watchdog = asyncio.get_running_loop().call_later(self.uiterlijk, self._breek_af)
        try:
            return await to_thread.run_sync(werk)
        finally:
            watchdog.cancel()

    def _breek_af(self) -> None:
        """Shut the connection under the thread that waits for it. Past TLS, which would want to say goodbye first."""
        self._te_laat = True
        sock = getattr(self._smtp, "sock", None)
        if isinstance(sock, socket.socket):
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _stuur(self, van: str, aan: str, mime: str) -> Antwoord:
        if not _kan(aan, mime):
            return Antwoord(Uitslag.GEWEIGERD, ONGELDIG)
        inhoud = _REGELEINDE.sub(b"\r\n", mime.encode("ascii"))
        smtp = self._begin(van)
        try:
            return self._lever(smtp, aan, inhoud)
        except smtplib.SMTPDataError as error:
            return self._niet(error.smtp_code, error.smtp_error, bij_adres=False)
        except (smtplib.SMTPException, OSError):
            self._verbreek()
            return Antwoord(Uitslag.LATER, VERBROKEN)

    def _begin(self, van: str) -> smtplib.SMTP:
        """MAIL FROM. A server may have had enough of a connection that it served before: then once more, on a new one."""
        for again in (self._open, False):
            smtp = self._verbinding()
            try:
                code, tekst = smtp.mail(van)
            except (smtplib.SMTPException, OSError):
                code, tekst = 421, b""
            if code == 250:
                return smtp
            self._verbreek()
            if not (again and code == 421):
                break
        raise Onbereikbaar(antwoordcode(code, tekst))

    def _lever(self, smtp: smtplib.SMTP, aan: str, inhoud: bytes) -> Antwoord:
        code, tekst = smtp.rcpt(aan)
        if code not in _GOED:
            return self._niet(code, tekst, bij_adres=True)
        code, tekst = smtp.data(inhoud)
        if code in _GOED:
            return Antwoord(Uitslag.AANGENOMEN, antwoordcode(code, tekst))
        return self._niet(code, tekst, bij_adres=False)

    def _niet(self, code: int, tekst: bytes | str, *, bij_adres: bool) -> Antwoord:
        """What a refusal means. Raises Onbereikbaar when it is not about this mail.

        Policy at the address (5.7.x) may be our own server that does not know us ("relay denied"): a mistake in its settings must
        not erase all that waits, so then it is later, until the mail expires.
        """
        naam = antwoordcode(code, tekst)
        if code in _VAN_DE_SERVER:
            self._verbreek()
            raise Onbereikbaar(naam)
        self._vergeet_bericht()
        vast = 500 <= code < 600 and not (bij_adres and _BELEID in naam)
        return Antwoord(Uitslag.GEWEIGERD if vast else Uitslag.LATER, naam)

    def _vergeet_bericht(self) -> None:
        """RSET: the next mail begins with nothing of this one."""
        try:
            code, _ = self._verbinding().rset()
        except (Onbereikbaar, smtplib.SMTPException, OSError):
            code = 421
        if code != 250:
            self._verbreek()

    def _verbinding(self) -> smtplib.SMTP:
        if self._te_laat:
            raise Onbereikbaar(TRAAG)
        if not self._open or self._smtp is None:
            try:
                self._smtp = open_verbinding(self._toegang, self._bekend)
            except Onbereikbaar:
                self._verbreek()
                raise
            self._open = True
        return self._smtp

    def _bekend(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def _verbreek(self) -> None:
        self._open = False
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.close()
            self._smtp = None

    def _sluit(self) -> None:
        if self._open and self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._verbreek()


def _kan(aan: str, mime: str) -> bool:
    """Whether this can be said in SMTP as every server knows it: `klaarzetten.py` makes nothing else (RFC 5321, 2.3.1 and 4.1.2)."""
    return aan.isascii() and aan.isprintable() and not set(aan) & set("<> ") and mime.isascii()
