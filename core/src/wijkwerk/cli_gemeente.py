"""`wijkwerk gemeente`: setting up an installation. Everything after that goes through the API, by its first administrator."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from wijkwerk.inrichting import Beheerder
    from wijkwerk.settings import Settings


@click.group()
def gemeente() -> None:
    """De gemeenten van deze installatie."""


@gemeente.command()
@click.argument("naam")
@click.option("--code", required=True, help="De CBS-code: GM en vier cijfers, zoals GM0599.")
@click.option("--beheerder-naam", required=True, help="De naam van de eerste functioneel beheerder.")
@click.option("--beheerder-subject", required=True, help="Hoe de uitgever van tokens de beheerder noemt (sub).")
@click.option("--beheerder-issuer", help="De uitgever van die tokens (iss). Anders: die van de instellingen.")
def new(naam: str, code: str, beheerder_naam: str, beheerder_subject: str, beheerder_issuer: str | None) -> None:
    """Maak de gemeente NAAM, met haar sleutels, haar organisatie en de eerste beheerder.

    De beheerder meldt zich aan met een token en doet de rest: organisaties, teams en gebruikers.
    """
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.inrichting import Beheerder

    settings = read_settings()
    issuer = beheerder_issuer or settings.identity.issuer
    made = asyncio.run(_new(settings, naam, code, Beheerder(beheerder_naam, issuer, beheerder_subject)))
    click.echo(f"De gemeente is gemaakt, met nummer {made}.")
    if issuer.strip() != settings.identity.issuer:
        click.echo("Let op: deze installatie gelooft nu een andere uitgever van tokens. Pas WIJKWERK_IDENTITY__ISSUER aan.", err=True)


async def _new(settings: Settings, naam: str, code: str, beheerder: Beheerder) -> str:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_database import require_database
    from wijkwerk.inrichting import maak_nieuwe_gemeente

    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        return str(await maak_nieuwe_gemeente(wijkwerk, naam, code, beheerder))


@gemeente.command("list")
def list_() -> None:
    """Toon de gemeenten: CBS-code, naam en nummer."""
    from wijkwerk.cli_beheer import read_settings

    for line in asyncio.run(_list(read_settings())) or ["Er is nog geen gemeente. Maak er een met `wijkwerk gemeente new`."]:
        click.echo(line)


async def _list(settings: Settings) -> list[str]:
    from sqlalchemy import select

    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_database import require_database
    from wijkwerk.organisaties import gemeente as table

    await require_database(settings)
    asked = select(table.c.cbs_code, table.c.naam, table.c.id).order_by(table.c.cbs_code)
    async with Wijkwerk(settings) as wijkwerk, wijkwerk.database.snapshot() as snapshot:
        return [f"{row.cbs_code} {row.naam} {row.id}" for row in await snapshot.run(lambda connection: connection.execute(asked).all())]
