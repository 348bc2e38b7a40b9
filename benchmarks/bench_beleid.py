"""What a request costs as the policy and the employments grow: 10 to 10,000 lines, 10 to 10,000 users with a role. On both databases.

The request is who asks (one look in SQL), what that one may do (looked up), and a list of 50 residents, logged. Read the ratios against the
smallest, or the list alone, of the same run. Loading the policy happens once, at the start; it is measured beside it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from benchmarks.opslag import op_beide
from sqlalchemy import Connection, insert, select

from wijkwerk.access.actor import Actor, Toewijzer
from wijkwerk.access.permissions import Permission
from wijkwerk.access.policy import default_lines, load
from wijkwerk.access.policybestand import Regel
from wijkwerk.access.roles import Rol
from wijkwerk.app import Wijkwerk
from wijkwerk.bekenden import bekende
from wijkwerk.demo.buurt import Buurt, bouw
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.personen import Persoon
from wijkwerk.settings import Settings
from wijkwerk.storage.columns import nieuw_id

VELDEN = ("voornamen", "voorvoegsel", "geslachtsnaam", "geslacht", "geboortedatum", "straat", "huisnummer", "postcode", "woonplaats")
MATEN = (10, 100, 1_000, 10_000)
ROUNDS, WARM = 40, 5

Variant = Callable[[], Awaitable[object]]


def toewijzer(wijkwerk: Wijkwerk, regels: int) -> tuple[Toewijzer, float]:
    """With so many lines more, a tenth of them for the role that asks; and how many milliseconds loading them took."""
    rollen = {f"ROL{n}": Rol(f"ROL{n}", f"rol {n}", ()) for n in range(max(1, regels // 20))}
    rechten = {naam: Permission(naam, "Verzonnen.") for naam in (f"verzonnen:{_letters(n)}:lezen" for n in range(regels))}
    kern = wijkwerk.catalogue
    groter = replace(kern, rollen={**kern.rollen, **rollen}, permissions={**kern.permissions, **rechten})
    codes = list(rollen)
    erbij = [Regel("WIJKTEAM" if at % 10 == 0 else codes[at % len(codes)], naam) for at, naam in enumerate(rechten)]
    start = time.perf_counter()
    policy = load([*default_lines(kern.permissions.values()), *erbij], groter)
    return Toewijzer(policy, kern), (time.perf_counter() - start) * 1000


def stel_aan(connection: Connection, buurt: Buurt, aantal: int) -> None:
    """So many users more, each with a role in the municipality."""
    a = Aanstelling.tabel()
    [own] = connection.execute(select(a).where(a.c.gemeente_id == buurt.gemeente, a.c.rol == "WIJKTEAM").limit(1)).mappings()
    same = {"gemeente_id": buurt.gemeente, "versie": 1, "openbaar": False, "verantwoordelijke_id": own["organisatie_id"], "naam": "x"}
    ids = [nieuw_id() for _ in range(aantal)]
    connection.execute(insert(Gebruiker.tabel()), [{"id": id, "issuer": "bench", "onderwerp": id.hex, **same} for id in ids])
    job = {"organisatie_id": own["organisatie_id"], "team_id": own["team_id"], "rol": "DOCK", "van": date(2020, 1, 1), **same}
    connection.execute(insert(a), [{"id": nieuw_id(), "gebruiker_id": id, **job} for id in ids])


async def verzoek(wijkwerk: Wijkwerk, wie: Actor, onderwerp: tuple[str, str], by: Toewijzer) -> object:
    """Who asks, what that one may do, and the list."""
    async with wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: bekende(connection, *onderwerp, wijkwerk.klok.nu()))
    assert found is not None
    actor = by.actor(found.gebruiker, found.gemeente, found.functies, None, wijkwerk.klok.nu(), thuis=found.thuis)
    return await lijst(wijkwerk, actor)


async def lijst(wijkwerk: Wijkwerk, actor: Actor) -> object:
    """The list alone, for who is known already: the floor."""
    rows = await wijkwerk.read(actor, lambda reader: reader.page(Persoon, VELDEN, order=("sorteernaam",), first=50).rows, onderdeel="bench")
    assert rows
    return rows


async def meet(variants: Mapping[int, Variant]) -> dict[int, float]:
    """The median of each, taking turns."""
    times: dict[int, list[float]] = {maat: [] for maat in variants}
    for at in range(ROUNDS + WARM):
        for maat, variant in variants.items():
            start = time.perf_counter()
            await variant()
            if at >= WARM:
                times[maat].append((time.perf_counter() - start) * 1000)
    return {maat: statistics.median(found) for maat, found in times.items()}


def toon(titel: str, medians: dict[int, float], laden: dict[int, float] | None = None) -> None:
    """A line for each size."""
    floor = next(iter(medians.values()))
    print(f"\n{titel}, medians of {ROUNDS}")
    for maat, median in medians.items():
        print(f"  {maat:>6,} {median:7.2f} ms  ×{median / floor:.2f}" + (f"   loaded once in {laden[maat]:.0f} ms" if laden else ""))


async def bench(engine: str, settings: Settings) -> None:
    """Both questions on one database."""
    async with Wijkwerk(settings) as wijkwerk:
        buurt = await bouw(wijkwerk)
        wie = buurt.actor("wijkteam")
        g = Gebruiker.tabel()
        asked = select(g.c.issuer, g.c.onderwerp).where(g.c.id == wie.gebruiker)
        async with wijkwerk.database.snapshot() as snapshot:
            issuer, onderwerp = await snapshot.run(lambda connection: connection.execute(asked).one())
        made = {maat: toewijzer(wijkwerk, maat) for maat in MATEN}
        variants = {maat: partial(verzoek, wijkwerk, wie, (issuer, onderwerp), by) for maat, (by, _) in made.items()}
        toon(f"{engine}: a request, by lines of the policy", await meet(variants), {maat: ms for maat, (_, ms) in made.items()})
        er = 0
        for maat in MATEN:  # in one database, so each against a floor of its own moment
            erbij, er = maat - er, maat
            await wijkwerk.database.transact(partial(stel_aan, buurt=buurt, aantal=erbij))
            door = partial(verzoek, wijkwerk, wie, (issuer, onderwerp), wijkwerk.toewijzer)
            both: dict[int, Variant] = {0: partial(lijst, wijkwerk, wie), maat: door}
            toon(f"{engine}: a request with {maat:,} users more with a role, against the list alone (0)", await meet(both))


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


if __name__ == "__main__":
    op_beide(bench)
