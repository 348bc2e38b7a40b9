"""Keys are renewed by a process of its own, beside a server that writes, and killed at any moment: all stays readable, and resumed
nothing is left under an old key."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select
from tests.systeem import vragen
from tests.systeem.client import Client
from tests.systeem.dienst import Plek

from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel
from wijkwerk.crypto.rotation import NIETS
from wijkwerk.gemeentekeuze import kies_gemeente
from wijkwerk.settings import Settings
from wijkwerk.sleutelbeheer.verzegeld import Vak, tel, vakken, zoek_rijen

RONDES = {"sqlite": 12, "postgresql": 12}
ALLES = 1_000_000
STAPPEN = """
import asyncio, sys
from uuid import UUID
from wijkwerk.app import Wijkwerk
from wijkwerk.cli_beheer import read_settings
from wijkwerk.gemeentekeuze import kies_gemeente
from wijkwerk.sleutelbeheer.gegevenssleutel import vernieuw_gegevenssleutel
from wijkwerk.sleutelbeheer.gemeentesleutel import vernieuw_gemeentesleutel
from wijkwerk.sleutelbeheer.hoofdsleutel import vernieuw_hoofdsleutel
from wijkwerk.sleutelbeheer.zoeksleutel import vernieuw_zoeksleutel

def meld(gedaan, totaal):
    print("stap", flush=True)

async def main(soort, *ids):
    async with Wijkwerk(read_settings()) as wijkwerk:
        async with wijkwerk.database.snapshot() as snapshot:
            gemeente = await snapshot.run(lambda connection: kies_gemeente(connection, None))
        if soort == "root":
            await vernieuw_hoofdsleutel(wijkwerk, meld, vernietig_oude=True)
        elif soort == "gegevens":
            await vernieuw_gegevenssleutel(wijkwerk, gemeente, UUID(ids[0]), UUID(ids[1]), meld, per_stap=1)
        else:
            werk = {"gemeente": vernieuw_gemeentesleutel, "zoek": vernieuw_zoeksleutel}[soort]
            await werk(wijkwerk, gemeente, meld, per_stap=7)

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass(frozen=True)
class Stand:
    """What opens, under which keys, and which keys there are."""

    open: int
    dicht: int
    zonder_sleutel: int
    generaties: dict[str, int]


async def _stand(plek: Plek) -> Stand:
    async with Wijkwerk(Settings(map=plek.folder, database=plek.url)) as wijkwerk, wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: _kijk(wijkwerk, connection))


def _kijk(wijkwerk: Wijkwerk, connection: Connection) -> Stand:
    gemeente, alle = kies_gemeente(connection, None), vakken(list(wijkwerk.catalogue.records))
    with wijkwerk.database.keys(connection) as keys:
        d = dienstsleutel.c
        diensten = keys.execute(select(d.doel).where(d.gemeente_id == gemeente)).scalars().all()
        sleutels = list(keys.execute(select(gegevenssleutel.c.id).where(gegevenssleutel.c.gemeente_id == gemeente)).scalars())
    found = [_geteld(wijkwerk, connection, vak, gemeente, sleutel) for sleutel in sleutels for vak in alle]
    verzegeld = sum(_gevuld(connection, vak, gemeente) for vak in alle)
    return Stand(
        sum(one.open for one in found), sum(one.dicht for one in found), verzegeld - sum(one.open + one.dicht for one in found),
        {doel: diensten.count(doel) for doel in diensten},
    )  # fmt: skip


def _geteld(wijkwerk: Wijkwerk, connection: Connection, vak: Vak, gemeente: UUID, sleutel: UUID) -> Any:
    ids = zoek_rijen(connection, vak, gemeente, sleutel, NIETS, ALLES)
    return tel(connection, wijkwerk.keyring, vak, gemeente, ids, sleutel)


def _gevuld(connection: Connection, vak: Vak, gemeente: UUID) -> int:
    columns = [vak.tabel.c[name] for name in vak.kolommen]
    rows = connection.execute(select(*columns).where(vak.tabel.c.gemeente_id == gemeente))
    return sum(value is not None for row in rows for value in row)


def schrijf(client: Client, persoon: str, dossier: str, gestopt: Event, geschreven: list[str]) -> None:
    """Write notes until it is enough."""
    with suppress(OSError, HTTPException):
        while not gestopt.is_set():
            answer = client.vraag(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst=f"Verslag {len(geschreven)}")
            assert (answer.status, answer.codes) == (200, [])
            geschreven.append(answer.data["notitieSchrijven"]["id"])
            time.sleep(0.05)


def roteer(plek: Plek, wat: Sequence[str], stappen: int, seconden: float) -> None:
    """Begin, and kill it after so many steps and a moment."""
    process = subprocess.Popen(
        [sys.executable, "-c", STAPPEN, *wat], cwd=plek.folder, env=plek.omgeving(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        for _ in range(stappen):
            if not process.stdout.readline():
                break
        time.sleep(seconden)
    finally:
        process.kill()
        _, said = process.communicate()
    assert process.returncode in (-9, 0), said.decode()


@pytest.mark.parametrize("engine", RONDES)
def test_a_rotation_that_is_killed_at_any_moment_loses_nothing_and_resumed_leaves_nothing_behind(
    engine: str, request: pytest.FixtureRequest
) -> None:
    plek: Plek = request.getfixturevalue(f"plek_{engine}")
    kans, gestopt, geschreven = random.Random(11), Event(), list[str]()
    persoon, dossier = plek.buurt.eerste("noord")
    soorten = [["gemeente"], ["root"], ["gegevens", persoon, dossier], ["zoek"]]
    begin = asyncio.run(_stand(plek))
    assert (begin.dicht, begin.zonder_sleutel) == (0, 0)
    with plek.dienst() as dienst:
        client = dienst.als("wijkteam")
        thread = Thread(target=schrijf, args=(client, persoon, dossier, gestopt, geschreven))
        thread.start()
        try:
            for number in range(RONDES[engine]):
                roteer(plek, soorten[number % len(soorten)], kans.randint(0, 8), kans.uniform(0, 0.3))
        finally:
            gestopt.set()
            thread.join()
        midden = asyncio.run(_stand(plek))
        assert (midden.dicht, midden.zonder_sleutel) == (0, 0)
        assert midden.open >= begin.open + len(geschreven)
        for wat in (["gemeente"], ["root", "--vernietig-oude"], ["gegevens", "--persoon", persoon, "--dossier", dossier], ["zoek"]):
            done = plek.opdracht("keys", "rotate", *wat)
            assert done.returncode == 0, done.stderr.decode()
            assert b"Leesbaar voor:" in done.stdout
        einde = asyncio.run(_stand(plek))
        assert (einde.open, einde.dicht, einde.zonder_sleutel) == (midden.open, 0, 0)
        assert set(einde.generaties.values()) == {1}
        for id in geschreven:
            assert client.data(vragen.NOTITIE, id=id)["notitie"]["versies"][0]["tekst"].startswith("Verslag ")
    assert geschreven
    show = plek.opdracht("keys", "show").stdout.decode()
    assert "KEK" in show
    assert "niet af" not in show
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed
