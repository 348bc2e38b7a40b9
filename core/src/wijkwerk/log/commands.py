"""`wijkwerk log`: verify, export, prove, set a checkpoint, show the public key. Each look at the log is itself logged first."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wijkwerk.cli_waarden import BestaandBestand, NieuwBestand
from wijkwerk.log.bewijs_opdracht import bewijs, samenhang_
from wijkwerk.log.controle import ONDERDEEL, verifieer_levend
from wijkwerk.log.controle_opties import CHECKPOINTS, GETUIGEN, MAANDEN, lees_notes
from wijkwerk.log.doorgeef_opdracht import doorgeven
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.getuigen.commands import getuigen
from wijkwerk.log.lek_opdracht import lek
from wijkwerk.log.nieuw_bestand import compleet
from wijkwerk.log.note import ONDERTEKENING, Sleutel
from wijkwerk.log.opdracht import LogOmgeving, Mislukt, Omgeving, regel_van, voer_uit
from wijkwerk.log.uitvoer_opdracht import export_
from wijkwerk.log.verify import Getuige, Rapport, geopend, lees_alles
from wijkwerk.toezicht.opdracht import controles, leesgedrag

_FIRST_LINE = 1_000
"""Bytes of the first line of an export, at most."""


@click.group()
def log() -> None:
    """Het inzagelog controleren, exporteren en doorzoeken na een lek."""


log.add_command(lek)
log.add_command(export_)
log.add_command(controles)
log.add_command(leesgedrag)
log.add_command(bewijs)
log.add_command(samenhang_)
log.add_command(getuigen)
log.add_command(doorgeven)


@log.command()
@click.argument("file", metavar="[BESTAND]", type=BestaandBestand(), required=False)
@CHECKPOINTS
@GETUIGEN
@MAANDEN
@click.pass_obj
def verify(
    omgeving: Omgeving, file: Path | None, bewaard: Sequence[Path], getuigen: Sequence[Getuige], maanden: Sequence[tuple[str, int]]
) -> None:
    """Controleer het log, of een eerder gemaakte export BESTAND.

    Stopt met code 0 als alles klopt en met code 1 als er iets is gevonden.
    """
    if file is not None and not _is_export(file):
        raise Mislukt("Dit bestand is geen export van het log. Maak er een met `wijkwerk log export`.")
    notes = lees_notes(bewaard)

    async def work(app: LogOmgeving) -> Rapport:
        opened = partial(geopend, app.public_key, notes, origin=app.journal.origin, maanden=dict(maanden), getuigen=getuigen)
        if file is not None:
            with opened() as verificatie, file.open("rb") as lines:
                return lees_alles(verificatie, lines, _voortgang)
        await app.journal.record(regel_van(app, Gebeurtenis.LOG_BEKEKEN, ONDERDEEL))
        with opened() as verificatie:
            return await verifieer_levend(app.database, verificatie, _voortgang)

    rapport = voer_uit(omgeving, work)
    click.echo(rapport.tekst())
    sys.exit(0 if rapport.goed else 1)


@log.command()
@click.option("--out", type=NieuwBestand(), help="Schrijf het checkpoint naar een nieuw bestand.")
@click.pass_obj
def checkpoint(omgeving: Omgeving, out: Path | None) -> None:
    """Zet een checkpoint en toon het. Bewaar het buiten dit systeem, bijvoorbeeld bij de auditor."""

    async def work(app: LogOmgeving) -> str:
        note = await app.journal.checkpoint()
        if out is None:
            return note
        with compleet(out) as target:
            target.write(note)
        return "Checkpoint geschreven.\n"

    click.echo(voer_uit(omgeving, work), nl=False)


@log.command()
@click.option("--vkey", is_flag=True, help="Toon hem zoals een getuige hem wil (C2SP).")
@click.pass_obj
def key(omgeving: Omgeving, vkey: bool) -> None:
    """Toon de publieke sleutel van het log (PEM). Geef die aan wie het log controleert."""

    async def work(app: LogOmgeving) -> str:
        if vkey:
            return f"{Sleutel(app.journal.origin, ONDERTEKENING, app.public_key).vkey()}\n"
        return app.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    click.echo(voer_uit(omgeving, work), nl=False)


def _voortgang(regels: int) -> None:
    click.echo(f"{regels} regels gecontroleerd", err=True)


def _is_export(file: Path) -> bool:
    """Whether the file says of itself that it is one; what is in it is for the verifier."""
    try:
        with file.open("rb") as lines:
            first = json.loads(lines.readline(_FIRST_LINE))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and first.get("soort") == "log"
