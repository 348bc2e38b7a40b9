"""`wijkwerk policy`: look a policy through, say what a role may and why somebody sees something, and what another policy would change."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import click

from wijkwerk.cli_waarden import BestaandBestand

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from wijkwerk.access.catalogue import Catalogue
    from wijkwerk.access.policy import Policy
    from wijkwerk.settings import Settings

T = TypeVar("T")
STANDAARD = "standaard"
_HULP = """\b
Een regel van het beleid is een van deze drie:
  p, ROL, permissie          de rol mag dit altijd
  p, ROL, permissie, DOEL    alleen in een verzoek voor dit doel
  weiger, ROL, Soort.veld    de rol ziet dit veld nooit, ook niet met een andere rol erbij

Achter # staat een toelichting."""


@click.group()
def policy() -> None:
    """Het beleid: welke rol wat mag."""


@policy.command(epilog=_HULP)
@click.argument("file", metavar="[BESTAND]", required=False, type=BestaandBestand())
def check(file: Path | None) -> None:
    """Controleer het beleid in BESTAND, of anders het beleid van deze installatie. Fouten geven exitcode 1, waarschuwingen 0."""
    from wijkwerk.access.beleidscontrole import waarschuwingen
    from wijkwerk.access.policybestand import Beleidsfout

    settings, catalogue = _kern()
    try:
        gelezen = _van_bestand(file or settings.policy_file, catalogue)
    except Beleidsfout as error:
        for fout in error.fouten:
            click.echo(f"Fout, {fout}")
        sys.exit(1)
    for zin in waarschuwingen(gelezen, catalogue):
        click.echo(f"Let op: {zin}")
    click.echo(f"Het beleid klopt. Het heeft kenmerk {gelezen.versie}.")


@policy.command()
@click.argument("rol", required=False)
def show(rol: str | None) -> None:
    """Toon wat elke rol mag, of alleen ROL."""
    from wijkwerk.access.beleidstekst import beschrijf
    from wijkwerk.errors import OngeldigeInvoer

    settings, catalogue = _kern()
    if rol is not None and rol not in catalogue.rollen:
        raise OngeldigeInvoer(f"Deze rol is er niet. Kies uit: {', '.join(catalogue.rollen)}.", veld="rol")
    gelezen = _van_bestand(settings.policy_file, catalogue)
    for code in catalogue.rollen if rol is None else [rol]:
        for line in beschrijf(gelezen, catalogue, code):
            click.echo(line)


@policy.command()
@click.argument("oud", metavar="OUD")
@click.argument("nieuw", metavar="NIEUW")
@click.option("--gemeente", help="Naam, CBS-code of nummer van de gemeente. Nodig als er meer zijn.")
def diff(oud: str, nieuw: str, gemeente: str | None) -> None:
    """Toon wat er verandert van OUD naar NIEUW: per rol, en voor hoeveel inwoners dat uitmaakt.

    OUD en NIEUW zijn elk een bestand, het woord 'standaard', of het kenmerk van een beleid dat eerder gold.
    """
    from wijkwerk.access.beleidstekst import verschil

    settings, catalogue = _kern()
    voor, na = asyncio.run(_twee(settings, catalogue, oud, nieuw))
    anders = verschil(voor, na, catalogue)
    for een in anders:
        for line in een.regels(catalogue):
            click.echo(line)
    if not anders:
        click.echo("Er verandert niets.")
    elif _heeft_database(settings):
        for line in asyncio.run(_geteld(settings, catalogue, voor, na, gemeente)):
            click.echo(line)
    else:
        click.echo("Er is hier geen database: het aantal inwoners is niet geteld.", err=True)


@policy.command()
@click.argument("gebruiker", metavar="GEBRUIKER")
@click.argument("inwoner", metavar="INWONER", type=click.UUID)
@click.argument("veld", metavar="SOORT.VELD")
@click.option("--gemeente", help="Naam, CBS-code of nummer van de gemeente. Nodig als er meer zijn.")
def why(gebruiker: str, inwoner: UUID, veld: str, gemeente: str | None) -> None:
    """Zeg waarom GEBRUIKER dit veld van INWONER wel of niet mag zien. Deze vraag komt in het inzagelog.

    GEBRUIKER is het nummer van een gebruiker, of hoe de uitgever van tokens de gebruiker noemt (sub). INWONER is een nummer. SOORT.VELD is
    bijvoorbeeld Persoon.bsn.
    """
    from wijkwerk.cli_beheer import read_settings

    for zin in asyncio.run(_why(read_settings(), gebruiker, inwoner, veld, gemeente)):
        click.echo(zin)


def _kern() -> tuple[Settings, Catalogue]:
    """The settings and what is declared, whatever is wrong with the policy of the settings."""
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_beheer import read_settings

    settings = read_settings()
    return settings, Wijkwerk(settings.model_copy(update={"policy_file": None})).catalogue


def _van_bestand(file: Path | None, catalogue: Catalogue) -> Policy:
    from wijkwerk.access.policy import default_lines, load
    from wijkwerk.access.policybestand import lees_tekst, ontleed

    if file is None:
        return load(default_lines(catalogue.permissions.values()), catalogue)
    lines, fouten = ontleed(lees_tekst(file))
    return load(lines, catalogue, fouten)


async def _twee(settings: Settings, catalogue: Catalogue, oud: str, nieuw: str) -> tuple[Policy, Policy]:
    return await _een(settings, catalogue, oud), await _een(settings, catalogue, nieuw)


async def _een(settings: Settings, catalogue: Catalogue, naam: str) -> Policy:
    """A policy by name: the one that the declarations give, a file, or one that held before."""
    if naam == STANDAARD:
        return _van_bestand(None, catalogue)
    if (file := Path(naam)).is_file():
        return _van_bestand(file, catalogue)
    from wijkwerk.access.policy import load
    from wijkwerk.access.policybestand import ontleed
    from wijkwerk.beleidsgevolgen import eerder_beleid

    lines, fouten = ontleed(await _gelezen(settings, lambda connection: eerder_beleid(connection, naam)))
    return load(lines, catalogue, fouten)


async def _gelezen(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Read something in the database alone: to start the installation with another policy than its own would note that one as its own."""
    from wijkwerk.cli_database import require_database
    from wijkwerk.storage.engine import open_database

    await require_database(settings)
    database = open_database(settings.database_url)
    await database.open()
    try:
        async with database.snapshot() as snapshot:
            return await snapshot.run(work)
    finally:
        await database.close()


def _heeft_database(settings: Settings) -> bool:
    from wijkwerk.cli_database import require_database
    from wijkwerk.errors import OpstartFout

    try:
        asyncio.run(require_database(settings))
    except OpstartFout:
        return False
    return True


async def _geteld(settings: Settings, catalogue: Catalogue, oud: Policy, nieuw: Policy, gemeente: str | None) -> list[str]:
    from wijkwerk.access.actor import Toewijzer
    from wijkwerk.beleidsgevolgen import gevolgen, gevolgzin
    from wijkwerk.gemeentekeuze import kies_gemeente
    from wijkwerk.klok import SysteemKlok

    def work(connection: Connection) -> list[str]:
        voor, gekozen = Toewijzer(oud, catalogue), kies_gemeente(connection, gemeente)
        found = gevolgen(connection, gekozen, voor, nieuw, SysteemKlok().nu(), _meld)
        return [gevolgzin(gevolg, aantal) for gevolg, aantal in found.items()]

    lines = await _gelezen(settings, work)
    click.echo("", err=True)
    return lines


def _meld(gedaan: int, van: int) -> None:
    click.echo(f"\r{gedaan} van {van} gebruikers bekeken", nl=False, err=True)


async def _why(settings: Settings, gebruiker: str, inwoner: UUID, veld: str, gemeente: str | None) -> list[str]:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_database import require_database
    from wijkwerk.uitleggen import waarom_beheerder

    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        return list((await waarom_beheerder(wijkwerk, gebruiker, inwoner, veld, gemeente)).zinnen)
