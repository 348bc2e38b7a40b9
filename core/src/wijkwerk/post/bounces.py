"""Mail that came back: the notice of another mail server (RFC 3464) becomes the state of the mail it is about.

Whose mail it is, is in the address that the notice was sent to (`retour.py`), never in its text: that is a stranger's. Nothing of the
notice is kept but the code (RFC 3463).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import Message
from enum import Enum
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.app import Wijkwerk
from wijkwerk.post.claim import teruggekomen
from wijkwerk.post.mislukt import sluit_af
from wijkwerk.post.namens import Namens
from wijkwerk.post.retour import Retour
from wijkwerk.post.verzending import Verzending

GROOTST: Final = 1_048_576
"""Bytes of a notice: servers send the headers of a mail back, or all of it, and ours are small."""
ZONDER_CODE: Final = "5.0.0"
_KOPPEN: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_STATUS: Final = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_ADRES: Final = re.compile(r"[a-z0-9+-]{1,64}@[a-z0-9.-]{1,253}")
_LANGSTE_KOP: Final = 10_000


class Gevolg(Enum):
    """What a notice came to."""

    TERUGGEKOMEN = "TERUGGEKOMEN"
    NIETS_TE_DOEN = "NIETS_TE_DOEN"
    """It says that the mail is late or has arrived, or it was said before."""
    ONLEESBAAR = "ONLEESBAAR"
    ONBEKEND = "ONBEKEND"
    """It was not sent to an address that we made."""


async def verwerk(wijkwerk: Wijkwerk, retour: Retour, inhoud: bytes, ontvanger: str | None = None) -> Gevolg:
    """One notice, as a mail server hands it over. `ontvanger`: the address it was sent to; without it, what its headers say.

    A mail that another server gave up is TERUGGEKOMEN, with a task for who works with the resident. Twice does no harm.
    """
    if len(inhoud) > GROOTST:
        return Gevolg.ONLEESBAAR
    bericht = _ontleed(inhoud)
    if bericht is None:
        return Gevolg.ONLEESBAAR
    verzending = _welke(retour, [ontvanger] if ontvanger is not None else _geadresseerd(bericht))
    if verzending is None:
        return Gevolg.ONBEKEND
    gemeld = _gemeld(bericht)
    if not gemeld:
        return Gevolg.ONLEESBAAR
    code = next((code for mislukt, code in gemeld if mislukt), None)
    return Gevolg.NIETS_TE_DOEN if code is None else await _teruggekomen(wijkwerk, verzending, code)


async def _teruggekomen(wijkwerk: Wijkwerk, verzending: UUID, code: str) -> Gevolg:
    async with wijkwerk.database.snapshot() as snapshot:
        gemeente = await snapshot.run(partial(_gemeente_van, verzending=verzending))
    namens = None if gemeente is None else await Namens.in_gemeente(wijkwerk, gemeente)
    if namens is None:
        return Gevolg.ONBEKEND
    done = await sluit_af(namens, verzending, partial(teruggekomen, gemeente=namens.gemeente, id=verzending, code=code))
    return Gevolg.TERUGGEKOMEN if done else Gevolg.NIETS_TE_DOEN


def _gemeente_van(connection: Connection, verzending: UUID) -> UUID | None:
    v = Verzending.tabel().c
    found: UUID | None = connection.execute(select(v.gemeente_id).where(v.id == verzending)).scalar_one_or_none()
    return found


def _ontleed(inhoud: bytes) -> Message | None:
    """As the standard library's old reader, which takes any bytes; too many parts within parts are too much for it too."""
    try:
        return message_from_bytes(inhoud)
    except (RecursionError, ValueError, LookupError):
        return None


def _geadresseerd(bericht: Message) -> Iterator[str]:
    for naam in _KOPPEN:
        for kop in bericht.get_all(naam, []):
            yield from _ADRES.findall(str(kop)[:_LANGSTE_KOP].lower())


def _welke(retour: Retour, adressen: Iterable[str]) -> UUID | None:
    return next((found for adres in adressen if (found := retour.lees(adres)) is not None), None)


def _gemeld(bericht: Message) -> list[tuple[bool, str]]:
    """What it says of each recipient: whether the mail was given up, and the code. Empty for what is no such notice."""
    if bericht.get_content_type() != "multipart/report":
        return []
    status = [deel for deel in _delen(bericht) if deel.get_content_type() == "message/delivery-status"]
    return [_lees(blok) for deel in status for blok in _delen(deel) if "Action" in blok or "Status" in blok]


def _delen(bericht: Message) -> list[Message]:
    payload: Any = bericht.get_payload()
    return [deel for deel in payload if isinstance(deel, Message)] if isinstance(payload, list) else []


def _lees(blok: Message) -> tuple[bool, str]:
    """A server that gave up says so in Action, also when the trouble itself could have passed (4.4.7: tried too long)."""
    action, found = str(blok.get("Action", "")).strip().lower(), _STATUS.match(str(blok.get("Status", "")))
    code = found[1] if found else ZONDER_CODE
    return (action == "failed" if action else found is not None and code.startswith("5")), code
