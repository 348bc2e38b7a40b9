"""`wijkwerk backup` and `restore` as processes: beside a server at work, killed at any moment, on a disk that is full."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.systeem import vragen
from tests.systeem.dienst import COMMAND, Dienst, Plek
from tests.systeem.sjabloon import PostgresSjabloon

from wijkwerk.reservekopie.manifest import Deel, keur, lees

KEREN = 5


@pytest.fixture
def programmas(plek: Plek, request: pytest.FixtureRequest) -> None:
    """The programs that belong to the server of the tests."""
    if not plek.url.startswith("sqlite"):
        (plek.folder / "wijkwerk.toml").write_text(f'pg_programmas = "{request.getfixturevalue("pg_server").bindir}"\n')


@pytest.fixture
def leeg(plek: Plek, programmas: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Plek]:
    """An installation with the same root key and settings, and no data."""
    folder, uitvoer = tmp_path / "leeg", tmp_path / "uitvoer-leeg"
    folder.mkdir(mode=0o700)
    uitvoer.mkdir()
    for file in plek.folder.iterdir():
        if file.is_file() and ".db" not in file.name:
            shutil.copy(file, folder)
    if plek.url.startswith("sqlite"):
        yield Plek(folder, f"sqlite:///{folder / 'wijkwerk.db'}", plek.buurt, uitvoer)
        return
    sjabloon: PostgresSjabloon = request.getfixturevalue("postgresql_sjabloon")
    sjabloon._execute("CREATE DATABASE leeg")
    try:
        yield Plek(folder, sjabloon._url("leeg"), plek.buurt, uitvoer)
    finally:
        sjabloon._execute("DROP DATABASE leeg WITH (FORCE)")


def kopieen(plek: Plek) -> list[tuple[Path, Path]]:
    """The whole backups, in order: data that is there has its keys, and each file is as it was written."""
    found = []
    for gegevens in sorted((plek.folder / "d").glob("gegevens-*")):
        manifest = lees(gegevens, Deel.GEGEVENS)
        sleutels = plek.folder / "k" / gegevens.name.replace("gegevens", "sleutels")
        keur(gegevens, manifest)
        keur(sleutels, lees(sleutels, Deel.SLEUTELS))
        found.append((gegevens, sleutels))
    return found


def terug(plek: Plek, kopie: tuple[Path, Path], *more: str) -> tuple[str, ...]:
    return ("restore", "--data", str(kopie[0]), "--keys", str(kopie[1]), *more)


BACKUP = ("backup", "--data", "d", "--keys", "k")


@contextmanager
def schrijver(dienst: Dienst) -> Iterator[list[str]]:
    """Somebody who writes notes all the time; the ids of those that were answered."""
    gestopt, geschreven = Event(), list[str]()
    client, (persoon, dossier) = dienst.als("wijkteam"), dienst.plek.buurt.eerste("noord")

    def werk() -> None:
        while not gestopt.is_set():
            antwoord = client.vraag(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst=f"Verslag {len(geschreven)}")
            geschreven.append(antwoord.data["notitieSchrijven"]["id"])

    thread = Thread(target=werk)
    thread.start()
    try:
        yield geschreven
    finally:
        gestopt.set()
        thread.join()


@pytest.mark.usefixtures("programmas")
def test_what_was_answered_before_a_backup_began_is_there_after_it_was_put_back(plek: Plek, leeg: Plek) -> None:
    with plek.dienst() as dienst, schrijver(dienst) as geschreven:
        while len(geschreven) < 5:
            time.sleep(0.01)
        voor = list(geschreven)
        made = plek.opdracht(*BACKUP)
        assert (made.returncode, made.stderr) == (0, b"")
        na = len(geschreven)
    assert na > len(voor)
    [kopie] = kopieen(plek)
    proef = leeg.opdracht(*terug(leeg, kopie, "--drill"))
    assert (proef.returncode, b"De proef is gelukt" in proef.stdout) == (0, True), proef.stderr
    assert leeg.opdracht("serve", "--port", "0").returncode == 2
    done = leeg.opdracht(*terug(leeg, kopie))
    assert done.returncode == 0, done.stderr
    again = leeg.opdracht(*terug(leeg, kopie))
    assert (again.returncode, b"staat al iets" in again.stderr) == (2, True)
    with leeg.dienst() as dienst:
        for number, id in enumerate(voor):
            versies = dienst.als("wijkteam").vraag(vragen.NOTITIE, id=id).data["notitie"]["versies"]
            assert [versie["tekst"] for versie in versies] == [f"Verslag {number}"]
    assert leeg.opslag.verifieer(plek.buurt.sleutel).goed
    for text in (made.stdout, proef.stdout, done.stdout, again.stderr):
        assert b"Verslag" not in text
        assert b"Traceback" not in text


@pytest.mark.usefixtures("programmas")
def test_a_backup_that_is_killed_at_any_moment_is_no_backup_and_the_next_one_clears_it_away(plek: Plek) -> None:
    begin = time.monotonic()
    assert plek.opdracht(*BACKUP).returncode == 0
    duur, toeval = time.monotonic() - begin, random.Random(7)
    for _ in range(KEREN):
        with plek.proces(*BACKUP) as process:
            time.sleep(duur * toeval.uniform(0.4, 1))
            process.kill()
        kopieen(plek)
    assert plek.opdracht(*BACKUP).returncode == 0
    assert kopieen(plek)
    assert not [*(plek.folder / "d").glob(".bezig-*"), *(plek.folder / "k").glob(".bezig-*")]


@pytest.mark.usefixtures("programmas")
def test_a_restore_that_is_killed_leaves_nothing_that_starts_half(plek: Plek, leeg: Plek) -> None:
    assert plek.opdracht(*BACKUP).returncode == 0
    [kopie] = kopieen(plek)
    begin = time.monotonic()
    assert leeg.opdracht(*terug(leeg, kopie, "--drill")).returncode == 0
    duur, toeval, goed = time.monotonic() - begin, random.Random(8), 0
    for _ in range(KEREN):
        with leeg.proces(*terug(leeg, kopie)) as process:
            time.sleep(duur * toeval.uniform(0.4, 0.9))
            process.kill()
        said = leeg.opdracht("gemeente", "list")
        assert (said.returncode, b"Traceback" in said.stderr) in ((0, False), (2, False))
        goed += said.returncode == 0
        if said.returncode == 0 or b"niet afgemaakt" in said.stderr:
            break
    if goed:
        assert leeg.opslag.verifieer(plek.buurt.sleutel).goed


def test_a_full_disk_is_said_and_leaves_no_backup(plek_postgresql: Plek, pg_server: object) -> None:
    (plek_postgresql.folder / "wijkwerk.toml").write_text(f'pg_programmas = "{pg_server.bindir}"\n')  # type: ignore[attr-defined]
    done = subprocess.run(
        [*COMMAND, *BACKUP], cwd=plek_postgresql.folder, env=plek_postgresql._environment(), capture_output=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert (done.returncode, b"ruimte" in done.stderr, b"Traceback" in done.stderr) == (2, True, False)
    assert not [path for folder in ("d", "k") for path in (plek_postgresql.folder / folder).iterdir() if path.is_dir()]
