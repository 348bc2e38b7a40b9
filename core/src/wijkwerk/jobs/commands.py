"""`wijkwerk jobs`: planned work, seen and done. Cron, a systemd timer or Kubernetes starts it (docs/beheer/jobs.md)."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from wijkwerk.cli_waarden import Getal
from wijkwerk.jobs.verloop import Verloop

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.jobs.draaien import Uitslag
    from wijkwerk.jobs.job import Job

KAN_NIET, MISLUKT, ELDERS = 2, 3, 4
"""Exit codes: it could not begin; a step failed; another process is at it. 0: it is done, or was done before."""

_ERNST: Final = (0, ELDERS, KAN_NIET, MISLUKT)
"""What is told when several municipalities or periods end differently: the last of these."""

_UITLEG: Final = """\b
Stopt met code:
  0  het werk is klaar, of was al klaar
  1  u of het systeem stopte het werk
  2  het werk kon niet beginnen
  3  het werk is mislukt; wat klaar was, blijft staan
  4  een ander proces is met dit werk bezig
Bij 1, 3 en 4: geef dezelfde opdracht later nog eens. Die gaat verder waar het werk stopte."""
_VERDER: Final = "Het werk is gestopt. Wat klaar was, blijft staan. Geef dezelfde opdracht om verder te gaan."
_MISLUKT: Final = "mislukt, met foutcode {code}. Wat klaar was, blijft staan ({gedaan}). Geef dezelfde opdracht om verder te gaan."
_AFLOOP: Final = {
    "KLAAR": "klaar, {gedaan} gedaan.",
    "WAS_KLAAR": "was al klaar.",
    "LOOPT_AL": "loopt al in een ander proces. Probeer het later nog eens.",
    "OVERGENOMEN": "een ander proces heeft dit werk overgenomen.",
    "MISLUKT": _MISLUKT,
}
_PER: Final = {"DAG": "elke dag", "WEEK": "elke week", "MAAND": "elke maand", "JAAR": "elk jaar"}
_WELKE: Final = "Naam, CBS-code of nummer van de gemeente. Anders: alle gemeenten."


@click.group()
def jobs() -> None:
    """Gepland werk bekijken en doen."""


@jobs.command("list")
@click.option("--gemeente", help=_WELKE)
def list_(gemeente: str | None) -> None:
    """Toon welk werk er is, en hoe het de laatste keer ging."""
    for line in asyncio.run(_list(gemeente)):
        click.echo(line)


@jobs.command()
@click.argument("naam", required=False)
@click.option("--gemeente", help=_WELKE)
@click.option("--aantal", type=Getal(1, 10_000), default=20, show_default=True, help="Hoeveel regels.")
def history(naam: str | None, gemeente: str | None, aantal: int) -> None:
    """Toon wat er is gedaan, nieuwste eerst. Met NAAM alleen dat werk."""
    for line in asyncio.run(_history(naam, gemeente, aantal)) or ["Er is nog geen werk gedaan."]:
        click.echo(line)


@jobs.command(epilog=_UITLEG)
@click.argument("naam")
@click.option("--period", metavar="P", help="Een dag (2026-12-31), week (2026-W53), maand (2026-12) of jaar (2026).")
@click.option("--gemeente", help=_WELKE)
@click.pass_context
def run(ctx: click.Context, naam: str, period: str | None, gemeente: str | None) -> None:
    """Doe het werk NAAM, een keer per periode. Nog eens starten kan geen kwaad, ook niet tegelijk op een andere machine.

    Zonder --period wordt eerst afgemaakt wat van eerdere periodes is blijven liggen, en daarna de periode van nu gedaan.
    """
    try:
        code = asyncio.run(_run(naam, period, gemeente))
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo(_VERDER, err=True)
        raise click.Abort from None
    ctx.exit(code)


@asynccontextmanager
async def _installatie(gemeente: str | None) -> AsyncIterator[tuple[Wijkwerk, dict[UUID, str]]]:
    """The installation, open, and the municipalities that are meant."""
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_beheer import read_settings
    from wijkwerk.cli_database import require_database
    from wijkwerk.gemeentekeuze import kies_gemeenten

    settings = read_settings()
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        async with wijkwerk.database.snapshot() as snapshot:
            gemeenten = await snapshot.run(lambda connection: kies_gemeenten(connection, gemeente))
        yield wijkwerk, gemeenten


def _kies(wijkwerk: Wijkwerk, naam: str) -> Job:
    from wijkwerk.errors import OngeldigeInvoer

    if (found := wijkwerk.catalogue.jobs.get(naam)) is None:
        keuze = ", ".join(sorted(wijkwerk.catalogue.jobs))
        raise OngeldigeInvoer(f"Dit werk is er niet. {f'Kies uit: {keuze}' if keuze else 'Er is geen gepland werk'}.", veld="naam")
    return found


async def _run(naam: str, period: str | None, gemeente: str | None) -> int:
    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError, RuntimeError):  # without signals (Windows, a thread) the lease ends a run that was stopped
            for sein in (signal.SIGINT, signal.SIGTERM):  # a shell has its background processes ignore SIGINT
                asyncio.get_running_loop().add_signal_handler(sein, task.cancel)
    async with _installatie(gemeente) as (wijkwerk, gemeenten):
        job = _kies(wijkwerk, naam)
        codes = {0}
        for id, titel in gemeenten.items():
            codes |= {await _een(wijkwerk, job, id, one, titel) for one in await _periodes(wijkwerk, job, id, period)}
        return max(codes, key=_ERNST.index)


async def _periodes(wijkwerk: Wijkwerk, job: Job, gemeente: UUID, period: str | None) -> list[str]:
    from wijkwerk.jobs.overzicht import te_doen
    from wijkwerk.jobs.perioden import lees_periode
    from wijkwerk.klok import vandaag

    nu = vandaag(wijkwerk.klok)
    if period is not None:
        return [lees_periode(job.per, period, nu)]
    async with wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: te_doen(connection, gemeente, job, nu))


async def _een(wijkwerk: Wijkwerk, job: Job, gemeente: UUID, periode: str, titel: str) -> int:
    """One run. What goes wrong in one municipality keeps the others from nothing."""
    from wijkwerk.errors import WijkwerkError
    from wijkwerk.jobs.draaien import draai

    begin = f"{titel}: {job.naam} {periode}"
    try:
        with Verloop(begin) as verloop:
            uitslag = await draai(wijkwerk, job, gemeente, periode, verloop)
    except WijkwerkError as error:
        click.echo(f"{begin}: {error.melding}", err=True)
        return KAN_NIET
    return _meld(begin, uitslag)


def _meld(begin: str, uitslag: Uitslag) -> int:
    code = {"LOOPT_AL": ELDERS, "OVERGENOMEN": ELDERS, "MISLUKT": MISLUKT}.get(uitslag.afloop, 0)
    click.echo(f"{begin}: {_AFLOOP[uitslag.afloop].format(gedaan=uitslag.gedaan, code=uitslag.code)}", err=code == MISLUKT)
    return code


async def _list(gemeente: str | None) -> list[str]:
    from wijkwerk.jobs.overzicht import geschiedenis

    lines = []
    async with _installatie(gemeente) as (wijkwerk, gemeenten), wijkwerk.database.snapshot() as snapshot:
        for naam, job in sorted(wijkwerk.catalogue.jobs.items()):
            lines.append(f"{naam} ({_PER[job.per]}): {job.uitleg}")
            for id, titel in gemeenten.items():
                rows = await snapshot.run(partial(geschiedenis, gemeenten=[id], naam=naam, aantal=1))
                lines.append(f"  {titel}: {_regel(rows[0]) if rows else 'nog niet gedaan'}")
    return lines or ["Er is geen gepland werk."]


async def _history(naam: str | None, gemeente: str | None, aantal: int) -> list[str]:
    from wijkwerk.jobs.overzicht import geschiedenis

    async with _installatie(gemeente) as (wijkwerk, gemeenten), wijkwerk.database.snapshot() as snapshot:
        rows = await snapshot.run(lambda connection: geschiedenis(connection, list(gemeenten), naam, aantal))
        if not rows and naam is not None:
            _kies(wijkwerk, naam)
    return [f"{gemeenten[row.gemeente_id]}: {row.naam} {_regel(row)}" for row in rows]


def _regel(row: Any) -> str:
    """A run in one line. Times as the clock on the wall says."""
    from wijkwerk.klok import AMSTERDAM

    van = "" if row.totaal is None else f" van {row.totaal}"
    moment = (row.klaar_op or row.begonnen_op).astimezone(AMSTERDAM)
    wanneer = f"{'klaar' if row.klaar_op else 'begonnen'} op {moment:%d-%m-%Y %H:%M}"
    fout = "" if row.foutcode is None else f", foutcode {row.foutcode}"
    keer = "" if row.pogingen == 1 else f", {row.pogingen} keer gestart"
    return f"{row.periode} {row.status.value.lower()}, {wanneer}, {row.gedaan}{van} gedaan{keer}{fout}"
