"""`wijkwerk backup` and `wijkwerk restore` (docs/beheer/reservekopie.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wijkwerk.cli_waarden import BestaandBestand

if TYPE_CHECKING:
    from wijkwerk.reservekopie.maken import Gemaakt
    from wijkwerk.settings import Settings

_MAP = click.Path(path_type=Path)


@click.command()
@click.option("--data", "gegevens", required=True, type=_MAP, help="De map voor kopieën van de gegevens.")
@click.option("--keys", "sleutels", required=True, type=_MAP, help="De map voor kopieën van de sleutels; een andere plek.")
def backup(gegevens: Path, sleutels: Path) -> None:
    """Maak een reservekopie. De dienst mag gewoon aan blijven.

    In elke map komt een nieuwe map. De hoofdsleutel zit er niet in: bewaar die zelf. Kopieën van sleutels die te oud zijn, gaan weg.
    """
    from wijkwerk.cli_beheer import read_settings

    made = asyncio.run(_backup(read_settings(), gegevens, sleutels))
    click.echo(f"Gegevens: {made.gegevens}")
    click.echo(f"Sleutels: {made.sleutels}")
    click.echo(
        f"{made.rijen} rijen gekopieerd, en {made.bestanden} bestanden uit de map met bijlagen. Bewaar de hoofdsleutel op een derde plek."
    )
    if made.verlopen:
        click.echo(f"Oude kopieën van sleutels verwijderd: {made.verlopen}.")


async def _backup(settings: Settings, gegevens: Path, sleutels: Path) -> Gemaakt:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_database import require_database
    from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
    from wijkwerk.reservekopie.maken import maak
    from wijkwerk.reservekopie.map import keur_apart

    keur_apart(gegevens, sleutels)
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        await wijkwerk.journal.record(
            Logregel(
                gebeurtenis=Gebeurtenis.EXPORT, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=wijkwerk.klok.nu(),
                onderdeel="wijkwerk backup", details={"kanaal": "opdrachtregel"},
            )
        )  # fmt: skip
        return await maak(wijkwerk, gegevens, sleutels)


@click.command()
@click.option("--data", "gegevens", required=True, type=_MAP, help="De map van één kopie van de gegevens.")
@click.option("--keys", "sleutels", required=True, type=_MAP, help="De map van één kopie van de sleutels.")
@click.option("--vernietigd", type=BestaandBestand(), help="Het nieuwste bestand vernietigd.json, als dat niet naast deze sleutels staat.")
@click.option("--checkpoint", "bewaard", type=BestaandBestand(), multiple=True, help="Een checkpoint van het log dat u zelf bewaarde.")
@click.option("--drill", "proef", is_flag=True, help="Een proef: zet terug op een tijdelijke plek, kijk na en gooi weg.")
def restore(gegevens: Path, sleutels: Path, vernietigd: Path | None, bewaard: Sequence[Path], proef: bool) -> None:
    """Zet een reservekopie terug op de lege plek van de instellingen. Zet eerst de hoofdsleutel terug.

    Wat is vernietigd nadat de kopie is gemaakt, wordt opnieuw vernietigd. Klopt er iets niet? Dan blijft de plek leeg.
    """
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.reservekopie.terugzetten import Opdracht, zet_terug

    notes = [path.read_text("utf-8", errors="replace") for path in bewaard]
    duur = asyncio.run(zet_terug(read_settings(), Opdracht(gegevens, sleutels, vernietigd, notes, proef), click.echo))
    einde = "De proef is gelukt. Alles is weer weggegooid." if proef else "De kopie is teruggezet. U kunt de dienst starten."
    click.echo(f"{einde} Het duurde {duur}.")
