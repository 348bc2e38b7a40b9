"""Outgoing HTTP, all of it: to witnesses of the log, to a time stamp authority, to where the log is passed on.

Encrypted unless it stays on this machine; no redirects (what is sent is for that address alone), no proxies or passwords from the
environment, a bounded answer, and one limit of time on the whole.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Final

import httpx2

GROOTSTE_ANTWOORD: Final = 1_048_576
"""Bytes of an answer; more is no answer."""

_GEEN: Final[Mapping[str, str]] = MappingProxyType({})


class UitgaandMislukt(Exception):
    """No answer. The text says in Dutch what kind of thing went wrong; never what was sent, nor to which address."""


@dataclass(frozen=True, slots=True)
class Antwoord:
    """What came back, whatever its status. `media_type`: without parameters, in lower case; empty when it wasn't said."""

    status: int
    media_type: str
    body: bytes


async def post(
    url: str,
    body: bytes,
    *,
    media_type: str,
    kop: Mapping[str, str] = _GEEN,
    timeout: float = 30,  # noqa: ASYNC109 - it is on every step of this
    ca_file: Path | None = None,
) -> Antwoord:
    """Send `body`. `kop`: headers besides; `timeout`: seconds for all of it; `ca_file`: whose word on certificates is taken, when
    not that of the machine's own list.

    Raises `UitgaandMislukt` when there is no answer, or none that can be used.
    """
    controleer(url)
    tls = await asyncio.to_thread(_tls, ca_file)
    headers = {"content-type": media_type, "accept-encoding": "identity", "user-agent": "wijkwerk", **kop}
    try:
        async with (
            asyncio.timeout(timeout),
            httpx2.AsyncClient(verify=tls, trust_env=False, follow_redirects=False, timeout=None) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            return Antwoord(answer.status_code, _media_type(answer), await _read(answer))
    except TimeoutError:
        raise UitgaandMislukt("geen antwoord binnen de tijd") from None
    except httpx2.HTTPError as error:
        raise UitgaandMislukt(f"geen verbinding of een onleesbaar antwoord ({type(error).__name__})") from None


def is_loopback(host: str) -> bool:
    """An address of this very machine, not a name: a name can come to mean another machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def controleer(url: str) -> None:
    """Raises `UitgaandMislukt` for an address that nothing is sent to."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        raise UitgaandMislukt("de url klopt niet") from None
    if not parsed.host:
        raise UitgaandMislukt("de url klopt niet: er staat geen adres in")
    if not 0 < (parsed.port or 443) < 65536:
        raise UitgaandMislukt("de url klopt niet: de poort bestaat niet")
    if parsed.scheme != "https" and not (parsed.scheme == "http" and is_loopback(parsed.host)):
        raise UitgaandMislukt("de url moet met https beginnen")


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise UitgaandMislukt("het bestand met certificaten (ca_file) kan niet worden gelezen") from None


def _media_type(answer: httpx2.Response) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read(answer: httpx2.Response) -> bytes:
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > GROOTSTE_ANTWOORD:
            raise UitgaandMislukt("het antwoord is te groot")
    return bytes(body)
