"""An installation on disk, and `wijkwerk serve` on it as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.systeem.client import Client
from tests.systeem.opslag import Opslag

from wijkwerk.demo.buurt import Huishouden
from wijkwerk.demo.instellingen import Instellingen
from wijkwerk.klok import SysteemKlok
from wijkwerk.settings import IdentitySettings
from wijkwerk.testing.softhsm import CONF
from wijkwerk_graphql.identity.issuer import LIFETIME, LokaleUitgever

START_SECONDS = 30.0
COMMAND = [sys.executable, "-c", "from wijkwerk.cli import main; main()"]
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/graphql")


@dataclass(frozen=True, slots=True)
class Buurt:
    """Who lives and works in the made-up neighbourhood, by id."""

    instellingen: Instellingen
    huishoudens: tuple[Huishouden, ...]
    sleutel: Ed25519PublicKey
    """The public key of the log."""

    @property
    def bewoners(self) -> list[str]:
        """All residents."""
        return [str(lid.id) for one in self.huishoudens for lid in one.leden]

    def eerste(self, gebied: str, at: int = 0) -> tuple[str, str]:
        """The first resident and the case of a household with a case, in the area of this team."""
        found = [one for one in self.huishoudens if one.dossier and one.huis.gebied == gebied][at]
        return str(found.leden[0].id), str(found.dossier)


@dataclass(slots=True)
class Plek:
    """One installation: its folder, database and issuer of tokens. `uitvoer` is where servers write; `begin` when it was copied."""

    folder: Path
    url: str
    buurt: Buurt
    uitvoer: Path
    started: list[Dienst] = field(default_factory=list)
    begin: datetime = field(default_factory=lambda: datetime.now(UTC))
    uitgever: LokaleUitgever = field(init=False)

    def __post_init__(self) -> None:
        self.uitgever = LokaleUitgever.open(self.folder / "uitgever.json", self.identity)

    @property
    def opslag(self) -> Opslag:
        return Opslag(self.url)

    @property
    def identity(self) -> IdentitySettings:
        return IdentitySettings(jwks=self.folder / "jwks.json")

    def token(self, onderwerp: str, lifetime: timedelta = LIFETIME) -> str:
        """A token for one of the users of the neighbourhood."""
        return self.uitgever.token(onderwerp, SysteemKlok(), lifetime)

    def opdracht(self, *arguments: str, invoer: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a command of `wijkwerk` on this installation."""
        return subprocess.run(
            [*COMMAND, *arguments], cwd=self.folder, env=self.omgeving(), input=invoer, capture_output=True, timeout=60
        )  # fmt: skip

    @contextmanager
    def proces(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """A command of `wijkwerk` that runs beside the test; it does not outlive the block."""
        process = subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.folder, env=self.omgeving(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def achtergrond(self, naam: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command that stays; what it says is in the files `naam` among the output."""
        with (self.uitvoer / f"{naam}.out").open("ab") as out, (self.uitvoer / f"{naam}.err").open("ab") as err:
            return subprocess.Popen([*COMMAND, *arguments], cwd=self.folder, env=self.omgeving(), stdout=out, stderr=err)

    @contextmanager
    def dienst(self, vooraf: Callable[[], None] | None = None) -> Iterator[Dienst]:
        """A server that is stopped in the ordinary way when this is left."""
        made = self.start(vooraf)
        try:
            yield made
        finally:
            made.stop()

    def start(self, vooraf: Callable[[], None] | None = None) -> Dienst:
        """A server on a free port. `vooraf` runs in the new process, before the command."""
        number = len(self.started)
        with (self.uitvoer / f"{number}.out").open("wb") as out, (self.uitvoer / f"{number}.err").open("wb") as err:
            process = subprocess.Popen(
                [*COMMAND, "serve", "--port", "0"], cwd=self.folder, env=self.omgeving(), stdout=out, stderr=err, preexec_fn=vooraf
            )
        made = Dienst(self, process, self.uitvoer / f"{number}.out")
        self.started.append(made)
        made.wacht()
        return made

    def gezegd(self) -> bytes:
        """All that servers wrote on stdout and stderr."""
        return b"".join(path.read_bytes() for path in sorted(self.uitvoer.iterdir()))

    def omgeving(self) -> dict[str, str]:
        """The environment variables of its processes."""
        own = {"WIJKWERK_MAP": str(self.folder), "WIJKWERK_DATABASE": self.url, "WIJKWERK_IDENTITY__JWKS": str(self.identity.jwks)}
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "HOME", "LANG", CONF)}
        return {**kept, **own, "PYTHONUNBUFFERED": "1"}


@dataclass(slots=True)
class Dienst:
    """A running server."""

    plek: Plek
    process: subprocess.Popen[bytes]
    out: Path
    port: int = 0

    def als(self, onderwerp: str, activiteit: str | None = None) -> Client:
        """A client for this user of the neighbourhood; a team leader, who has two activities, works for the residents."""
        named = activiteit or {"teamleider": "WMO_ONDERSTEUNING"}.get(onderwerp)
        return Client(self.port, self.plek.token(onderwerp), {"Verwerkingsactiviteit": named} if named else {})

    def wacht(self) -> None:
        """Until it listens. Raises AssertionError when it does not."""
        end = time.monotonic() + START_SECONDS
        while not (found := _ADDRESS.search(self.out.read_text())):
            assert self.process.poll() is None, "the server stopped at once"
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.02)
        self.port = int(found[1])

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, as an operator stops it; the exit code. Twice does no harm."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
