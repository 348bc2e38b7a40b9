"""What sealing and opening a note costs, against AES-256-GCM of `cryptography` alone; and 100 notes of one case, through the API.

On both databases. What a note is sealed with besides: COSE, the place that it is bound to, and a look in the cache of keys.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from benchmarks.opslag import op_beide
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.envelope import NONCE_BYTES, Binding
from wijkwerk.demo.buurt import Buurt, bouw
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Informatiebron, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.settings import Settings
from wijkwerk.storage.columns import nieuw_id
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.schema.schema import Schema

MATEN = {"1 kB": 1_000, "10 kB": 10_000, "1 MB": 1_000_000}
KEREN, WARM, RONDES, NOTITIES = 200, 5, 40, 100
LEZEN = "query ($id: ID!) { dossier(id: $id) { notities(first: 100) { id versies(first: 1) { tekst oordeel } } } }"
ZOEKEN = 'query ($id: ID!) { zoekInNotities(tekst: "nergens", dossier: $id) { bekeken nietAllesBekeken } }'

Variant = Callable[[], Awaitable[object]]


def _mediaan(doe: Callable[[], object]) -> float:
    """Microseconds."""
    tijden = []
    for at in range(WARM + KEREN):
        start = time.perf_counter()
        doe()
        if at >= WARM:
            tijden.append((time.perf_counter() - start) * 1e6)
    return statistics.median(tijden)


def _verzegelen(wijkwerk: Wijkwerk, connection: Connection, gemeente: UUID) -> None:
    """Print seal and open for each size beside the primitive, in one run."""
    ring, kaal = wijkwerk.keyring, AESGCM(AESGCM.generate_key(256))
    key, plek = ring.data_key(connection, gemeente, nieuw_id(), nieuw_id()), Binding("notitieversie", gemeente, nieuw_id(), "tekst", 1)
    for naam, bytes_ in MATEN.items():
        plain, nonce, gebonden = os.urandom(bytes_), os.urandom(NONCE_BYTES), plek.data()
        dicht, blob = kaal.encrypt(nonce, plain, gebonden), ring.seal(connection, key, plain, plek)
        _toon(f"seal {naam:>5}", partial(_sluit, kaal, plain, gebonden), partial(ring.seal, connection, key, plain, plek))
        _toon(f"open {naam:>5}", partial(kaal.decrypt, nonce, dicht, gebonden), partial(ring.open, connection, [(blob, plek)]))


def _sluit(kaal: AESGCM, plain: bytes, gebonden: bytes) -> bytes:
    return kaal.encrypt(os.urandom(NONCE_BYTES), plain, gebonden)


def _toon(wat: str, vloer: Callable[[], object], eigen: Callable[[], object]) -> None:
    floor, own = _mediaan(vloer), _mediaan(eigen)
    print(f"  {wat}: AES-256-GCM alone {floor:8.1f} µs, sealed value {own:8.1f} µs, ×{own / floor:.2f}")


async def _dossier(wijkwerk: Wijkwerk, buurt: Buurt, actor: Actor) -> UUID:
    """A case with so many notes of 1 kB, facts and opinion."""
    one = next(each for each in buurt.huishoudens if each.dossier and each.huis.gebied == "noord")
    dossier, persoon = one.dossier, one.leden[0].id
    assert dossier is not None
    inhoud = Inhoud("Vandaag sprak ik met de inwoner. " * 25, Informatiebron.INWONER, "Dat vraagt aandacht. " * 10)
    for _ in range(NOTITIES):
        await wijkwerk.write(
            actor, lambda work: schrijf(work, dossier, persoon, Notitiesoort.CONTACTVERSLAG, inhoud), onderdeel="bench"
        )  # fmt: skip
    return UUID(str(dossier))


def _vraag(wijkwerk: Wijkwerk, schema: Schema, actor: Actor, text: str, dossier: UUID) -> Variant:
    async def vraag() -> Any:
        answer = await execute(schema, wijkwerk, actor, text, {"id": str(dossier)})
        assert answer.data
        assert not answer.errors
        return answer.data

    return vraag


async def _meet(variant: Variant) -> tuple[float, float]:
    """Milliseconds: p50 and p99."""
    tijden = []
    for at in range(WARM + RONDES):
        start = time.perf_counter()
        await variant()
        if at >= WARM:
            tijden.append((time.perf_counter() - start) * 1e3)
    return statistics.median(tijden), sorted(tijden)[int(len(tijden) * 0.99)]


async def bench(engine: str, settings: Settings) -> None:
    """Seal, open, and read through the API, on one engine."""
    async with Wijkwerk(settings) as wijkwerk:
        buurt = await bouw(wijkwerk)
        actor, schema = buurt.actor("wijkteam"), Schema.of(wijkwerk.plugins)
        print(f"\n{engine}: medians of {KEREN}")
        await wijkwerk.database.transact(lambda connection: _verzegelen(wijkwerk, connection, buurt.gemeente))
        dossier = await _dossier(wijkwerk, buurt, actor)
        for naam, text in (("100 notes of a case", LEZEN), ("searching in them", ZOEKEN)):
            p50, p99 = await _meet(_vraag(wijkwerk, schema, actor, text, dossier))
            print(f"  {naam:20} p50 {p50:7.1f} ms  p99 {p99:7.1f} ms")


if __name__ == "__main__":
    op_beide(bench)
