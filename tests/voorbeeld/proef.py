"""Runs the README's plugin for real, in a process of its own: a table, a row, and the answer of the API. Argument: an empty folder."""

from __future__ import annotations

import asyncio
import importlib
import shutil
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.actor import Actor, Functie
from wijkwerk.app import Wijkwerk
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team, maak_gemeente
from wijkwerk.settings import Settings
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.storage.migrate import make_revision
from wijkwerk_graphql import kern
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.schema.schema import Schema

VRAAG = "query Plek($id: ID!) { persoon(id: $id) { geslachtsnaam moestuinplekken { nummer } } }"


def _team(wijkwerk: Wijkwerk, connection: Connection) -> Actor:
    gemeente, organisatie, team, gebruiker = (nieuw_id() for _ in range(4))
    maak_gemeente(connection, gemeente, "Waterrijk", "GM9999")
    wijkwerk.keyring.prepare(connection, gemeente)
    base: dict[str, Any] = {"gemeente_id": gemeente, "versie": 1, "openbaar": True, "verantwoordelijke_id": organisatie}
    soort = Organisatiesoort.GEMEENTE
    connection.execute(insert(Organisatie.tabel()).values(id=organisatie, naam="Gemeente Waterrijk", soort=soort, **base))
    connection.execute(insert(Team.tabel()).values(id=team, naam="Wijkteam", organisatie_id=organisatie, **base))
    connection.execute(insert(Gebruiker.tabel()).values(id=gebruiker, naam="Mo", issuer="voorbeeld", onderwerp="mo", **base))
    return wijkwerk.toewijzer.actor(gebruiker, gemeente, [Functie("WIJKTEAM", organisatie, team)], None, wijkwerk.klok.nu())


async def _proef(folder: Path) -> None:
    shutil.copy(Path(__file__).with_name("wijkwerk_moestuin.py"), folder)
    sys.path.insert(0, str(folder))
    wijkwerk_moestuin: Any = importlib.import_module("wijkwerk_moestuin")

    wijkwerk = Wijkwerk(Settings(map=folder / "data"), [kern, wijkwerk_moestuin])
    await wijkwerk.database.open()
    print(await make_revision(wijkwerk.database, wijkwerk_moestuin.migraties(), "plekken"))
    async with wijkwerk:
        mo = await wijkwerk.database.transact(lambda connection: _team(wijkwerk, connection))
        persoon = await wijkwerk.write(mo, lambda work: aanmelden(work, {"geslachtsnaam": "Tuinman"}), onderdeel="aanmelden")
        plek = wijkwerk_moestuin.Plek(persoon_id=persoon, nummer=7)
        await wijkwerk.write(mo, lambda work: work.add(plek), onderdeel="plek")
        schema = Schema.of(wijkwerk.plugins)
        print((await execute(schema, wijkwerk, mo, VRAAG, {"id": str(persoon)})).as_dict())


if __name__ == "__main__":
    asyncio.run(_proef(Path(sys.argv[1])))
