"""`wijkwerk gebieden import`: areas, or the neighbourhood of each postcode, from a CSV file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import click

from wijkwerk.cli_waarden import BestaandBestand

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.importeren.gebieden import Uitslag
    from wijkwerk.importeren.gebiedenbestand import Gelezen
    from wijkwerk.importeren.plek import Plek
    from wijkwerk.records.session import Work

T = TypeVar("T")

_MEESTE_GENOEMD = 10
_HULP = """\b
Een bestand met gebieden heeft deze kolommen:
  code          van het CBS (GM, WK of BU met cijfers) of van de gemeente zelf
  naam
  soort         gemeente, wijk of buurt
  bovenliggend  de code van het grotere gebied; mag leeg zijn
  herkomst      cbs of gemeente; mag ontbreken
  van, tot      de eerste en de laatste dag; tot mag leeg zijn

\b
Een bestand met postcodes heeft deze kolommen:
  postcode
  gebied        de code van de buurt

Hetzelfde bestand twee keer inlezen verandert niets. Wat niet in het bestand staat, blijft zoals het is.
Is er een regel fout, dan wordt er niets ingelezen."""


@click.group()
def gebieden() -> None:
    """De gebieden van de gemeente: wijken, buurten en hun postcodes."""


@gebieden.command("import", epilog=_HULP)
@click.argument("file", metavar="BESTAND", type=BestaandBestand())
@click.option("--dry-run", is_flag=True, help="Controleer alles en zeg wat er zou veranderen, maar schrijf niets.")
@click.option("--gemeente", help="Naam, CBS-code of nummer van de gemeente. Nodig als er meer zijn.")
def import_(file: Path, dry_run: bool, gemeente: str | None) -> None:
    """Lees gebieden of postcodes in uit BESTAND (CSV). Inwoners krijgen daarna de buurt van hun postcode."""
    from wijkwerk.importeren.gebiedenbestand import lees_bestand

    gelezen = lees_bestand(file)
    for melding in gelezen.meldingen:
        click.echo(melding)
    asyncio.run(_lees_in(gelezen, gemeente, dry_run))


async def _lees_in(gelezen: Gelezen, gemeente: str | None, dry_run: bool) -> None:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.cli_database import require_database
    from wijkwerk.importeren.plek import zoek_plek

    settings = read_settings()
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        async with wijkwerk.database.snapshot() as snapshot:
            plek = await snapshot.run(lambda connection: zoek_plek(connection, gemeente, None))
        uitslag = await (bekijk if dry_run else schrijf)(wijkwerk, plek, gelezen)
        for regel in verslag(uitslag, proef=dry_run):
            click.echo(regel)
        if not dry_run:
            click.echo(f"Inwoners die nu een andere buurt hebben: {await werk_bewoners_bij(wijkwerk, plek)}.")


async def bekijk(wijkwerk: Wijkwerk, plek: Plek, gelezen: Gelezen) -> Uitslag:
    """What the file would do. Raises `Regelfouten`."""
    from wijkwerk.importeren.gebieden import bekijk_gebieden, bekijk_postcodes

    async with wijkwerk.database.snapshot() as snapshot:
        if gelezen.postcodes:
            return await snapshot.run(lambda connection: bekijk_postcodes(connection, plek.gemeente, gelezen.postcodes))
        return await snapshot.run(lambda connection: bekijk_gebieden(connection, plek.gemeente, gelezen.gebieden))


async def schrijf(wijkwerk: Wijkwerk, plek: Plek, gelezen: Gelezen) -> Uitslag:
    """Put the file in the register, in one transaction. Raises `Regelfouten`; then nothing was written."""
    from wijkwerk.importeren.gebieden import schrijf_gebieden, schrijf_postcodes

    if gelezen.postcodes:
        return await _als_import(wijkwerk, plek, lambda work: schrijf_postcodes(work, gelezen.postcodes))
    return await _als_import(wijkwerk, plek, lambda work: schrijf_gebieden(work, gelezen.gebieden))


async def werk_bewoners_bij(wijkwerk: Wijkwerk, plek: Plek) -> int:
    """Give each resident the neighbourhood of the postcode, a batch at a time; how many got another one."""
    from wijkwerk.woonbuurt import werk_bij

    na: UUID | None = None

    def unit(work: Work) -> list[UUID]:
        with wijkwerk.database.keys(work.core_connection):
            return werk_bij(work, na)

    aantal = 0
    while erbij := await _als_import(wijkwerk, plek, unit):
        aantal, na = aantal + len(erbij), erbij[-1]
    return aantal


async def _als_import(wijkwerk: Wijkwerk, plek: Plek, unit: Callable[[Work], T]) -> T:
    from wijkwerk.importeren.systeem import als_import, systeemgebruiker
    from wijkwerk.log.entry import Gebeurtenis
    from wijkwerk.systeem import nogmaals

    gebruiker = await nogmaals(lambda: systeemgebruiker(wijkwerk, plek))
    actor = als_import(wijkwerk, plek, gebruiker)
    return await wijkwerk.write(actor, unit, onderdeel="gebieden", gebeurtenis=Gebeurtenis.IMPORT)


def verslag(uitslag: Uitslag, *, proef: bool) -> Iterator[str]:
    """What the screen says. Codes and postcodes are nobody's data."""
    if proef:
        yield "Dit was een proef: er is niets in de database geschreven."
    yield f"Nieuw:         {uitslag.nieuw}"
    yield f"Gewijzigd:     {uitslag.gewijzigd}"
    yield f"Gelijk:        {uitslag.gelijk}"
    if over := uitslag.niet_genoemd:
        meer = f" en nog {len(over) - _MEESTE_GENOEMD}" if len(over) > _MEESTE_GENOEMD else ""
        yield f"Niet in het bestand, en zo gelaten: {len(over)} ({', '.join(over[:_MEESTE_GENOEMD])}{meer})"
