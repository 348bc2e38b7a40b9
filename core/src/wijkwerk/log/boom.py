"""The tree of the log as it is stored: a proof or a checkpoint reads only the nodes that it needs."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select, tuple_

from wijkwerk.log.tables import log_boom, log_segment
from wijkwerk.log.tree import Place, Tree, peaks


class _Knopen(dict[Place, bytes]):
    """Nodes by place. One that isn't here yet is read when it is asked for."""

    def __init__(self, connection: Connection, known: dict[Place, bytes]) -> None:
        super().__init__(known)
        self._connection = connection

    def __missing__(self, place: Place) -> bytes:
        self.update(lees_knopen(self._connection, [place]))
        if place not in self:
            raise LookupError(f"no node {tuple(place)}")
        return self[place]


def boom(connection: Connection) -> Tree:
    """The whole tree, for as long as the connection's transaction lasts. A node that is missing raises `LookupError`."""
    size = omvang(connection)
    return Tree(size, _Knopen(connection, lees_knopen(connection, peaks(size))))


def omvang(connection: Connection) -> int:
    """How many leaves the tree has."""
    size: int = connection.execute(select(func.coalesce(func.max(log_segment.c.blad) + 1, 0))).scalar_one()
    return size


def lees_knopen(connection: Connection, places: Iterable[Place]) -> dict[Place, bytes]:
    """These nodes, as far as they are stored; one statement."""
    wanted = tuple_(log_boom.c.niveau, log_boom.c.nummer).in_([tuple(place) for place in places])
    return {Place(row.niveau, row.nummer): row.hash for row in connection.execute(select(log_boom).where(wanted))}
