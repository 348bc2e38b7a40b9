"""A witness of the log as a process of its own: `wijkwerk getuige`, with a folder and no installation."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.systeem.dienst import COMMAND, START_SECONDS

_ADRES = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass(slots=True)
class Getuigeproces:
    """Its folder, and once it started its port, which it keeps."""

    map: Path
    port: int = 0

    def sleutel(self, *arguments: str) -> str:
        """Its public key; with `--naam` a new one."""
        done = subprocess.run(self._command("sleutel", *arguments), capture_output=True, check=True, env=self._environment(), timeout=60)
        return done.stdout.decode().strip()

    @contextmanager
    def draait(self) -> Iterator[subprocess.Popen[bytes]]:
        """Running; whatever it did, it is killed at the end."""
        out = self.map / "uitvoer"
        with out.open("wb") as file:
            command = self._command("--port", str(self.port))
            process = subprocess.Popen(command, stdout=file, stderr=file, env=self._environment())
        try:
            self._wacht(process, out)
            yield process
        finally:
            process.kill()
            process.wait()

    def vraag(self, body: bytes) -> tuple[int, bytes]:
        """Send a request. Raises OSError, or another HTTPException, when it is gone."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/add-checkpoint", body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _wacht(self, process: subprocess.Popen[bytes], out: Path) -> None:
        end = time.monotonic() + START_SECONDS
        while not (found := _ADRES.search(out.read_text())):
            assert process.poll() is None, out.read_text()
            assert time.monotonic() < end, "the witness does not start"
            time.sleep(0.02)
        self.port = int(found[1])

    def _command(self, *arguments: str) -> list[str]:
        return [*COMMAND, "getuige", "--map", str(self.map), *arguments]

    def _environment(self) -> dict[str, str]:
        """Nothing of an installation."""
        return {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH")} | {"PYTHONUNBUFFERED": "1"}
