"""Tampering with the log where it lives, on each engine, by whoever has the password of the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.boom import boom
from wijkwerk.log.controle import verifieer_levend
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import TABLES, drop_triggers
from wijkwerk.log.verify import Rapport, geopend
from wijkwerk.storage.base import Database
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.logverificatie import named

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]

ONE = "stroom IN (SELECT stroom FROM log_regel WHERE seq = 3)"
"""The stream of the reads."""

TAMPERINGS = {
    "another body": (f"UPDATE log_regel SET body = hash WHERE seq = 2 AND {ONE}", "regel 2"),
    "another hash": (f"UPDATE log_regel SET hash = (SELECT max(sleutel) FROM log_stroom) WHERE seq = 1 AND {ONE}", "regel 1"),
    "an entry less": (f"DELETE FROM log_regel WHERE seq = 1 AND {ONE}", "regel 2"),
    "another number": (f"UPDATE log_regel SET seq = 77 WHERE seq = 3 AND {ONE}", "regel 77"),
    "an entry more": (
        "INSERT INTO log_regel (stroom, seq, tijdstip, periode, hash, body, doelen, gebeurtenis, resultaat) SELECT stroom, seq, "
        "'2031-01-01 00:00:00', periode, hash, body, doelen, gebeurtenis, resultaat FROM log_regel WHERE seq = 1 AND " + ONE,
        "regel 1",
    ),
    "not found by who asks": (f"UPDATE log_regel SET resultaat = 'FOUT' WHERE seq = 1 AND {ONE}", "regel 1"),
    "a person not found": ("DELETE FROM log_betrokkene WHERE seq = 2", "regel 2"),
    "another kind": ("UPDATE log_stroom SET soort = 'INZAGE'", "stroom"),
    "no streams": ("DELETE FROM log_stroom", "stroom"),
    "no heads": ("DELETE FROM log_kop", "stroom"),
    "a segment less": ("DELETE FROM log_segment WHERE blad = 1", "segment 1"),
    "no checkpoints": ("DELETE FROM log_checkpoint", "laatste checkpoint"),
    "another tree": ("UPDATE log_boom SET hash = (SELECT max(sleutel) FROM log_stroom) WHERE niveau = 1", "boom, niveau 1, nummer 0"),
}


async def verified(database: Database, identity: Ed25519PrivateKey) -> Rapport:
    with geopend(identity.public_key()) as verificatie:
        return await verifieer_levend(database, verificatie, print)


async def test_what_is_done_to_a_live_log_is_found_on_each_engine(
    database_savepoint: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tampering is taken back before the next. Read in chunks of two: what is on the edge of one is not passed over."""
    monkeypatch.setattr("wijkwerk.log.export.CHUNK", 2)
    monkeypatch.setattr("wijkwerk.log.boomcontrole.CHUNK", 2)
    await make_tables(database_savepoint, TABLES)
    async with Journal(database_savepoint, identity, klok) as journal:
        await journal.record(*(regel(number) for number in range(4)))
        await journal.record(_sign_in(klok))
        await journal.checkpoint()
        await database_savepoint.administer(drop_triggers)
        assert (await verified(database_savepoint, identity)).bevindingen == []
        for name, (statement, place) in TAMPERINGS.items():
            await _tampered(database_savepoint, identity, statement, place, name)
        assert (await verified(database_savepoint, identity)).bevindingen == []


async def _tampered(database: Database, identity: Ed25519PrivateKey, statement: str, place: str, name: str) -> None:
    kept: dict[Any, Any] = {}

    def tamper(connection: Connection) -> None:
        kept.update({table: [row._asdict() for row in connection.execute(table.select())] for table in TABLES})
        connection.execute(text(statement))

    def mend(connection: Connection) -> None:
        for table, rows in kept.items():
            connection.execute(table.delete())
            if rows:
                connection.execute(table.insert(), rows)

    await database.transact(tamper)
    rapport = await verified(database, identity)
    assert named(rapport, place), (name, rapport.bevindingen)
    await database.transact(mend)


def _sign_in(klok: StaandeKlok) -> Logregel:
    return Logregel(gebeurtenis=Gebeurtenis.AANMELDING_GESLAAGD, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=klok.nu())


UNREADABLE = {
    "UPDATE log_regel SET tijdstip = 'ooit' WHERE seq = 2": "na regel",
    "UPDATE log_kop SET hash = 'tekst'": "stroom",
    "UPDATE log_stroom SET id = 'tekst' WHERE soort = 'INZAGE'": "regel 2 van het bestand",
    "UPDATE log_checkpoint SET omvang = 'tekst' WHERE omvang = 1": "checkpoint",
    "UPDATE log_boom SET hash = 'tekst'": "boom, niveau 0",
    "UPDATE log_boom SET hash = 'tekst' WHERE niveau = 1": "boom, niveau 1",
}


async def test_what_a_column_cant_hold_is_found_where_the_engine_keeps_it(
    tmp_path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak
) -> None:
    """SQLite does."""
    database = SqliteDatabase(tmp_path / "log.db", readers=1)
    await database.open()
    await make_tables(database, TABLES)
    async with Journal(database, identity, klok) as journal:
        await journal.record(*(regel(number) for number in range(4)))
        await journal.checkpoint()
        await journal.record(_sign_in(klok))
        await journal.checkpoint()
        await database.administer(drop_triggers)
        for statement, place in UNREADABLE.items():
            await _tampered(database, identity, statement, place, statement)
        assert (await verified(database, identity)).bevindingen == []
    await database.close()


async def test_a_checkpoint_over_a_tree_that_misses_a_node_is_not_made(journal: Journal, logboek: Database, regel: Maak) -> None:
    await journal.record(regel(1))
    await journal.checkpoint()
    await logboek.transact(lambda connection: connection.execute(text("DELETE FROM log_boom")) and None)
    async with logboek.snapshot() as snapshot:
        with pytest.raises(LookupError, match="no node"):
            await snapshot.run(lambda connection: boom(connection).root())
