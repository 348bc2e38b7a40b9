"""The command `wijkwerk`: packages add commands through the entry-point group `wijkwerk.cli`; one is loaded when it is called."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import EntryPoint, entry_points
from typing import Final

import click

from wijkwerk.cli_beheer import omgeving
from wijkwerk.cli_nederlands import explained, nederlands
from wijkwerk.errors import OpstartFout, WijkwerkError
from wijkwerk.quiet_logging import configure

GROUP: Final = "wijkwerk.cli"
_LOGGER: Final = logging.getLogger(__name__)

# a command that is not loaded can't say what it does
_KORT: Final = {
    "backup": "Een reservekopie maken, van gegevens en sleutels apart",
    "config": "De instellingen bekijken",
    "demo": "Een werkend systeem met verzonnen mensen",
    "gebieden": "Wijken, buurten en postcodes inlezen",
    "gemeente": "Een gemeente maken",
    "getuige": "Getuige zijn van het log van een ander",
    "import": "Personen inlezen uit een bestand",
    "jobs": "Gepland werk bekijken en doen",
    "keys": "De sleutels maken, bekijken en vernieuwen",
    "log": "Het inzagelog controleren, exporteren en doorzoeken",
    "migrate": "De database klaarmaken voor deze versie",
    "plugins": "De plugins bekijken",
    "policy": "Het beleid controleren en uitleggen",
    "post": "Berichten die terugkomen verwerken",
    "register": "Grondslagen, doelen en activiteiten controleren",
    "restore": "Een reservekopie terugzetten of proberen",
    "schema": "Het GraphQL-schema bekijken",
    "serve": "De dienst starten",
    "worker": "E-mail versturen en verzoeken om toegang verwerken",
}


class Opdrachten(click.Group):
    """A group that finds its commands by name and loads none for its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all packages' commands."""
        return sorted({point.name for point in entry_points(group=GROUP)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name. Raises OpstartFout when it can't be loaded or two packages have it."""
        found = entry_points(group=GROUP, name=cmd_name)
        if len(found) > 1:
            raise OpstartFout(f"Twee pakketten hebben de opdracht {cmd_name}. Verwijder er een.")
        return nederlands(_load(found[cmd_name])) if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, without loading one."""
        with formatter.section("Opdrachten"):
            formatter.write_dl([(point.name, _short(point)) for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)])


def _short(point: EntryPoint) -> str:
    return _KORT.get(point.name) or f"Opdrachten van {point.dist.name if point.dist else 'een plugin'}"


def _load(point: EntryPoint) -> click.Command:
    try:
        command = point.load()
    except Exception as error:
        raise OpstartFout(f"De opdracht {point.name} kan niet worden geladen ({type(error).__name__}).") from error
    if not isinstance(command, click.Command):
        raise OpstartFout(f"De opdracht {point.name} is geen opdracht.")
    return command


@click.group(cls=Opdrachten)
def cli() -> None:
    """Wijkwerk: casemanagement voor wijkteams."""


def main() -> None:
    """The console script. Whatever goes wrong is a Dutch line on stderr; never a stack trace, which may hold personal data."""
    configure()
    try:
        result = nederlands(cli).main(prog_name="wijkwerk", standalone_mode=False, obj=omgeving)
    except click.Abort:
        _fail("Afgebroken.", 1)
    except click.ClickException as error:
        _fail(explained(error), error.exit_code)
    except WijkwerkError as error:
        _fail(error.melding, 2)
    except Exception:
        _LOGGER.critical("onverwachte fout", exc_info=True)
        _fail(WijkwerkError.standaard, 1)
    sys.exit(result if isinstance(result, int) else 0)


def _fail(text: str, exit_code: int) -> None:
    click.echo(text, err=True)
    sys.exit(exit_code)
