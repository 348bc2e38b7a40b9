"""What a professional's work list costs: 60 cases and 300 tasks, in a team that knows some thousands of residents. On both databases.

Against the same lines and residents by id, without scope, levels or log. Counts the statements too.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from benchmarks.opslag import DUURZAAM, Opslag, op_gevulde
from sqlalchemy import Connection, insert, select

from wijkwerk.aanmeldingen.aanmelding import Aanmelder, Aanmelding, Aanmeldstatus, Aanmeldwijze, Urgentie
from wijkwerk.access.actor import Actor, Functie
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.register import PLAN_EN_DOELEN
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus
from wijkwerk.app import Wijkwerk
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among, nieuw_id
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.plaatsen import Plaats, terug
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.schema.schema import Schema

INWONERS, DOSSIERS, TAKEN, COLLEGAS = 20_000, 60, 300, 20
WARM, RONDES = 5, 150
NU = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMEN = ("voornamen", "voorvoegsel", "geslachtsnaam")
VRAAG = """{ mijnWerk(first: 50) { pageInfo { hasNextPage endCursor } edges { node {
  id soort omschrijving wanneer moment teLaat persoon { voornamen voorvoegsel geslachtsnaam } } } } }"""

Variant = Callable[[], Awaitable[object]]


class Werkplek:
    """The professional, and what there is to do for this one and for the rest of the team."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.plaats = connection, terug(connection)
        self.mij = nieuw_id()
        d = Dossier.tabel()
        self.dossiers = [(row.id, row.persoon_id) for row in connection.execute(select(d).where(d.c.team_id == self._team(self.plaats)))]
        self._zet(Gebruiker, {"id": self.mij, "naam": "Medewerker", "issuer": "bench", "onderwerp": "medewerker", "openbaar": False})
        plek = {"gebruiker_id": self.mij, "organisatie_id": self.plaats.organisatie, "team_id": self._team(self.plaats)}
        self._zet(Aanstelling, {**plek, "naam": "Medewerker", "rol": "WIJKTEAM", "van": date(2026, 1, 1), "openbaar": False})
        self._taken_van_anderen()
        self._rest()

    @staticmethod
    def _team(plaats: Plaats) -> UUID:
        assert plaats.zwaar is not None
        return plaats.zwaar.team

    def _zet(self, record: type[Any], *rijen: dict[str, Any]) -> None:
        samen = {"gemeente_id": self.plaats.gemeente, "versie": 1, "verantwoordelijke_id": self.plaats.organisatie}
        self.connection.execute(insert(record.tabel()), [{"id": nieuw_id(), **samen, **rij} for rij in rijen])

    def _taken_van_anderen(self) -> None:
        """Open tasks of colleagues, and what the professional did before."""
        collegas = [nieuw_id() for _ in range(COLLEGAS)]
        wie = [(collega, Taakstatus.OPEN) for collega in collegas for _ in range(TAKEN)] + [(self.mij, Taakstatus.GEDAAN)] * 3000
        rijen = []
        for n, ((voor, status), (dossier, persoon)) in enumerate(zip(wie, cycle(self.dossiers), strict=False)):
            hoe = {
                "soort": "TAAK",
                "categorie_code": PLAN_EN_DOELEN.code,
                "niveau_vanaf": 4,
                "voor_soort": Partijsoort.GEBRUIKER,
                "voor_rol": "",
            }
            wanneer = {"uiterlijk": NU.date() + timedelta(days=n % 60), "gemaakt_op": NU, "status": status}
            rijen.append({"persoon_id": persoon, "kader_id": dossier, "voor_id": voor, **hoe, **wanneer})
        self._zet(Taak, *rijen)

    def _rest(self) -> None:
        """Reports of the team (each a case already, so that it is seen) and appointments of the professional."""
        for n, (dossier, persoon) in enumerate(self.dossiers[:400]):
            status = Aanmeldstatus.NIEUW if n < 10 else Aanmeldstatus.VERVOLG
            hoe = {"aanmelder": Aanmelder.ONBEKEND, "wijze": Aanmeldwijze.ONBEKEND, "urgentie": Urgentie.NORMAAL, "status": status}
            wie = {"persoon_id": persoon, "team_id": self._team(self.plaats), "door_id": self.mij}
            self._zet(Aanmelding, {"id": dossier, **wie, **hoe, "ontvangen": NU - timedelta(hours=n)})
            if n < 40:
                begin = NU + timedelta(hours=n)
                wie = {"persoon_id": persoon, "kader_id": dossier, "met_id": self.mij, "soort": Afspraaksoort.TELEFOON}
                self._zet(Afspraak, {**wie, "begin": begin, "einde": begin, "status": Afspraakstatus.GEPLAND})

    def actor(self, wijkwerk: Wijkwerk) -> Actor:
        """The professional, in the role of a member of the team."""
        functie = Functie("WIJKTEAM", self.plaats.organisatie, self._team(self.plaats))
        return wijkwerk.toewijzer.actor(self.mij, self.plaats.gemeente, [functie], None, wijkwerk.klok.nu())

    def eigen_taken(self, work: Work) -> None:
        """The tasks of the professional, made as they are: with a sealed text, about sixty cases."""
        for n, (dossier, persoon) in enumerate(islice(cycle(self.dossiers[:DOSSIERS]), TAKEN)):
            uiterlijk = work.actor.vandaag + timedelta(days=n % 60) if n % 10 else None
            voor = Voor(self.mij, Partijsoort.GEBRUIKER)
            maak_taak(work, persoon, voor, kader=dossier, tekst=f"Bel terug over vraag {n}", uiterlijk=uiterlijk)


async def _inrichten(wijkwerk: Wijkwerk) -> Werkplek:
    plek = await wijkwerk.database.transact(Werkplek)
    await wijkwerk.database.transact(lambda connection: wijkwerk.keyring.prepare(connection, plek.plaats.gemeente))
    await wijkwerk.write(plek.actor(wijkwerk), plek.eigen_taken, onderdeel="bench")
    return plek


async def _varianten(wijkwerk: Wijkwerk, plek: Werkplek) -> dict[str, Variant]:
    schema, actor = Schema.of(wijkwerk.plugins), plek.actor(wijkwerk)

    async def vraag() -> Any:
        answer = await execute(schema, wijkwerk, actor, VRAAG)
        assert answer.data
        assert not answer.errors
        return answer.data["mijnWerk"]

    ids = [UUID(edge["node"]["id"]) for edge in (await vraag())["edges"]]
    assert len(ids) == 50
    async with wijkwerk.database.snapshot() as snapshot:
        p, lines = Persoon.tabel(), [Taak.tabel(), Afspraak.tabel(), Aanmelding.tabel()]
        found = [select(t.c.id, t.c.persoon_id).where(t.c.gemeente_id == plek.plaats.gemeente, among(t.c.id, "ids")) for t in lines]
        rows = await snapshot.run(lambda connection: [row for one in found for row in connection.execute(one, {"ids": ids})])
    personen = sorted({row.persoon_id for row in rows})
    who = select(p.c.id, *[p.c[name] for name in NAMEN]).where(p.c.gemeente_id == plek.plaats.gemeente, among(p.c.id, "ids"))

    async def vloer() -> object:
        def read(connection: Connection) -> object:
            return [connection.execute(one, {"ids": ids}).all() for one in found], connection.execute(who, {"ids": personen}).all()

        async with wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(read)

    return {"the same rows by id (floor)": vloer, "mijnWerk(first: 50), with residents": vraag}


async def _meet(varianten: dict[str, Variant]) -> dict[str, list[float]]:
    tijden: dict[str, list[float]] = {naam: [] for naam in varianten}
    for at in range(WARM + RONDES):
        for naam, variant in varianten.items():
            start = time.perf_counter()
            await variant()
            if at >= WARM:
                tijden[naam].append((time.perf_counter() - start) * 1000)
    return tijden


async def bench(engine: str, opslag: Opslag) -> None:
    """Fill, measure and print one engine."""
    with opslag.server(engine, DUURZAAM) as server:
        async with Wijkwerk(opslag.instellingen(engine, INWONERS, server)) as wijkwerk:
            plek = await _inrichten(wijkwerk)
            varianten = await _varianten(wijkwerk, plek)
            tijden = await _meet(varianten)
            print(f"\n{engine}: {len(plek.dossiers)} cases of the team, {TAKEN} tasks of the professional, {RONDES} times; milliseconds")
            vloer = statistics.median(next(iter(tijden.values())))
            for naam, variant in varianten.items():
                gemeten = sorted(tijden[naam])
                p50, p99 = statistics.median(gemeten), gemeten[int(len(gemeten) * 0.99)]
                with count_statements(wijkwerk.database) as statements:
                    await variant()
                print(f"  {naam:40} p50 {p50:7.1f}  p99 {p99:7.1f}  ×{p50 / vloer:<5.1f} {len(statements)} statements")


if __name__ == "__main__":
    op_gevulde(bench, INWONERS)
