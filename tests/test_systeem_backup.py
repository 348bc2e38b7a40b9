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
from wijkwerk.testing.postgres import PostgresServer

KEREN = 5


@pytest.fixture
def programmas(plek: Plek, request: pytest.FixtureRequest) -> None:
    """The programs that belong to the server of the tests."""
    if not plek.url.startswith("sqlite"):
        (plek.folder / "wijkwerk.toml").write_text(f'pg_programmas = "{request.getfixturevalue("pg_server").bindir}"\n')


def naast(plek: Plek, tmp_path: Path, url: str | None = None) -> Plek:
    """An installation with the same root key and settings, and no data; on SQLite when no database is given."""
    folder, uitvoer = tmp_path / "leeg", tmp_path / "uitvoer-leeg"
    folder.mkdir(mode=0o700)
    uitvoer.mkdir()
    for file in plek.folder.iterdir():
        if file.is_file() and ".db" not in file.name:
            shutil.copy(file, folder)
    return Plek(folder, url or f"sqlite:///{folder / 'wijkwerk.db'}", plek.buurt, uitvoer)


@pytest.fixture
def leeg(plek: Plek, programmas: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Plek]:
    """Where a backup is put back."""
    if plek.url.startswith("sqlite"):
        yield naast(plek, tmp_path)
        return
    sjabloon: PostgresSjabloon = request.getfixturevalue("postgresql_sjabloon")
    sjabloon._execute("CREATE DATABASE leeg")
    try:
        yield naast(plek, tmp_path, sjabloon._url("leeg"))
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
    assert [regel["onderdeel"] for regel in plek.opslag.log() if regel["gebeurtenis"] == "EXPORT"] == ["wijkwerk backup"]
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
    duur, toeval, goed = time.monotonic() - begin, random.Random(8), False
    for _ in range(KEREN):
        with leeg.proces(*terug(leeg, kopie)) as process:
            time.sleep(duur * toeval.uniform(0.4, 0.9))
            process.kill()
        said = leeg.opdracht("gemeente", "list")
        assert (said.returncode, b"Traceback" in said.stderr) in ((0, False), (2, False))
        goed = said.returncode == 0
        if goed or b"niet afgemaakt" in said.stderr:
            break
    if not goed and leeg.url.startswith("sqlite"):  # on PostgreSQL it says that the database has to be made anew
        assert leeg.opdracht(*terug(leeg, kopie)).returncode == 0
        assert not (leeg.folder / ".terugzetten").exists()
        goed = True
    if goed:
        assert leeg.opslag.verifieer(plek.buurt.sleutel).goed


def vol(plek: Plek, grens: int, *opdracht: str) -> subprocess.CompletedProcess[bytes]:
    """A command of which no file becomes larger than so many bytes, as on a disk with so much room."""
    return subprocess.run(
        [*COMMAND, *opdracht], cwd=plek.folder, env=plek.omgeving(), capture_output=True, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (grens, grens)),
    )  # fmt: skip


def zegt_vol(done: subprocess.CompletedProcess[bytes]) -> None:
    """One sentence, that says what to do."""
    assert (done.returncode, b"ruimte" in done.stderr, b"Traceback" in done.stderr) == (2, True, False), done.stderr


def geen_kopie(plek: Plek) -> None:
    """No folder that is a backup, or the half of one."""
    assert not [path for folder in ("d", "k") for path in (plek.folder / folder).glob("*") if path.is_dir()]


def op_schijf(folder: Path) -> dict[str, bytes]:
    """All that is in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_full_disk_is_said_and_leaves_no_backup(plek_postgresql: Plek, pg_server: PostgresServer) -> None:
    (plek_postgresql.folder / "wijkwerk.toml").write_text(f'pg_programmas = "{pg_server.bindir}"\n')
    zegt_vol(vol(plek_postgresql, 20_000, *BACKUP))
    geen_kopie(plek_postgresql)


BIJLAGE, MARGE = b"Een regel in een bestand.\n" * 250_000, 250_000
"""A file that is larger than the database."""


def in_een_map(plek: Plek) -> Plek:
    """Files that go with notes are kept in a folder of the installation."""
    (plek.folder / "wijkwerk.toml").write_text(f'[bijlagen]\nwaar = "map"\nmap = "{plek.folder / "bestanden"}"\n')
    return plek


@pytest.fixture
def met_bijlage(plek_sqlite: Plek) -> Plek:
    """An installation with a large file."""
    in_een_map(plek_sqlite)
    persoon, dossier = plek_sqlite.buurt.eerste("noord")
    with plek_sqlite.dienst() as dienst:
        client = dienst.als("wijkteam")
        notitie = client.data(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst="Zie het bestand.")["notitieSchrijven"]["id"]
        headers = {"Content_Disposition": "attachment; filename*=UTF-8''lijst.txt", "Content_Type": "text/plain"}
        assert client.doe("POST", f"/bijlagen/{notitie}", BIJLAGE, **headers).status == 201
    return plek_sqlite


def test_a_full_disk_at_any_step_on_sqlite_leaves_no_backup_and_nothing_at_the_place_where_one_is_put_back(
    met_bijlage: Plek, tmp_path: Path
) -> None:
    plek, groot = met_bijlage, (met_bijlage.folder / "wijkwerk.db").stat().st_size
    assert groot + MARGE < len(BIJLAGE)
    for grens in (groot - MARGE, groot + MARGE):  # full at the database, and at the file
        zegt_vol(vol(plek, grens, *BACKUP))
        geen_kopie(plek)
    assert plek.opdracht(*BACKUP).returncode == 0
    [kopie] = kopieen(plek)
    leeg = in_een_map(naast(plek, tmp_path))
    before = op_schijf(leeg.folder)
    for grens, more in ((groot - MARGE, ["--drill"]), (groot - MARGE, []), (groot + MARGE, [])):  # a drill leaves the files where they are
        zegt_vol(vol(leeg, grens, *terug(leeg, kopie, *more)))
        assert op_schijf(leeg.folder) == before
    done = leeg.opdracht(*terug(leeg, kopie))
    assert done.returncode == 0, done.stderr
    assert leeg.opslag.verifieer(plek.buurt.sleutel).goed
