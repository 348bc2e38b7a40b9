"""Making a backup: two halves in which whatever is in the data has its key; each is there whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection

from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.tombstones import Grafsteen, tombstones
from wijkwerk.reservekopie.manifest import Bestand, Deel, Manifest, lees, leg_vast, opgenomen
from wijkwerk.reservekopie.map import ReservekopieFout, alleen, geef_naam, keur_apart, kopieer, schijffouten, tijdelijk
from wijkwerk.reservekopie.postgres import dump, sleuteltabellen
from wijkwerk.reservekopie.sqlite import kopieer_database, vul_aan
from wijkwerk.reservekopie.stenen import NAAM as STENEN
from wijkwerk.reservekopie.stenen import leg_stenen_vast
from wijkwerk.reservekopie.telling import Telling
from wijkwerk.storage.sqlite import SqliteDatabase

DATABASE: Final = {"sqlite": "database.db", "postgresql": "database.dump"}
BIJLAGEN: Final = "bijlagen"


@dataclass(frozen=True, slots=True)
class Gemaakt:
    """Where the two halves are, and how many old backups of keys were removed."""

    gegevens: Path
    sleutels: Path
    rijen: int
    bestanden: int
    verlopen: int


async def maak(wijkwerk: Wijkwerk, gegevens: Path, sleutels: Path) -> Gemaakt:
    """A backup of what is there now, while others write. The root key is never in it. Raises ReservekopieFout; then there is no backup."""
    keur_apart(gegevens, sleutels)
    kopie, nu = uuid4().hex, wijkwerk.klok.nu()
    with ExitStack() as stapel:
        for map in sorted((gegevens, sleutels)):
            stapel.enter_context(alleen(map))
        data, keys = stapel.enter_context(tijdelijk(gegevens, kopie)), stapel.enter_context(tijdelijk(sleutels, kopie))
        geteld = await _kopieer(wijkwerk, data, keys)
        made = {}
        for deel, map in ((Deel.GEGEVENS, data), (Deel.SLEUTELS, keys)):
            extra = _bijlagen(wijkwerk, map) if deel is Deel.GEGEVENS else await _stenen(wijkwerk, map)
            bestanden = (opgenomen(map, DATABASE[wijkwerk.database.dialect]), *extra)
            aantallen, revisies = geteld[deel]
            made[deel] = Manifest(kopie, deel, nu, version("wijkwerk"), wijkwerk.database.dialect, revisies, aantallen, bestanden)
            leg_vast(map, made[deel])
        # keys without data are a backup of keys; data without its keys would look like more than it is
        sleutelmap = geef_naam(keys, made[Deel.SLEUTELS].map)
        datamap = geef_naam(data, made[Deel.GEGEVENS].map)
        verlopen = _ruim_op(sleutels, made[Deel.SLEUTELS], wijkwerk.settings.sleutels.reservekopie_dagen)
    return Gemaakt(
        datamap, sleutelmap, sum(sum(one.aantallen.values()) for one in made.values()), len(made[Deel.GEGEVENS].bestanden) - 1, verlopen
    )


async def _kopieer(wijkwerk: Wijkwerk, data: Path, keys: Path) -> dict[Deel, Telling]:
    if isinstance(wijkwerk.database, SqliteDatabase):
        return _uit_sqlite(wijkwerk.database, data, keys)
    return await _uit_postgres(wijkwerk, data, keys)


def _uit_sqlite(database: SqliteDatabase, data: Path, keys: Path) -> dict[Deel, Telling]:
    """The file of keys before and after that of the data: what a rotation replaced in between is still needed."""
    naam, eerder = DATABASE["sqlite"], keys / "eerder"
    kopieer_database(database.keys_path, eerder)
    of_data = kopieer_database(database.path, data / naam)
    of_keys = kopieer_database(database.keys_path, keys / naam)
    vul_aan(keys / naam, eerder)
    eerder.unlink()
    return {Deel.GEGEVENS: of_data, Deel.SLEUTELS: of_keys}


async def _uit_postgres(wijkwerk: Wijkwerk, data: Path, keys: Path) -> dict[Deel, Telling]:
    """Both from one snapshot."""
    settings, naam = wijkwerk.settings, DATABASE["postgresql"]
    tabellen = sleuteltabellen(wijkwerk.plugins.migraties())
    async with wijkwerk.database.snapshot() as snapshot:
        return {
            Deel.GEGEVENS: await dump(settings, snapshot, data / naam, tabellen, alleen=False),
            Deel.SLEUTELS: await dump(settings, snapshot, keys / naam, tabellen, alleen=True),
        }


async def _stenen(wijkwerk: Wijkwerk, map: Path) -> Sequence[Bestand]:
    """After the copy of the keys: so it knows at least what is gone there."""

    def read(connection: Connection) -> list[Grafsteen]:
        with wijkwerk.database.keys(connection) as keys:
            return tombstones(keys)

    async with wijkwerk.database.snapshot() as snapshot:
        leg_stenen_vast(map, await snapshot.run(read))
    return [opgenomen(map, STENEN)]


def _bijlagen(wijkwerk: Wijkwerk, map: Path) -> Sequence[Bestand]:
    """Files that are kept in a folder; they are sealed there. One that goes meanwhile was not in the data any more either."""
    bron = wijkwerk.settings.bijlagen.map
    if bron is None or not bron.is_dir():
        return []
    found = []
    with schijffouten():
        for van in sorted(pad for pad in bron.glob("*/*") if pad.is_file() and not pad.suffix):
            naam = f"{BIJLAGEN}/{van.parent.name}/{van.name}"
            (map / naam).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                found.append(opgenomen(map, naam, kopieer(van, map / naam)))
            except FileNotFoundError:
                continue
    return found


def _ruim_op(sleutels: Path, laatste: Manifest, dagen: int) -> int:
    """Remove backups of keys that are older than a receipt of destruction promises. Not of data: without old keys it opens nothing."""
    weg = 0
    for map in sleutels.glob(f"{Deel.SLEUTELS.value}-*"):
        try:
            oud = lees(map, Deel.SLEUTELS)
        except ReservekopieFout:
            continue
        if oud.gemaakt < laatste.gemaakt - timedelta(days=dagen):
            shutil.rmtree(map, ignore_errors=True)
            weg += 1
    return weg
