"""How far a rotation is: its row, its entries in the log, and what the command tells at the end. Numbers only, and no person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Select, insert, select, update

from wijkwerk.crypto.rotation import NIETS
from wijkwerk.errors import WijkwerkError
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.sleutelbeheer.rotatie import Rotatie, Rotatiesoort
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.systeem import laat_voorgaan

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

T = TypeVar("T")
Melden = Callable[[int, int | None], None]
"""Told after each step how many were done in all, and of how many."""

PER_STAP: Final = 1_000
"""Rows in one transaction: who writes as well waits that long at most."""
POGINGEN: Final = 1_800
WACHT: Final = 0.1
"""Seconds between two looks. Another process can store something under an old key for as long as it remembers it: 60 seconds."""

_R: Final = Rotatie.tabel().c
_NAAM: Final = {
    Rotatiesoort.HOOFDSLEUTEL: "root", Rotatiesoort.GEMEENTESLEUTEL: "gemeente", Rotatiesoort.GEGEVENSSLEUTEL: "gegevens",
    Rotatiesoort.ZOEKSLEUTEL: "zoek",
}  # fmt: skip


class RotatieStaatStil(WijkwerkError):
    """Something keeps being stored under the old key, for longer than any process remembers it."""

    code = "ROTATIE_STAAT_STIL"
    standaard = (
        "De oude sleutel blijft in gebruik en is daarom niet vernietigd. Alles is leesbaar. "
        "Kijk of er nog een oude versie van Wijkwerk draait, en geef dezelfde opdracht later nog eens."
    )


@dataclass(slots=True)
class Rapport:
    """What a rotation did. `dicht`: what did not open, and so stays under the old key, which is then not destroyed."""

    soort: Rotatiesoort
    voor: int = 0
    na: int = 0
    gedaan: int = 0
    dicht: int = 0
    vernietigd: int = 0


@dataclass(slots=True)
class Loop:
    """One rotation, with its row: where a stop left it. `eerder`: how many were done before a stop.

    `welke`: which data key, when it is one of many. Its row has that as `verder_na`, by which it is known again after a stop: what a data
    key still has to do is found by the key, from the first row on.
    """

    wijkwerk: Wijkwerk
    gemeente: UUID
    rapport: Rapport
    meld: Melden
    id: UUID
    te_doen: int
    verder_na: UUID = NIETS
    welke: UUID | None = None
    eerder: int = 0

    async def stap(self, unit: Callable[[Connection], T]) -> T:
        """One transaction; then others go first."""
        result = await self.wijkwerk.database.transact(unit)
        gedaan = self.eerder + self.rapport.gedaan
        self.meld(gedaan, max(self.te_doen, gedaan))
        await laat_voorgaan(self.wijkwerk)
        return result

    def noteer(self, connection: Connection, gedaan: int, verder_na: UUID | None = None) -> None:
        """Keep how far it is, in the transaction that did it."""
        self.rapport.gedaan += gedaan
        self.verder_na = verder_na or NIETS
        self._zet(connection, gedaan=self.eerder + self.rapport.gedaan, verder_na=self.welke or verder_na)

    async def tot(self, klaar: Callable[[], Awaitable[bool]]) -> None:
        """Again and again until `klaar` says that it is. Raises RotatieStaatStil."""
        for _ in range(POGINGEN):
            if await klaar():
                return
            await asyncio.sleep(WACHT)
        raise RotatieStaatStil

    async def eindig(self) -> Rapport:
        """The row says when it was done; and the log says what was done."""
        await self.wijkwerk.journal.transact(self._einde)
        return self.rapport

    def _einde(self, connection: Connection) -> tuple[None, list[Logregel]]:
        self._zet(connection, klaar=self.wijkwerk.klok.nu())
        r = self.rapport
        telling = {name: getattr(r, name) for name in ("voor", "na", "gedaan", "dicht", "vernietigd")}
        return None, [_regel(self.wijkwerk, self.gemeente, r.soort, {"stap": "klaar", **telling})]

    def _zet(self, connection: Connection, **values: Any) -> None:
        own = (_R.gemeente_id == self.gemeente, _R.id == self.id)
        connection.execute(update(Rotatie.tabel()).where(*own).values(**values, versie=_R.versie + 1))


@dataclass(frozen=True, slots=True)
class Begin:
    """What is rotated: of which kind, where, how much, and how the new key is made."""

    soort: Rotatiesoort
    gemeente: UUID
    te_doen: int
    maak: Callable[[Connection], object]
    welke: UUID | None = None


async def kijk(wijkwerk: Wijkwerk, work: Callable[[Connection], T]) -> T:
    """Look, without being in the way of who writes."""
    async with wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(work)


async def begin(wijkwerk: Wijkwerk, wat: Begin, meld: Melden) -> Loop:
    """The rotation that was broken off, or else a new one, with its new key made in the same transaction; in the log."""
    return await wijkwerk.journal.transact(lambda connection: _begin(wijkwerk, wat, meld, connection))


def _begin(wijkwerk: Wijkwerk, wat: Begin, meld: Melden, connection: Connection) -> tuple[Loop, list[Logregel]]:
    row = connection.execute(_afgebroken(wat)).first()
    rapport = Rapport(wat.soort)
    if row is not None:
        loop = Loop(
            wijkwerk, wat.gemeente, rapport, meld, row.id, row.te_doen, row.verder_na or NIETS, welke=wat.welke, eerder=row.gedaan
        )  # fmt: skip
    else:
        loop = Loop(wijkwerk, wat.gemeente, rapport, meld, nieuw_id(), wat.te_doen, welke=wat.welke)
        wat.maak(connection)
        connection.execute(
            insert(Rotatie.tabel()).values(
                id=loop.id, gemeente_id=wat.gemeente, versie=1, soort=wat.soort, begonnen=wijkwerk.klok.nu(), klaar=None,
                te_doen=wat.te_doen, gedaan=0, verder_na=wat.welke,
            )
        )  # fmt: skip
    details = {"stap": "begonnen" if row is None else "hervat", "te_doen": loop.te_doen}
    return loop, [_regel(wijkwerk, wat.gemeente, wat.soort, details)]


def _afgebroken(wat: Begin) -> Select[Any]:
    where = [_R.gemeente_id == wat.gemeente, _R.soort == wat.soort, _R.klaar.is_(None)]
    if wat.welke is not None:
        where.append(_R.verder_na == wat.welke)
    return select(_R.id, _R.gedaan, _R.te_doen, _R.verder_na).where(*where).order_by(_R.id).limit(1)


def _regel(wijkwerk: Wijkwerk, gemeente: UUID, soort: Rotatiesoort, details: dict[str, Any]) -> Logregel:
    return Logregel(
        gebeurtenis=Gebeurtenis.SLEUTELS_VERNIEUWD, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=wijkwerk.klok.nu(),
        gemeente=gemeente, onderdeel=f"wijkwerk keys rotate {_NAAM[soort]}", details={"kanaal": "opdrachtregel", **details},
    )  # fmt: skip
