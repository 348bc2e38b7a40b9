"""Copying SQLite files while others write: with the backup API in one step, because in more steps each foreign commit starts it anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel, vernietigde_sleutel
from wijkwerk.reservekopie.manifest import Telling
from wijkwerk.reservekopie.map import VOL, ReservekopieFout, nieuw_bestand, schijffouten
from wijkwerk.storage.durable import on_disk
from wijkwerk.storage.revisions import VERSION_PREFIX

GEDULD_SECONDEN: Final = 30


def kopieer_database(van: Path, naar: Path) -> Telling:
    """A consistent copy in one file (0600), looked through; what is in it. Raises ReservekopieFout."""
    with schijffouten():
        nieuw_bestand(naar).close()
        try:
            with closing(_open(van, "ro")) as bron, closing(_open(naar, "rw")) as doel:
                bron.backup(doel, pages=-1)
                doel.execute("PRAGMA journal_mode=DELETE")
                found = _keur(doel), _revisies(doel)
        except sqlite3.Error as error:
            raise ReservekopieFout(_zin(error)) from None
        on_disk(naar)
    return found


def vul_aan(sleutels: Path, eerder: Path) -> None:
    """Put in a copy of keys what an earlier copy had, unless it was destroyed: a rotation may have replaced a key since, and the copy of
    the data, made in between, is sealed with the old one. Raises ReservekopieFout.
    """
    with schijffouten():
        try:
            with closing(_open(sleutels, "rw")) as doel:
                doel.execute("ATTACH DATABASE ? AS eerder", (str(eerder),))
                for tabel in (dienstsleutel.name, gegevenssleutel.name):
                    doel.execute(
                        f"INSERT INTO {tabel} SELECT * FROM eerder.{tabel} AS e WHERE e.id NOT IN (SELECT id FROM {tabel}) "  # noqa: S608 - names of our own tables
                        f"AND e.id NOT IN (SELECT id FROM {vernietigde_sleutel.name})"
                    )
        except sqlite3.Error as error:
            raise ReservekopieFout(_zin(error)) from None
        on_disk(sleutels)


def _open(pad: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{pad.resolve().as_uri()}?mode={mode}", uri=True, timeout=GEDULD_SECONDEN, isolation_level=None)


def _keur(doel: sqlite3.Connection) -> dict[str, int]:
    if doel.execute("PRAGMA integrity_check").fetchall() != [("ok",)] or doel.execute("PRAGMA foreign_key_check").fetchone():
        raise ReservekopieFout("De database is beschadigd: de kopie klopt niet. Er is geen reservekopie gemaakt. Meld dit direct.")
    namen = [naam for (naam,) in doel.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    return {naam: doel.execute(f'SELECT count(*) FROM "{naam}"').fetchone()[0] for naam in namen}  # noqa: S608 - names of our own tables


def _revisies(doel: sqlite3.Connection) -> dict[str, str]:
    namen = [naam for (naam,) in doel.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if naam.startswith(VERSION_PREFIX)]
    gelezen: Mapping[str, list[tuple[str]]] = {
        naam: doel.execute(f'SELECT version_num FROM "{naam}"').fetchall()  # noqa: S608 - the same
        for naam in namen
    }
    return {naam.removeprefix(VERSION_PREFIX): rows[0][0] for naam, rows in gelezen.items() if rows}


def _zin(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")):
        return VOL
    return "De database kan niet worden gekopieerd. Controleer of de bestanden er zijn, en of u ze mag lezen."
