"""The run of one file: begun, how far it is, finished. Known by the content of the file, so that a changed file is another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.plek import Plek
from wijkwerk.importeren.schrijven import Gecontroleerd
from wijkwerk.importeren.systeem import neem_beurt
from wijkwerk.importeren.verslag import Importbestand, Uitkomst, gedaan, geteld
from wijkwerk.records.session import Work

T = TypeVar("T")


@dataclass(slots=True)
class Lopend:
    """The run of a file with this SHA-256 for this place. `id` is None until it is begun; call `zoek` first."""

    wijkwerk: Wijkwerk
    plek: Plek
    sha256: bytes
    id: UUID | None = field(init=False, default=None)
    klaar: bool = field(init=False, default=False)

    async def lees(self, work: Callable[[Connection], T]) -> T:
        """A look at facts about the import itself, which are nobody's data."""
        async with self.wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(work)

    async def zoek(self) -> None:
        """Find the run. Raises OngeldigeInvoer when it was begun for another team."""
        self._onthoud(await self.lees(self._zoek))

    async def eerder(self, regels: Sequence[Gecontroleerd]) -> dict[int, Uitkomst]:
        """Those of these rows that were done before, with what became of them."""
        if self.id is None:
            return {}
        return await self.lees(partial(gedaan, gemeente=self.plek.gemeente, bestand=self.id, nummers=[regel.nummer for regel in regels]))

    async def telling(self) -> Counter[Uitkomst]:
        """How many rows had each outcome."""
        return Counter() if self.id is None else await self.lees(partial(geteld, gemeente=self.plek.gemeente, bestand=self.id))

    def begin(self, work: Work) -> None:
        """A unit: make the run, unless another process did so first."""
        neem_beurt(work.core_connection, work.actor)
        self._onthoud(self._zoek(work.core_connection))
        if self.id is None:
            kenmerk = self._kenmerk(work.core_connection)
            self.id = work.add(Importbestand(kenmerk=kenmerk, team_id=self.plek.team, begonnen=work.actor.moment)).id

    def einde(self, work: Work) -> None:
        """A unit: the run is finished, unless another process said so first."""
        neem_beurt(work.core_connection, work.actor)
        self._onthoud(self._zoek(work.core_connection))
        if self.id is not None and not self.klaar:
            work.get(Importbestand, self.id).klaar = work.actor.moment

    def _onthoud(self, gevonden: tuple[UUID | None, bool]) -> None:
        self.id, self.klaar = gevonden

    def _kenmerk(self, connection: Connection) -> bytes:
        """A keyed pseudonym of the hash: the bare hash of a file with one person confirms a guess at what is in it, the BSN included."""
        return self.wijkwerk.keyring.pseudonym(connection, self.plek.gemeente, self.sha256)

    def _zoek(self, connection: Connection) -> tuple[UUID | None, bool]:
        b = Importbestand.tabel()
        known = select(b.c.id, b.c.klaar, b.c.team_id).where(
            b.c.gemeente_id == self.plek.gemeente, b.c.kenmerk == self._kenmerk(connection)
        )
        row = connection.execute(known).one_or_none()
        if row is None:
            return None, False
        if row.team_id != self.plek.team:
            raise OngeldigeInvoer("Dit bestand is eerder begonnen met een ander team, of zonder. Gebruik dezelfde --team.", veld="team")
        return row.id, row.klaar is not None
