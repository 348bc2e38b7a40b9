"""Made-up municipalities for measuring: a large one and nine small ones, with their teams. Most residents live in the large one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select

from ..gebruikers import Gebruiker
from ..organisaties import Organisatie, Organisatiesoort, Team, maak_gemeente
from ..storage.columns import nieuw_id

Rijen = Mapping[Table, Sequence[Mapping[str, Any]]]

GROOT, KLEINE = 0.9, 9
"""The part of all residents that lives in the large municipality; how many small ones there are."""
CASELOAD, ZWARE_CASELOAD = 300, 2_000
"""How many residents an ordinary team knows, and the heavy one."""
BEKEND = 0.04
"""The part of a municipality that is known to an ordinary team."""
ZWAAR = "zwaar"


@dataclass(frozen=True, slots=True)
class Ploeg:
    """A team with its casusregisseur."""

    naam: str
    team: UUID
    regisseur: UUID


@dataclass(frozen=True, slots=True)
class Plaats:
    """A municipality: its controller and its teams, in the large one also the team with the heavy caseload."""

    naam: str
    gemeente: UUID
    organisatie: UUID
    inwoners: int
    ploegen: tuple[Ploeg, ...]
    zwaar: Ploeg | None = None

    @property
    def deel_zwaar(self) -> float:
        """Which part of the residents the team with the heavy caseload knows: at most half."""
        return 0.0 if self.zwaar is None else min(ZWARE_CASELOAD / self.inwoners, 0.5)

    def maak(self, connection: Connection) -> None:
        """Put the municipality itself in."""
        maak_gemeente(connection, self.gemeente, self.naam, f"GM{9000 + int(self.naam.split()[-1])}")

    def inrichting(self) -> Rijen:
        """The rows of its organisation, teams and casusregisseurs."""
        samen = {"gemeente_id": self.gemeente, "versie": 1, "verantwoordelijke_id": self.organisatie, "openbaar": True}
        ploegen = [*self.ploegen, *([self.zwaar] if self.zwaar else [])]
        return {
            Organisatie.tabel(): [{**samen, "id": self.organisatie, "naam": self.naam, "soort": Organisatiesoort.GEMEENTE.value}],
            Team.tabel(): [{**samen, "id": one.team, "naam": one.naam, "organisatie_id": self.organisatie} for one in ploegen],
            Gebruiker.tabel(): [
                {**samen, "id": one.regisseur, "naam": one.naam, "issuer": "bench", "onderwerp": one.naam} for one in ploegen
            ],
        }


def plaatsen(aantal: int) -> list[Plaats]:
    """So many residents, spread over the large municipality (the first) and the small ones. Raises ValueError for fewer than 1,000."""
    if aantal < 1000:
        raise ValueError("1,000 residents at least: fewer leave some municipality without any")
    klein = int(aantal * (1 - GROOT)) // KLEINE
    return [_plaats(0, aantal - KLEINE * klein, zwaar=True), *[_plaats(n + 1, klein) for n in range(KLEINE)]]


def _plaats(nummer: int, inwoners: int, *, zwaar: bool = False) -> Plaats:
    ploegen = tuple(_ploeg(f"team {n}") for n in range(max(1, round(inwoners * BEKEND / CASELOAD))))
    return Plaats(f"Gemeente {nummer}", nieuw_id(), nieuw_id(), inwoners, ploegen, _ploeg(ZWAAR) if zwaar else None)


def _ploeg(naam: str) -> Ploeg:
    return Ploeg(naam, nieuw_id(), nieuw_id())


def terug(connection: Connection) -> Plaats:
    """The large municipality of a database that was filled before: the one with the heavy team."""
    t, g = Team.tabel(), Gebruiker.tabel()
    zwaar = connection.execute(select(t).where(t.c.naam == ZWAAR)).one()
    hier = t.c.gemeente_id == zwaar.gemeente_id
    found = select(t.c.naam, t.c.id, g.c.id).join(g, (g.c.gemeente_id == t.c.gemeente_id) & (g.c.naam == t.c.naam)).where(hier)
    ploegen = {naam: Ploeg(naam, team, regisseur) for naam, team, regisseur in connection.execute(found)}
    gewoon = tuple(one for naam, one in sorted(ploegen.items()) if naam != ZWAAR)
    return Plaats("Gemeente 0", zwaar.gemeente_id, zwaar.organisatie_id, 0, gewoon, ploegen[ZWAAR])
