"""The words of click itself in Dutch: help, and what is wrong with a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeVar

import click

from wijkwerk.cli_waarden import VerkeerdeWaarde

C = TypeVar("C", bound=click.Command)

_WORDS: Final = {
    "Arguments": "Argumenten",
    "Commands": "Opdrachten",
    "Options": "Opties",
    "Show this message and exit.": "Toon deze uitleg.",
}
_SOORTEN: Final = {"TEXT": "TEKST", "FILE": "BESTAND", "DIRECTORY": "MAP", "PATH": "PAD", "INTEGER": "GETAL"}
"""What stands for a value."""
_PARTS: Final = {"[OPTIONS]": "[OPTIES]", "COMMAND [ARGS]...": "OPDRACHT ...", "[required]": "[verplicht]", "[default: ": "[standaard: "}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _soorten(_translated(args)), "Gebruik: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_translated(heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_soorten(term), _translated(text)) for term, text in rows], col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


def nederlands(command: C) -> C:
    """The same command, and those below it, with Dutch help."""
    command.context_class = _Context
    if isinstance(command, click.Group):
        for below in command.commands.values():
            nederlands(below)
    return command


def explained(error: click.ClickException) -> str:
    """What is wrong with a command line, without the value that was given."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return error.ctx.get_help() if error.ctx else ""
        case click.NoSuchOption():
            return f"De optie {error.option_name} bestaat niet. Kijk met --help welke er zijn."
        case click.MissingParameter():
            return f"{_parameter(error)} ontbreekt. Kijk met --help wat nodig is."
        case VerkeerdeWaarde():
            return error.message
        case click.BadParameter():
            return f"{_parameter(error)} klopt niet. Kijk met --help wat er kan."
        case click.UsageError():
            return "Deze opdracht bestaat niet of klopt niet. Kijk met --help wat er kan."
    return error.format_message()


def _parameter(error: click.BadParameter) -> str:
    hint = error.param.opts[0] if error.param and error.param.opts else error.param_hint
    return hint if isinstance(hint, str) and hint else "Een waarde"


def _soorten(text: str) -> str:
    return re.sub(r"\b[A-Z]+\b", lambda found: _SOORTEN.get(found[0], found[0]), text)


def _translated(text: str) -> str:
    text = _WORDS.get(text, text)
    for english, dutch in _PARTS.items():
        text = text.replace(english, dutch)
    return text
