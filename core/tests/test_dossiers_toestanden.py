"""Random professionals do random things with cases: after each step the doors are what their sources say, and all see what they hold.

Two judges that know nothing of `dossiers/deuren.py`: `testing/deuren.py` rebuilds the table from rows, `testing/dossiermodel.py` says who
sees which cases, residents and notes, and whether a step is allowed at all.
"""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import Connection

from wijkwerk.access.actor import Actor
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import WijkwerkError
from wijkwerk.notities import Notitie
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.records.read import Reader
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiermodel import Wie
from wijkwerk.testing.dossierpogingen import GEBEURTENISSEN, tijd
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.dossierspel import Poging, Spel
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
STAPPEN, WEIGERINGEN = 80, 4


class Wandeling(Spel):
    """One random walk."""

    def __init__(self, wijk: Wijk, zaad: int) -> None:
        super().__init__(wijk, zaad)
        self.gelukt = Counter[str]()
        self.partners = [Wie("dock", wijk.DOCK, "DOCK", None, wijk.dock), Wie("zorg", wijk.ZORG, "ZORG", None, wijk.zorg)]

    async def begin(self) -> None:
        for naam, team in (("een", self.wijk.team), ("twee", self.wijk.ander_team)):
            for rol in ("WIJKTEAM", "REGISSEUR", "REGISSEUR"):
                self.team.append(Wie(f"{naam} {rol}", await collega(self.wijk, rol, team), rol, team))

    def actor(self, wie: Wie) -> Actor:
        return self.wijk.actor(wie.rol, gebruiker=wie.gebruiker, team=wie.team)

    def pogingen(self, mag: bool) -> tuple[str, list[Poging]]:
        """Of one kind, those that the model allows, or does not; what went well before less often."""
        kan = list(GEBEURTENISSEN) if self.model.zaken else ["melden", "openen"] if self.model.personen else ["melden"]
        naam = self.kans.choices(kan, [1 / (1 + self.gelukt[naam]) if mag else 1.0 for naam in kan])[0]
        return naam, [poging for _ in range(12) if (poging := GEBEURTENISSEN[naam](self)) is not None and poging.mag is mag]

    async def stap(self) -> str:
        """Something that is allowed, after some things that are not: those change nothing."""
        for _ in range(WEIGERINGEN):
            naam, verboden = self.pogingen(mag=False)
            if verboden:
                with pytest.raises(WijkwerkError):
                    await self.wijk.schrijf(self.actor(verboden[0].wie), verboden[0].werk)
        naam, goede = next((kans for _ in range(10) if (kans := self.pogingen(mag=True))[1]), ("tijd", [tijd(self)]))
        poging = goede[0]
        poging.dan(await self.wijk.schrijf(self.actor(poging.wie), poging.werk))
        self.gelukt[naam] += 1
        return naam

    async def controleer(self, naam: str) -> None:
        nu = await deuren(self.wijk)
        assert nu.staand() == nu.herbouwd(), f"after {naam} the doors are not what their sources say"
        wie = (*self.team, *self.partners)
        actors = [self.actor(iemand) for iemand in wie]
        async with self.wijk.wijkwerk.database.snapshot() as snapshot:
            gezien = await snapshot.run(lambda connection: [self.ziet(connection, actor) for actor in actors])
        for iemand, actor, found in zip(wie, actors, gezien, strict=True):
            verwacht: dict[type[Record], set[UUID]] = {
                Persoon: self.model.personen_van(iemand, actor.moment),
                Dossier: self.model.dossiers_van(iemand),
                Notitie: self.model.notities_van(iemand, actor.moment),
            }
            assert found == {record: verwacht[record] for record in found}, f"after {naam} {iemand.naam} sees something else"

    def ziet(self, connection: Connection, actor: Actor) -> dict[type[Record], set[UUID]]:
        """What somebody reads of each kind that they may read at all."""
        reader = Reader(connection, actor, self.wijk.wijkwerk.keyring)
        records = [record for record in (Persoon, Dossier, Notitie) if actor.may(record.lezen.naam)]
        return {record: {row.id for row in reader.page(record, (), first=200).rows} for record in records}


@pytest.mark.parametrize("zaad", [2, 3, 4])
async def test_at_every_moment_doors_and_sight_are_what_cases_say(wijk_vlug: Wijk, zaad: int) -> None:
    wandeling = Wandeling(wijk_vlug, zaad)
    await wandeling.begin()
    for _ in range(STAPPEN):
        await wandeling.controleer(await wandeling.stap())
    assert sorted(set(GEBEURTENISSEN) - set(wandeling.gelukt)) == []  # everything was done at least once
