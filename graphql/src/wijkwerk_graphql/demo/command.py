"""`wijkwerk demo`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from wijkwerk.cli_waarden import Getal

POORT = 8000


@click.command()
@click.option(
    "--map",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".demo"),
    show_default=True,
    help="De map voor de database en de sleutels van de demo.",
)
@click.option("--port", type=Getal(0, 65535), default=POORT, show_default=True, help="De poort; 0 kiest een vrije poort.")
@click.option(
    "--story", is_flag=True, help="Speel een verhaal na dat laat zien wie wat ziet, en controleer elke stap. Er blijft niets staan."
)
def demo(folder: Path, port: int, story: bool) -> None:
    """Een werkend systeem met verzonnen mensen, op deze computer.

    De eerste keer bouwt dit een verzonnen buurt in een map. Daarna start de dienst. Met Ctrl-C stopt hij.
    De demo leest de instellingen WIJKWERK_... met opzet niet: zo komt hij nooit bij echte gegevens.
    """
    if story:
        from wijkwerk_graphql.demo.spelen import VERHAAL, speel

        sys.exit(0 if asyncio.run(speel(click.echo, VERHAAL)) else 1)
    _serve(folder.absolute(), port)


def _serve(folder: Path, port: int) -> None:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.klok import SysteemKlok
    from wijkwerk_graphql.demo.instellingen import demo_settings
    from wijkwerk_graphql.demo.map import alleen_wij, maak_demo, uitgever
    from wijkwerk_graphql.demo.toegang import bewaar_tokens, tabel, tokenregels, tokens, voorbeelden
    from wijkwerk_graphql.http.server import make_app
    from wijkwerk_graphql.serve import listen, run

    with listen("127.0.0.1", port) as listening:
        asyncio.run(maak_demo(folder, click.echo))
        # SQLite serves one process (design.md 10)
        with alleen_wij(folder, "Deze demo draait al. Stop die eerst, of kies met --map een andere map."):
            settings, klok = demo_settings(folder), SysteemKlok()
            gegeven = tokens(uitgever(settings), klok)
            app = make_app(Wijkwerk(settings))
            adres = f"http://127.0.0.1:{listening.getsockname()[1]}/graphql"
            bestand = folder / "tokens.txt"
            bewaar_tokens(bestand, gegeven)
            overzicht = ["", *tokenregels(gegeven), "", *tabel(), "", f"De tokens staan in {bestand} en zijn een dag geldig.", ""]
            click.echo("\n".join([*overzicht, *voorbeelden(adres, bestand, klok.nu()), "Ctrl-C stopt de server."]))
            asyncio.run(run(app, settings, listening))
