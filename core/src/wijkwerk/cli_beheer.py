"""Commands for who runs an installation: `wijkwerk migrate`, `wijkwerk plugins list`, `wijkwerk config show`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from wijkwerk.crypto.provider import KeyProvider
    from wijkwerk.log.opdracht import LogOmgeving
    from wijkwerk.settings import Settings
    from wijkwerk.storage.base import Database


def read_settings() -> Settings:
    """The settings of this installation. Raises OpstartFout naming the setting that is wrong, never its value: it may be a secret."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from wijkwerk.errors import OpstartFout
    from wijkwerk.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        names = sorted({".".join(map(str, one["loc"])) for one in error.errors(include_input=False, include_context=False)})
        raise OpstartFout(f"Deze instelling klopt niet: {', '.join(names)}.") from None
    except (SettingsError, ValueError, OSError):
        raise OpstartFout("De instellingen kunnen niet worden gelezen. Controleer wijkwerk.toml en de omgevingsvariabelen.") from None


@asynccontextmanager
async def omgeving() -> AsyncIterator[LogOmgeving]:
    """The installation of these settings, open, as `wijkwerk log` needs it."""
    from wijkwerk.app import Wijkwerk
    from wijkwerk.cli_database import require_database
    from wijkwerk.log.opdracht import LogOmgeving

    settings = read_settings()
    await require_database(settings)
    async with Wijkwerk(settings) as wijkwerk:
        async with wijkwerk.database.snapshot() as snapshot:
            identity = await snapshot.run(lambda connection: wijkwerk.keyring.signing_key(connection, "log"))
        yield LogOmgeving(
            wijkwerk.database, wijkwerk.journal, wijkwerk.getuigen, wijkwerk.levering, identity.public_key(), wijkwerk.catalogue
        )  # fmt: skip


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Verander niets; meld alleen wat niet klopt (exitcode 1).")
def migrate(only_check: bool) -> None:
    """Maak de database klaar voor deze versie. Twee keer uitvoeren kan geen kwaad."""
    found = asyncio.run(_migrate(read_settings(), only_check))
    for line in found:
        click.echo(line)
    if found:
        sys.exit(1)
    click.echo("De database past bij deze versie.")


async def _migrate(settings: Settings, only_check: bool) -> list[str]:
    from wijkwerk.cli_database import require_database
    from wijkwerk.plugins import Plugins
    from wijkwerk.sleutelbeheer.start import open_with_root_key
    from wijkwerk.storage.engine import open_database
    from wijkwerk.storage.migrate import check
    from wijkwerk.storage.migrate import migrate as upgrade

    if only_check:
        await require_database(settings)
    owners = Plugins.installed().migraties()
    database = open_database(settings.database_url)
    try:
        provider = await open_with_root_key(settings, database)
        if not only_check and (gewijzigd := await upgrade(database, owners)):
            await _noteer(settings, database, provider, gewijzigd)
        return await check(database, owners)
    finally:
        await database.close()


async def _noteer(settings: Settings, database: Database, provider: KeyProvider | None, gewijzigd: Sequence[str]) -> None:
    """In the log, of which the tables are there now."""
    from wijkwerk import entries
    from wijkwerk.crypto.hardening import harden_process
    from wijkwerk.crypto.keyring import Keyring
    from wijkwerk.crypto.provider import FileProvider
    from wijkwerk.klok import SysteemKlok
    from wijkwerk.log.journal import Journal

    harden_process()
    klok = SysteemKlok()
    keyring = Keyring(provider or FileProvider(settings.root_key_file), database, klok)
    identity = await database.transact(lambda connection: keyring.signing_key(connection, "log"))
    async with Journal(database, identity, klok, origin=settings.log.origin) as journal:
        await journal.record(entries.of_repair(klok.nu(), gewijzigd, "opdrachtregel"))


@click.group()
def plugins() -> None:
    """De plugins van deze installatie."""


@plugins.command("list")
def list_plugins() -> None:
    """Toon de kern en de plugins, met hun versie."""
    from wijkwerk.plugins import Plugins

    for info in Plugins.installed().infos.values():
        click.echo(f"{info.naam} {info.versie}: {info.uitleg}")


@click.group()
def config() -> None:
    """De instellingen van deze installatie."""


@config.command()
def show() -> None:
    """Toon de instellingen, zonder geheimen."""
    settings = read_settings()
    address = _public_address(settings)
    for name, value in sorted(_flat(settings.model_dump())):
        click.echo(f"{name} = {address if name == 'database' else value}")


def _flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _public_address(settings: Settings) -> str:
    """The address of the database without user, password and options. Raises OpstartFout for one that can't be used."""
    from sqlalchemy import URL, make_url

    from wijkwerk.storage.engine import open_database

    open_database(settings.database_url)
    url = make_url(settings.database_url)
    return URL.create(url.drivername, host=url.host, port=url.port, database=url.database).render_as_string()
