"""Where imported persons come: named, and never guessed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.plek import Plek, zoek_plek
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team
from wijkwerk.storage.base import Database
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio

Zoek = Callable[..., Awaitable[Plek]]


@pytest.mark.parametrize("database_savepoint", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("gemeente", "team", "veld"),
    [(None, None, "gemeente"), ("nergens", None, "gemeente"), ("gemeente", "bestaat niet", "team"), ("GM9998", "team", "team")],
)
async def test_a_place_that_is_not_there_or_not_one_is_refused(zoek: Zoek, gemeente: str | None, team: str | None, veld: str) -> None:
    with pytest.raises(OngeldigeInvoer) as fout:
        await zoek(team, gemeente)
    assert fout.value.veld == veld


async def test_a_place_is_found_by_name_code_or_number(stad: Wijk, zoek: Zoek) -> None:
    for gemeente in ("GEMEENTE", "gm9999", str(stad.gemeente)):
        for team in ("Team", "  tEAM ", str(stad.team)):
            assert await zoek(team, gemeente) == Plek(stad.gemeente, stad.stad, stad.team)
    assert await zoek() == Plek(stad.gemeente, stad.stad, None)


async def test_two_teams_of_one_name_and_teams_of_partners_are_refused(stad: Wijk, zoek: Zoek) -> None:
    t = Team.tabel()
    await stad.change(update(t).where(t.c.id == stad.ander_team).values(naam="Team"))
    with pytest.raises(OngeldigeInvoer, match="meer dan één team"):
        await zoek("team")
    await stad.change(update(t).where(t.c.id == stad.ander_team).values(naam="Dockteam", organisatie_id=stad.dock))
    with pytest.raises(OngeldigeInvoer, match="niet van de gemeente"):
        await zoek("dockteam")


async def test_without_any_municipality_there_is_no_import(database_savepoint: Database) -> None:
    async with database_savepoint.snapshot() as snapshot:
        with pytest.raises(OngeldigeInvoer, match="nog geen gemeente"):
            await snapshot.run(lambda connection: zoek_plek(connection, None, None))


async def test_without_one_organisation_of_the_municipality_there_is_no_import(stad: Wijk, zoek: Zoek) -> None:
    o = Organisatie.tabel()
    for soort in (Organisatiesoort.OVERIG, Organisatiesoort.GEMEENTE):
        await stad.change(update(o).values(soort=soort))
        with pytest.raises(OngeldigeInvoer, match="precies één organisatie"):
            await zoek()
