"""`wijkwerk log doorgeven`: the log to other systems over OTLP, until stopped or (`--once`) until they have it all."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress
from typing import Final

import click

from wijkwerk.errors import DatabaseNietBeschikbaar
from wijkwerk.log.doorgeven import Doorgevenmislukt, Ontvanger, geef_stuk_door, te_gaan
from wijkwerk.log.opdracht import LogOmgeving, Mislukt, Omgeving, voer_uit
from wijkwerk.uitgaand import UitgaandMislukt

RUST, LANGSTE_RUST = 5.0, 300.0
"""Seconds between two looks when there is nothing to pass on, and at most between two tries when a receiver takes nothing."""

_LOGGER: Final = logging.getLogger(__name__)


class NietAlles(Mislukt):
    """With `--once`: a receiver did not take everything."""

    exit_code = 3


@click.command()
@click.option("--once", is_flag=True, help="Geef door wat er nu is en stop dan, voor cron. Zonder dit blijft de opdracht draaien.")
@click.pass_obj
def doorgeven(omgeving: Omgeving, once: bool) -> None:
    """Geef het log door aan een logboek (LDV) of een auditsysteem, met OTLP.

    Gaat verder waar het de vorige keer stopte: er wordt niets overgeslagen. Stopt met code 0 als alles is doorgegeven en met code 3 (alleen
    met --once) als een ontvanger niet alles aannam.
    """
    voer_uit(omgeving, lambda app: _doorgeven(app, once))


async def _doorgeven(app: LogOmgeving, once: bool) -> None:
    if not app.levering.ontvangers:
        raise Mislukt("Er is geen ontvanger. Geef de instelling log.otlp_url (LDV) of log.otlp_audit_url (auditlog).")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if not all(await asyncio.gather(*(_naar(app, ontvanger, stop, once) for ontvanger in app.levering.ontvangers))):
        raise NietAlles("Een ontvanger nam niet alles aan. Hierboven staat waarom. Draai de opdracht opnieuw: het gaat dan verder.")


async def _naar(app: LogOmgeving, ontvanger: Ontvanger, stop: asyncio.Event, once: bool) -> bool:
    """Whether this receiver has everything that there was."""
    rust = RUST
    while not stop.is_set():
        gelukt = await _alles(app, ontvanger, stop)
        if once:
            return gelukt
        rust = RUST if gelukt else min(rust * 2, LANGSTE_RUST)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), rust)
    return True


async def _alles(app: LogOmgeving, ontvanger: Ontvanger, stop: asyncio.Event) -> bool:
    """Piece after piece, telling how far it is; False when it could not go on."""
    gedaan = 0
    try:
        while not stop.is_set():
            aantal = await geef_stuk_door(app.database, ontvanger, app.levering.bron, app.journal.klok.nu())
            if aantal is None:
                break
            gedaan += aantal
            click.echo(f"{ontvanger.naam}: {gedaan} regels doorgegeven, nog {await _te_gaan(app, ontvanger)}", err=True)
    except (Doorgevenmislukt, UitgaandMislukt, DatabaseNietBeschikbaar) as error:
        _LOGGER.error("het log doorgeven aan %s: %s", ontvanger.naam, error)
        return False
    return True


async def _te_gaan(app: LogOmgeving, ontvanger: Ontvanger) -> int:
    async with app.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: te_gaan(connection, ontvanger=ontvanger.naam))
