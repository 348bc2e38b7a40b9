"""`wijkwerk log bewijs` and `wijkwerk log samenhang`: what somebody can verify without the log. A proof that doesn't hold is not given."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click
from sqlalchemy import Connection

from wijkwerk.cli_waarden import BestaandBestand, Getal, NieuwBestand, VerkeerdeWaarde
from wijkwerk.log.bewijs import Note, regelbewijs, samenhang
from wijkwerk.log.controle_opties import lees_notes
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.nieuw_bestand import compleet
from wijkwerk.log.opdracht import LogOmgeving, Mislukt, Omgeving, regel_van, voer_uit
from wijkwerk.log.verify import open_note, toets_bewijs

Maken = Callable[[Connection], dict[str, Any]]

_GROOTSTE: Final = 2**63 - 1
"""The largest number that a column can hold."""


class _Stroom(click.ParamType[UUID]):
    """The name of a stream, as exports and findings have it."""

    name = "stroom"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> UUID:
        """Raises VerkeerdeWaarde."""
        try:
            return UUID(hex=str(value))
        except ValueError:
            raise VerkeerdeWaarde("--stroom is het nummer van een stroom: 32 tekens, zoals in de export.", ctx, param) from None


_OUT = click.option("--out", type=NieuwBestand(), help="Schrijf het bewijs naar een nieuw bestand.")


@click.command("bewijs")
@click.option("--stroom", type=_Stroom(), required=True, help="De stroom waar de regel in staat.")
@click.option("--regel", type=Getal(0, _GROOTSTE), required=True, help="Het nummer van de regel in die stroom.")
@click.option("--checkpoint", "note", type=BestaandBestand(), help="Bewijs het onder dit checkpoint, niet onder het nieuwste.")
@_OUT
@click.pass_obj
def bewijs(omgeving: Omgeving, stroom: UUID, regel: int, note: Path | None, out: Path | None) -> None:
    """Bewijs dat één regel in het log staat, zonder de rest te tonen.

    Controleer het bewijs met `verify.py --bewijs` en de sleutel van het log.
    """

    def maken(app: LogOmgeving) -> Maken:
        return lambda connection: regelbewijs(connection, stroom, regel, None if note is None else _note(app, note))

    _geef(omgeving, "wijkwerk log bewijs", maken, out, {"stroom": stroom.hex, "regel": regel})


@click.command("samenhang")
@click.argument("oud", metavar="OUD", type=BestaandBestand())
@click.argument("nieuw", metavar="[NIEUW]", type=BestaandBestand(), required=False)
@_OUT
@click.pass_obj
def samenhang_(omgeving: Omgeving, oud: Path, nieuw: Path | None, out: Path | None) -> None:
    """Bewijs dat het log van checkpoint OUD het begin is van dat van NIEUW, of van het nieuwste checkpoint.

    Stopt met code 1 als dat niet zo is: dan is het log herschreven.
    """

    def maken(app: LogOmgeving) -> Maken:
        notes = _note(app, oud), None if nieuw is None else _note(app, nieuw)
        return lambda connection: samenhang(connection, *notes)

    _geef(omgeving, "wijkwerk log samenhang", maken, out, {})


def _note(app: LogOmgeving, pad: Path) -> Note:
    [tekst] = lees_notes([pad])
    try:
        return Note(open_note(tekst, app.journal.origin, app.public_key)[0], tekst)
    except (ValueError, LookupError):
        raise Mislukt("Dit is geen checkpoint van dit log. Controleer het bestand.") from None


def _geef(
    omgeving: Omgeving, onderdeel: str, maken: Callable[[LogOmgeving], Maken], out: Path | None, waarvan: Mapping[str, str | int]
) -> None:
    """Log that it is asked, and of what; make it, look whether it holds, and only then hand it over."""

    async def work(app: LogOmgeving) -> bool:
        maak = maken(app)
        regel = regel_van(app, Gebeurtenis.LOG_BEKEKEN, onderdeel)
        await app.journal.record(replace(regel, details={**regel.details, **waarvan}))
        async with app.database.snapshot() as snapshot:
            tekst = json.dumps(await snapshot.run(maak)) + "\n"
        oordeel = toets_bewijs(tekst.encode(), app.public_key, origin=app.journal.origin)
        click.echo(oordeel.tekst(), err=True)
        if not oordeel.goed:
            click.echo("Het log is veranderd. Voer `wijkwerk log verify` uit en meld het.", err=True)
        elif out is None:
            click.echo(tekst, nl=False)
        else:
            with compleet(out) as target:
                target.write(tekst)
        return oordeel.goed

    sys.exit(0 if voer_uit(omgeving, work) else 1)
