"""Servers that start in a moment: copies of a process that has everything in memory (moederproces.py)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.systeem.dienst import Dienst, Plek
from tests.systeem.klanten import klanten

PROGRAMMA = Path(__file__).with_name("moederproces.py")


@dataclass(slots=True)
class Kind(Dienst):
    """A running server; `process` is that of its mother. It takes connections at once, and answers when it is ready."""

    pid: int = 0

    def kill(self) -> None:
        """kill -9, and wait until it is gone. Raises AssertionError when it ended by itself."""
        self._end(signal.SIGKILL, -signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as an operator stops it."""
        return self._end(signal.SIGTERM, 0)

    def _end(self, number: signal.Signals, code: int) -> int:
        os.kill(self.pid, number)
        assert _line(self.process) == str(code)
        return code


@dataclass
class Moeder:
    """Makes servers on one installation, one at a time."""

    plek: Plek
    process: subprocess.Popen[bytes]

    def start(self) -> Kind:
        """The next server. Kill the one before first."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return self.eerste()

    def eerste(self) -> Kind:
        """The server that says which process and port it has."""
        pid, port = _line(self.process).split()
        return Kind(self.plek, self.process, self.plek.uitvoer, int(port), int(pid))


@contextmanager
def moeder(plek: Plek) -> Iterator[Moeder]:
    """She has answered everything once. No server of hers outlives the block."""
    with (plek.uitvoer / "moeder.err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, str(PROGRAMMA)],
            cwd=plek.folder,
            env=plek.omgeving(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=err,
        )
    try:
        made = Moeder(plek, process)
        eerste = made.eerste()
        for klant in klanten(eerste, count(), 1):
            klant.alles()
        eerste.stop()
        yield made
    finally:
        process.kill()
        process.communicate()


def _line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().decode().strip()
    assert line, "the process that makes servers has ended"
    return line
