"""`wijkwerk log`: verify, export, set a checkpoint, show the public key. Each look at the log is itself logged first."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wijkwerk.cli_waarden import BestaandBestand, NieuwBestand
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.export import Telling, export
from wijkwerk.log.lek_opdracht import lek
from wijkwerk.log.opdracht import LogOmgeving, Mislukt, Omgeving, regel_van, voer_uit
from wijkwerk.log.verify import Rapport, verifieer
from wijkwerk.storage.base import Database

_FIRST_LINE = 1_000
"""Bytes of the first line of an export, at most."""

_CHECKPOINTS = click.option(
    "--checkpoint",
    "bewaard",
    type=BestaandBestand(),
    multiple=True,
    help="Een checkpoint dat u zelf bewaarde. Mag vaker.",
)


@click.group()
def log() -> None:
    """Het inzagelog controleren, exporteren en doorzoeken na een lek."""


log.add_command(lek)


@log.command()
@click.argument("file", metavar="[BESTAND]", type=BestaandBestand(), required=False)
@_CHECKPOINTS
@click.pass_obj
def verify(omgeving: Omgeving, file: Path | None, bewaard: Sequence[Path]) -> None:
    """Controleer het log, of een eerder gemaakte export BESTAND.

    Stopt met code 0 als alles klopt en met code 1 als er iets is gevonden.
    """
    if file is not None and not _is_export(file):
        raise Mislukt("Dit bestand is geen export van het log. Maak er een met `wijkwerk log export`.")
    notes = [path.read_text("utf-8", errors="replace") for path in bewaard]

    async def work(app: LogOmgeving) -> Rapport:
        return await _verify_live(app, notes) if file is None else _verify_file(app, file, notes)

    rapport = voer_uit(omgeving, work)
    click.echo(rapport.tekst())
    sys.exit(0 if rapport.goed else 1)


@log.command("export")
@click.argument("file", metavar="BESTAND", type=NieuwBestand())
@click.pass_obj
def export_(omgeving: Omgeving, file: Path) -> None:
    """Schrijf het hele log naar BESTAND, een nieuw bestand. Een auditor kan dat met `verify.py` zelf controleren."""

    async def work(app: LogOmgeving) -> Telling:
        await app.journal.record(regel_van(app, Gebeurtenis.EXPORT, "wijkwerk log export"))
        return await _export_to(app.database, file)

    telling = voer_uit(omgeving, work)
    click.echo(f"{_aantal(telling.regels, 'regel', 'regels')} uit {_aantal(telling.stromen, 'stroom', 'stromen')} geschreven.")


@log.command()
@click.option("--out", type=NieuwBestand(), help="Schrijf het checkpoint naar een nieuw bestand.")
@click.pass_obj
def checkpoint(omgeving: Omgeving, out: Path | None) -> None:
    """Zet een checkpoint en toon het. Bewaar het buiten dit systeem, bijvoorbeeld bij de auditor."""

    async def work(app: LogOmgeving) -> str:
        note = await app.journal.checkpoint()
        if out is None:
            return note
        with _complete(out) as target:
            target.write(note)
        return "Checkpoint geschreven.\n"

    click.echo(voer_uit(omgeving, work), nl=False)


@log.command()
@click.pass_obj
def key(omgeving: Omgeving) -> None:
    """Toon de publieke sleutel van het log (PEM). Geef die aan wie het log controleert."""

    async def work(app: LogOmgeving) -> bytes:
        return app.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    click.echo(voer_uit(omgeving, work).decode("ascii"), nl=False)


async def _verify_live(app: LogOmgeving, bewaard: Sequence[str]) -> Rapport:
    await app.journal.record(regel_van(app, Gebeurtenis.LOG_BEKEKEN, "wijkwerk log verify"))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "log.jsonl"
        await _export_to(app.database, copy)
        return _verify_file(app, copy, bewaard)


def _aantal(aantal: int, een: str, meer: str) -> str:
    return f"{aantal} {een if aantal == 1 else meer}"


def _is_export(file: Path) -> bool:
    """Whether the file says of itself that it is one; what is in it is for the verifier."""
    try:
        with file.open("rb") as lines:
            first = json.loads(lines.readline(_FIRST_LINE))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and first.get("soort") == "log"


def _verify_file(app: LogOmgeving, file: Path, bewaard: Sequence[str]) -> Rapport:
    with file.open("rb") as lines:
        return verifieer(lines, app.public_key, bewaard, origin=app.journal.origin)


async def _export_to(database: Database, file: Path) -> Telling:
    with _complete(file) as target:
        return await export(database, target)


@contextmanager
def _complete(file: Path) -> Iterator[TextIO]:
    """A new file, that does not stay behind when writing it fails."""
    with _new(file) as target:
        try:
            yield target
        except BaseException:
            file.unlink()
            raise


def _new(file: Path) -> TextIO:
    """A file that was not there yet, for its owner's eyes only. Raises `OngeldigeInvoer` when it can't be made."""
    try:
        return open(file, "x", encoding="utf-8", newline="\n", opener=lambda path, flags: os.open(path, flags, 0o600))
    except OSError:
        raise OngeldigeInvoer("Dit bestand kan niet worden gemaakt. Kies een nieuwe naam in een map waarin u mag schrijven.") from None
