"""How far a run is, on the screen: one line that changes on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final, Self

import click

SECONDEN: Final = 10.0
"""Between two lines where there is no terminal."""


class Verloop:
    """Called with how many were done, and of how many if that is known. `begin`: what is being done."""

    def __init__(self, begin: str) -> None:
        self._begin, self._terminal, self._gezegd = begin, sys.stdout.isatty(), time.monotonic()
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._open:
            click.echo()

    def __call__(self, gedaan: int, totaal: int | None) -> None:
        text = f"{self._begin}: {gedaan}{'' if totaal is None else f' van {totaal}'} gedaan"
        if self._terminal:
            click.echo(f"\r{text}", nl=False)
            self._open = True
        elif time.monotonic() - self._gezegd >= SECONDEN:
            click.echo(f"{text}.")
            self._gezegd = time.monotonic()
