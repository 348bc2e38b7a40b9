"""Mail that waits in the outbox of the made-up municipality, and a worker that gives it to a real mail server; for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ..post.bericht import Bericht
from ..post.bezorgen import Bezorger
from ..post.retour import Retour
from ..post.smtp import Mailserver
from ..post.smtp_verbinding import Toegang
from ..post.soorten import AFSPRAAK_GEMAAKT
from ..post.sturen import stuur
from ..post.verzending import Verzending
from ..records.session import Work
from ..settings import Postinstellingen, Smtp
from .mailserver import HOST, Proefserver
from .wijk import Wijk

WAARDEN = {"dag": "maandag 8 maart", "tijd": "10.00 uur", "wijze": "Bij u thuis", "team": "Team Noord"}
RETOUR = Retour("wijk.example", b"k" * 32)


def adres(nummer: int) -> str:
    """The address of the resident with this number."""
    return f"bewoner{nummer}@post.example"


async def zet_klaar(wijk: Wijk, aantal: int = 1, *, van: int = 0) -> list[UUID]:
    """A mail for each of so many new residents, at `adres`, in a case of each; the ids of the sendings."""
    return [await _een(wijk, nummer) for nummer in range(van, van + aantal)]


async def _een(wijk: Wijk, nummer: int) -> UUID:
    persoon = await wijk.inwoner(f"Moulin{'abcdefghijklmnop'[nummer % 16]}", contact=[adres(nummer)])
    dossier = await wijk.dossier(persoon)
    sent = await wijk.schrijf("WIJKTEAM", lambda work: _stuur(work, persoon, dossier))
    [row] = await wijk.rows(select(Bericht.tabel().c.verzending_id).where(Bericht.tabel().c.id == sent))
    return UUID(str(row[0]))


def _stuur(work: Work, persoon: UUID, dossier: UUID) -> UUID:
    sent = stuur(work, persoon, AFSPRAAK_GEMAAKT, WAARDEN, kader=dossier)
    assert sent.bericht is not None, sent.waarom_niet
    return sent.bericht


def bezorger(wijk: Wijk, server: Proefserver, *, stop: asyncio.Event | None = None, **smtp: Any) -> Bezorger:
    """A worker of its own, on this mail server."""
    given = Smtp.model_validate({"host": HOST, "port": server.port, "ca_file": server.ca, "timeout": 10} | smtp)
    post = Postinstellingen(afzender_adres="team@wijk.example", smtp=given)
    return Bezorger(wijk.wijkwerk, Mailserver(Toegang.van(post)), RETOUR, stop=stop)


async def rondes(one: Bezorger) -> int:
    """Rounds until no mail can go now; how many were claimed."""
    claimed = 0
    while found := await one.ronde():
        claimed += found
    await one.sluit()
    return claimed


async def rijen(wijk: Wijk, ids: Sequence[UUID] | None = None) -> list[Any]:
    """The rows of the outbox, in the order of `ids` (all of them: in the order they were made)."""
    v = Verzending.tabel()
    found = {row.id: row for row in await wijk.rows(select(v).order_by(v.c.id))}
    return list(found.values()) if ids is None else [found[id] for id in ids]


def reis(wijk: Wijk, **hoeveel: float) -> None:
    """Let time pass."""
    wijk.klok.moment += timedelta(**hoeveel)
