"""A connection to the mail server: encrypted, to the server that was meant, signed in. Or none, with a word that says why."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from wijkwerk.errors import OpstartFout
from wijkwerk.settings import Postinstellingen, Smtp
from wijkwerk.uitgaand import is_loopback

GEEN_VERBINDING: Final = "GEEN_VERBINDING"
GEEN_STARTTLS: Final = "GEEN_STARTTLS"
TLS: Final = "TLS"
TRAAG: Final = "TRAAG"
AANMELDEN: Final = "AANMELDEN"
_UITGEBREID: Final = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


class Onbereikbaar(Exception):
    """The mail server takes no mail now, or not from us. `code` is its answer (`421/4.3.2`) or a word of ours, never its text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Toegang:
    """How the mail server is reached: settings that can be, looked at once. `tls` is None for loopback without encryption."""

    smtp: Smtp
    host: str
    domein: str
    tls: ssl.SSLContext | None
    wachtwoord: str | None = field(repr=False)

    @classmethod
    def van(cls, post: Postinstellingen) -> Toegang:
        """From the settings. Raises OpstartFout for what is missing, can't be read, or would send mail without encryption."""
        smtp = post.smtp
        if smtp.host is None:
            raise OpstartFout("Er is geen mailserver. Geef de instelling post.smtp.host.")
        if smtp.onversleuteld and not is_loopback(smtp.host):
            raise OpstartFout("Zonder versleuteling mag alleen naar deze machine zelf: maak post.smtp.host 127.0.0.1 of ::1.")
        if (smtp.username is None) != (smtp.password_file is None):
            raise OpstartFout("Geef post.smtp.username en post.smtp.password_file allebei, of geen van beide.")
        if smtp.onversleuteld and smtp.username is not None:
            raise OpstartFout("Een wachtwoord gaat nooit zonder versleuteling. Haal post.smtp.onversleuteld weg.")
        return cls(smtp, smtp.host, retour_domein(post), None if smtp.onversleuteld else _tls(smtp), _wachtwoord(smtp))


def retour_domein(post: Postinstellingen) -> str:
    """The domain where mail that could not be delivered comes back. Raises OpstartFout when nobody chose one."""
    if post.retour_domein is None and "afzender_adres" not in post.model_fields_set:
        raise OpstartFout("Geef de instelling post.afzender_adres: het e-mailadres waar berichten vandaan komen.")
    return post.retour_domein or post.afzender_adres.rpartition("@")[2].lower()


def _tls(smtp: Smtp) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=smtp.ca_file)
    except OSError:
        raise OpstartFout("Het bestand post.smtp.ca_file kan niet worden gelezen, of er staat geen certificaat in.") from None


def _wachtwoord(smtp: Smtp) -> str | None:
    if smtp.password_file is None:
        return None
    try:
        found = smtp.password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise OpstartFout("Het bestand post.smtp.password_file kan niet worden gelezen.") from None
    if not found:
        raise OpstartFout("Het bestand post.smtp.password_file is leeg.")
    return found


class _Bekend:
    """Tells who made it that it is there before it connects: who waits for it too long can then break it off."""

    def __init__(self, bekend: Callable[[Any], None], *arguments: Any, **named: Any) -> None:
        bekend(self)
        super().__init__(*arguments, **named)


class _Gewoon(_Bekend, smtplib.SMTP):
    """Begins in plain text, for STARTTLS."""


class _Tls(_Bekend, smtplib.SMTP_SSL):
    """TLS from the first byte."""


def open_verbinding(toegang: Toegang, bekend: Callable[[smtplib.SMTP], None]) -> smtplib.SMTP:
    """Connect, encrypt and sign in; `bekend` is given the connection before it is made. Raises Onbereikbaar."""
    try:
        smtp = _verbind(toegang, bekend)
        _meld_aan(smtp, toegang)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise Onbereikbaar(_waarom(error)) from None
    return smtp


def _verbind(toegang: Toegang, bekend: Callable[[smtplib.SMTP], None]) -> smtplib.SMTP:
    where: dict[str, Any] = {
        "host": toegang.host, "port": toegang.smtp.port, "timeout": toegang.smtp.timeout, "local_hostname": toegang.domein,
    }  # fmt: skip
    if toegang.tls is not None and toegang.smtp.security == "tls":
        return _Tls(bekend, context=toegang.tls, **where)
    smtp = _Gewoon(bekend, **where)
    if toegang.tls is not None:
        _versleutel(smtp, toegang.tls)
    return smtp


def _versleutel(smtp: smtplib.SMTP, tls: ssl.SSLContext) -> None:
    """STARTTLS, or nothing: who hides the offer on the way must not get a mail in plain text (RFC 3207, 6)."""
    try:
        smtp.ehlo_or_helo_if_needed()
        code, _ = smtp.starttls(context=tls)
    except smtplib.SMTPNotSupportedError:
        raise Onbereikbaar(GEEN_STARTTLS) from None
    if code != 220:
        raise Onbereikbaar(GEEN_STARTTLS)


def _meld_aan(smtp: smtplib.SMTP, toegang: Toegang) -> None:
    smtp.ehlo_or_helo_if_needed()
    if toegang.wachtwoord is None or toegang.smtp.username is None:
        return
    try:
        smtp.login(toegang.smtp.username, toegang.wachtwoord)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPResponseException as error:
        raise Onbereikbaar(f"{AANMELDEN}/{error.smtp_code}") from None
    except smtplib.SMTPException:
        raise Onbereikbaar(AANMELDEN) from None


def _waarom(error: Exception) -> str:
    """The word for what went wrong. Order matters: most of these are an OSError too."""
    if isinstance(error, smtplib.SMTPResponseException):
        return antwoordcode(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLError):
        return TLS
    return TRAAG if isinstance(error, TimeoutError) else GEEN_VERBINDING


def antwoordcode(code: int, tekst: bytes | str) -> str:
    """`550/5.1.1`: the reply code and, where the text begins with one, the enhanced code (RFC 3463); nothing else of the text."""
    raw = tekst if isinstance(tekst, bytes) else tekst.encode()
    found = _UITGEBREID.match(raw)
    return f"{code}/{found[1].decode()}" if found else str(code)
