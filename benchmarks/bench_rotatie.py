"""What rotating the key of a municipality costs with a million wrapped data keys, on both databases: rate, memory, and how long it is in
the way of who writes. Beside the bare primitive of `cryptography` in the same run: unwrapping and wrapping as many in memory.

    python -m benchmarks.bench_rotatie [--sleutels 1000000]

A process of its own rotates and does nothing else: what filling took is not in its memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from benchmarks.opslag import op_beide
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert

from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.envelope import NONCE_BYTES
from wijkwerk.crypto.keystore import data_context, gegevenssleutel, service_context
from wijkwerk.crypto.service_keys import KEK
from wijkwerk.crypto.wrapping import wrap_new
from wijkwerk.organisaties import maak_gemeente
from wijkwerk.settings import Settings
from wijkwerk.sleutelbeheer.gemeentesleutel import vernieuw_gemeentesleutel
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id

SLEUTELS, PER_KEER = 1_000_000, 10_000


def kaal(aantal: int) -> float:
    """Unwrap and wrap so many keys with AESGCM alone, each with a context and a fresh nonce: per second."""
    oud, nieuw, context = AESGCM(os.urandom(32)), AESGCM(os.urandom(32)), os.urandom(60)
    nonce = os.urandom(NONCE_BYTES)
    blob = oud.encrypt(nonce, os.urandom(32), context)
    start = time.perf_counter()
    for _ in range(aantal):
        nieuw.encrypt(os.urandom(NONCE_BYTES), oud.decrypt(nonce, blob, context), context)
    return aantal / (time.perf_counter() - start)


def vul(wijkwerk: Wijkwerk, gemeente: UUID, aantal: int, connection: Connection) -> None:
    """So many data keys, wrapped by the key of the municipality."""
    [kek] = wijkwerk.keyring.rotation.generations(connection, gemeente, KEK)
    context = service_context(kek.id, gemeente, KEK.name, kek.generatie)
    key = AESGCM(wijkwerk.keyring.rotation.provider.unwrap(kek.provider_sleutel, kek.ingepakt, context))
    rows = [_rij(gemeente, kek.id, key, wijkwerk) for _ in range(aantal)]
    with wijkwerk.database.keys(connection) as keys:
        keys.execute(insert(gegevenssleutel), rows)


def _rij(gemeente: UUID, kek: UUID, key: AESGCM, wijkwerk: Wijkwerk) -> dict[str, Any]:
    id, persoon = nieuw_id(), nieuw_id()
    return {
        "id": id, "gemeente_id": gemeente, "persoon_id": persoon, "dossier_id": None, "generatie": 1, "kek_id": kek,
        "ingepakt": wrap_new(key, data_context(id, gemeente, persoon, None)), "gemaakt": wijkwerk.klok.nu(),
    }  # fmt: skip


class Geteld:
    """Notes how long each unit of work is in the way of others: from its first statement to its end."""

    def __init__(self, database: Database) -> None:
        self.duur: list[float] = []
        self._transact = database.transact

    async def transact(self, unit: Callable[[Connection], Any]) -> Any:
        start = 0.0

        def gemeten(connection: Connection) -> Any:
            nonlocal start
            start = time.perf_counter()
            return unit(connection)

        result = await self._transact(gemeten)
        self.duur.append(time.perf_counter() - start)
        return result


async def meet(aantal: int, engine: str, settings: Settings) -> None:
    """Fill, let another process rotate, and tell."""
    gemeente = nieuw_id()
    async with Wijkwerk(settings, []) as wijkwerk:
        await wijkwerk.database.transact(partial(_gemeente, wijkwerk, gemeente))
        for at in range(0, aantal, PER_KEER):
            await wijkwerk.database.transact(partial(vul, wijkwerk, gemeente, min(PER_KEER, aantal - at)))
    gemeten = await _draai_apart(settings, gemeente)
    assert gemeten.gedaan == aantal, "not everything was rotated: nothing was measured"
    bezig, primitief, geduurd = sum(gemeten.duur), kaal(aantal), sorted(gemeten.duur)
    print(f"\n{engine}: {aantal:,} wrapped keys")
    print(f"  at work             {bezig:8.1f} s   {aantal / bezig:10,.0f} keys/s")
    print(
        f"  with pauses         {gemeten.seconden:8.1f} s   {aantal / gemeten.seconden:10,.0f} keys/s (others go first between two steps)"
    )
    print(f"  bare AESGCM         {aantal / primitief:8.1f} s   {primitief:10,.0f} keys/s")
    print(f"  ratio               x{primitief * bezig / aantal:.1f} at work, x{primitief * gemeten.seconden / aantal:.1f} with pauses")
    print(f"  longest write hold  {geduurd[-1] * 1000:8.1f} ms  (half of the steps under {geduurd[len(geduurd) // 2] * 1000:.1f} ms)")
    print(f"  memory added        {gemeten.erbij_kb / 1024:8.1f} MB (highest RSS while rotating, less the RSS of just before)")


@dataclass(frozen=True, slots=True)
class Gemeten:
    """What the process that rotates tells."""

    gedaan: int
    seconden: float
    duur: list[float]
    erbij_kb: int


async def _draai_apart(settings: Settings, gemeente: UUID) -> Gemeten:
    command = (sys.executable, "-m", "benchmarks.bench_rotatie", "--draai", str(settings.map), str(gemeente), settings.database or "")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    assert process.returncode == 0, "the process that rotates stopped: nothing was measured"
    return Gemeten(**json.loads(told))


async def draai(folder: Path, gemeente: UUID, url: str | None) -> Gemeten:
    """Only rotate."""
    async with Wijkwerk(Settings(map=folder, database=url), []) as wijkwerk:
        geteld, voor = Geteld(wijkwerk.database), _geheugen("VmRSS")
        start = time.perf_counter()
        with patch.object(wijkwerk.database, "transact", geteld.transact):  # every unit of work passes there, whoever asks
            rapport = await vernieuw_gemeentesleutel(wijkwerk, gemeente, lambda gedaan, totaal: None)
        seconden = time.perf_counter() - start
    assert (rapport.voor, rapport.na, rapport.vernietigd) == (rapport.gedaan, rapport.gedaan, 1)
    return Gemeten(rapport.gedaan, seconden, geteld.duur, _geheugen("VmHWM") - voor)


def _geheugen(naam: str) -> int:
    """Of this process, in kB, as the kernel has it."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith(f"{naam}:")]
    return int(line.split()[1])


def _gemeente(wijkwerk: Wijkwerk, gemeente: UUID, connection: Connection) -> None:
    maak_gemeente(connection, gemeente, "Bench", "GM9999")
    wijkwerk.keyring.prepare(connection, gemeente)


def main() -> None:
    """Both databases, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    sleutels = int(os.environ.get("WIJKWERK_BENCH_SLEUTELS", SLEUTELS))
    parser.add_argument("--sleutels", type=int, default=sleutels, help="how many wrapped keys (or WIJKWERK_BENCH_SLEUTELS)")
    parser.add_argument("--draai", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.draai:
        folder, gemeente, url = given.draai
        print(json.dumps(asdict(asyncio.run(draai(Path(folder), UUID(gemeente), url or None)))))
    else:
        op_beide(partial(meet, given.sleutels))


if __name__ == "__main__":
    main()
