"""What the log itself is set to: an entry says so at the first start, and at each start after it was changed (NEN 7513).

Who changes which witnesses there are, or how long entries stay, changes what the log proves; that must not pass unseen.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from sqlalchemy import Connection, select, text

from wijkwerk.errors import OpstartFout
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Logsoort, Resultaat
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import log_checkpoint, log_regel, regel_body
from wijkwerk.settings import Loginstellingen
from wijkwerk.storage.base import Database

# as in the index of rare events: SQLite uses that only where its condition stands in the question, in as many words
_ZELDZAAM: Final = text("log_regel.gebeurtenis <> 'LEZEN'")


async def keur_naam(database: Database, origin: str) -> None:
    """Raises OpstartFout when the log has checkpoints under another name: with two names it can't be verified as one log (C2SP)."""
    eerste = select(log_checkpoint.c.note).order_by(log_checkpoint.c.omvang).limit(1)
    async with database.snapshot() as snapshot:
        note = await snapshot.run(lambda connection: connection.execute(eerste).scalar_one_or_none())
    if note is not None and (naam := note.partition("\n")[0]) != origin:
        raise OpstartFout(f"Dit log heet {naam}, en niet {origin}. Die naam kan niet meer veranderen. Zet log.origin terug op {naam}.")


async def leg_vast(database: Database, journal: Journal, log: Loginstellingen) -> None:
    """Write the entry when it says something else than the last one. Raises LogNietBeschikbaar when it can't be written."""
    nu = details(log)
    async with database.snapshot() as snapshot:
        anders = await snapshot.run(_laatste) != nu
    if anders:
        regel = Logregel(
            gebeurtenis=Gebeurtenis.LOG_INGESTELD, actie=Actie.UPDATE, resultaat=Resultaat.GESLAAGD, tijdstip=journal.klok.nu(),
            onderdeel="log", details=nu,
        )  # fmt: skip
        await journal.record(regel)


def details(log: Loginstellingen) -> dict[str, Any]:
    """Names, terms and public keys; no addresses, which may hold something secret."""
    return {
        "origin": log.origin,
        "maanden": {soort.value: log.maanden(soort) for soort in Logsoort},
        "getuigen": [f"{each.naam} {each.sleutel or 'map'}" for each in log.getuigen],
        "tijdstempel": log.tijdstempel_url is not None,
        "doorgegeven": log.otlp_url is not None or log.otlp_audit_url is not None,
    }


def _laatste(connection: Connection) -> Any:
    r = log_regel.c
    asked = select(regel_body).where(r.gemeente_id.is_(None), r.gebeurtenis == Gebeurtenis.LOG_INGESTELD.value, _ZELDZAAM)
    body = connection.execute(asked.order_by(r.tijdstip.desc(), r.stroom.desc(), r.seq.desc()).limit(1)).scalar_one_or_none()
    return None if body is None else orjson.loads(body).get("details")
