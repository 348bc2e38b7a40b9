"""`make soak`: a server that is killed a thousand times under load, on each database.

In blocks of 50 rounds, each on a fresh copy of the neighbourhood and with its number as seed. What went wrong comes back with
`make soak SOAK="--vanaf 7 --blokken 1"`; `--vanaf` also goes on where an earlier run was broken off.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.systeem.klanten import Telling, blok
from tests.systeem.moeder import moeder
from tests.systeem.sjabloon import PostgresSjabloon, SqliteSjabloon

from wijkwerk.testing.postgres import PostgresServer, choose

RONDES: Final = 50
ENGINES: Final = ("sqlite", "postgresql")


@click.command()
@click.option("--blokken", default=20, show_default=True, help=f"Hoeveel blokken van {RONDES} rondes per database.")
@click.option("--vanaf", default=1, show_default=True, help="Met welk blok te beginnen.")
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, default=ENGINES, help="Zonder deze optie beide.")
def main(blokken: int, vanaf: int, engines: tuple[str, ...]) -> None:
    """Start een server, laat klanten werken, stop hem met kill -9, en controleer alles wat er dan staat. Duizend keer per database."""
    for engine in engines:
        with tempfile.TemporaryDirectory(prefix="soak-") as folder, _sjabloon(engine, Path(folder)) as sjabloon:
            for number in range(vanaf, vanaf + blokken):
                begin = time.monotonic()
                telling = _blok(sjabloon, Path(folder) / str(number), number)
                counted = f"{telling.antwoorden} antwoorden, {telling.geschreven} notities, {telling.regels} logregels"
                click.echo(f"{engine} blok {number}: {RONDES} rondes, {counted}, {time.monotonic() - begin:.0f} s")


def _blok(sjabloon: SqliteSjabloon | PostgresSjabloon, folder: Path, number: int) -> Telling:
    folder.mkdir()
    with sjabloon.kopie(folder) as plek, moeder(plek) as servers:
        return blok(plek, servers.start, seed=number, rondes=RONDES, hoeveel=6, antwoorden=(1, 40))


@contextmanager
def _sjabloon(engine: str, folder: Path) -> Iterator[SqliteSjabloon | PostgresSjabloon]:
    template = folder / "sjabloon"
    template.mkdir()
    if engine == "sqlite":
        yield SqliteSjabloon(template)
        return
    server = PostgresServer(choose())
    try:
        yield PostgresSjabloon(server, template)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
