"""`wijkwerk jobs` as it is given: exit codes, what the screen shows, and what was done before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import anyio.to_thread
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select, update

from wijkwerk import systeem
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gemeentekeuze import kies_gemeente, organisatie_van
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.jobs.commands import jobs
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.loop import Jobloop, Loopstatus
from wijkwerk.klok import SysteemKlok, vandaag
from wijkwerk.plugins import Plugins
from wijkwerk.records.session import Work
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
Opdracht = Callable[..., Awaitable[Result]]
L = Jobloop.tabel()


class Werk:
    """Two jobs: one of three steps, with what it does in them; and one of a step."""

    def __init__(self) -> None:
        self.gedaan: list[tuple[UUID, str, str | None]] = []
        self.fout: Exception | None = None

    def stap(self, work: Work, periode: str, plek: str | None) -> Stand:
        if plek == "b" and self.fout is not None:
            raise self.fout
        self.gedaan.append((work.actor.gemeente, periode, plek))
        return Stand({None: "a", "a": "b", "b": None}[plek], gedaan=5, totaal=15)

    @property
    def plugin(self) -> Any:
        declared = Declaraties(
            jobs=(Job("tellen", "Tellen wat er is", Per.DAG, self.stap), Job("jaarwerk", "Een keer", Per.JAAR, lambda *_: Stand(None)))
        )
        info = PluginInfo("werk", "Werk.", "1.0")
        return SimpleNamespace(__name__="wijkwerk_werk", plugin_info=hookimpl(lambda: info), declaraties=hookimpl(lambda: declared))


@pytest.fixture
def werk() -> Werk:
    return Werk()


@pytest.fixture
def plugins(werk: Werk) -> list[Any]:
    return [werk.plugin]


@pytest.fixture
def opdracht(wijk: Wijk, werk: Werk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opdracht:
    """Give the command `wijkwerk jobs`."""
    monkeypatch.setattr(Plugins, "installed", classmethod(lambda cls: cls([werk.plugin])))
    monkeypatch.setattr(systeem, "BEURT_SECONDEN", 0)
    monkeypatch.setenv("WIJKWERK_MAP", str(tmp_path))

    async def run(*words: str) -> Result:
        return await anyio.to_thread.run_sync(lambda: CliRunner().invoke(jobs, list(words)))

    return run


HIER = ("--gemeente", "GM9999")
DAG = ("--period", "2026-11-20")


async def test_a_job_is_done_once_and_says_so(opdracht: Opdracht, werk: Werk, wijk: Wijk) -> None:
    done = await opdracht("run", "tellen", *DAG, *HIER)
    assert (done.exit_code, done.output) == (0, "gemeente: tellen 2026-11-20: klaar, 15 gedaan.\n")
    again = await opdracht("run", "tellen", *DAG, *HIER)
    assert (again.exit_code, again.output) == (0, "gemeente: tellen 2026-11-20: was al klaar.\n")
    assert werk.gedaan == [(wijk.gemeente, "2026-11-20", plek) for plek in (None, "a", "b")]


async def test_a_failure_is_exit_code_3_with_a_code_and_the_next_time_goes_on(opdracht: Opdracht, werk: Werk) -> None:
    werk.fout = RuntimeError("Suzanne Moulin")
    failed = await opdracht("run", "tellen", *DAG, *HIER)
    assert (failed.exit_code, failed.stdout) == (3, "")
    assert "mislukt, met foutcode INTERNE_FOUT. Wat klaar was, blijft staan (10)" in failed.stderr
    assert "Moulin" not in failed.output.split("Traceback")[0]
    shown = (await opdracht("history", "tellen")).output
    assert "tellen 2026-11-20 mislukt, begonnen op" in shown
    assert "10 van 15 gedaan, foutcode INTERNE_FOUT" in shown
    werk.fout = None
    assert (await opdracht("run", "tellen", *DAG, *HIER)).exit_code == 0
    assert [plek for _, _, plek in werk.gedaan] == [None, "a", "b"]
    assert "15 van 15 gedaan, 2 keer gestart\n" in (await opdracht("history")).output


async def test_what_another_process_is_doing_is_exit_code_4_and_is_left_alone(opdracht: Opdracht, werk: Werk, wijk: Wijk) -> None:
    werk.fout = RuntimeError()
    await opdracht("run", "tellen", *DAG, *HIER)
    before = len(werk.gedaan)
    nu = SysteemKlok().nu()
    await wijk.change(update(L).values(status=Loopstatus.BEZIG, eigenaar=UUID(int=1), geldig_tot=nu.replace(year=nu.year + 1)))
    busy = await opdracht("run", "tellen", *DAG, *HIER)
    assert (busy.exit_code, "loopt al in een ander proces" in busy.stdout, len(werk.gedaan)) == (4, True, before)


async def test_without_a_period_what_is_left_of_earlier_ones_goes_first(opdracht: Opdracht, werk: Werk, wijk: Wijk) -> None:
    werk.fout = RuntimeError()
    for dag in ("2026-11-19", "2026-11-18"):
        await opdracht("run", "tellen", "--period", dag, *HIER)
    werk.fout = None
    werk.gedaan.clear()
    weekly = {"naam": "tellen", "periode": "2020-W01", "status": Loopstatus.MISLUKT, "pogingen": 1, "begonnen_op": BEGIN, "gedaan": 0}
    await wijk.change(insert(L).values(id=UUID(int=7), gemeente_id=wijk.gemeente, versie=1, **weekly))
    nu = vandaag(SysteemKlok()).isoformat()
    done = await opdracht("run", "tellen", *HIER)
    assert done.exit_code == 0
    assert [periode for _, periode, plek in werk.gedaan if plek == "b"] == ["2026-11-19", "2026-11-18", nu]
    assert "2020-W01" not in done.output


async def test_all_municipalities_are_done_and_one_that_can_not_does_not_stop_the_others(
    opdracht: Opdracht, werk: Werk, wijk: Wijk
) -> None:
    done = await opdracht("run", "jaarwerk", "--period", "2025")
    assert done.exit_code == 2
    assert done.stdout == "gemeente: jaarwerk 2025: klaar, 0 gedaan.\n"
    assert done.stderr.startswith("buurgemeente: jaarwerk 2025: Deze gemeente heeft geen eigen organisatie.")
    shown = (await opdracht("list")).output.splitlines()
    at = shown.index("jaarwerk (elk jaar): Een keer")
    assert shown[at + 1] == "  buurgemeente: nog niet gedaan"
    assert shown[at + 2].startswith("  gemeente: 2025 klaar, klaar op ")
    assert "tellen (elke dag): Tellen wat er is" in shown


BAD = {
    "an unknown job": (("run", "bestaat-niet"), "Dit werk is er niet. Kies uit: "),
    "history of an unknown job": (("history", "bestaat-niet"), "Dit werk is er niet. Kies uit: "),
    "another kind of period": (("run", "tellen", "--period", "2026"), "Dit werk heeft als periode een dag, zoals 2026-12-31."),
    "a period to come": (("run", "jaarwerk", "--period", "9998"), "moet nog beginnen"),
    "a huge period": (("run", "jaarwerk", "--period", "9" * 100_000), "Dit werk heeft als periode"),
    "an unknown municipality": (("run", "jaarwerk", "--gemeente", "weg"), "Deze gemeente is er niet."),
}


@pytest.mark.parametrize(("words", "sentence"), BAD.values(), ids=BAD.keys())
async def test_what_cannot_be_is_refused_and_nothing_is_begun(
    opdracht: Opdracht, werk: Werk, wijk: Wijk, words: tuple[str, ...], sentence: str
) -> None:
    refused = await opdracht(*words)
    # wijkwerk.cli.main makes exit code 2 and a Dutch line of it
    assert isinstance(refused.exception, OngeldigeInvoer)
    assert sentence in refused.exception.melding
    assert (werk.gedaan, await wijk.rows(select(L))) == ([], [])


async def test_history_of_a_job_that_nobody_declares_any_more_is_readable(opdracht: Opdracht, wijk: Wijk) -> None:
    assert (await opdracht("history")).output == "Er is nog geen werk gedaan.\n"
    await opdracht("run", "tellen", *DAG, *HIER)
    await wijk.change(update(L).values(naam="heette-vroeger-zo"))
    assert "gemeente: heette-vroeger-zo 2026-11-20 klaar, klaar op" in (await opdracht("history", "heette-vroeger-zo")).output


async def test_the_municipality_of_a_command_is_the_one_that_is_meant(wijk: Wijk) -> None:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        for text in (" GEMEENTE ", "gm9999", str(wijk.gemeente)):
            assert await snapshot.run(partial(kies_gemeente, tekst=text)) == wijk.gemeente
        with pytest.raises(OngeldigeInvoer, match="meer dan één gemeente"):
            await snapshot.run(lambda connection: kies_gemeente(connection, None))
        assert await snapshot.run(lambda connection: organisatie_van(connection, wijk.gemeente)) == wijk.stad
        assert await snapshot.run(lambda connection: organisatie_van(connection, wijk.buurgemeente)) is None
