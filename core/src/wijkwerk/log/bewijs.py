"""Proofs without the whole log: that one entry is in it, and that it only grew between two checkpoints (RFC 9162 2.1.3 and 2.1.4).

Who is given one needs the log's public key and `verify.py`, nothing else. Made with a few statements: of the log's tree only the nodes
that the proof needs, and of the entries only those in the same segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, select

from wijkwerk.errors import NietGevonden
from wijkwerk.log.boom import lees_knopen
from wijkwerk.log.export import medeondertekend
from wijkwerk.log.segments import Segment
from wijkwerk.log.tables import log_checkpoint, log_regel, log_segment, regel_body
from wijkwerk.log.tree import Tree, consistency_parts, inclusion_parts, places

VERSIE: Final = 1


class Note(NamedTuple):
    """A checkpoint: the size of its tree, and its text."""

    omvang: int
    tekst: str


def regelbewijs(connection: Connection, stroom: UUID, regel: int, note: Note | None = None) -> dict[str, Any]:
    """That this entry is under a checkpoint; the newest when not given. At most five statements.

    Raises NietGevonden when there is no such entry, it is not under that checkpoint, or it was destroyed after its term. Whether the
    proof holds is for who made it to look at: in a log that was damaged it doesn't.
    """
    note = note or _nieuwste(connection)
    segment = _segment(connection, stroom, regel)
    if segment is None or segment.blad >= note.omvang:
        raise NietGevonden("Deze regel staat niet onder dit checkpoint. Maak een nieuw checkpoint met `wijkwerk log checkpoint`.")
    bodies, plek = _bodies(connection, segment), regel - segment.eerste
    if plek >= len(bodies):
        raise NietGevonden("Deze regel is er niet meer: hij is vernietigd na zijn bewaartermijn.")
    in_segment = Tree()
    for body in bodies:
        in_segment.append(body)
    return {
        "soort": "bewijs",
        "versie": VERSIE,
        "body": bodies[plek].decode(errors="surrogateescape"),
        "plek": plek,
        "segmentpad": _hex(in_segment.inclusion(plek)),
        "segment": Segment.van(segment).velden(),
        "blad": segment.blad,
        "boompad": _boompad(connection, inclusion_parts(segment.blad, note.omvang), note.omvang),
        "checkpoint": note.tekst,
    }


def samenhang(connection: Connection, oud: Note, nieuw: Note | None = None) -> dict[str, Any]:
    """That the log of one checkpoint is the beginning of that of another; of the newest when not given. At most three statements.

    Raises NietGevonden when the older one is of a larger log than the newer.
    """
    nieuw = nieuw or _nieuwste(connection)
    if oud.omvang > nieuw.omvang:
        raise NietGevonden("Het oude checkpoint hoort bij een langer log dan het nieuwe. Draai ze om, of gebruik een nieuwer checkpoint.")
    parts = consistency_parts(oud.omvang, nieuw.omvang) if oud.omvang else []
    pad = _boompad(connection, parts, nieuw.omvang)
    return {"soort": "samenhang", "versie": VERSIE, "oud": oud.tekst, "nieuw": nieuw.tekst, "pad": pad}


def _nieuwste(connection: Connection) -> Note:
    newest = select(log_checkpoint.c.omvang, log_checkpoint.c.note).order_by(log_checkpoint.c.omvang.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    if row is None:
        raise NietGevonden("Het log heeft nog geen checkpoint. Maak er een met `wijkwerk log checkpoint`.")
    return Note(row.omvang, row.note + medeondertekend(connection, row.omvang - 1, row.omvang).get(row.omvang, ""))


def _segment(connection: Connection, stroom: UUID, regel: int) -> Row[Any] | None:
    ends_after = select(log_segment).where(log_segment.c.stroom == stroom, log_segment.c.laatste >= regel, log_segment.c.eerste <= regel)
    return connection.execute(ends_after.order_by(log_segment.c.laatste).limit(1)).one_or_none()


def _bodies(connection: Connection, segment: Row[Any]) -> list[bytes]:
    within = select(regel_body).where(log_regel.c.stroom == segment.stroom, log_regel.c.seq.between(segment.eerste, segment.laatste))
    return list(connection.execute(within.order_by(log_regel.c.seq)).scalars())


def _boompad(connection: Connection, parts: Sequence[tuple[int, int]], size: int) -> list[str]:
    """The hashes over these parts of the tree. A node that is missing counts as one of zeroes: then the proof doesn't hold."""
    needed = {place: bytes(32) for part in parts for place in places(*part)}
    tree = Tree(size, {**needed, **(lees_knopen(connection, needed) if needed else {})})
    return _hex([tree.subtree(*part) for part in parts])


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in hashes]
