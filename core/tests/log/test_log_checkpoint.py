"""Checkpoints: everything committed under one signed root, nothing damaged signed for."""

from __future__ import annotations

import logging
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.checkpoint import LIMIT, zet_checkpoint
from wijkwerk.log.entry import Logregel
from wijkwerk.log.journal import Journal
from wijkwerk.log.note import sign_note
from wijkwerk.log.segments import Segment
from wijkwerk.log.tables import TABLES, log_boom, log_regel, log_segment
from wijkwerk.log.tree import EMPTY_ROOT, Place, Tree
from wijkwerk.log.verify import open_note
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import make_tables

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


async def segments(database: Database) -> list[Segment]:
    names = [log_segment.c[name] for name in Segment._fields]
    async with database.snapshot() as snapshot:
        return [Segment(*row) for row in await snapshot.run(lambda c: c.execute(select(*names).order_by(log_segment.c.blad)).all())]


async def without_triggers(database: Database, *statements: str) -> None:
    """What someone with the database's password can do."""

    def work(connection: Any) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP FUNCTION log_regel_weigert CASCADE"))
        else:
            connection.execute(text("DROP TRIGGER log_regel_vast"))
            connection.execute(text("DROP TRIGGER log_regel_blijft"))
        for statement in statements:
            connection.execute(text(statement))

    await database.administer(work)


async def test_an_empty_log_has_a_checkpoint_too(journal: Journal, identity: Ed25519PrivateKey) -> None:
    assert open_note(await journal.checkpoint(), "wijkwerk/log", identity.public_key()) == (0, EMPTY_ROOT)


async def test_the_note_has_the_form_of_c2sp(journal: Journal, regel: Maak, identity: Ed25519PrivateKey) -> None:
    await journal.record(regel(1))
    origin, size, root, empty, signature, end = (await journal.checkpoint()).split("\n")
    assert (origin, size, len(b64decode(root)), empty, end) == ("wijkwerk/log", "1", 32, "", "")
    assert signature.startswith("— wijkwerk/log ")
    assert len(b64decode(signature.split(" ")[2])) == 4 + 64


def test_a_note_is_signed_as_in_the_known_example() -> None:
    """The example of golang.org/x/mod/sumdb/note, which the C2SP signed-note specification describes."""
    raw = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    note = sign_note(text, "PeterNeumann", Ed25519PrivateKey.from_private_bytes(raw[1:]))
    assert note == f"{text}\n— PeterNeumann {signature}\n"


async def test_nothing_new_gives_the_same_checkpoint(journal: Journal, regel: Maak) -> None:
    await journal.record(regel(1))
    assert await journal.checkpoint() == await journal.checkpoint()


async def test_the_stored_tree_is_the_tree_of_all_segments(
    journal: Journal, logboek: Database, regel: Maak, identity: Ed25519PrivateKey
) -> None:
    for number in range(11):
        await journal.record(regel(number))
        note = await journal.checkpoint()
    whole = Tree()
    for segment in await segments(logboek):
        whole.append(segment.leaf())
    assert open_note(note, "wijkwerk/log", identity.public_key()) == (11, whole.root())
    async with logboek.snapshot() as snapshot:
        rows = await snapshot.run(lambda c: c.execute(select(log_boom)).all())
    assert {Place(row.niveau, row.nummer): row.hash for row in rows} == whole.nodes


async def test_a_segment_never_spans_two_months(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    months = [0, 0, 31, 31, 0, 62]
    await journal.record(*(regel(at, tijdstip=klok.nu() + timedelta(days=days)) for at, days in enumerate(months)))
    await journal.checkpoint()
    cut = [(s.eerste, s.laatste, s.periode) for s in await segments(logboek)]
    assert cut == [(0, 2, "2027-03"), (3, 4, "2027-04"), (5, 5, "2027-03"), (6, 6, "2027-05")]


async def test_a_large_backlog_is_cut_in_short_transactions(
    journal: Journal, logboek: Database, regel: Maak, identity: Ed25519PrivateKey, klok: StaandeKlok
) -> None:
    await journal.record(*(regel(number) for number in range(6)))
    await journal.transact(lambda _: (None, [regel(7), regel(8)]))
    steps = 0
    while not (await logboek.transact(lambda c: zet_checkpoint(c, identity, klok, limit=3))).compleet:
        steps += 1
    assert steps == 3
    assert [s.laatste - s.eerste + 1 for s in await segments(logboek)] == [3, 3, 1, 2, 1]


async def test_the_journal_goes_on_until_the_backlog_is_cut(
    journal: Journal, logboek: Database, regel: Maak, identity: Ed25519PrivateKey
) -> None:
    await journal.record(*(regel(number) for number in range(LIMIT + 1)))
    size, _ = open_note(await journal.checkpoint(), "wijkwerk/log", identity.public_key())
    assert size == 2
    assert [s.laatste for s in await segments(logboek)] == [LIMIT - 1, LIMIT + 1]


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ("UPDATE log_regel SET hash = body WHERE seq = 2", "regel 2"),
        ("DELETE FROM log_regel WHERE seq = 1", "regel 1"),
        ("DELETE FROM log_regel WHERE seq = 3", "einde (regel 3)"),
        ("DELETE FROM log_regel", "einde (regel 3)"),
        ("UPDATE log_kop SET hash = handtekening", "handtekening"),
        ("UPDATE log_stroom SET certificaat = sleutel", "handtekening"),
        ("UPDATE log_stroom SET sleutel = certificaat", "handtekening"),
    ],
)
async def test_a_damaged_stream_is_named_and_not_signed_for_while_others_are(
    journal: Journal, logboek: Database, regel: Maak, damage: str, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    await journal.record(regel(1), regel(2), regel(3))
    await without_triggers(logboek, damage)
    await journal.transact(lambda _: (None, [regel(4)]))
    with caplog.at_level(logging.CRITICAL):
        await journal.checkpoint()
    assert "beschadigd" in caplog.text
    assert place in caplog.text
    (good,) = await segments(logboek)
    assert (good.eerste, good.laatste) == (0, 1)


async def test_the_triggers_come_and_go_with_their_table(logboek: Database, journal: Journal, regel: Maak) -> None:
    await logboek.administer(log_regel.drop)
    await logboek.administer(log_regel.create)
    await journal.record(regel(1))
    with pytest.raises(DBAPIError):
        await logboek.transact(lambda c: c.execute(log_regel.delete()) and None)
