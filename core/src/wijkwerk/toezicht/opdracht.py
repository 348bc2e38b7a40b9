"""`wijkwerk log controles` and `wijkwerk log leesgedrag`: the checks of oversight without a limit to the period, itself in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click
import orjson

from wijkwerk.cli_waarden import Getal
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.opdracht import LogOmgeving, Omgeving, regel_van, voer_uit
from wijkwerk.log.periode_opties import GEMEENTE, periode

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from wijkwerk.toezicht.controles.controle import Blik, Treffer
    from wijkwerk.toezicht.controles.lijst import Telling

Regels = Callable[["Blik"], Iterator[str]]
CONTROLES: Final = 11


@dataclass(frozen=True, slots=True)
class Gevraagd:
    """What was typed, read. `tot`: what is later than now is not looked at."""

    van: datetime
    tot: datetime
    gemeente: str | None


@click.command()
@periode()
@GEMEENTE
@click.option("--nummer", type=Getal(1, CONTROLES), help="Laat zien wat er achter de aantallen van deze controle zit, als JSON-regels.")
@click.option("--onderdeel", help="Alleen dit onderdeel van die controle.")
@click.pass_obj
def controles(omgeving: Omgeving, van: datetime, tot: datetime, gemeente: str | None, nummer: int | None, onderdeel: str | None) -> None:
    """De elf controles op het gebruik van gegevens, met aantallen.

    Een sterretje betekent: dit is iets om uit te zoeken. Inwoners staan er met een pseudoniem in. Ook dit kijken komt in het log.
    """
    if nummer is None and onderdeel is not None:
        raise click.UsageError("Geef bij --onderdeel ook --nummer.")
    regels = tellingen if nummer is None else achter(nummer, onderdeel)
    voer_uit(omgeving, partial(toon, gevraagd=Gevraagd(van, tot, gemeente), onderdeel="wijkwerk log controles", regels=regels))


@click.command()
@periode()
@GEMEENTE
@click.pass_obj
def leesgedrag(omgeving: Omgeving, van: datetime, tot: datetime, gemeente: str | None) -> None:
    """Wie dossiers opende zonder dat het log laat zien waarvoor, naast collega's: een JSON-regel per medewerker.

    Wie het meest opvalt, staat bovenaan. Dit is een reden om te vragen, nooit een bewijs. Ook dit kijken komt in het log.
    """
    voer_uit(omgeving, partial(toon, gevraagd=Gevraagd(van, tot, gemeente), onderdeel="wijkwerk log leesgedrag", regels=leescijfers))


async def toon(app: LogOmgeving, gevraagd: Gevraagd, onderdeel: str, regels: Regels) -> None:
    """Write the lines on the screen, on one snapshot: that somebody looks is in the log first. Raises OngeldigeInvoer."""
    from wijkwerk.gemeentekeuze import kies_gemeente

    async with app.database.snapshot() as snapshot:
        gemeente = await snapshot.run(lambda connection: kies_gemeente(connection, gevraagd.gemeente))
    await app.journal.record(regel_van(app, Gebeurtenis.LOG_BEKEKEN, onderdeel, gemeente))

    def schrijf(connection: Connection) -> None:
        line = None
        for line in regels(_blik(app, connection, gemeente, gevraagd)):
            click.echo(line)
        if line is None:
            click.echo("Niets gevonden in deze periode.", err=True)

    async with app.database.snapshot() as snapshot:
        await snapshot.run(schrijf)


def _blik(app: LogOmgeving, connection: Connection, gemeente: UUID, gevraagd: Gevraagd) -> Blik:
    from wijkwerk.toezicht.controles.controle import Blik

    nu = app.journal.klok.nu()
    return Blik(
        connection=connection, gemeente=gemeente, van=gevraagd.van, tot=min(gevraagd.tot, nu), nu=nu, catalogue=app.catalogue,
        sleutel=app.public_key,
    )  # fmt: skip


def tellingen(blik: Blik) -> Iterator[str]:
    """Each check with its counts; what there is to look into has an asterisk."""
    from wijkwerk.toezicht.controles.lijst import tel

    for telling in tel(blik):
        yield from _telling(telling)


def _telling(telling: Telling) -> Iterator[str]:
    controle = telling.controle
    yield f"{controle.nummer}. {controle.vraag}"
    for each in controle.onderdelen:
        aantal = telling.aantallen[each.code]
        yield f"  {'*' if each.afwijking and aantal else ' '} {aantal:>7}  {each.code}: {each.uitleg}"


def achter(nummer: int, onderdeel: str | None) -> Regels:
    """What is behind the counts of a check. Raises OngeldigeInvoer for a part that it does not have."""

    def regels(blik: Blik) -> Iterator[str]:
        from wijkwerk.toezicht.controles.lijst import controle_met, onderdeel_van, treffers

        controle = controle_met(nummer)
        for _, treffer in treffers(blik, controle, onderdeel_van(controle, onderdeel)):
            yield orjson.dumps(_gevuld(treffer)).decode()

    return regels


def _gevuld(treffer: Treffer) -> dict[str, Any]:
    plek = treffer.plek
    alles = {
        "onderdeel": treffer.onderdeel, "tijdstip": treffer.tijdstip, "gebruiker": treffer.gebruiker, "organisatie": treffer.organisatie,
        "pseudoniemen": treffer.pseudoniemen, "stroom": plek and plek.stroom, "regel": None if plek is None else plek.seq,
        "soort": treffer.soort, "nummer": treffer.nummer, "kenmerken": treffer.kenmerken,
    }  # fmt: skip
    return {naam: waarde for naam, waarde in alles.items() if waarde not in (None, "", ())}


def leescijfers(blik: Blik) -> Iterator[str]:
    """A line of JSON for each user who opened a file."""
    from wijkwerk.toezicht.leesgedrag import leesgedrag as vergelijk

    for een in vergelijk(blik):
        yield orjson.dumps(
            {
                "gebruiker": een.gebruiker, "rollen": een.rollen, "geopend": een.geopend, "eigen": een.eigen,
                "andereDeuren": een.andere_deuren, "noodtoegang": een.noodtoegang, "los": een.los, "onverklaard": een.onverklaard,
                "verwacht": round(een.verwacht, 1), "meer": round(een.meer, 1), "collegas": een.collegas,
            }
        ).decode()  # fmt: skip
