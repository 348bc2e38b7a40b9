"""A disk that is really full and a database server that crashes: no answer without its entry, and work goes on when it can."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text
from tests.systeem import vragen
from tests.systeem.client import Client
from tests.systeem.dienst import Dienst, Plek
from tests.systeem.sjabloon import PostgresSjabloon, SqliteSjabloon

from wijkwerk.testing.postgres import PostgresServer, choose

CODES = {"LOG_NIET_BESCHIKBAAR", "DATABASE_NIET_BESCHIKBAAR"}
GEDULD = 60
MEGABYTES = {"sqlite": 24, "postgresql": 320}
CRASHES = 3


@dataclass
class Volhouder:
    """Reads and writes by turns, keeps what was answered, and goes on when it is refused."""

    client: Client
    persoon: str
    dossier: str
    goed: list[str] = field(default_factory=list)
    geschreven: int = 0
    geweigerd: int = 0

    def vraag(self) -> bool:
        """Ask to read, and to write. Whether both were answered; nothing of anybody is in what was refused."""
        schrijven = {"dossier": self.dossier, "persoon": self.persoon, "tekst": "Is er nog plaats? " * 100}
        return self._een(vragen.PERSOON, id=self.persoon) and self._een(vragen.SCHRIJVEN, **schrijven)

    def _een(self, query: str, **variables: str) -> bool:
        antwoord = self.client.vraag(query, **variables)
        if antwoord.status == 200:
            assert antwoord.codes == []
            self.goed.append(antwoord.trace)
            self.geschreven += "notitieSchrijven" in antwoord.data
            return True
        assert (antwoord.status, set(antwoord.codes) <= CODES, any(antwoord.data.values())) == (503, True, False)
        assert antwoord.codes
        self.geweigerd += 1
        return False


def volhouder(dienst: Dienst, at: int = 0) -> Volhouder:
    """Each works on a resident of its own."""
    return Volhouder(dienst.als("wijkteam"), *dienst.plek.buurt.eerste("noord", at))


def tot(bereikt: Callable[[], bool], wat: str) -> None:
    """Until that is so. Raises AssertionError when it takes too long."""
    end = time.monotonic() + GEDULD
    while not bereikt():
        assert time.monotonic() < end, wat
        time.sleep(0.01)


def nagekeken(plek: Plek, allen: list[Volhouder], notities: int, *, onzeker: bool = False) -> None:
    """The log verifies and has each answer, each change has its entry, and what was refused changed nothing.

    `onzeker`: connections broke during a commit, so that of something refused nobody knew whether it was done.
    """
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed
    log = plek.opslag.log()
    gelogd = {regel.get("trace") for regel in log}
    assert [trace for one in allen for trace in one.goed if trace not in gelogd] == []
    gelukt = sum((regel["resultaat"], regel["actie"], regel.get("onderdeel")) == ("GESLAAGD", "C", "notitieSchrijven") for regel in log)
    beantwoord = sum(one.geschreven for one in allen)
    assert plek.opslag.stand()["notitie"] == notities + gelukt
    assert gelukt >= beantwoord if onzeker else gelukt == beantwoord


@contextmanager
def schijf(megabytes: int) -> Iterator[Path]:
    """A small disk of its own, in memory."""
    folder = Path(tempfile.mkdtemp(prefix="wwpg-schijf-"))
    folder.chmod(0o755)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False)
    try:
        if mounted.returncode:
            pytest.skip("mounting is refused here; a limit on files stands for it (test_systeem_zonder_log.py)")
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def vol(disk: Path) -> Iterator[None]:
    """Not a byte is left on it."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    yield
    ballast.unlink()


def nieuw(folder: Path) -> Path:
    """A folder for the neighbourhood that is copied."""
    made = folder / "sjabloon"
    made.mkdir()
    return made


@contextmanager
def op(engine: str, disk: Path, folder: Path) -> Iterator[Plek]:
    """An installation with its database on this disk."""
    if engine == "sqlite":
        with SqliteSjabloon(nieuw(folder)).kopie(disk) as plek:
            yield plek
        return
    server = PostgresServer(choose(), data=disk / "data")
    try:
        with PostgresSjabloon(server, nieuw(folder)).kopie(folder / "hier") as plek:
            yield plek
    finally:
        server.stop()


@pytest.mark.parametrize("engine", MEGABYTES)
def test_a_disk_without_room_gives_no_answers_and_work_goes_on_when_there_is_room(engine: str, tmp_path: Path) -> None:
    """What fits in pages that are there already may still be answered: then it is in the log."""
    with schijf(MEGABYTES[engine]) as disk, op(engine, disk, tmp_path) as plek:
        notities = plek.opslag.stand()["notitie"]
        with plek.dienst() as dienst:
            klant = volhouder(dienst)
            assert klant.vraag()
            with vol(disk):
                tot(lambda: not klant.vraag(), "the disk does not get full")
                for _ in range(3):
                    klant.vraag()
            tot(klant.vraag, "work does not go on")
            nagekeken(plek, [klant], notities)
        assert plek.opslag.verifieer(plek.buurt.sleutel).goed


def test_a_database_server_that_crashes_under_load_loses_no_answer_and_work_goes_on(tmp_path: Path) -> None:
    """PostgreSQL ends all connections and recovers when one of its processes is killed."""
    server = PostgresServer(choose(), settings={"synchronous_commit": "on"})
    try:
        with PostgresSjabloon(server, nieuw(tmp_path)).kopie(tmp_path / "hier") as plek:
            notities = plek.opslag.stand()["notitie"]
            with plek.dienst() as dienst:
                allen = [volhouder(dienst, at) for at in range(3)]
                _crashes(plek, allen)
            nagekeken(plek, allen, notities, onzeker=True)
    finally:
        server.stop()


def _crashes(plek: Plek, allen: list[Volhouder]) -> None:
    gestopt, fouten = Event(), list[BaseException]()

    def werk(one: Volhouder) -> None:
        try:
            while not gestopt.is_set():
                one.vraag()
        except BaseException as error:
            fouten.append(error)

    threads = [Thread(target=werk, args=(one,)) for one in allen]
    for thread in threads:
        thread.start()
    try:
        for _ in range(CRASHES):
            _verder(allen, fouten)
            backends = plek.opslag.rows(
                text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            )
            os.kill(backends[0]["pid"], signal.SIGKILL)
        _verder(allen, fouten)
    finally:
        gestopt.set()
        for thread in threads:
            thread.join()
    assert sum(one.geweigerd for one in allen) >= 1


def _verder(allen: list[Volhouder], fouten: list[BaseException]) -> None:
    """Each is answered again."""
    seen = [len(one.goed) + 4 for one in allen]
    tot(lambda: bool(fouten) or all(len(one.goed) >= enough for one, enough in zip(allen, seen, strict=True)), "work does not go on")
    assert fouten == []
