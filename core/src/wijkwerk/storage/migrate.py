"""Migrations: every owner of tables (core, keys, each plugin) has a history of its own, so that a removed plugin blocks nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.script import Script
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from ..errors import OpstartFout
from .base import Database
from .revisions import VERSION_PREFIX, Migraties, config, context, head

__all__ = ["Migraties", "check", "downgrade", "in_order", "make_revision", "migrate"]

_ADVISORY_LOCK = 0x77696A6B  # "wijk": any number that no other program on this database uses

T = TypeVar("T")

# Alembic keeps its `op` and `context` for the whole process, whatever the event loop
_alone = Lock()


def in_order(owners: Iterable[Migraties]) -> list[Migraties]:
    """Each after the owners it requires. Raises `OpstartFout` on a double, an absent or a circular one."""
    named: dict[str, Migraties] = {}
    for one in owners:
        if named.setdefault(one.owner, one) is not one:
            raise OpstartFout(f"Er zijn twee sets migraties met de naam {one.owner}. Verwijder er een.")
    for one in named.values():
        for needed in one.requires:
            if needed not in named:
                raise OpstartFout(f"De migraties van {one.owner} hebben {needed} nodig, maar dat is niet geïnstalleerd.")
    try:
        return [named[name] for name in TopologicalSorter({name: one.requires for name, one in named.items()}).static_order()]
    except CycleError as error:
        raise OpstartFout(f"Deze migraties wachten op elkaar: {', '.join(error.args[1])}. Haal een van de eisen weg.") from error


async def migrate(database: Database, owners: Sequence[Migraties]) -> list[str]:
    """Bring every owner's tables to its newest revision. Each owner is one transaction: it arrives, or nothing of it changed. Returns which
    tables that were there are changed, as `core: core_0001, core_0002`: from which revision to which.

    Safe to run twice and from several processes. Raises `OpstartFout` when the database knows a revision that the code does not.
    """
    gedaan = [await _administer(database, one, partial(_upgrade, one)) for one in in_order(owners)]
    return [line for line in gedaan if line is not None]


async def downgrade(database: Database, owner: Migraties, revision: str) -> None:
    """Take one owner back to `revision` (`base`: nothing left)."""
    await _administer(database, owner, partial(_downgrade, owner, revision))


async def check(database: Database, owners: Sequence[Migraties]) -> list[str]:
    """What is not as it should be, in Dutch, a line each; empty when all is well. Changes nothing.

    Reports an owner that is not at its newest revision, tables that differ from what is declared, and tables of an owner
    that is not installed (reported, never dropped).
    """

    def work(connection: Connection) -> list[str]:
        with database.keys(connection) as keys:
            places = {False: connection, True: keys}
            found = [line for one in in_order(owners) for line in _deviations(one, places[one.keys])]
            return found + _strangers(owners, places.values())

    async with database.snapshot() as snapshot:
        return await snapshot.run(work)


async def make_revision(database: Database, owner: Migraties, message: str) -> Path | None:
    """Write a revision from the difference between the database (migrated, at its newest) and the declared tables.

    For developers. Returns the file, to be read and completed; None when nothing differs.
    """
    (owner.map / "versions").mkdir(parents=True, exist_ok=True)
    return await _administer(database, owner, partial(_make_revision, owner, message))


async def _administer(database: Database, owner: Migraties, work: Callable[[Connection], T]) -> T:
    async with _turn():
        try:
            return await database.administer(work, keys=owner.keys)
        except CommandError as error:
            raise OpstartFout(f"De migraties van {owner.owner} passen niet bij deze database: {error}") from error


@asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    while not _alone.acquire(blocking=False):  # noqa: ASYNC110 (an Event belongs to one loop)
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        _alone.release()


def _upgrade(owner: Migraties, connection: Connection) -> str | None:
    _lock(connection)
    newest, was = head(owner), context(owner, connection).get_current_revision()
    if newest is not None and was == newest:
        return None
    command.upgrade(config(owner, connection), "head")
    return None if was is None else f"{owner.owner}: {was}, {newest}"


def _downgrade(owner: Migraties, revision: str, connection: Connection) -> None:
    _lock(connection)
    command.downgrade(config(owner, connection), revision)


def _make_revision(owner: Migraties, message: str, connection: Connection) -> Path | None:
    settings = config(owner, connection)
    settings.attributes["options"]["process_revision_directives"] = _skip_empty
    number = len(list((owner.map / "versions").glob("*.py"))) + 1
    made = command.revision(settings, message, autogenerate=True, rev_id=f"{owner.owner}_{number:04d}")
    return Path(made.path) if isinstance(made, Script) else None


def _skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})


def _deviations(owner: Migraties, connection: Connection) -> list[str]:
    newest = head(owner)
    looking = context(owner, connection)
    current = looking.get_current_revision()
    if newest is None:
        return [f"{owner.owner}: er zijn geen migraties gevonden. Installeer dit onderdeel opnieuw."]
    if current != newest:
        return [f"{owner.owner}: de database staat op {current or 'niets'}, de code verwacht {newest}. Draai `wijkwerk migrate`."]
    return [
        f"{owner.owner}: {_described(one)} wijkt af van de code. Schrijf een migratie." for one in compare_metadata(looking, owner.tables)
    ]


def _described(difference: Any) -> str:
    """`modify_nullable persoon naam`: what Alembic would do, and to what."""
    first = difference[0] if isinstance(difference, list) else difference
    names = [getattr(part, "name", part) for part in first[1:4]]
    return " ".join([first[0], *(name for name in names if isinstance(name, str))])


def _strangers(owners: Iterable[Migraties], places: Iterable[Connection]) -> list[str]:
    known = {one.version_table for one in owners}
    tables = {name for place in places for name in inspect(place).get_table_names() if name.startswith(VERSION_PREFIX)}
    return [
        f"{name.removeprefix(VERSION_PREFIX)}: er zijn tabellen, maar dit onderdeel is niet geïnstalleerd. Er is niets verwijderd."
        for name in sorted(tables - known)
    ]
