"""Only `migrate` and `demo` make a database: every other command refuses where there is none, or a typing error would make one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wijkwerk.errors import OpstartFout

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from wijkwerk.settings import Settings
    from wijkwerk.storage.base import Database
    from wijkwerk.storage.sqlite import SqliteDatabase

_GEEN_DATABASE: Final = (
    "Er is hier geen database van Wijkwerk. Controleer de instellingen WIJKWERK_MAP en WIJKWERK_DATABASE, "
    "of maak eerst een database met `wijkwerk migrate`."
)

_HALF: Final = (
    "Het terugzetten van een reservekopie is hier niet afgemaakt. Maak een nieuwe database, kies die met WIJKWERK_DATABASE, "
    "en zet de kopie opnieuw terug met `wijkwerk restore`."
)


async def require_database(settings: Settings) -> None:
    """Return when the database of these settings was made before; nothing is written. Raises OpstartFout when not, or when its file of
    keys is lost."""
    from wijkwerk.sleutelbeheer.start import refuse_lost_file
    from wijkwerk.storage.engine import open_database
    from wijkwerk.storage.sqlite import SqliteDatabase

    database = open_database(settings.database_url)
    if isinstance(database, SqliteDatabase):
        refuse_lost_file(database)
    if not (_has_files(database) if isinstance(database, SqliteDatabase) else await _has_tables(database)):
        raise OpstartFout(_GEEN_DATABASE)


def _has_files(database: SqliteDatabase) -> bool:
    """Looked at from outside: opening the files would make them."""
    return all(path.is_file() and path.stat().st_size for path in (database.path, database.keys_path))


async def _has_tables(database: Database) -> bool:
    await database.open()
    try:
        async with database.snapshot() as snapshot:
            return await snapshot.run(_core_was_migrated)
    finally:
        await database.close()


def _core_was_migrated(connection: Connection) -> bool:
    """Raises OpstartFout where a backup was put back half (PostgreSQL; on SQLite nothing half is ever in place)."""
    from sqlalchemy import inspect

    from wijkwerk.plugins import CORE
    from wijkwerk.reservekopie.map import MERK
    from wijkwerk.storage.revisions import VERSION_PREFIX

    if inspect(connection).has_table(MERK):
        raise OpstartFout(_HALF)
    return inspect(connection).has_table(VERSION_PREFIX + CORE)
