"""The command `wijkwerk schema`."""

from __future__ import annotations

import click

from wijkwerk.plugins import Plugins
from wijkwerk_graphql.schema.schema import Schema


@click.group(help="Het GraphQL-schema bekijken.")
def schema() -> None:
    """Commands about the schema."""


@schema.command("print", help="Druk het schema af, met alle geïnstalleerde plugins.")
def print_() -> None:
    """The schema in the schema definition language."""
    click.echo(sdl(Plugins.installed()))


def sdl(plugins: Plugins) -> str:
    """The schema of the core and these plugins as text, ending without a newline."""
    return Schema.of(plugins).as_str()
