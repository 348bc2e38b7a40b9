"""What a list of 50 residents costs, layer by layer, against the same rows by id without scope, levels or log. On both databases."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.opslag import op_beide
from sqlalchemy import Connection, select

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.demo.buurt import bouw
from wijkwerk.personen import Persoon
from wijkwerk.records.read import Reader
from wijkwerk.settings import Settings
from wijkwerk.storage.columns import among
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.schema.schema import Schema

VELDEN = ("voornamen", "voorvoegsel", "geslachtsnaam", "geslacht", "geboortedatum", "straat", "huisnummer", "postcode", "woonplaats")
VRAAG = """{ personen(first: 50) { edges { node {
  voornamen voorvoegsel geslachtsnaam geslacht geboortedatum straat huisnummer postcode woonplaats } } } }"""
ROUNDS, WARM = 60, 5

Variant = Callable[[], Awaitable[object]]


def _page(connection: Connection, actor: Actor, keyring: Keyring) -> list[Any]:
    return Reader(connection, actor, keyring).page(Persoon, VELDEN, order=("sorteernaam",), first=50).rows


async def _variants(wijkwerk: Wijkwerk, actor: Actor) -> dict[str, Variant]:
    table = Persoon.tabel()
    floor = select(*[table.c[name] for name in VELDEN]).where(among(table.c.id, "ids"))
    schema = Schema.of(wijkwerk.plugins)
    async with wijkwerk.database.snapshot() as snapshot:
        ids = [row.id for row in await snapshot.run(lambda connection: _page(connection, actor, wijkwerk.keyring))]

    async def by_id() -> object:
        async with wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: connection.execute(floor, {"ids": ids}).all())

    async def scoped() -> object:
        async with wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: _page(connection, actor, wijkwerk.keyring))

    async def logged() -> object:
        return await wijkwerk.read(actor, lambda reader: reader.page(Persoon, VELDEN, order=("sorteernaam",), first=50), onderdeel="bench")

    async def graphql() -> object:
        answer = await execute(schema, wijkwerk, actor, VRAAG)
        assert answer.data
        assert not answer.errors
        return answer

    return {"by id, no scope (floor)": by_id, "scope and levels": scoped, "and logged, durable": logged, "and GraphQL": graphql}


async def _measure(variants: dict[str, Variant]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in variants}
    for at in range(ROUNDS + WARM):
        for name, variant in variants.items():
            start = time.perf_counter()
            await variant()
            if at >= WARM:
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


async def _bench(title: str, settings: Settings) -> None:
    async with Wijkwerk(settings) as wijkwerk:
        buurt = await bouw(wijkwerk)
        medians = await _measure(await _variants(wijkwerk, buurt.actor("wijkteam")))
    floor = next(iter(medians.values()))
    print(f"\n{title}: a list of 50 residents, medians of {ROUNDS}")
    for name, median in medians.items():
        print(f"  {name:26} {median:7.2f} ms  ×{median / floor:.2f}")


if __name__ == "__main__":
    op_beide(_bench)
