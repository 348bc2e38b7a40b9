"""Planned work in real processes: started at once, killed, stopped and continued, each effect is there exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.schema import CreateTable
from tests.systeem.dienst import Plek

from wijkwerk.jobs.loop import Jobloop, Loopstatus

STAPPEN, KEREN, GEDULD = 40, 2, 60
PLUGIN = f"""
import os, signal, time
from pathlib import Path
from typing import Any
from sqlalchemy import text
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.jobs import draaien
from wijkwerk.jobs.job import Job, Per, Stand

def slaap(waar):
    # stop as a machine that hangs does, once, until somebody sends SIGCONT
    if (bestand := Path(f"slaap-{{waar}}")).exists():
        bestand.unlink()
        os.kill(os.getpid(), signal.SIGSTOP)

async def tussen(wijkwerk):
    slaap("tussen")

draaien.laat_voorgaan = tussen

def stap(work, periode, plek):
    at = int(plek or 0)
    work.core_connection.execute(text("INSERT INTO proef_effect (stap) VALUES (:stap)"), {{"stap": at}})
    slaap("in")
    time.sleep(0.1 if Path("traag").exists() else 0.01)
    return Stand(None if at == {STAPPEN} - 1 else str(at + 1), gedaan=1, totaal={STAPPEN})

@hookimpl
def plugin_info():
    return PluginInfo("proef", "Proef.", "1.0")

@hookimpl
def declaraties():
    return Declaraties(jobs=(Job("tellen", "Tellen", Per.JAAR, stap),))
"""
EFFECT = Table("proef_effect", MetaData(), Column("stap", Integer))
RUN = ("jobs", "run", "tellen", "--period", "2025")


@pytest.fixture(autouse=True)
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin with one job, as pip would install it, for the processes that a test starts."""
    folder = tmp_path / "plugins"
    info = folder / "wijkwerk_proef-1.dist-info"
    info.mkdir(parents=True)
    (folder / "wijkwerk_proef.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: wijkwerk_proef\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[wijkwerk.plugins]\nproef = wijkwerk_proef\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")])))


def klaargezet(plek: Plek, lease: int = 1) -> Plek:
    """With the table that the job writes, and a short lease."""
    plek.opslag.change(CreateTable(EFFECT))
    (plek.folder / "wijkwerk.toml").write_text(f"[jobs]\nlease = {lease}\n")
    return plek


def effecten(plek: Plek) -> Counter[int]:
    return Counter(row["stap"] for row in plek.opslag.rows(select(EFFECT)))


def loop(plek: Plek) -> dict[str, Any]:
    [row] = plek.opslag.rows(select(Jobloop.tabel()))
    return row


def eenmaal(plek: Plek) -> None:
    """Every step was done, and none twice; the log holds a step for each, and is whole."""
    assert effecten(plek) == dict.fromkeys(range(STAPPEN), 1)
    row = loop(plek)
    assert (row["status"], row["gedaan"], row["eigenaar"]) == (Loopstatus.KLAAR, STAPPEN, None)
    gelukt = [regel for regel in plek.opslag.log() if regel["onderdeel"] == "job:tellen" and regel["resultaat"] == "GESLAAGD"]
    assert len(gelukt) >= STAPPEN + 1
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed


def tot_klaar(plek: Plek) -> None:
    """As a scheduler does: again while another process has it."""
    end = time.monotonic() + GEDULD
    while (done := plek.opdracht(*RUN)).returncode == 4:
        assert b"loopt al" in done.stdout
        assert time.monotonic() < end
    assert (done.returncode, done.stderr) == (0, b"")


def stopt(process: subprocess.Popen[bytes]) -> None:
    """Until the process has stopped itself."""
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def test_started_again_while_it_runs_and_afterwards_it_runs_once(plek: Plek) -> None:
    klaargezet(plek, lease=300)
    (plek.folder / "slaap-tussen").touch()
    with plek.proces(*RUN) as first:
        stopt(first)
        second = plek.opdracht(*RUN)
        assert (second.returncode, second.stderr, b"loopt al" in second.stdout) == (4, b"", True)
        assert effecten(plek) == {0: 1}
        first.send_signal(signal.SIGCONT)
        out, err = first.communicate(timeout=GEDULD)
    assert (first.returncode, err) == (0, b"")
    assert out.endswith(b"tellen 2025: klaar, 40 gedaan.\n")
    third = plek.opdracht(*RUN)
    assert (third.returncode, b"was al klaar" in third.stdout) == (0, True)
    eenmaal(plek)
    assert loop(plek)["pogingen"] == 1


def test_begun_by_two_processes_in_the_same_moment_each_step_is_done_once(plek: Plek) -> None:
    klaargezet(plek)
    with plek.proces(*RUN) as een, plek.proces(*RUN) as ander:
        for process in (een, ander):
            process.communicate(timeout=GEDULD)
    codes = {een.returncode, ander.returncode}
    assert 0 in codes
    assert codes <= {0, 4}
    eenmaal(plek)


def test_killed_at_any_moment_the_next_run_goes_on_and_nothing_is_done_twice(plek: Plek) -> None:
    klaargezet(plek)
    (plek.folder / "traag").touch()
    kans = random.Random(11)
    for keer in range(1, KEREN + 1):
        with plek.proces(*RUN) as process:
            end = time.monotonic() + GEDULD
            while effecten(plek).total() < keer * STAPPEN // (KEREN + 2) and process.poll() is None:
                assert time.monotonic() < end
            assert process.poll() in (None, 4)  # 4: the lease of the one before is not over
            time.sleep(kans.uniform(0, 0.02))
        found = effecten(plek)
        assert found == dict.fromkeys(range(len(found)), 1)
        assert loop(plek)["gedaan"] == len(found)
    assert loop(plek)["status"] is Loopstatus.BEZIG
    (plek.folder / "traag").unlink()
    tot_klaar(plek)
    eenmaal(plek)
    assert loop(plek)["pogingen"] >= 2


@pytest.mark.parametrize(("engine", "waar"), [("sqlite", "tussen"), ("postgresql", "tussen"), ("postgresql", "in")])
def test_a_process_that_hung_until_another_took_over_writes_nothing_when_it_wakes(
    engine: str, waar: str, request: pytest.FixtureRequest
) -> None:
    """Between two steps, or in the middle of one; then PostgreSQL ends its transaction. On SQLite nobody writes until it wakes."""
    plek = klaargezet(request.getfixturevalue(f"plek_{engine}"))
    (plek.folder / f"slaap-{waar}").touch()
    with plek.proces(*RUN) as hung:
        stopt(hung)
        tot_klaar(plek)
        before = plek.opslag.stand()
        hung.send_signal(signal.SIGCONT)
        out, _ = hung.communicate(timeout=GEDULD)
    assert (hung.returncode, b"overgenomen" in out) == (4, True)
    assert plek.opslag.stand() == before
    eenmaal(plek)


def test_told_to_stop_it_gives_the_run_back_so_that_nobody_waits_for_the_lease(plek_sqlite: Plek) -> None:
    plek = klaargezet(plek_sqlite, lease=86_400)
    for sein in (signal.SIGINT, signal.SIGTERM):
        (plek.folder / "slaap-tussen").touch()
        with plek.proces(*RUN) as process:
            stopt(process)
            process.send_signal(sein)
            process.send_signal(signal.SIGCONT)
            _, err = process.communicate(timeout=GEDULD)
        assert process.returncode == 1
        assert b"Geef dezelfde opdracht om verder te gaan." in err
        assert 0 < effecten(plek).total() < STAPPEN
    done = plek.opdracht(*RUN)
    assert (done.returncode, done.stderr) == (0, b"")
    eenmaal(plek)
