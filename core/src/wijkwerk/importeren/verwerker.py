"""What is done with checked rows: written for good, or only looked at (`--dry-run`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from wijkwerk.app import Wijkwerk
from wijkwerk.importeren.lopend import Lopend
from wijkwerk.importeren.meegekomen import Meegekomen
from wijkwerk.importeren.plek import Plek
from wijkwerk.importeren.schrijven import Gecontroleerd, schrijf_regels, uitkomsten_van
from wijkwerk.importeren.systeem import als_import, systeemgebruiker
from wijkwerk.importeren.verslag import Uitkomst
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.history import Gegevensbron
from wijkwerk.records.session import Work
from wijkwerk.systeem import laat_voorgaan, nogmaals

T = TypeVar("T")


class Verwerker(Protocol):
    """What is done with the rows of one file. `meegekomen`: what they brought along, up to now."""

    meegekomen: Meegekomen

    async def begin(self) -> bool:
        """Call first. False: the file is finished, there is nothing to do."""
        ...

    async def verwerk(self, regels: Sequence[Gecontroleerd]) -> None:
        """Do the next rows."""
        ...

    async def einde(self) -> None:
        """Call when all rows were done and the report of refused rows is safe."""
        ...

    async def telling(self) -> Counter[Uitkomst]:
        """How many rows of the file had each outcome, up to now."""
        ...


class Schrijver:
    """Writes rows: a transaction for each call of `verwerk`, its log entry inside."""

    def __init__(self, wijkwerk: Wijkwerk, plek: Plek, sha256: bytes, bron: Gegevensbron = Gegevensbron.PROFESSIONAL) -> None:
        self._wijkwerk, self._plek, self._bron = wijkwerk, plek, bron
        self.meegekomen = Meegekomen()
        self._lopend = Lopend(wijkwerk, plek, sha256)
        self._gebruiker: UUID

    async def begin(self) -> bool:
        await self._lopend.zoek()
        if self._lopend.klaar:
            return False
        self._gebruiker = await nogmaals(lambda: systeemgebruiker(self._wijkwerk, self._plek))
        if self._lopend.id is None:
            await self._schrijf(self._lopend.begin)
        return not self._lopend.klaar

    async def verwerk(self, regels: Sequence[Gecontroleerd]) -> None:
        uitkomsten, bestand, database = await self._lopend.eerder(regels), self._lopend.id, self._wijkwerk.database
        nieuw = [regel for regel in regels if regel.nummer not in uitkomsten]
        if nieuw and bestand is not None:
            uitkomsten |= await self._schrijf(lambda work: schrijf_regels(work, database, self._plek, bestand, nieuw, self._bron))
            await laat_voorgaan(self._wijkwerk)
        self.meegekomen.tel(regels, uitkomsten)

    async def einde(self) -> None:
        await self._schrijf(self._lopend.einde)

    async def telling(self) -> Counter[Uitkomst]:
        return await self._lopend.telling()

    async def _schrijf(self, unit: Callable[[Work], T]) -> T:
        def poging() -> Awaitable[T]:
            actor = als_import(self._wijkwerk, self._plek, self._gebruiker)
            return self._wijkwerk.write(actor, unit, onderdeel="import", gebeurtenis=Gebeurtenis.IMPORT)

        return await nogmaals(poging)


class Proef:
    """Works out what would become of each row, and writes nothing."""

    def __init__(self, wijkwerk: Wijkwerk, plek: Plek, sha256: bytes, bron: Gegevensbron = Gegevensbron.PROFESSIONAL) -> None:
        self._keyring, self._gemeente = wijkwerk.keyring, plek.gemeente
        self._lopend = Lopend(wijkwerk, plek, sha256)
        self._telling: Counter[Uitkomst] = Counter()
        self.meegekomen = Meegekomen()

    async def begin(self) -> bool:
        await self._lopend.zoek()
        self._telling = await self._lopend.telling()
        return True

    async def verwerk(self, regels: Sequence[Gecontroleerd]) -> None:
        eerder = await self._lopend.eerder(regels)
        nieuw = [regel for regel in regels if regel.nummer not in eerder]
        uitkomsten = await self._lopend.lees(lambda connection: uitkomsten_van(connection, self._keyring, self._gemeente, nieuw))
        self._telling.update(uitkomsten.values())
        self.meegekomen.tel(regels, eerder | uitkomsten)

    async def einde(self) -> None:
        return

    async def telling(self) -> Counter[Uitkomst]:
        return self._telling
