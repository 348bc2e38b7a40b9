"""`wijkwerk register`: is the file with which an installation adds to the register sound, and what would it change."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wijkwerk.cli_waarden import BestaandBestand

if TYPE_CHECKING:
    from wijkwerk.settings import Settings
    from wijkwerk.verwerkingen import Inhoud


@click.group()
def register() -> None:
    """Het register van grondslagen, doelen, categorieën en activiteiten."""


@register.command()
@click.argument("bestand", metavar="[BESTAND]", required=False, type=BestaandBestand())
def check(bestand: Path | None) -> None:
    """Controleer het registerbestand BESTAND, en toon wat het verandert. Anders: het bestand van de instellingen.

    Er verandert niets. Met exitcode 1 is er iets mis.
    """
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.errors import OpstartFout

    settings = read_settings()
    try:
        lines = list(_verschil(settings, bestand or settings.register_file))
    except OpstartFout as error:
        click.echo(error.melding, err=True)
        sys.exit(1)
    for line in lines or ["Het registerbestand verandert niets."]:
        click.echo(line)
    click.echo("Het registerbestand klopt.")


def _verschil(settings: Settings, bestand: Path | None) -> Iterator[str]:
    """What the file adds to what code declares, in lines. Raises OpstartFout, as a start with this file would."""
    from wijkwerk.app import Wijkwerk
    from wijkwerk.errors import OpstartFout
    from wijkwerk.verwerkingen import inhoud

    if bestand is None:
        raise OpstartFout("Er is geen registerbestand. Noem een bestand, of geef WIJKWERK_REGISTER_FILE.")
    nu = inhoud(Wijkwerk(settings.model_copy(update={"register_file": None, "policy_file": None})).catalogue)
    straks = inhoud(Wijkwerk(settings.model_copy(update={"register_file": bestand})).catalogue)
    yield from _regels(nu, straks)


def _regels(nu: Inhoud, straks: Inhoud) -> Iterator[str]:
    for sleutel, lines in straks.items():
        eerder = nu.get(sleutel, [])
        if lines != eerder:
            soort, code = sleutel
            yield f"{'anders' if sleutel in nu else 'nieuw'}: {soort.value.lower()} {code}"
            yield from (f"  - {line}" for line in eerder if line not in lines)
            yield from (f"  + {line}" for line in lines if line not in eerder)
