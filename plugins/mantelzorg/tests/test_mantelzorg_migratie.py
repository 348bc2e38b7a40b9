"""The plugin's own tables: up, down and up again with rows in the database; and a core that works without them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select

import wijkwerk_mantelzorg
from wijkwerk.app import Wijkwerk
from wijkwerk.personen import Persoon
from wijkwerk.records.types.datum import Datum
from wijkwerk.settings import Settings
from wijkwerk.storage.migrate import check, downgrade, migrate
from wijkwerk.testing.wijk import Wijk
from wijkwerk_mantelzorg.relaties import Mantelzorgrelatie, Zorgrelatie, leg_vast
from wijkwerk_mantelzorg.verklaringen import Mantelzorgverklaring

pytestmark = pytest.mark.anyio
GEGEVENS = {"zorgvrager_id": None, "relatie": Zorgrelatie.BUUR, "uren_per_week": Decimal("4"), "sinds": Datum.lees("onbekend")}


async def tables(wijk: Wijk) -> set[str]:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return set(await snapshot.run(_names))


def _names(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name.startswith("mantelzorg_")]


async def test_the_tables_go_and_come_back_and_the_residents_stay(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, persoon, GEGEVENS))
    database, owners = wijk.wijkwerk.database, wijk.wijkwerk.plugins.migraties()
    [own] = [one for one in owners if one.owner == "mantelzorg"]
    assert await tables(wijk) == {"mantelzorg_mantelzorgrelatie", "mantelzorg_mantelzorgverklaring"}
    await downgrade(database, own, "base")
    assert await tables(wijk) == set()
    await migrate(database, owners)
    assert await tables(wijk) == {"mantelzorg_mantelzorgrelatie", "mantelzorg_mantelzorgverklaring"}
    assert await check(database, owners) == []
    assert await wijk.rows(select(Mantelzorgrelatie.tabel())) == []
    assert [row.id for row in await wijk.rows(select(Persoon.tabel()))] == [persoon]
    assert await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, persoon, GEGEVENS))


async def test_the_core_works_on_the_same_database_without_the_plugin(wijk: Wijk, tmp_path: Path) -> None:
    persoon = await wijk.inwoner()
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, persoon, GEGEVENS))
    await wijk.wijkwerk.close()
    async with Wijkwerk(Settings(map=tmp_path), [], klok=wijk.klok, database=wijk.wijkwerk.database) as core:
        assert "mantelzorg:relatie:lezen" not in core.catalogue.permissions
        actor = core.toewijzer.actor(wijk.WIJKTEAM, wijk.gemeente, [wijk.functie("WIJKTEAM")], None, wijk.klok.nu())
        row: Any = await core.read(actor, lambda r: r.one(Persoon, ("geslachtsnaam",), persoon), onderdeel="test")
        assert row.geslachtsnaam == "Moulin"
        assert len(await wijk.rows(select(Mantelzorgrelatie.tabel()))) == 1


def test_the_plugin_says_who_it_is_and_what_it_adds() -> None:
    info = wijkwerk_mantelzorg.plugin_info()
    assert (info.naam, info.vereist) == ("mantelzorg", {"core": ">=0.1"})
    assert wijkwerk_mantelzorg.declaraties().records == (Mantelzorgrelatie, Mantelzorgverklaring)
    assert len(wijkwerk_mantelzorg.graphql_types()) >= 2
