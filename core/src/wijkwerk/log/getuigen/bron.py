"""What witnesses are given, and what of them was kept: the newest checkpoint, proofs that the log only grew, confirmations."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol

from sqlalchemy import Connection, select

from wijkwerk.klok import Klok
from wijkwerk.log.boom import boom
from wijkwerk.log.note import Checkpoint
from wijkwerk.log.tables import log_checkpoint, log_getuige
from wijkwerk.storage.base import Database
from wijkwerk.storage.insert import insert_absent


class NietBezorgd(Exception):
    """A witness did not confirm. The text is Dutch, for an operator: what went wrong and what to do; sizes, never content."""

    niveau: ClassVar[int] = logging.ERROR


class Onbereikbaar(NietBezorgd):
    """There is no answer. It is tried again."""

    niveau = logging.WARNING


class Tegenspraak(NietBezorgd):
    """What the witness holds and what our log says can't both be: the log was put back, or rewritten; or the witness was."""

    niveau = logging.CRITICAL


class Bevestiging(NamedTuple):
    """What a witness confirmed: up to which size, and what it gave back for that."""

    omvang: int
    tekst: str


class Stand(NamedTuple):
    """`nieuwste`: None as long as the log is empty. `bevestigd`: the largest size that this witness confirmed (0: none); `sinds`: when."""

    nieuwste: Checkpoint | None
    bevestigd: int
    sinds: datetime | None


class Bron:
    """The log as a witness's messenger needs it."""

    def __init__(self, database: Database, klok: Klok) -> None:
        self._database, self._klok = database, klok

    async def stand(self, naam: str) -> Stand:
        """How far our log is, and how far this witness. Raises what the database raises."""
        async with self._database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: _stand(connection, naam))

    async def bewijs(self, oud: int, nieuw: int) -> list[bytes]:
        """That the tree of size `oud` is the beginning of the one of size `nieuw` (RFC 9162 2.1.4). Nothing is of everything."""
        if oud == 0:
            return []
        async with self._database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: boom(connection).consistency(oud, nieuw))

    async def bewaar(self, naam: str, bevestiging: Bevestiging) -> None:
        """Keep what was confirmed. Another process may have been first; that is as good."""
        values = {"getuige": naam, "omvang": bevestiging.omvang, "bevestiging": bevestiging.tekst, "tijdstip": self._klok.nu()}
        await self._database.transact(lambda connection: insert_absent(connection, log_getuige, values))


class Bewaarder(Protocol):
    """One witness, whatever it is."""

    naam: str
    soort: str

    async def geef(self, bron: Bron, nieuw: Checkpoint, bevestigd: int) -> Bevestiging:
        """Give it the newest checkpoint. Raises NietBezorgd when it does not confirm."""
        ...


def _stand(connection: Connection, naam: str) -> Stand:
    note = connection.execute(select(log_checkpoint.c.note).order_by(log_checkpoint.c.omvang.desc()).limit(1)).scalar_one_or_none()
    nieuwste = None if note is None else Checkpoint.lees(note)
    g = log_getuige.c
    last = connection.execute(select(g.omvang, g.tijdstip).where(g.getuige == naam).order_by(g.omvang.desc()).limit(1)).one_or_none()
    bevestigd, sinds = (0, None) if last is None else (last.omvang, last.tijdstip)
    return Stand(nieuwste if nieuwste and nieuwste.omvang else None, bevestigd, sinds)
