"""`wijkwerk getuige`: be a witness of logs of others, until it is told to stop."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import click

from wijkwerk.cli_waarden import Getal

VERBINDINGEN: Final = 64
"""At once: logs come once a minute."""


@click.group(invoke_without_command=True)
@click.option(
    "--map", "map_", required=True, type=click.Path(path_type=Path), help="De map van deze getuige: zijn sleutel en wat hij tekende."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Het adres waarop de getuige luistert.")
@click.option("--port", default=8010, show_default=True, type=Getal(0, 65535), help="De poort; 0 kiest een vrije poort.")
@click.pass_context
def getuige(ctx: click.Context, map_: Path, host: str, port: int) -> None:
    """Wees getuige van het log van een ander: teken zijn checkpoints, zolang dat log alleen langer wordt.

    In het bestand `logs` in de map staat van elk log een regel: de origin, een spatie en wat `wijkwerk log key --vkey` daar toont.
    Met Ctrl-C of SIGTERM stopt de getuige netjes.
    """
    ctx.obj = map_
    if ctx.invoked_subcommand is None:
        _draai(map_, host, port)


@getuige.command()
@click.option("--naam", help="Maak een nieuwe sleutel met deze naam, bijvoorbeeld getuige.gemeente.nl.")
@click.pass_obj
def sleutel(map_: Path, naam: str | None) -> None:
    """Toon de publieke sleutel van deze getuige, voor in de instellingen van wie hem vraagt (log.getuigen)."""
    from wijkwerk.log.getuigen.sleutel import maak_sleutel, vkey

    if naam is not None:
        maak_sleutel(map_, naam)
    click.echo(vkey(map_))


def _draai(map_: Path, host: str, port: int) -> None:
    from wijkwerk.crypto.hardening import harden_process
    from wijkwerk.klok import SysteemKlok
    from wijkwerk.log.getuigen.bewaking import Bewaking
    from wijkwerk_graphql.getuige.dienst import make_getuige
    from wijkwerk_graphql.serve import listen, server

    harden_process()
    with Bewaking(map_, SysteemKlok()) as bewaking, listen(host, port) as listening:
        waar, op = listening.getsockname()[:2]
        click.echo(f"De getuige luistert op http://{f'[{waar}]' if ':' in waar else waar}:{op}")
        asyncio.run(server(make_getuige(bewaking), VERBINDINGEN).serve([listening]))
