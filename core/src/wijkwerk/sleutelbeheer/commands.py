"""`wijkwerk keys`: the keys of an installation, seen and renewed (docs/beheer/sleutels.md)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from wijkwerk.sleutelbeheer.rotate_command import installatie, rotate

if TYPE_CHECKING:
    from wijkwerk.settings import Settings


@click.group()
def keys() -> None:
    """De sleutels van deze installatie."""


keys.add_command(rotate)


@keys.command()
def show() -> None:
    """Toon welke sleutels er zijn.

    Ook hoe oud ze zijn en hoeveel sleutels ze inpakken. Nooit een sleutel zelf.
    """
    for line in asyncio.run(_show()):
        click.echo(line)


async def _show() -> list[str]:
    from wijkwerk.sleutelbeheer.overzicht import overzicht

    async with installatie() as wijkwerk, wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: overzicht(wijkwerk, connection))


@keys.command()
def init() -> None:
    """Maak de hoofdsleutel van een installatie.

    Die komt in het bestand of het token van de instellingen. Voor een token is dit nodig; een sleutelbestand maakt de eerste start zelf.
    Waar al gegevens of een sleutel zijn, verandert niets.
    """
    from wijkwerk.cli_beheer import read_settings

    click.echo(asyncio.run(_init(read_settings())))


async def _init(settings: Settings) -> str:
    from wijkwerk.sleutelbeheer.start import make_first_root_key
    from wijkwerk.storage.engine import open_database

    database = open_database(settings.database_url)
    try:
        return await make_first_root_key(settings, database)
    finally:
        await database.close()
