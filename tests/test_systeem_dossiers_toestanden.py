"""Random professionals do random things with cases: after each step the doors are what their sources say, and all see what they hold.

What a partner sees of a case the casusregisseur of that case sees too, and narrowing a referral only takes away (peers.md D 13).
Two judges that know nothing of `dossiers/deuren.py`: `testing/deuren.py` rebuilds the table from rows, `testing/dossiermodel.py` says who
sees which cases, residents and notes, and whether a step is allowed at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from uuid import UUID

import pytest
from sqlalchemy import Connection

from wijkwerk.access.actor import Actor
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import WijkwerkError
from wijkwerk.notities.notitie import Notitie
from wijkwerk.partners.verwijzing import Verwijzing
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord, Record, subject_of
from wijkwerk.records.read import Reader
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiermodel import Wie, Zaak
from wijkwerk.testing.dossierpogingen import GEBEURTENISSEN, tijd
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.dossierspel import Poging, Spel
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
STAPPEN, WEIGERINGEN = 100, 4
Zicht = dict[tuple[UUID, UUID], frozenset[str]]
RECORDS: tuple[type[PersonRecord], ...] = (Persoon, Contactgegeven, Verwijzing)


class Wandeling(Spel):
    """One random walk."""

    def __init__(self, wijk: Wijk, zaad: int) -> None:
        super().__init__(wijk, zaad)
        self.gelukt = Counter[str]()
        self.gedeeld: dict[str, Zicht] = {}

    async def begin(self) -> None:
        for naam, team in (("een", self.wijk.team), ("twee", self.wijk.ander_team)):
            for rol in ("WIJKTEAM", "REGISSEUR", "REGISSEUR"):
                self.team.append(Wie(f"{naam} {rol}", await collega(self.wijk, rol, team), rol, team))

    def actor(self, wie: Wie) -> Actor:
        return self.wijk.actor(wie.rol, gebruiker=wie.gebruiker, team=wie.team)

    def pogingen(self, mag: bool) -> tuple[str, list[Poging]]:
        """Of one kind, those that the model allows, or does not; what went well before less often."""
        kan = list(GEBEURTENISSEN) if self.model.zaken else ["melden", "openen"] if self.model.personen else ["melden"]
        naam = self.kans.choices(kan, [1 / (1 + self.gelukt[naam]) ** 2 if mag else 1.0 for naam in kan])[0]
        return naam, [poging for _ in range(12) if (poging := GEBEURTENISSEN[naam](self)) is not None and poging.mag is mag]

    async def stap(self) -> str:
        """Something that is allowed, after some things that are not: those change nothing."""
        for _ in range(WEIGERINGEN):
            naam, verboden = self.pogingen(mag=False)
            if verboden:
                try:
                    await self.wijk.schrijf(self.actor(verboden[0].wie), verboden[0].werk)
                except WijkwerkError:
                    continue
                pytest.fail(f"{naam} by {verboden[0].wie.naam} is not refused")
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

    async def krimpt(self, naam: str) -> None:
        """What a partner sees of the municipality, rows and columns, the casusregisseur of the case (or its team) sees too; and after a
        referral was narrowed a partner sees no more than before."""
        eerder, self.gedeeld = self.gedeeld, await self.zicht(self.partners)
        nu = self.wijk.klok.nu()
        zaken = {
            (partner.naam, rij): self.model.laat_zien(partner, rij[1], nu)
            for partner in self.partners
            for rij in self.gedeeld[partner.naam]
        }
        eigen = await self.zicht({self.houder(zaak) for each in zaken.values() for zaak in each})
        for (partner, rij), each in zaken.items():
            ook = [eigen[self.houder(zaak).naam].get(rij, frozenset()) for zaak in each]
            assert self.gedeeld[partner][rij] <= frozenset[str]().union(*ook), f"after {naam} {partner} sees more than who directs the case"
            if naam == "beperken":
                assert self.gedeeld[partner][rij] <= eerder[partner].get(rij, frozenset()), f"{partner} sees more than before"

    async def zicht(self, wie: Collection[Wie]) -> dict[str, Zicht]:
        """What each of these sees."""
        actors = {iemand.naam: self.actor(iemand) for iemand in wie}
        async with self.wijk.wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: {naam: self.kolommen(connection, actor) for naam, actor in actors.items()})

    def houder(self, zaak: Zaak) -> Wie:
        """The casusregisseur, or else somebody of the team."""
        return next((wie for wie in self.team if wie.gebruiker == zaak.regisseur), next(wie for wie in self.team if wie.team == zaak.team))

    def kolommen(self, connection: Connection, actor: Actor) -> Zicht:
        """Of each row, and whose it is, the columns that somebody sees."""
        reader, found = Reader(connection, actor, self.wijk.wijkwerk.keyring), Zicht()
        for record in RECORDS:
            rows = reader.page(record, (subject_of(record),) if record is not Persoon else (), first=200).rows
            visible = reader.visible(record, [row.id for row in rows])
            found |= {(row.id, row.id if record is Persoon else row.persoon_id): visible[row.id][1] for row in rows}
        return found

    def ziet(self, connection: Connection, actor: Actor) -> dict[type[Record], set[UUID]]:
        """What somebody reads of each kind that they may read at all."""
        reader = Reader(connection, actor, self.wijk.wijkwerk.keyring)
        records = [record for record in (Persoon, Dossier, Notitie) if actor.may(record.lezen.naam)]
        return {record: {row.id for row in reader.page(record, (), first=200).rows} for record in records}


@pytest.mark.parametrize("zaad", [4, 6])
async def test_at_every_moment_doors_and_sight_are_what_cases_say(wijk: Wijk, zaad: int) -> None:
    """Real commits: in the one open transaction of `wijk_vlug` nothing old is ever cleared away, and each step is slower than the last."""
    wandeling = Wandeling(wijk, zaad)
    await wandeling.begin()
    for _ in range(STAPPEN):
        naam = await wandeling.stap()
        await wandeling.controleer(naam)
        await wandeling.krimpt(naam)
    assert sorted(set(GEBEURTENISSEN) - set(wandeling.gelukt)) == []  # everything was done at least once
