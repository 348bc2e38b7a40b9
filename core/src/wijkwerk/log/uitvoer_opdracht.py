"""`wijkwerk log export`: the whole log, so that anybody can verify it; or what an auditor looks for, in a form to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click

from wijkwerk.cli_waarden import NieuwBestand
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.export import Telling, export
from wijkwerk.log.nieuw_bestand import compleet
from wijkwerk.log.opdracht import LogOmgeving, Mislukt, Omgeving, regel_van, voer_uit
from wijkwerk.log.periode_opties import GEMEENTE, periode
from wijkwerk.log.vormen import VORMEN

CONTROLE: Final = "controle"
"""The form for `verify.py`."""
_NAAM: Final = "wijkwerk log export"


@dataclass(frozen=True, slots=True)
class Gevraagd:
    """What was typed for a form to read: the filters by the names that `Inzagefilter` has for them."""

    vorm: str
    gemeente: str | None
    filters: dict[str, Any]


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a form to read, as the filters of the query `inzagelog`."""
    for option in (
        click.option("--activiteit", help="Voor welke verwerkingsactiviteit."),
        click.option("--doel", help="Voor welk doel."),
        click.option("--resultaat", type=click.Choice([each.value for each in Resultaat]), help="Hoe het afliep."),
        click.option("--gebeurtenis", type=click.Choice([each.value for each in Gebeurtenis]), help="Wat er gebeurde."),
        click.option("--organisatie", type=click.UUID, help="Voor welke organisatie."),
        click.option("--gebruiker", type=click.UUID, help="Wie het deed."),
        click.option("--pseudoniem", type=click.UUID, help="Over welke inwoner."),
        periode(verplicht=False),
    ):
        command = option(command)
    return command


@click.command("export")
@click.argument("file", metavar="BESTAND", type=NieuwBestand())
@click.option("--vorm", type=click.Choice([CONTROLE, *VORMEN]), default=CONTROLE, help="Het hele log om te controleren, of om te lezen.")
@GEMEENTE
@_filters
@click.pass_obj
def export_(omgeving: Omgeving, /, file: Path, vorm: str, gemeente: str | None, **gegeven: Any) -> None:
    """Schrijf het log naar BESTAND, een nieuw bestand.

    Zonder --vorm is dat het hele log, dat een auditor met `verify.py` zelf kan controleren. Met een andere vorm zijn het de regels die u
    zoekt, met pseudoniemen; geef dan --van en --tot. Ook dit komt in het log.
    """
    filters = {naam: waarde for naam, waarde in gegeven.items() if waarde is not None}
    if vorm == CONTROLE:
        if filters or gemeente is not None:
            raise Mislukt("Het hele log kan alleen zonder filters. Kies met --vorm een vorm om te lezen, of laat de filters weg.")
        click.echo(voer_uit(omgeving, partial(_heel, file=file)))
        return
    if not {"van", "tot"} <= filters.keys():
        raise Mislukt("Geef een periode, met --van en --tot.")
    click.echo(voer_uit(omgeving, partial(_leesbaar, file=file, gevraagd=Gevraagd(vorm, gemeente, filters))))


async def _heel(app: LogOmgeving, file: Path) -> str:
    await app.journal.record(regel_van(app, Gebeurtenis.EXPORT, _NAAM))
    with compleet(file) as target:
        telling: Telling = await export(app.database, target)
    return f"{aantal(telling.regels, 'regel', 'regels')} uit {aantal(telling.stromen, 'stroom', 'stromen')} geschreven."


async def _leesbaar(app: LogOmgeving, file: Path, gevraagd: Gevraagd) -> str:
    from wijkwerk.gemeentekeuze import kies_gemeente
    from wijkwerk.toezicht.inzagelog import Inzagefilter, vraag_van
    from wijkwerk.toezicht.uitvoer import bijzonderheden, delen

    gezocht = Inzagefilter(**gevraagd.filters)
    gezocht = replace(gezocht, tot=min(gezocht.tot, app.journal.klok.nu()))
    async with app.database.snapshot() as snapshot:
        gemeente: UUID = await snapshot.run(lambda connection: kies_gemeente(connection, gevraagd.gemeente))
        vraag = await snapshot.run(lambda connection: vraag_van(connection, gemeente, gezocht, app.catalogue))
    regel = regel_van(app, Gebeurtenis.EXPORT, _NAAM, gemeente)
    await app.journal.record(replace(regel, details=regel.details | bijzonderheden(gezocht, gevraagd.vorm)))
    geschreven, vorm = 0, VORMEN[gevraagd.vorm]
    with compleet(file) as target:
        async for stuk in delen(app.database, vraag, vorm, app.levering.bron):
            target.write(stuk.decode())
            geschreven += stuk.count(b"\n")
    return f"{aantal(geschreven - (vorm.kop is not None), 'regel', 'regels')} geschreven."


def aantal(hoeveel: int, een: str, meer: str) -> str:
    """A number with its word."""
    return f"{hoeveel} {een if hoeveel == 1 else meer}"
