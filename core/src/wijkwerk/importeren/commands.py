"""`wijkwerk import personen`: a file with persons into the register. The screen shows numbers, never what is in the file."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wijkwerk.importeren.uitleg import hulptekst

if TYPE_CHECKING:
    from wijkwerk.importeren.inlezen import Uitslag
    from wijkwerk.importeren.invoer import Invoer

MET_GEWEIGERDE_REGELS = 3
"""The exit code when all went well but some rows were refused; 0 is without, 2 is an import that could not be done."""

BRONNEN = ("BRP", "BETROKKENE", "PARTNER", "PROFESSIONAL")
"""The names of `records.history.Gegevensbron`, which is too slow to load for a help text."""

_REGEL_PER = 1000
_ZONDER_TEAM = (
    "Zonder --team ziet niemand deze personen, totdat een aanmelding iemand vindt op BSN. "
    "Wie geen BSN heeft, is dan niet te vinden: kies liever een team."
)
_MET_TEAM = "Dit team ziet deze personen voor het onderzoek volgens de Wmo."
_VERDER = "Het inlezen is gestopt. Wat klaar was, blijft staan. Geef dezelfde opdracht om verder te gaan."


@dataclass(frozen=True, slots=True)
class _Opdracht:
    """What was asked for."""

    invoer: Invoer
    fouten: Path
    gemeente: str | None
    team: str | None
    bron: str
    dry_run: bool


@click.group("import")
def import_() -> None:
    """Gegevens inlezen uit een bestand."""


@import_.command(epilog=hulptekst())
@click.argument("file", metavar="BESTAND", type=click.Path(path_type=Path))
@click.option(
    "--dry-run",
    is_flag=True,
    help="Controleer alles, maar schrijf niets in de database. Geweigerde regels komen wel in een bestand.",
)
@click.option("--team", help="Naam of nummer van het team dat de personen ziet.")
@click.option("--gemeente", help="Naam, CBS-code of nummer van de gemeente. Nodig als er meer zijn.")
@click.option(
    "--bron",
    type=click.Choice(BRONNEN, case_sensitive=False),
    default="PROFESSIONAL",
    show_default=True,
    help="Van wie de gegevens komen.",
)
@click.option("--fouten", type=click.Path(dir_okay=False, path_type=Path), help="Waar geweigerde regels komen. Anders: BESTAND.fouten.csv.")
@click.pass_context
def personen(ctx: click.Context, file: Path, dry_run: bool, team: str | None, gemeente: str | None, bron: str, fouten: Path | None) -> None:
    """Lees personen in uit BESTAND (CSV of .xlsx).

    Stopt met code 0 als alle regels goed waren of het bestand al helemaal was ingelezen, met code 3 als er regels zijn geweigerd
    en met code 2 als het inlezen niet kon. Een opdracht die halverwege stopt, gaat de volgende keer verder.
    """
    from wijkwerk.importeren.invoer import Invoer
    from wijkwerk.importeren.samenvatting import samenvatting

    begin = time.monotonic()
    opdracht = _Opdracht(Invoer.van(file), fouten or file.with_name(f"{file.name}.fouten.csv"), gemeente, team, bron, dry_run)
    for melding in opdracht.invoer.meldingen:
        click.echo(melding)
    try:
        uitslag = asyncio.run(_lees_in(opdracht))
    except KeyboardInterrupt:
        click.echo(_VERDER, err=True)
        raise click.Abort from None
    for regel in samenvatting(uitslag, opdracht.fouten, time.monotonic() - begin, proef=dry_run):
        click.echo(regel)
    ctx.exit(MET_GEWEIGERDE_REGELS if uitslag.geweigerd and not uitslag.was_klaar else 0)


async def _lees_in(opdracht: _Opdracht) -> Uitslag:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.cli_database import require_database
    from wijkwerk.importeren.inlezen import lees_in
    from wijkwerk.importeren.plek import zoek_plek
    from wijkwerk.importeren.verwerker import Proef, Schrijver
    from wijkwerk.klok import vandaag
    from wijkwerk.records.history import Gegevensbron

    settings = read_settings()
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        async with wijkwerk.database.snapshot() as snapshot:
            plek = await snapshot.run(lambda connection: zoek_plek(connection, opdracht.gemeente, opdracht.team))
        click.echo(_MET_TEAM if plek.team else _ZONDER_TEAM)
        verwerker = (Proef if opdracht.dry_run else Schrijver)(wijkwerk, plek, opdracht.invoer.sha256, Gegevensbron(opdracht.bron))
        with voortgang(opdracht.invoer.aantal) as verder:
            return await lees_in(opdracht.invoer, verwerker, opdracht.fouten, vandaag(wijkwerk.klok), verder)


@contextmanager
def voortgang(aantal: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line now and then elsewhere."""
    if sys.stdout.isatty():
        with click.progressbar(length=aantal, label="Inlezen") as balk:
            yield balk.update
        return
    gedaan = 0

    def regel(erbij: int) -> None:
        nonlocal gedaan
        gedaan += erbij
        if gedaan // _REGEL_PER > (gedaan - erbij) // _REGEL_PER:
            click.echo(f"{gedaan} van {aantal} regels.")

    yield regel
