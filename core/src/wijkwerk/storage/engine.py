"""Which database an address means."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ..errors import OpstartFout
from .base import Database
from .postgres import PostgresDatabase
from .sqlite import SqliteDatabase


def open_database(url: str, *, keys_url: str | None = None) -> Database:
    """The database at `url`, not yet opened: `sqlite:///map/wijkwerk.db` or `postgresql://gebruiker@host/naam`.

    `keys_url` is for SQLite only: the file of the wrapped keys (default: `keys.db` beside the rows).
    Raises `OpstartFout` for an address of another kind; the message never repeats it (it may hold a password).
    """
    parsed = _parsed(url)
    scheme = parsed.get_backend_name()
    if scheme == "sqlite":
        return SqliteDatabase(_file(parsed), None if keys_url is None else _file(_parsed(keys_url)))
    if scheme == "postgresql" and keys_url is None:
        return PostgresDatabase(parsed)
    if scheme == "postgresql":
        raise OpstartFout("Bij PostgreSQL staan de sleutels in dezelfde database. Haal het aparte adres voor de sleutels weg.")
    raise OpstartFout("Dit soort database kennen we niet. Gebruik sqlite:///pad/naar/wijkwerk.db of postgresql://gebruiker@host/naam.")


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise OpstartFout("Het adres van de database klopt niet. Schrijf sqlite:///pad of postgresql://gebruiker@host/naam.") from None


def _file(url: URL) -> Path:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise OpstartFout("Geef een bestand voor SQLite, zoals sqlite:///pad/naar/wijkwerk.db. In het geheugen werken kan niet.")
    return Path(url.database)
