"""Whether each node of the stored tree is the hash of what is under it. A wrong one breaks no entry, but the next checkpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Final

from sqlalchemy import Connection, or_, select

from wijkwerk.log.boom import omvang
from wijkwerk.log.segments import Segment
from wijkwerk.log.tables import log_boom, log_segment
from wijkwerk.log.tree import Place, leaf_hash, node_hash
from wijkwerk.storage.base import Snapshot

CHUNK: Final = 1_000
UNREADABLE: Final = (ValueError, TypeError, AttributeError, OverflowError, MemoryError)
"""What reading a value raises that its column can't hold: SQLite keeps whatever it is given."""

_END: Final = 2**62
_Judged = list[tuple[int, bool]]


async def afwijkende_knopen(snapshot: Snapshot) -> AsyncIterator[Place]:
    """Where a node is missing, too many, or not the hash of the segment or of the two nodes under it. Memory does not grow."""
    size = await snapshot.run(omvang)
    for level in range(size.bit_length()):
        after = -1
        while after < _END and (judged := await snapshot.run(partial(_judge, level=level, after=after))):
            for number, good in judged:
                if not good:
                    yield Place(level, number)
            after = judged[-1][0]
    for place in await snapshot.run(partial(_beyond, size=size)):
        yield place


def _judge(connection: Connection, level: int, after: int) -> _Judged:
    """Of the next nodes of a level, whether they are good; after one that can't be read the level is not looked at any further."""
    try:
        return _leaves(connection, after) if level == 0 else _parents(connection, level, after)
    except UNREADABLE:
        return [(_END, False)]


def _leaves(connection: Connection, after: int) -> _Judged:
    names = [log_segment.c[name] for name in Segment._fields]
    node = (log_boom.c.niveau == 0) & (log_boom.c.nummer == log_segment.c.blad)
    rows = connection.execute(
        select(log_segment.c.blad, log_boom.c.hash, *names)
        .outerjoin(log_boom, node)
        .where(log_segment.c.blad > after)
        .order_by(log_segment.c.blad)
        .limit(CHUNK)
    )
    return [(blad, node == leaf_hash(Segment(*segment).leaf())) for blad, node, *segment in rows]


def _parents(connection: Connection, level: int, after: int) -> _Judged:
    left, right, parent = log_boom.alias(), log_boom.alias(), log_boom.alias()
    rows = connection.execute(
        select(left.c.nummer, left.c.hash, right.c.hash, parent.c.hash)
        .join(right, (right.c.niveau == level - 1) & (right.c.nummer == left.c.nummer + 1))
        .outerjoin(parent, (parent.c.niveau == level) & (parent.c.nummer * 2 == left.c.nummer))
        .where(left.c.niveau == level - 1, left.c.nummer % 2 == 0, left.c.nummer > 2 * after)
        .order_by(left.c.nummer)
        .limit(CHUNK)
    )
    return [(number // 2, above == node_hash(one, other)) for number, one, other, above in rows]


def _beyond(connection: Connection, size: int) -> list[Place]:
    """Nodes that a tree of this size doesn't have, at most so many as one reading gives."""
    levels = [(log_boom.c.niveau == level) & (log_boom.c.nummer >= size >> level) for level in range(size.bit_length())]
    beyond = or_(log_boom.c.niveau < 0, log_boom.c.niveau >= size.bit_length(), log_boom.c.nummer < 0, *levels)
    return [Place(*row) for row in connection.execute(select(log_boom.c.niveau, log_boom.c.nummer).where(beyond).limit(CHUNK))]
