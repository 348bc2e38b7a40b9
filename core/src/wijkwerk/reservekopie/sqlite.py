"""Copying SQLite files while others write: with the backup API in one step, because in more steps each foreign commit starts it anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Insert, MetaData, Table, insert, select

from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel, vernietigde_sleutel
from wijkwerk.reservekopie.map import VOL, ReservekopieFout, nieuw_bestand, schijffouten
from wijkwerk.reservekopie.telling import Telling, aantal_in, revisie_in
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
                for tabel in (dienstsleutel, gegevenssleutel):
                    doel.execute(str(_wat_er_mist(tabel)))
        except sqlite3.Error as error:
            raise ReservekopieFout(_zin(error)) from None
        on_disk(sleutels)


def _wat_er_mist(tabel: Table) -> Insert:
    """Puts in the rows of the file that is attached which are not here, and were not destroyed."""
    eerder = tabel.to_metadata(MetaData(), schema="eerder")
    hier, weg = select(tabel.c.id), select(vernietigde_sleutel.c.id)
    mist = select(eerder).where(eerder.c.id.not_in(hier), eerder.c.id.not_in(weg))
    return insert(tabel).from_select(tabel.c.keys(), mist)


def _open(pad: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{pad.resolve().as_uri()}?mode={mode}", uri=True, timeout=GEDULD_SECONDEN, isolation_level=None)


def _keur(doel: sqlite3.Connection) -> dict[str, int]:
    if doel.execute("PRAGMA integrity_check").fetchall() != [("ok",)] or doel.execute("PRAGMA foreign_key_check").fetchone():
        raise ReservekopieFout("De database is beschadigd: de kopie klopt niet. Er is geen reservekopie gemaakt. Meld dit direct.")
    namen = [naam for (naam,) in doel.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    return {naam: doel.execute(str(aantal_in(naam))).fetchone()[0] for naam in namen}


def _revisies(doel: sqlite3.Connection) -> dict[str, str]:
    namen = [naam for (naam,) in doel.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if naam.startswith(VERSION_PREFIX)]
    gelezen: Mapping[str, list[tuple[str]]] = {naam: doel.execute(str(revisie_in(naam))).fetchall() for naam in namen}
    return {naam.removeprefix(VERSION_PREFIX): rows[0][0] for naam, rows in gelezen.items() if rows}


def _zin(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")):
        return VOL
    return "De database kan niet worden gekopieerd. Controleer of de bestanden er zijn, en of u ze mag lezen."
