"""Who is in a file: the residents that were merged into it, and under which pseudonyms the log knows them.

What is done with everything of a resident (erasing keys and rows, an access report) is done with these too: the rows that may exist only
once stayed behind, and the keys of values that were sealed before the merge are theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.storage.columns import among


@dataclass(frozen=True, slots=True)
class Spoor:
    """A pseudonym under which the log speaks of a resident, from and until when; None has no bound."""

    pseudoniem: UUID
    van: datetime | None = None
    tot: datetime | None = None


def opgegaan_in(connection: Connection, gemeente: UUID, persoon: UUID) -> set[UUID]:
    """Who was merged into this resident, in one step or more, and is so still. A merge moves the older merges along: one statement."""
    s = Samenvoeging.tabel()
    found = select(s.c.opgegaan_id).where(s.c.gemeente_id == gemeente, s.c.persoon_id == persoon, s.c.ongedaan_op.is_(None))
    return set(connection.execute(found).scalars())


def blijvers(connection: Connection, gemeente: UUID, personen: Collection[UUID]) -> dict[UUID, UUID]:
    """In whose file each of these is, of those who were merged into another and are so still."""
    s = Samenvoeging.tabel()
    found = select(s.c.opgegaan_id, s.c.persoon_id).where(
        s.c.gemeente_id == gemeente, among(s.c.opgegaan_id, "personen"), s.c.ongedaan_op.is_(None)
    )
    return {row.opgegaan_id: row.persoon_id for row in connection.execute(found, {"personen": list(personen)})}


def sporen(connection: Connection, gemeente: UUID, persoon: UUID) -> list[Spoor]:
    """Under which pseudonyms the log speaks of this resident: who saw what stays true, whatever was merged and undone since.

    All that was logged of who is merged into this resident is about this resident; and between a merge and its undoing, what was logged of
    the survivor may be about who was merged away. Raises LogNietBeschikbaar for a resident without a pseudonym.
    """
    eigen = {persoon, *opgegaan_in(connection, gemeente, persoon)}
    tijden = list(_elders(connection, gemeente, persoon, frozenset({persoon})))
    names = pseudoniemen(connection, gemeente, eigen | {blijft for blijft, _, _ in tijden})
    return [*(Spoor(names[id]) for id in sorted(eigen)), *(Spoor(names[id], van, tot) for id, van, tot in tijden)]


def _elders(
    connection: Connection, gemeente: UUID, persoon: UUID, gehad: frozenset[UUID]
) -> Iterator[tuple[UUID, datetime, datetime | None]]:
    """In whose file this resident was, from and until when; also when that file was merged into another in that time."""
    s = Samenvoeging.tabel()
    ended = select(s.c.persoon_id, s.c.op, s.c.ongedaan_op).where(s.c.gemeente_id == gemeente, s.c.opgegaan_id == persoon)
    for row in connection.execute(ended.order_by(s.c.op)).all():
        if row.persoon_id in gehad:
            continue
        yield row.persoon_id, row.op, row.ongedaan_op
        for verder, van, tot in _elders(connection, gemeente, row.persoon_id, gehad | {row.persoon_id}):
            begin, einde = max(van, row.op), min((t for t in (tot, row.ongedaan_op) if t is not None), default=None)
            if einde is None or begin < einde:
                yield verder, begin, einde
