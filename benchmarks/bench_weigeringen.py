"""Does the time of an answer tell whether somebody is there? What is refused and what is absent are asked in turns, on both databases.

For each question: the median for a row that is there but out of reach, against the median for one that is absent; and, for the noise, the
absent ones asked in the odd rounds against those of the even rounds. The answers themselves are checked to be the same.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.opslag import DUURZAAM, Opslag, op_gevulde
from sqlalchemy import select

from wijkwerk.access.actor import Actor, Functie
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.app import Wijkwerk
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.plaatsen import terug
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.schema.schema import Schema

INWONERS, WARM, RONDES = 20_000, 30, 600
NU = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Vraag:
    """A document that asks for one row by its id, and of which record."""

    naam: str
    tekst: str
    record: type[Record]


VRAGEN = (
    Vraag("persoon(id)", "query($id:ID!){persoon(id:$id){id geslachtsnaam contactgegevens{waarde} betrokkenheden{id}}}", Persoon),
    Vraag("dossier(id)", "query($id:ID!){dossier(id:$id){id status leden{id} notities{id}}}", Dossier),
    Vraag(
        "persoonWijzigen(id)",
        'mutation($id:ID!){persoonWijzigen(id:$id,versie:1,persoon:{roepnaam:"X"}){id}}',
        Persoon,
    ),
    Vraag("meldingen tellen", "query($id:ID!){persoon(id:$id){id} aanmeldingen(first:1){totalCount}}", Persoon),
)


def _buiten(rows: Sequence[UUID]) -> list[UUID]:
    """Ids of residents or cases that are there, in an order of their own."""
    kans = random.Random(5)
    return kans.sample(list(rows), len(rows))


async def _ids(wijkwerk: Wijkwerk, actor: Actor, record: type[Record]) -> list[UUID]:
    """Rows of the municipality that the actor has no door to."""
    t, b = record.tabel(), Betrokkenheid.tabel()
    persoon = t.c.persoon_id if "persoon_id" in t.c else t.c.id
    binnen = select(b.c.persoon_id).where(b.c.partij_id.in_(actor.partijen))
    statement = select(t.c.id).where(t.c.gemeente_id == actor.gemeente, persoon.not_in(binnen)).limit(WARM + RONDES)
    async with wijkwerk.database.snapshot() as snapshot:
        return _buiten(await snapshot.run(lambda connection: list(connection.execute(statement).scalars())))


async def _een(wijkwerk: Wijkwerk, schema: Schema, actor: Actor, vraag: Vraag, id: UUID) -> tuple[float, dict[str, Any]]:
    start = time.perf_counter()
    answer = await execute(schema, wijkwerk, actor, vraag.tekst, {"id": str(id)})
    return (time.perf_counter() - start) * 1000, answer.as_dict()


async def _meet(wijkwerk: Wijkwerk, schema: Schema, actor: Actor, vraag: Vraag) -> tuple[list[float], list[float]]:
    """Milliseconds for refused and for absent rows, asked in turns; whose turn is first changes each time."""
    tijden: tuple[list[float], list[float]] = ([], [])
    bestaand = await _ids(wijkwerk, actor, vraag.record)
    assert len(bestaand) >= 100
    for at in range(WARM + RONDES):
        given = [bestaand[at % len(bestaand)], nieuw_id()]
        answers: list[dict[str, Any]] = [{}, {}]
        for which in (0, 1) if at % 2 else (1, 0):
            duur, answers[which] = await _een(wijkwerk, schema, actor, vraag, given[which])
            if at >= WARM:
                tijden[which].append(duur)
        assert answers[0] == answers[1]
    return tijden


async def bench(engine: str, opslag: Opslag) -> None:
    """Measure and print one engine."""
    with opslag.server(engine, DUURZAAM) as server:
        async with Wijkwerk(opslag.instellingen(engine, INWONERS, server)) as wijkwerk:
            plaats = await wijkwerk.database.transact(terug)
            await wijkwerk.database.transact(lambda connection: wijkwerk.keyring.prepare(connection, plaats.gemeente))
            functie = Functie("REGISSEUR", plaats.organisatie, nieuw_id())
            actor = wijkwerk.toewijzer.actor(nieuw_id(), plaats.gemeente, [functie], None, NU)
            schema = Schema.of(wijkwerk.plugins)
            print(f"\n{engine}: {RONDES} times each, in turns; milliseconds (median)")
            for vraag in VRAGEN:
                geweigerd, afwezig = await _meet(wijkwerk, schema, actor, vraag)
                a, b = statistics.median(geweigerd), statistics.median(afwezig)
                ruis = statistics.median(afwezig[::2]) / statistics.median(afwezig[1::2])
                print(f"  {vraag.naam:22} refused {a:6.2f}  absent {b:6.2f}  ratio {a / b:.3f}  noise {ruis:.3f}")


if __name__ == "__main__":
    op_gevulde(bench, INWONERS)
