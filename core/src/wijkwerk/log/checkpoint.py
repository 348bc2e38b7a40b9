"""Checkpoints: everything committed so far under one signed root, in a form that others can keep (C2SP tlog-checkpoint, signed-note)."""

from __future__ import annotations

from base64 import b64encode
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select, text

from wijkwerk.klok import Klok
from wijkwerk.log.boom import boom
from wijkwerk.log.note import sign_note
from wijkwerk.log.segments import Beschadigd, Segment, cut, uncut
from wijkwerk.log.tables import log_boom, log_checkpoint, log_segment
from wijkwerk.log.tree import Tree

ORIGIN: Final = "wijkwerk/log"

LIMIT: Final = 2_000
"""Entries in one transaction: short enough (some 20 ms) not to keep the writers waiting."""

_LOCK: Final = 0x57696A6B4C6F67
"""PostgreSQL advisory lock: one checkpointer at a time. On SQLite there is one writer."""


class Uitkomst(NamedTuple):
    """`compleet`: nothing is left to cut. `beschadigd`: places where the log is not as it was written; those streams stay uncut."""

    note: str
    compleet: bool
    beschadigd: tuple[str, ...]


def zet_checkpoint(connection: Connection, identity: Ed25519PrivateKey, klok: Klok, origin: str = ORIGIN, limit: int = LIMIT) -> Uitkomst:
    """One step: cut at most `limit` entries into segments, append these to the tree, sign and store the checkpoint."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    segments, compleet, beschadigd = _cut_all(connection, identity, limit)
    tree = boom(connection)
    _store(connection, tree, segments)
    return Uitkomst(_note(connection, identity, klok, origin, tree), compleet, beschadigd)


def _cut_all(connection: Connection, identity: Ed25519PrivateKey, limit: int) -> tuple[list[Segment], bool, tuple[str, ...]]:
    segments: list[Segment] = []
    beschadigd: list[str] = []
    compleet = True
    public, left = identity.public_key(), limit
    for head in uncut(connection):
        if left <= 0:
            return segments, False, tuple(beschadigd)
        try:
            new = cut(connection, public, head, left)
        except Beschadigd as error:
            beschadigd.append(str(error))
            continue
        segments += new
        left -= new[-1].laatste - new[0].eerste + 1
        compleet = compleet and new[-1].laatste == head.seq
    return segments, compleet, tuple(beschadigd)


def _store(connection: Connection, tree: Tree, segments: list[Segment]) -> None:
    if not segments:
        return
    first = tree.size
    made = [place for segment in segments for place in tree.append(segment.leaf())]
    connection.execute(insert(log_segment), [{"blad": blad, **segment._asdict()} for blad, segment in enumerate(segments, start=first)])
    connection.execute(insert(log_boom), [{"niveau": p.level, "nummer": p.number, "hash": tree.nodes[p]} for p in made])


def _note(connection: Connection, identity: Ed25519PrivateKey, klok: Klok, origin: str, tree: Tree) -> str:
    known: str | None = connection.execute(select(log_checkpoint.c.note).where(log_checkpoint.c.omvang == tree.size)).scalar_one_or_none()
    if known is not None:
        return known
    note = sign_note(f"{origin}\n{tree.size}\n{b64encode(tree.root()).decode()}\n", origin, identity)
    connection.execute(insert(log_checkpoint).values(omvang=tree.size, note=note, tijdstip=klok.nu()))
    return note
