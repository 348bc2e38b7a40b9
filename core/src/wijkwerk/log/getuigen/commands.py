"""`wijkwerk log getuigen`: how far each witness of this log is, after one more try."""

from __future__ import annotations

import sys

import click

from wijkwerk.kalender.woorden import dag_in_woorden, tijd_in_woorden
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.getuigen.bezorgen import Getuigestand
from wijkwerk.log.opdracht import LogOmgeving, Omgeving, regel_van, voer_uit


@click.command()
@click.pass_obj
def getuigen(omgeving: Omgeving) -> None:
    """Toon wat elke getuige van dit log als laatste bevestigde. Wie achterloopt, krijgt het nieuwste checkpoint nog een keer.

    Stopt met code 0 als elke getuige bij is en met code 1 als er een achterloopt of iets anders zegt dan dit log.
    """

    async def work(app: LogOmgeving) -> list[Getuigestand]:
        await app.journal.record(regel_van(app, Gebeurtenis.LOG_BEKEKEN, "wijkwerk log getuigen"))
        await app.journal.checkpoint()
        return await app.getuigen.stand()

    standen = voer_uit(omgeving, work)
    for stand in standen:
        click.echo(_regel(stand))
    if not standen:
        click.echo("Dit log heeft geen getuigen. Zie docs/log/getuigen.md.")
    sys.exit(1 if any(stand.mislukt for stand in standen) else 0)


def _regel(stand: Getuigestand) -> str:
    wie = f"{stand.naam} ({stand.soort})"
    if stand.sinds is None:
        laatste = "bevestigde nog niets"
    else:
        laatste = f"bevestigde omvang {stand.bevestigd} op {dag_in_woorden(stand.sinds)} om {tijd_in_woorden(stand.sinds)}"
    if stand.mislukt is None:
        return f"{wie}: {laatste}. Dat is het hele log."
    return f"{wie}: {laatste}; het log heeft omvang {stand.nieuwste}. LET OP: {stand.mislukt}."
