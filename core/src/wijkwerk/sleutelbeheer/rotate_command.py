"""`wijkwerk keys rotate`: renewing keys while the service runs (docs/beheer/sleutels.md)."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from uuid import UUID

import click

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.sleutelbeheer.voortgang import Melden, Rapport

_GEMEENTE: Final = click.option("--gemeente", help="Naam, CBS-code of nummer van de gemeente. Nodig als er meer dan één is.")
_SECONDEN: Final = 5.0
_VERDER: Final = "Gestopt. Alles is leesbaar. Geef dezelfde opdracht om verder te gaan."
_DICHT: Final = 3
"""Exit code when something did not open: it stays as it was, with its old key."""


@click.group()
def rotate() -> None:
    """Vernieuw sleutels. De dienst kan gewoon aan blijven; wat is gestopt, gaat met dezelfde opdracht verder."""


@rotate.command()
@click.option("--vernietig-oude", is_flag=True, help="Vernietig de oude hoofdsleutels. Oude reservekopieën gaan dan niet meer open.")
def root(vernietig_oude: bool) -> None:
    """Vernieuw de hoofdsleutel.

    Alle dienstsleutels worden opnieuw ingepakt.
    """
    from wijkwerk.sleutelbeheer.hoofdsleutel import vernieuw_hoofdsleutel

    _doe(None, lambda wijkwerk, _, meld: vernieuw_hoofdsleutel(wijkwerk, meld, vernietig_oude=vernietig_oude), keuze=False)


@rotate.command("gemeente")
@_GEMEENTE
def gemeente_(gemeente: str | None) -> None:
    """Vernieuw de sleutel van een gemeente.

    Alle gegevenssleutels worden opnieuw ingepakt.
    """
    from wijkwerk.sleutelbeheer.gemeentesleutel import vernieuw_gemeentesleutel

    _doe(gemeente, vernieuw_gemeentesleutel)


@rotate.command()
@_GEMEENTE
@click.option("--persoon", required=True, type=click.UUID, help="Het nummer van de inwoner.")
@click.option("--dossier", type=click.UUID, help="Het nummer van het dossier. Zonder: de sleutel buiten de dossiers.")
def gegevens(gemeente: str | None, persoon: UUID, dossier: UUID | None) -> None:
    """Vernieuw de gegevenssleutel van een inwoner.

    Alles wat de oude versleutelde, wordt opnieuw versleuteld.
    """
    from wijkwerk.sleutelbeheer.gegevenssleutel import vernieuw_gegevenssleutel

    _doe(gemeente, lambda wijkwerk, van, meld: vernieuw_gegevenssleutel(wijkwerk, van, persoon, dossier, meld))


@rotate.command()
@_GEMEENTE
def zoek(gemeente: str | None) -> None:
    """Vernieuw de sleutel om op BSN te vinden."""
    from wijkwerk.sleutelbeheer.zoeksleutel import vernieuw_zoeksleutel

    _doe(gemeente, vernieuw_zoeksleutel)


def _doe(gemeente: str | None, werk: Callable[[Wijkwerk, UUID, Melden], Awaitable[Rapport]], *, keuze: bool = True) -> None:
    async def within() -> Rapport:
        async with installatie() as wijkwerk:
            return await werk(wijkwerk, await _gekozen(wijkwerk, gemeente) if keuze else UUID(int=0), Verloop())

    try:
        rapport = asyncio.run(within())
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo(_VERDER, err=True)
        raise click.Abort from None
    for line in regels(rapport):
        click.echo(line)
    if rapport.dicht:
        sys.exit(_DICHT)


def regels(r: Rapport) -> list[str]:
    """What is told at the end."""
    lines = [f"Klaar: {r.gedaan} gedaan.", f"Leesbaar voor: {r.voor}. Leesbaar na: {r.na}.", f"Oude sleutels vernietigd: {r.vernietigd}."]
    if r.dicht:
        lines.append(f"Niet te openen: {r.dicht}. Dat bleef zoals het was, en de oude sleutel ook. Meld dit bij functioneel beheer.")
    return lines


class Verloop:
    """How far it is, on stderr: one line now and then."""

    def __init__(self) -> None:
        self._gezegd = time.monotonic()

    def __call__(self, gedaan: int, totaal: int | None) -> None:
        if time.monotonic() - self._gezegd >= _SECONDEN:
            click.echo(f"{gedaan}{'' if totaal is None else f' van {totaal}'} gedaan.", err=True)
            self._gezegd = time.monotonic()


@asynccontextmanager
async def installatie() -> AsyncIterator[Wijkwerk]:
    """The installation of these settings, which must be there already. Raises OpstartFout."""
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.cli_database import require_database

    settings = read_settings()
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        yield wijkwerk


async def _gekozen(wijkwerk: Wijkwerk, gemeente: str | None) -> UUID:
    from wijkwerk.gemeentekeuze import kies_gemeente

    async with wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: kies_gemeente(connection, gemeente))
