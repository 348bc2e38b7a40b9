"""`wijkwerk gebieden import` as it is given, with connections of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import anyio.to_thread
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebieden import Gebied
from wijkwerk.importeren.gebieden_command import gebieden
from wijkwerk.plugins import Plugins
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.storage.base import Database
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.testing.wijk import Wijk, made

pytestmark = pytest.mark.anyio
Opdracht = Callable[..., Awaitable[Result]]
KOP = "code;naam;soort;bovenliggend;van"


@pytest.fixture
async def wijk(database: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    """With real commits: the command has connections of its own."""
    async with made(database, tmp_path, []) as opened:
        yield opened


@pytest.fixture
def opdracht(stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opdracht:
    """Give the command, in an environment where it finds the database of the test and no plugins."""
    monkeypatch.setattr(Plugins, "installed", classmethod(lambda cls: cls([])))
    monkeypatch.setenv("WIJKWERK_MAP", str(tmp_path))
    database = stad.wijkwerk.database
    if isinstance(database, PostgresDatabase):
        monkeypatch.setenv("WIJKWERK_DATABASE", database.url.render_as_string(hide_password=False))

    async def run(*words: object) -> Result:
        return await anyio.to_thread.run_sync(lambda: CliRunner().invoke(gebieden, ["import", *map(str, words), "--gemeente", "GM9999"]))

    return run


async def aantal(wijk: Wijk) -> int:
    return int((await wijk.rows(select(func.count()).select_from(Gebied.tabel())))[0][0])


async def test_areas_then_postcodes_then_the_residents(stad: Wijk, opdracht: Opdracht, schrijf: Callable[..., Path]) -> None:
    await stad.inwoner(postcode=Postcode("3043TD"))
    eerste = await opdracht(schrijf("WK059904;Overschie;wijk;;2020-01-01", "BU05990451;Kleinpolder;buurt;WK059904;2020-01-01", kop=KOP))
    assert (eerste.exit_code, eerste.output.splitlines()) == (0, [
        "Nieuw:         2", "Gewijzigd:     0", "Gelijk:        0", "Niet in het bestand, en zo gelaten: 2 (WK0, WK1)",
        "Inwoners die nu een andere buurt hebben: 0.",
    ])  # fmt: skip
    tweede = await opdracht(schrijf("3043TD;BU05990451", kop="postcode;gebied"))
    assert (tweede.exit_code, tweede.output.splitlines()[-1]) == (0, "Inwoners die nu een andere buurt hebben: 1.")


async def test_a_dry_run_says_so_and_leaves_the_residents(stad: Wijk, opdracht: Opdracht, schrijf: Callable[..., Path]) -> None:
    voor = await aantal(stad)
    gedaan = await opdracht(schrijf("WK059904;Overschie;wijk;;2020-01-01", kop=KOP), "--dry-run")
    assert (gedaan.exit_code, gedaan.output.splitlines()[0]) == (0, "Dit was een proef: er is niets in de database geschreven.")
    assert "Inwoners" not in gedaan.output
    assert await aantal(stad) == voor


async def test_a_wrong_file_is_an_error_that_main_tells_and_nothing_is_written(
    stad: Wijk, opdracht: Opdracht, schrijf: Callable[..., Path], tmp_path: Path
) -> None:
    voor = await aantal(stad)
    gedaan = await opdracht(schrijf("WK059904;Overschie;buurt;;2020-01-01", kop=KOP))
    assert isinstance(gedaan.exception, OngeldigeInvoer)
    assert gedaan.exception.melding.splitlines()[:1] == ["Er is niets ingelezen. Verbeter deze regels:"]
    assert (await opdracht(tmp_path / "er-is-niets.csv")).exit_code == 2
    assert await aantal(stad) == voor
