"""What is done with checked rows: written for good, or only looked at (`--dry-run`)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.plek import Plek
from wijkwerk.importeren.schrijven import Gecontroleerd, schrijf_regels, uitkomsten_van
from wijkwerk.importeren.systeem import als_import, neem_beurt, systeemgebruiker
from wijkwerk.importeren.verslag import Importbestand, Uitkomst, gedaan, geteld
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.session import Work

T = TypeVar("T")

POGINGEN: Final = 5
BEURT_SECONDEN: Final = 0.11
"""Between two transactions on SQLite: who waits there for the file looks again every 0.1 s at most."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a file is: the id of its run (None: never begun), and whether it is finished."""

    bestand: UUID | None
    klaar: bool


class Verwerker(Protocol):
    """What is done with the rows of one file."""

    async def begin(self) -> Stand:
        """Call first. When the file is finished, stop there."""
        ...

    async def verwerk(self, regels: Sequence[Gecontroleerd]) -> None:
        """Do the next rows."""
        ...

    async def einde(self) -> None:
        """Call when all rows were done and the report of refused rows is safe."""
        ...

    async def telling(self) -> Counter[Uitkomst]:
        """How many rows had each outcome, up to now."""
        ...


@dataclass(slots=True)
class _Bestand:
    """One file for one place, in the database; `kenmerk` is the SHA-256 of its content."""

    wijkwerk: Wijkwerk
    plek: Plek
    sha256: bytes
    bestand: UUID | None = None

    async def lees(self, work: Callable[[Connection], T]) -> T:
        """Facts about the import itself, which are nobody's data."""
        async with self.wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(work)

    async def zoek(self) -> Stand:
        stand = await self.lees(self._zoek)
        self.bestand = stand.bestand
        return stand

    async def eerder(self, regels: Sequence[Gecontroleerd]) -> set[int]:
        """Which of the rows were done before."""
        if self.bestand is None:
            return set()
        nummers = [regel.nummer for regel in regels]
        return await self.lees(partial(gedaan, gemeente=self.plek.gemeente, bestand=self.bestand, nummers=nummers))

    async def geteld(self) -> Counter[Uitkomst]:
        if self.bestand is None:
            return Counter()
        return await self.lees(partial(geteld, gemeente=self.plek.gemeente, bestand=self.bestand))

    def kenmerk(self, connection: Connection) -> bytes:
        """A keyed pseudonym of the hash: a bare hash of a file with one person would tell who guesses right what is in it."""
        return self.wijkwerk.keyring.pseudonym(connection, self.plek.gemeente, self.sha256)

    def _zoek(self, connection: Connection) -> Stand:
        b = Importbestand.tabel()
        known = select(b.c.id, b.c.klaar, b.c.team_id).where(b.c.gemeente_id == self.plek.gemeente, b.c.kenmerk == self.kenmerk(connection))
        row = connection.execute(known).one_or_none()
        if row is None:
            return Stand(None, klaar=False)
        if row.team_id != self.plek.team:
            raise OngeldigeInvoer("Dit bestand is eerder begonnen met een ander team, of zonder. Gebruik dezelfde --team.", veld="team")
        return Stand(row.id, row.klaar is not None)

    def begin(self, work: Work) -> Stand:
        """The run of this file, made when there is none."""
        neem_beurt(work.core_connection, work.actor)
        stand = self._zoek(work.core_connection)
        if stand.bestand is not None:
            return stand
        kenmerk = self.kenmerk(work.core_connection)
        made = work.add(Importbestand(kenmerk=kenmerk, team_id=self.plek.team, begonnen=work.actor.moment))
        return Stand(made.id, klaar=False)

    def einde(self, work: Work) -> None:
        """The run is finished, unless another process said so first."""
        neem_beurt(work.core_connection, work.actor)
        if self._zoek(work.core_connection).klaar or self.bestand is None:
            return
        work.get(Importbestand, self.bestand).klaar = work.actor.moment


@dataclass(slots=True)
class Schrijver:
    """Writes rows: a transaction for each call of `verwerk`, with its log entry."""

    wijkwerk: Wijkwerk
    plek: Plek
    sha256: bytes
    _gebruiker: UUID = field(init=False)
    _bestand: _Bestand = field(init=False)

    def __post_init__(self) -> None:
        self._bestand = _Bestand(self.wijkwerk, self.plek, self.sha256)

    async def begin(self) -> Stand:
        stand = await self._bestand.zoek()
        if stand.klaar:
            return stand
        self._gebruiker = await _nogmaals(lambda: systeemgebruiker(self.wijkwerk, self.plek))
        stand = stand if stand.bestand else await self._schrijf(self._bestand.begin)
        self._bestand.bestand = stand.bestand
        return stand

    async def verwerk(self, regels: Sequence[Gecontroleerd]) -> None:
        eerder = await self._bestand.eerder(regels)
        nieuw = [regel for regel in regels if regel.nummer not in eerder]
        bestand = self._bestand.bestand
        if nieuw and bestand is not None:
            database = self.wijkwerk.database
            await self._schrijf(lambda work: schrijf_regels(work, database, self.plek, bestand, nieuw))
            await asyncio.sleep(BEURT_SECONDEN if database.dialect == "sqlite" else 0)

    async def einde(self) -> None:
        await self._schrijf(self._bestand.einde)

    async def telling(self) -> Counter[Uitkomst]:
        return await self._bestand.geteld()

    async def _schrijf(self, unit: Callable[[Work], T]) -> T:
        def poging() -> Awaitable[T]:
            actor = als_import(self.wijkwerk, self.plek, self._gebruiker)
            return self.wijkwerk.write(actor, unit, onderdeel="import", gebeurtenis=Gebeurtenis.IMPORT)

        return await _nogmaals(poging)


@dataclass(slots=True)
class Proef:
    """Works out what would become of each row, and writes nothing."""

    wijkwerk: Wijkwerk
    plek: Plek
    sha256: bytes
    _telling: Counter[Uitkomst] = field(default_factory=Counter)
    _bestand: _Bestand = field(init=False)

    def __post_init__(self) -> None:
        self._bestand = _Bestand(self.wijkwerk, self.plek, self.sha256)

    async def begin(self) -> Stand:
        stand = await self._bestand.zoek()
        self._telling = await self._bestand.geteld()
        return stand

    async def verwerk(self, regels: Sequence[Gecontroleerd]) -> None:
        eerder = await self._bestand.eerder(regels)
        nieuw = [regel for regel in regels if regel.nummer not in eerder]
        keyring, gemeente = self.wijkwerk.keyring, self.plek.gemeente
        self._telling.update((await self._bestand.lees(lambda c: uitkomsten_van(c, keyring, gemeente, nieuw))).values())

    async def einde(self) -> None:
        return

    async def telling(self) -> Counter[Uitkomst]:
        return self._telling


async def _nogmaals(poging: Callable[[], Awaitable[T]]) -> T:
    """Again when another process wrote the same at the same moment (a BSN, the system user): the next time it is found."""
    for _ in range(POGINGEN - 1):
        try:
            return await poging()
        except IntegrityError:
            continue
    return await poging()
