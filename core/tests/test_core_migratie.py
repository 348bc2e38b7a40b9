"""The tables of the core go and come back, with rows in them, on both engines; the triggers of the log with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select
from sqlalchemy.exc import DBAPIError

from wijkwerk.app import Wijkwerk
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.tables import log_regel
from wijkwerk.personen import Persoon
from wijkwerk.plugins import Plugins
from wijkwerk.settings import Settings
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import check, downgrade, migrate
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio


async def _resident(database: Database, folder: Path) -> int:
    """A resident of a made-up municipality, through the services; how many entries the log has then."""
    async with Wijkwerk(Settings(map=folder), [], klok=StaandeKlok(BEGIN), database=database) as wijkwerk:
        wijk = Wijk(wijkwerk, StaandeKlok(BEGIN))
        await wijk.fill()
        await wijk.dossier(await wijk.inwoner())
        entries = len(await wijk.rows(select(log_regel.c.seq)))
    await database.open()
    return entries


def _core_tables(connection: Connection) -> set[str]:
    owned = {table.name for table in Persoon.metadata.sorted_tables if table.info.get("owner") == "core"}
    return owned & set(inspect(connection).get_table_names())


async def test_the_core_goes_down_and_up_again_with_rows_in_its_tables(database: Database, tmp_path: Path) -> None:
    owners = Plugins([]).migraties()
    [core] = [one for one in owners if one.owner == "core"]
    assert await _resident(database, tmp_path) > 0
    before = await database.transact(_core_tables)
    await downgrade(database, core, "base")
    assert await database.transact(_core_tables) == set()
    await migrate(database, owners)
    assert await database.transact(_core_tables) == before
    assert await check(database, owners) == []
    assert await _resident(database, tmp_path) > 0
    with pytest.raises(DBAPIError):
        await database.transact(lambda connection: connection.execute(log_regel.update().values(periode="2020-01")))
