"""What searching among a million residents costs, on both databases and beside a smaller one: p50, p99 and the query plans.

Every search runs through the code that GraphQL calls, with scope, levels and the log entry made durable; without HTTP.
Ends with an error when a plan walks a large table whole.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.opslag import DUURZAAM, Opslag
from benchmarks.vragen import Vragen, Zoeker, maak_vragen

from wijkwerk.app import Wijkwerk
from wijkwerk.testing.queryplannen import Stap, opgenomen, stappen

ENGINES = ("sqlite", "postgresql")
GROTE_TABELLEN = frozenset(
    {"persoon", "betrokkenheid", "zoekterm", "contactgegeven", "dossier", "dossierlid", "huishoudlid", "log_pseudoniem"}
)
"""Not afscherming: it holds so little that reading it once is quicker than looking each resident of a caseload up in it."""
WARM, SECONDEN = 5, 20.0
"""Rounds that don't count; how long one kind of question may take in all, for one size."""

Meting = dict[str, list[float]]


@dataclass(slots=True)
class Proef:
    """One database while it is measured."""

    aantal: int
    wijkwerk: Wijkwerk
    vragen: Vragen
    tijden: Meting = field(default_factory=dict)

    async def ronde(self, at: int) -> None:
        """Each question once, with other values than the round before."""
        for naam, vraag in self.vragen.items():
            gemeten = self.tijden.setdefault(naam, [])
            if sum(gemeten) < SECONDEN * 1000:
                tijd = await _tijd(vraag[at % len(vraag)])
                if at >= WARM:
                    gemeten.append(tijd)


async def _tijd(zoeker: Zoeker) -> float:
    start = time.perf_counter()
    gevonden = await zoeker()
    tijd = (time.perf_counter() - start) * 1000
    assert gevonden, "a question of this benchmark found nothing: then nothing was measured"
    return tijd


async def meet(proeven: Sequence[Proef], rondes: int) -> None:
    """All rounds, the sizes in turn: what else happens on the machine hits them alike."""
    for at in range(WARM + rondes):
        for proef in proeven:
            await proef.ronde(at)


def druk_af(engine: str, proeven: Sequence[Proef]) -> None:
    """p50, p99 and the ratio to the floor, for each kind of question and each size."""
    print(f"\n{engine}: milliseconds, p50 and p99, and p50 as a multiple of the first line")
    print(f"  {'':50}" + "".join(f"{proef.aantal:>16,} residents " for proef in proeven) + "  questions")
    for naam in proeven[0].vragen:
        cellen = []
        for proef in proeven:
            tijden, vloer = sorted(proef.tijden[naam]), statistics.median(next(iter(proef.tijden.values())))
            p50, p99 = statistics.median(tijden), tijden[min(len(tijden) - 1, int(len(tijden) * 0.99))]
            cellen.append(f"{p50:8.1f} {p99:8.1f}  ×{p50 / vloer:<6.1f}")
        print(f"  {naam:50}" + "  ".join(cellen) + f"  {min(len(proef.tijden[naam]) for proef in proeven):6}")


async def plannen(proef: Proef) -> list[str]:
    """The plans of each kind of question in short; the steps that walk a large table whole."""
    fout = []
    for naam, vraag in proef.vragen.items():
        with opgenomen(proef.wijkwerk.database) as gevraagd:
            await vraag[0]()
        gelezen = [stap for een in gevraagd for stap in await stappen(proef.wijkwerk.database, een) if stap.tabel in GROTE_TABELLEN]
        fout += [f"{naam}: {stap.tekst}" for stap in gelezen if stap.heel]
        print(f"  {naam:50} {_kort(gelezen)}")
    return fout


def _kort(gelezen: Sequence[Stap]) -> str:
    return ", ".join(dict.fromkeys(f"{stap.tabel}({', '.join(sorted(stap.kolommen - {'gemeente_id'})) or 'ALL'})" for stap in gelezen))


async def bench(engine: str, opslag: Opslag, aantallen: tuple[int, ...], rondes: int) -> list[str]:
    """Measure one engine; what walks a large table whole among the most residents."""
    with opslag.server(engine, DUURZAAM) as server:
        async with AsyncExitStack() as stack:
            proeven = []
            for aantal in aantallen:
                wijkwerk = await stack.enter_async_context(Wijkwerk(opslag.instellingen(engine, aantal, server), []))
                proeven.append(Proef(aantal, wijkwerk, await maak_vragen(wijkwerk)))
            await meet(proeven, rondes)
            druk_af(engine, proeven)
            print(f"\n{engine}: what the plans look up, and by what, among {aantallen[-1]:,} residents")
            return await plannen(proeven[-1])


def main() -> None:
    """Fill what has to be filled, measure both engines, and say which plans walk a large table whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aantal", type=int, default=1_000_000, help="residents in the large database")
    parser.add_argument("--klein", type=int, default=50_000, help="residents in the small one")
    parser.add_argument("--rondes", type=int, default=200, help="how often each kind of question is asked at most")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this database")
    parser.add_argument("--map", type=Path, default=os.environ.get("WIJKWERK_BENCH_MAP"), help="keep the databases here for a next time")
    gekozen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wwbench-") as tijdelijk:
        map_ = Path(gekozen.map or tijdelijk)
        map_.mkdir(parents=True, exist_ok=True)
        map_.chmod(0o755)  # for the user that runs PostgreSQL when we are root
        opslag, aantallen, fout = Opslag(map_), (gekozen.klein, gekozen.aantal), []
        for engine in gekozen.engine or ENGINES:
            opslag.vul(engine, aantallen)
            fout += asyncio.run(bench(engine, opslag, aantallen, gekozen.rondes))
    if fout:
        sys.exit("\nThese plans walk a large table whole:\n  " + "\n  ".join(dict.fromkeys(fout)))


if __name__ == "__main__":
    main()
