"""`wijkwerk log lek`: of whom something was seen under a rule that was wrong, by pseudonym, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import click
import orjson

from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.lekonderzoek import Deel, Geraakt, Lekregel, Vraag, onderzoek
from wijkwerk.log.opdracht import LogOmgeving, Omgeving, regel_van, voer_uit
from wijkwerk.log.periode_opties import GEMEENTE, periode
from wijkwerk.log.vormen.tabel import csv_regel

KOLOMMEN: Final = ("pseudoniem", "gebruiker", "organisatie", "eerste", "laatste", "keren", "categorieen", "velden")


@click.command()
@periode()
@click.option("--rol", help="Wie het zag, had deze rol.")
@click.option("--veld", help="Wat er te zien was: een soort gegeven (Persoon) of een veld daarvan (Persoon.bsn).")
@click.option("--beleid", help="De versie van het beleid die toen gold.")
@click.option("--doel", help="Het doel van het verzoek.")
@click.option("--activiteit", help="De verwerkingsactiviteit van het verzoek.")
@click.option("--gebruiker", type=click.UUID, help="Het nummer van wie het zag.")
@click.option("--bron", type=click.UUID, help="Wat toegang gaf: het nummer van een betrokkenheid, dossier, koppeling, verwijzing of zo.")
@GEMEENTE
@click.option("--na", type=click.UUID, help="Ga verder na dit pseudoniem, als het zoeken werd afgebroken.")
@click.option("--vorm", type=click.Choice(["csv", "jsonl"]), default="csv", help="Hoe de regels eruitzien.")
@click.pass_obj
def lek(omgeving: Omgeving, /, van: datetime, tot: datetime, gemeente: str | None, na: UUID | None, vorm: str, **regel: Any) -> None:
    """Zoek na een lek uit wie wat van welke inwoners zag.

    Schrijft een regel per inwoner en gebruiker, met pseudoniemen. Wat u invult, moet allemaal kloppen. Ook dit zoeken komt in het log.
    """
    vraag = Gevraagd(van, tot, Lekregel(**regel), gemeente, na)

    async def work(app: LogOmgeving) -> None:
        await zoek(app, vraag, csv_regels() if vorm == "csv" else jsonl)

    voer_uit(omgeving, work)


@dataclass(frozen=True, slots=True)
class Gevraagd:
    """What was typed, read. `tot`: what is later than now is not looked at."""

    van: datetime
    tot: datetime
    regel: Lekregel
    gemeente: str | None
    na: UUID | None


async def zoek(app: LogOmgeving, gevraagd: Gevraagd, schrijf: Callable[[Geraakt], None]) -> None:
    """Part after part, each on a snapshot of its own. What is written down once is not looked at again."""
    vraag = await _vraag(app, gevraagd)
    await app.journal.record(regel_van(app, Gebeurtenis.LOG_BEKEKEN, "wijkwerk log lek", vraag.gemeente))
    na, geraakt = gevraagd.na, 0
    while True:
        deel = await _deel(app, vraag, na)
        for each in deel.geraakt:
            schrijf(each)
        geraakt, na = geraakt + len(deel.geraakt), deel.verder
        if na is None:
            break
        click.echo(f"{deel.aandeel:.0%} bekeken, {geraakt} inwoners gevonden. Afgebroken? Ga verder met --na {na}", err=True)
    click.echo(f"Klaar: {geraakt} inwoners gevonden.", err=True)
    if not geraakt:
        click.echo("Controleer of u de rol, het veld en het doel goed schreef.", err=True)


async def _vraag(app: LogOmgeving, gevraagd: Gevraagd) -> Vraag:
    from wijkwerk.gemeentekeuze import kies_gemeente

    async with app.database.snapshot() as snapshot:
        gemeente = await snapshot.run(lambda connection: kies_gemeente(connection, gevraagd.gemeente))
    return Vraag(gemeente=gemeente, van=gevraagd.van, tot=min(gevraagd.tot, app.journal.klok.nu()), regel=gevraagd.regel)


async def _deel(app: LogOmgeving, vraag: Vraag, na: UUID | None) -> Deel:
    from wijkwerk.toezicht.inzagelog import van_bron

    async with app.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: onderzoek(connection, vraag, van_bron(connection, vraag), na=na))


def _rijen(geraakt: Geraakt) -> Iterator[dict[str, Any]]:
    for inzage in geraakt.inzagen:
        waarden = (
            geraakt.pseudoniem, inzage.gebruiker, inzage.organisatie, inzage.eerste.isoformat(), inzage.laatste.isoformat(), inzage.keren,
            sorted(inzage.categorieen), sorted(inzage.velden),
        )  # fmt: skip
        yield dict(zip(KOLOMMEN, waarden, strict=True))


def csv_regels() -> Callable[[Geraakt], None]:
    """Writes lines of CSV, the names of the columns first."""
    click.echo(csv_regel(KOLOMMEN))

    def schrijf(geraakt: Geraakt) -> None:
        for rij in _rijen(geraakt):
            click.echo(csv_regel(rij.values()))

    return schrijf


def jsonl(geraakt: Geraakt) -> None:
    """Writes a line of JSON for each user."""
    for rij in _rijen(geraakt):
        click.echo(orjson.dumps(rij, default=str).decode())
