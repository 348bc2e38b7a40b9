"""`wijkwerk import personen` as it is given: exit codes, what the screen shows, and kill -9 in the middle."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random

import anyio.to_thread
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren import commands
from wijkwerk.importeren.commands import import_
from wijkwerk.importeren.kolommen import SYNONIEMEN
from wijkwerk.importeren.uitleg import kolomtabel
from wijkwerk.importeren.verslag import Importregel
from wijkwerk.personen import Persoon
from wijkwerk.plugins import Plugins
from wijkwerk.records.history import Gegevensbron, Wijziging
from wijkwerk.records.opening import binding
from wijkwerk.storage.base import Database
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.testing.wijk import Wijk, made

pytestmark = pytest.mark.anyio

Opdracht = Callable[..., Awaitable[Result]]
Schrijf = Callable[..., Path]
Namen = Callable[[], Awaitable[list[str]]]
Rijen = Callable[[], Awaitable[dict[str, int]]]
HIER = ("--gemeente", "gemeente", "--team", "team")
only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
async def wijk(database: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    """With real commits: the command has connections of its own."""
    async with made(database, tmp_path, []) as opened:
        yield opened


@pytest.fixture
def omgeving(stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment in which the command finds the database of the test, and no plugins: the core is tested without them."""
    monkeypatch.setattr(Plugins, "installed", classmethod(lambda cls: cls([])))
    database = stad.wijkwerk.database
    values = {"WIJKWERK_MAP": str(tmp_path)}
    if isinstance(database, PostgresDatabase):
        values["WIJKWERK_DATABASE"] = database.url.render_as_string(hide_password=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


@pytest.fixture
def opdracht(omgeving: dict[str, str]) -> Opdracht:
    """Give the command `wijkwerk import personen`."""

    async def run(*words: object) -> Result:
        return await anyio.to_thread.run_sync(lambda: CliRunner().invoke(import_, ["personen", *map(str, words)]))

    return run


@only_sqlite
async def test_all_good_is_exit_code_0_and_a_summary(opdracht: Opdracht, schrijf: Schrijf, namen: Namen) -> None:
    gedaan = await opdracht(schrijf("999993653;Suzanne;Moulin", ";Jan;Boer"), *HIER)
    assert (gedaan.exit_code, await namen()) == (0, ["Boer", "Moulin"])
    for tekst in (
        "Gelezen:     2 regels",
        "Ingelezen:   2",
        "Bestaat al:  0",
        "Geweigerd:   0",
        "Seconden:",
        "Dit team ziet deze personen",
    ):
        assert tekst in gedaan.output


@only_sqlite
async def test_refused_rows_are_exit_code_3_and_the_screen_shows_no_value(
    opdracht: Opdracht, schrijf: Schrijf, namen: Namen, tmp_path: Path
) -> None:
    gedaan = await opdracht(schrijf("123456789;Geheimnaam;Persoonlijk", "999993653;Suzanne;Moulin"), *HIER)
    assert (gedaan.exit_code, await namen()) == (3, ["Moulin"])
    verslag = tmp_path / "p.csv.fouten.csv"
    assert str(verslag) in gedaan.output
    assert "123456789;Geheimnaam;Persoonlijk" in verslag.read_text("utf-8-sig")
    assert [w for w in ("123456789", "999993653", "Geheimnaam", "Persoonlijk", "Suzanne", "Moulin") if w in gedaan.output] == []


@only_sqlite
async def test_the_report_goes_where_it_is_asked(opdracht: Opdracht, schrijf: Schrijf, tmp_path: Path) -> None:
    assert (await opdracht(schrijf("x;;Fout"), *HIER, "--fouten", tmp_path / "elders.csv")).exit_code == 3
    assert (tmp_path / "elders.csv").exists()
    assert not (tmp_path / "p.csv.fouten.csv").exists()


@only_sqlite
async def test_a_finished_file_says_what_was_done_before_and_does_nothing(
    opdracht: Opdracht, schrijf: Schrijf, rijen: Rijen, tmp_path: Path
) -> None:
    pad, verslag = schrijf("x;;Fout", "999993653;;Boer"), tmp_path / "p.csv.fouten.csv"
    assert (await opdracht(pad, *HIER)).exit_code == 3
    voor = await rijen()
    gedaan = await opdracht(pad, *HIER)
    assert gedaan.exit_code == 0
    assert "al helemaal ingelezen" in gedaan.output
    assert "Eerder ingelezen: 1, bestond al: 0, eerder geweigerd: 1" in gedaan.output
    assert f"staan in {verslag}" in gedaan.output
    assert "\nIngelezen:" not in gedaan.output
    verslag.unlink()
    assert "--dry-run" in (await opdracht(pad, *HIER)).output
    assert not verslag.exists()
    na = await rijen()
    assert {naam for naam in voor if na[naam] != voor[naam]} <= {"log_checkpoint"}


@only_sqlite
async def test_a_dry_run_of_a_finished_file_checks_it_again(opdracht: Opdracht, schrijf: Schrijf, namen: Namen, tmp_path: Path) -> None:
    pad = schrijf("x;;Fout", ";;Boer")
    await opdracht(pad, *HIER)
    (tmp_path / "p.csv.fouten.csv").unlink()
    proef = await opdracht(pad, *HIER, "--dry-run")
    assert (proef.exit_code, await namen()) == (3, ["Boer"])
    assert "Geweigerd:   1" in proef.output
    assert len((tmp_path / "p.csv.fouten.csv").read_text("utf-8-sig").splitlines()) == 2


@only_sqlite
async def test_who_the_values_come_from_is_given_and_one_that_is_not_there_is_refused(
    stad: Wijk, opdracht: Opdracht, schrijf: Schrijf, rijen: Rijen
) -> None:
    assert set(commands.BRONNEN) == {bron.value for bron in Gegevensbron}
    voor, pad = await rijen(), schrijf("999993653;Suzanne;Moulin")
    assert (await opdracht(pad, *HIER, "--bron", "BUURVROUW")).exit_code == 2
    assert await rijen() == voor
    assert (await opdracht(pad, *HIER, "--bron", "brp")).exit_code == 0
    assert {row[0] for row in await stad.rows(select(Wijziging.tabel().c.bron))} == {"BRP"}


@only_sqlite
async def test_rows_without_a_bsn_are_counted_because_they_can_come_twice(opdracht: Opdracht, schrijf: Schrijf, namen: Namen) -> None:
    gedaan = await opdracht(schrijf(";;Boer", ";;Visser", "999993653;;Moulin"), *HIER)
    assert "Zonder BSN:  2. " in gedaan.output
    assert "nog een keer" in gedaan.output
    await opdracht(schrijf(";;Boer", "999993653;;Moulin"), *HIER)
    assert await namen() == ["Boer", "Boer", "Moulin", "Visser"]
    assert "Zonder BSN" not in (await opdracht(schrijf("999990019;;Jansen"), *HIER)).output


@only_sqlite
async def test_a_team_that_is_not_there_is_refused_with_the_teams_that_are(opdracht: Opdracht, schrijf: Schrijf, namen: Namen) -> None:
    geweigerd = await opdracht(schrijf(";;Boer"), "--gemeente", "gemeente", "--team", "Geheim")
    assert isinstance(geweigerd.exception, OngeldigeInvoer)
    assert "Kies een van deze teams: " in geweigerd.exception.melding
    assert "Geheim" not in geweigerd.exception.melding
    assert "Dit team ziet" not in geweigerd.output
    assert await namen() == []


async def test_the_help_names_every_column_and_the_forms_of_a_date() -> None:
    hulp = CliRunner().invoke(import_, ["personen", "--help"]).output
    assert [kop for koppen in SYNONIEMEN.values() for kop in koppen if kop not in hulp] == []
    assert all(vorm in " ".join(hulp.split()) for vorm in ("jjjj-mm-dd", "jjjjmmdd", "dd-mm-jjjj", "onbekend", "is een nieuwe inwoner"))


@only_sqlite
async def test_a_dry_run_says_that_nothing_was_written(opdracht: Opdracht, schrijf: Schrijf, namen: Namen) -> None:
    gedaan = await opdracht(schrijf("999993653;;Boer"), *HIER, "--dry-run")
    assert (gedaan.exit_code, await namen()) == (0, [])
    assert "er is niets in de database geschreven" in gedaan.output


@only_sqlite
async def test_without_a_team_the_screen_warns_that_nobody_sees_them(opdracht: Opdracht, schrijf: Schrijf) -> None:
    gedaan = await opdracht(schrijf("999993653;;Boer"), "--gemeente", "gemeente")
    assert gedaan.exit_code == 0
    assert "ziet niemand deze personen, totdat een aanmelding iemand vindt op BSN" in gedaan.output


@only_sqlite
async def test_what_cannot_start_is_refused_and_nothing_is_written(
    opdracht: Opdracht, schrijf: Schrijf, rijen: Rijen, tmp_path: Path
) -> None:
    goed, kapot = schrijf("999993653;;Boer"), schrijf("x", kop="naam", naam="kapot.csv")
    await opdracht(goed, "--gemeente", "gemeente", "--team", "geen")  # the first start keeps what the register and the policy say
    voor = await rijen()
    pogingen: list[tuple[object, ...]] = [
        (tmp_path / "bestaat-niet.csv", *HIER), (kapot, *HIER), (goed,), (goed, "--gemeente", "gemeente", "--team", "geen"),
        (goed, *HIER, "--fouten", tmp_path / "geen" / "map.csv"), (schrijf(naam="leeg.csv"), *HIER),
    ]  # fmt: skip
    for woorden in pogingen:
        geweigerd = await opdracht(*woorden)
        # wijkwerk.cli.main makes exit code 2 and a Dutch line of it
        assert isinstance(geweigerd.exception, OngeldigeInvoer), woorden
    # a process that closes the log sets a checkpoint
    na = await rijen()
    assert {naam for naam in voor if na[naam] != voor[naam]} <= {"log_checkpoint"}


CHILD = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background hands down that it is ignored
from wijkwerk import systeem
from wijkwerk.importeren import commands, inlezen
from wijkwerk.plugins import Plugins
Plugins.installed = classmethod(lambda cls: cls([]))
inlezen.PER_TRANSACTIE = commands._REGEL_PER = 5
systeem.BEURT_SECONDEN = 0.01
commands.import_()
"""


async def start(pad: Path, stderr: int | None = None) -> Process:
    words = ("-c", CHILD, "personen", str(pad), *HIER)
    return await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, stderr=stderr, env=dict(os.environ))


async def progress(child: Process) -> bool:
    """Whether the child told of another transaction."""
    assert child.stdout is not None
    async for line in child.stdout:
        if b" van " in line:
            return True
    return False


@only_sqlite
async def test_control_c_tells_how_to_go_on_and_keeps_what_was_done(
    stad: Wijk, omgeving: dict[str, str], schrijf: Schrijf, namen: Namen
) -> None:
    pad = schrijf(*[f";;Boer{nummer}" for nummer in range(300)])
    child = await start(pad, stderr=PIPE)
    assert await progress(child)
    child.send_signal(signal.SIGINT)
    _, gezegd = await child.communicate()
    assert (child.returncode, "Geef dezelfde opdracht om verder te gaan" in gezegd.decode()) == (1, True)
    assert 5 <= len(await namen()) < 300


def test_the_readme_has_the_columns_that_are_read() -> None:
    readme = Path(__file__).parents[3] / "README.md"
    assert kolomtabel() in readme.read_text("utf-8")


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with commands.voortgang(10) as verder:
        verder(4)
        verder(6)
    assert "100%" in capsys.readouterr().out


async def killed_half_way(pad: Path, kans: Random) -> bool:
    """Start, wait for a transaction or a few, kill -9 at any moment after; whether it was killed before its end."""
    child = await start(pad)
    seen = [await progress(child) for _ in range(kans.randint(1, 2))]
    await asyncio.sleep(kans.random() * 0.05)
    if child.returncode is None:
        child.kill()
    return await child.wait() == -9 and all(seen)


async def test_killed_again_and_again_every_good_row_is_written_exactly_once(
    stad: Wijk, omgeving: dict[str, str], schrijf: Schrijf, bsns: Callable[[int], list[str]]
) -> None:
    met_bsn = [f"{bsn};Jan;Boer" for bsn in bsns(75)]
    pad = schrijf(*met_bsn, *["fout;Jan;Boer"] * 10, *[f";Jan;Zonder{nummer}" for nummer in range(40)])
    kans = Random(7)
    assert [await killed_half_way(pad, kans) for _ in range(3)] == [True] * 3
    assert await (await start(pad)).wait() == 3
    p, r = Persoon.tabel(), Importregel.tabel()
    zonder = [row[0] for row in await stad.rows(select(p.c.geslachtsnaam).where(p.c.bsn.is_(None)))]
    assert sorted(zonder) == sorted(f"Zonder{nummer}" for nummer in range(40))
    assert dict(tuple(row) for row in await stad.rows(select(r.c.uitkomst, func.count()).group_by(r.c.uitkomst))) == {
        "INGELEZEN": 115, "GEWEIGERD": 10,
    }  # fmt: skip
    sealed = await stad.rows(select(p.c.id, p.c.bsn).where(p.c.bsn.is_not(None)))
    places = [(row.bsn, binding("persoon", stad.gemeente, row.id, "bsn", 1)) for row in sealed]
    async with stad.wijkwerk.database.snapshot() as snapshot:
        opened = await snapshot.run(lambda connection: stad.wijkwerk.keyring.open(connection, places))
    assert sorted(opened, key=str) == [bsn.encode() for bsn in sorted(bsns(75))]
    logged = [b["ref"] for e in await stad.log() if e["gebeurtenis"] == "IMPORT" for b in e.get("betrokkenen", [])]
    assert len(logged) == len(set(logged)) == 115
