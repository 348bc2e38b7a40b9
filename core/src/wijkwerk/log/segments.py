"""Cutting a stream into segments: the leaves of the log's tree. A segment never spans two periods, so that a period can be
destroyed while its segments stay and the tree still holds (design.md 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Row, func, select

from wijkwerk.log.chain import certificate_message, entry_hash, head_message, start_hash
from wijkwerk.log.entry import Logsoort
from wijkwerk.log.tables import log_kop, log_regel, log_segment, log_stroom, regel_body
from wijkwerk.log.tree import Tree


class Segment(NamedTuple):
    """Entries `eerste` up to and including `laatste` of a stream; `vorige` is the hash before, `hash` the one after them."""

    stroom: UUID
    eerste: int
    laatste: int
    vorige: bytes
    hash: bytes
    wortel: bytes
    periode: str

    @classmethod
    def van(cls, rij: Row[Any]) -> Self:
        """As a row of `log_segment` has it."""
        return cls(*(rij._mapping[name] for name in cls._fields))

    def velden(self) -> dict[str, Any]:
        """As it stands in its leaf, in an export and in a proof."""
        values = {name: value.hex() if isinstance(value, bytes) else value for name, value in self._asdict().items()}
        return {**values, "stroom": self.stroom.hex}

    def leaf(self) -> bytes:
        """Canonical JSON, what the tree is built of."""
        return orjson.dumps(self.velden(), option=orjson.OPT_SORT_KEYS)


class Beschadigd(Exception):
    """The log isn't as it was written; the text names the place, never content."""


_CUT = select(func.max(log_segment.c.laatste)).where(log_segment.c.stroom == log_stroom.c.id).scalar_subquery()
_UNCUT = (
    select(log_stroom, log_kop.c.seq, log_kop.c.hash, log_kop.c.handtekening)
    .join(log_kop, log_kop.c.stroom == log_stroom.c.id)
    .where(log_kop.c.seq > func.coalesce(_CUT, -1))
    .order_by(log_stroom.c.id)
)


def uncut(connection: Connection) -> Sequence[Row[Any]]:
    """The streams that have entries after their last segment, each with its signed head."""
    return connection.execute(_UNCUT).all()


def cut(connection: Connection, identity: Ed25519PublicKey, head: Row[Any], limit: int) -> list[Segment]:
    """The next segments of a stream, over at most `limit` entries, the chain checked on the way.

    Raises `Beschadigd` when kind, certificate, head, chain or numbers don't agree: such a stream must not be signed for.
    """
    _check_signatures(identity, head)
    seq, vorige = _last_cut(connection, head)
    rows = connection.execute(
        select(log_regel.c.seq, log_regel.c.periode, log_regel.c.hash, regel_body)
        .where(log_regel.c.stroom == head.id, log_regel.c.seq > seq, log_regel.c.seq <= head.seq)
        .order_by(log_regel.c.seq)
        .limit(limit)
    ).all()
    segments = list(_segments(head.id, seq, vorige, rows))
    end = (segments[-1].laatste, segments[-1].hash) if segments else (seq, vorige)
    if (len(rows) < limit or end[0] == head.seq) and end != (head.seq, head.hash):
        raise Beschadigd(f"stroom {head.id.hex}, einde (regel {head.seq})")
    return segments


def _check_signatures(identity: Ed25519PublicKey, head: Row[Any]) -> None:
    try:
        identity.verify(head.certificaat, certificate_message(Logsoort(head.soort), head.id, head.sleutel))
        Ed25519PublicKey.from_public_bytes(head.sleutel).verify(head.handtekening, head_message(head.id, head.seq, head.hash))
    except (InvalidSignature, ValueError):
        raise Beschadigd(f"stroom {head.id.hex}, handtekening") from None


def _last_cut(connection: Connection, head: Row[Any]) -> tuple[int, bytes]:
    newest = select(log_segment.c.laatste, log_segment.c.hash).where(log_segment.c.stroom == head.id).order_by(log_segment.c.laatste.desc())
    row = connection.execute(newest.limit(1)).one_or_none()
    return (-1, start_hash(Logsoort(head.soort), head.id, head.sleutel)) if row is None else (row.laatste, row.hash)


def _segments(stroom: UUID, seq: int, vorige: bytes, rows: Iterable[Any]) -> Iterator[Segment]:
    for periode, entries in groupby(rows, key=lambda row: str(row.periode)):
        tree, eerste, hash_ = Tree(), seq + 1, vorige
        for row in entries:
            seq, hash_ = seq + 1, entry_hash(hash_, row.body)
            if (row.seq, row.hash) != (seq, hash_):
                raise Beschadigd(f"stroom {stroom.hex}, regel {seq}")
            tree.append(row.body)
        yield Segment(stroom, eerste, seq, vorige, hash_, tree.root(), periode)
        vorige = hash_
