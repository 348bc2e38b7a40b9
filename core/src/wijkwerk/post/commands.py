"""`wijkwerk worker` sends the mail that waits, and does the chores of `klussen.py`; `wijkwerk post bounce` takes what comes back.

Neither ever says whose mail it is.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Final, TypeVar

import click

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.post.bounces import Gevolg
    from wijkwerk.post.smtp_verbinding import Toegang

T = TypeVar("T")
U = TypeVar("U")
GEEN_MAILSERVER: Final = (
    "Er is geen mailserver, dus er gaat geen e-mail uit. Geef de instelling post.smtp.host als u wel e-mail wilt versturen. "
    "Verzoeken om toegang worden wel verwerkt."
)
MAILSERVER_NEEMT_NIETS: Final = 3
"""The exit code of `worker --once` when mail still waits because the mail server took none."""
EX_DATAERR, EX_TEMPFAIL = 65, 75
"""What a mail server makes of the exit code of a pipe (sysexits.h): this is no good, and try again later."""


@click.command()
@click.option("--once", is_flag=True, help="Verstuur wat nu kan en stop dan, voor cron. Zonder dit blijft de worker draaien.")
def worker(once: bool) -> None:
    """Verstuur de e-mail die klaarstaat, en verwerk de verzoeken om toegang van partners.

    Zonder mailserver (post.smtp.host) gaat er geen e-mail uit; het andere werk gaat door. Stopt na het bericht dat bezig is bij SIGTERM
    of Ctrl-C. Stopt met code 0 als het goed ging, met code 3 (alleen met --once) als de mailserver niets aannam en met code 2 als er niet
    gewerkt kon worden.
    """
    if not asyncio.run(_worker(once)):
        sys.exit(MAILSERVER_NEEMT_NIETS)


async def _worker(once: bool) -> bool:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.cli_database import require_database
    from wijkwerk.post.smtp_verbinding import Toegang

    settings = read_settings()
    toegang = Toegang.van(settings.post) if settings.post.smtp.host is not None else None
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        return await draai(wijkwerk, toegang, once=once)


async def draai(wijkwerk: Wijkwerk, toegang: Toegang | None, *, once: bool) -> bool:
    """Send and do the chores until told to stop, or (`once`) until nothing is left; whether the mail server took the mail.

    Without a way to a mail server it says so, and does the chores: others wait for those too.
    """
    from wijkwerk.klussen import doe
    from wijkwerk.post.bezorgen import Bezorger
    from wijkwerk.post.retour import Retour
    from wijkwerk.post.smtp import Mailserver
    from wijkwerk.post.worker import werk

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if toegang is None:
        click.echo(GEEN_MAILSERVER, err=True)
        await doe(wijkwerk, stop, eenmalig=once)
        return True
    bezorger = Bezorger(wijkwerk, Mailserver(toegang), await Retour.van(wijkwerk), stop=stop)
    gelukt, _ = await _samen(werk(wijkwerk, bezorger, eenmalig=once, meld=click.echo), doe(wijkwerk, stop, eenmalig=once))
    return gelukt


async def _samen(eerste: Coroutine[None, None, T], tweede: Coroutine[None, None, U]) -> tuple[T, U]:
    """Both, beside each other. When one fails the other stops too, so that who started the worker hears of it."""
    eerst, daarnaast = asyncio.create_task(eerste), asyncio.create_task(tweede)
    try:
        return await asyncio.gather(eerst, daarnaast)
    except BaseException:
        for each in (eerst, daarnaast):
            each.cancel()
        await asyncio.gather(eerst, daarnaast, return_exceptions=True)
        raise


@click.group()
def post() -> None:
    """E-mail van deze installatie."""


@post.command()
@click.option("--ontvanger", help="Het adres waar het bericht binnenkwam. Zonder dit telt wat er in het bericht staat.")
def bounce(ontvanger: str | None) -> None:
    """Lees van de invoer een bericht dat een e-mail niet aankwam, zoals een mailserver het doorgeeft.

    Stopt met code 0 als het is verwerkt of als er niets te doen was, met code 65 als het geen bericht over een e-mail van ons is
    (dan verandert er niets) en met code 75 als het nu niet kan: dan moet de mailserver het later opnieuw doen.
    """
    from wijkwerk.errors import WijkwerkError
    from wijkwerk.post.bounces import GROOTST, Gevolg

    inhoud = sys.stdin.buffer.read(GROOTST + 1)
    try:
        gevolg = asyncio.run(_bounce(inhoud, ontvanger))
    except WijkwerkError as error:
        click.echo(error.melding, err=True)
        sys.exit(EX_TEMPFAIL)
    click.echo(gevolg.value)
    if gevolg in (Gevolg.ONLEESBAAR, Gevolg.ONBEKEND):
        sys.exit(EX_DATAERR)


async def _bounce(inhoud: bytes, ontvanger: str | None) -> Gevolg:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.cli_database import require_database
    from wijkwerk.post.bounces import verwerk
    from wijkwerk.post.retour import Retour

    settings = read_settings()
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        return await verwerk(wijkwerk, await Retour.van(wijkwerk), inhoud, ontvanger)
