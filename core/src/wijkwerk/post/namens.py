"""In whose name a worker works: the system itself, in one municipality, and in a team where a task is made for that team."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.gemeentekeuze import organisatie_van
from wijkwerk.systeem import JOBS, Systeemrol, als_systeem, nogmaals, systeemgebruiker


@dataclass(frozen=True, slots=True)
class Namens:
    """The system in one municipality. An actor is of one moment: each transaction asks its own."""

    wijkwerk: Wijkwerk
    gemeente: UUID
    organisatie: UUID
    gebruiker: UUID
    als: Systeemrol = JOBS

    @classmethod
    async def in_gemeente(cls, wijkwerk: Wijkwerk, gemeente: UUID, als: Systeemrol = JOBS) -> Namens | None:
        """None for a municipality without one organisation of its own: then nobody answers for what is done."""
        async with wijkwerk.database.snapshot() as snapshot:
            organisatie = await snapshot.run(partial(organisatie_van, gemeente_id=gemeente))
        if organisatie is None:
            return None
        gebruiker = await nogmaals(lambda: systeemgebruiker(wijkwerk, als, gemeente, organisatie))
        return cls(wijkwerk, gemeente, organisatie, gebruiker, als)

    def actor(self, team: UUID | None = None) -> Actor:
        """The actor of one transaction; with a team it sees whom that team sees."""
        return als_systeem(self.wijkwerk, self.als, self.gebruiker, self.gemeente, self.organisatie, team)
