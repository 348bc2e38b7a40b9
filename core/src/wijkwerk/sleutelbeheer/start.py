"""The root key at the start: the chosen provider, and no start at all unless it opens what is there. Refusing changes nothing."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, select

from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.keystore import Dienstsleutel, all_service, dienstsleutel, service_context
from wijkwerk.crypto.provider import FileProvider, KeyProvider
from wijkwerk.crypto.wrapping import wiped
from wijkwerk.errors import OpstartFout
from wijkwerk.log.tables import log_regel
from wijkwerk.settings import Settings
from wijkwerk.storage.base import Database
from wijkwerk.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from wijkwerk.crypto.token import TokenPlace

_TERUG: Final = "Zet het goede terug vanuit uw reservekopie en start opnieuw. Er is niets veranderd."


async def open_with_root_key(settings: Settings, database: Database) -> KeyProvider | None:
    """Open the database with the provider of these settings; None where no key file was made yet, and nothing is there that needs one.

    Raises `OpstartFout` when the provider can't be trusted or reached, or does not open every root key that is in use, and when the
    wrapped keys are gone from beside the data. Makes no key.
    """
    provider = _existing(settings)
    if isinstance(database, SqliteDatabase):
        refuse_lost_file(database)
    await database.open()
    async with database.snapshot() as snapshot:
        rows = await snapshot.run(lambda connection: _wrapped(database, connection))
    if rows and provider is None:
        raise OpstartFout(f"Het sleutelbestand {settings.root_key_file} is weg, en er zijn al gegevens die het nodig hebben. {_TERUG}")
    if provider is not None:
        _refuse_strangers(provider, rows)
    return provider


def token_place(settings: Settings) -> TokenPlace:
    """Where the root key is, when that is a token. Raises `OpstartFout` when a setting is missing or the extra is not installed."""
    try:
        from wijkwerk.crypto.token import TokenPlace
    except ImportError:
        te_doen = "Installeer het met `pip install 'wijkwerk[pkcs11]'` en start opnieuw."
        raise OpstartFout(f"Voor sleutels.provider = pkcs11 is een extra pakket nodig. {te_doen}") from None
    given = settings.sleutels
    if given.module is None or given.token is None or given.pin_file is None:
        raise OpstartFout("Geef voor een token de instellingen sleutels.module, sleutels.token en sleutels.pin_file alle drie.")
    return TokenPlace(given.module, given.token, given.sleutel, given.pin_file)


async def make_first_root_key(settings: Settings, database: Database) -> str:
    """Make the root key of a new installation: the sentence that says where it is. Raises `OpstartFout` beside data and beside a key."""
    if settings.sleutels.provider == "bestand" and _existing(settings) is not None:
        raise OpstartFout(f"Het sleutelbestand {settings.root_key_file} is er al. Er is niets veranderd.")
    if await _in_use(database):
        raise OpstartFout(f"Er zijn al gegevens die een andere hoofdsleutel nodig hebben. {_TERUG}")
    if settings.sleutels.provider == "bestand":
        return f"{FileProvider(settings.root_key_file).plek} is gemaakt."
    from wijkwerk.crypto.pkcs11 import make_first_key

    place = token_place(settings)
    return f"{place} heeft nu een hoofdsleutel, met nummer {make_first_key(place)}."


def _existing(settings: Settings) -> KeyProvider | None:
    if settings.sleutels.provider == "bestand":
        path = settings.root_key_file
        return FileProvider(path, make=False) if path.exists() or path.is_symlink() else None
    place = token_place(settings)
    from wijkwerk.crypto.pkcs11 import Pkcs11Provider

    return Pkcs11Provider(place)


def refuse_lost_file(database: SqliteDatabase) -> None:
    """Looked at from outside: opening the database would make the file, and new keys open nothing. Raises `OpstartFout`."""
    if database.path.exists() and database.path.stat().st_size and not database.keys_path.exists():
        raise OpstartFout(f"Het bestand met ingepakte sleutels {database.keys_path} is weg, en er zijn al gegevens. {_TERUG}")


async def _in_use(database: Database) -> bool:
    if isinstance(database, SqliteDatabase):
        refuse_lost_file(database)
        if not database.path.exists():
            return False
    await database.open()
    async with database.snapshot() as snapshot:
        return bool(await snapshot.run(lambda connection: _wrapped(database, connection)))


def _wrapped(database: Database, connection: Connection) -> list[Dienstsleutel]:
    """All keys that a root key wrapped. Raises `OpstartFout` when there are none beside a log that was written with some."""
    with database.keys(connection) as keys:
        rows = all_service(keys) if inspect(keys).has_table(dienstsleutel.name) else []
    # no column but one that every version had: this looks before the tables are brought to this version
    logged = inspect(connection).has_table(log_regel.name) and connection.execute(select(log_regel.c.seq).limit(1)).first()
    if logged and not rows:
        raise OpstartFout(f"Er zijn gegevens, maar de tabel met ingepakte sleutels is leeg. {_TERUG}")
    return rows


def _refuse_strangers(provider: KeyProvider, rows: list[Dienstsleutel]) -> None:
    def by_root(row: Dienstsleutel) -> str:
        return row.provider_sleutel

    for key_id, of_one in groupby(sorted(rows, key=by_root), key=by_root):
        if not any(_opens(provider, row) for row in of_one):
            raise OpstartFout(f"{provider.plek} past niet bij deze gegevens: hoofdsleutel {key_id} zit er niet in. {_TERUG}")


def _opens(provider: KeyProvider, row: Dienstsleutel) -> bool:
    """One row that was damaged says nothing of the root key; that there is none that opens, does."""
    context = service_context(row.id, row.gemeente_id, row.doel, row.generatie)
    try:
        with wiped(bytearray(provider.unwrap(row.provider_sleutel, row.ingepakt, context))):
            return True
    except (SleutelOntbreekt, Vervalst):
        return False
