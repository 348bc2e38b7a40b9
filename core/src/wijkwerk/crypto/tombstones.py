"""What was destroyed, beside the keys: when a backup of keys from before is put back, they are destroyed in it again.

A tombstone names the key, and by a hash the person and dossier that it was for: an older backup can hold an older generation of it,
which a rotation had replaced by the time of the destruction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

import cbor2
from sqlalchemy import Connection, delete, select

from wijkwerk.crypto.keystore import Sleutelplek, gegevenssleutel, vernietigde_sleutel
from wijkwerk.storage.columns import among
from wijkwerk.storage.insert import insert_absent

T = TypeVar("T")

PLEK_BYTES: Final = 16
BATCH: Final = 1_000
_NOOIT: Final = datetime.min.replace(tzinfo=UTC)
_G, _V = gegevenssleutel.c, vernietigde_sleutel.c
_DESTROYED = select(_V.id).where(among(_V.id, "ids"))


class Grafsteen(NamedTuple):
    """One key that was destroyed."""

    id: UUID
    gemeente_id: UUID
    plek: bytes
    vernietigd: datetime


def plek_van(gemeente: UUID, persoon: UUID, dossier: UUID | None) -> bytes:
    """Stands for a person within a dossier. Who does not have the random ids already can't find them by it."""
    return sha256(b"wijkwerk-vernietigd" + cbor2.dumps([gemeente.bytes, persoon.bytes, dossier and dossier.bytes])).digest()[:PLEK_BYTES]


def mark(keys: Connection, gemeente: UUID, gone: Collection[Sleutelplek], moment: datetime) -> None:
    """Remember that these keys were destroyed."""
    rows = [Grafsteen(key.id, gemeente, plek_van(gemeente, key.persoon_id, key.dossier_id), moment)._asdict() for key in gone]
    if rows:  # one that stands there already was put back by hand from an old backup, and is destroyed again
        insert_absent(keys, vernietigde_sleutel, rows)


def destroyed(keys: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Which of these keys were destroyed: one that is not there and was not, went in another way."""
    return set(keys.execute(_DESTROYED, {"ids": list(ids)}).scalars())


def tombstones(keys: Connection) -> list[Grafsteen]:
    """All of them."""
    return [Grafsteen(*row) for row in keys.execute(select(_V.id, _V.gemeente_id, _V.plek, _V.vernietigd).order_by(_V.id))]


def replay(keys: Connection, given: Iterable[Grafsteen]) -> int:
    """Destroy in `keys` what was destroyed elsewhere, and remember it there too. Returns how many keys went. Twice does no harm.

    A key goes when it is named, and when it was made for the same person and dossier before one of theirs was destroyed.
    """
    stones = list(given)
    for batch in _batches(stones):
        insert_absent(keys, vernietigde_sleutel, [stone._asdict() for stone in batch])
    doomed = _doomed(keys, stones)
    for batch in _batches(doomed):
        insert_absent(keys, vernietigde_sleutel, [stone._asdict() for stone in batch])
        keys.execute(delete(gegevenssleutel).where(among(_G.id, "ids")), {"ids": [stone.id for stone in batch]})
    return len(doomed)


def _doomed(keys: Connection, stones: list[Grafsteen]) -> list[Grafsteen]:
    named = {stone.id for stone in stones}
    until: dict[bytes, datetime] = {}
    for stone in stones:
        until[stone.plek] = max(stone.vernietigd, until.get(stone.plek, stone.vernietigd))
    rows = keys.execute(select(_G.id, _G.gemeente_id, _G.persoon_id, _G.dossier_id, _G.gemaakt))
    found = [
        (row.gemaakt, Grafsteen(row.id, row.gemeente_id, plek, until.get(plek, _NOOIT))) for row in rows for plek in (plek_van(*row[1:4]),)
    ]
    return [stone for gemaakt, stone in found if stone.id in named or gemaakt <= stone.vernietigd]


def _batches(items: list[T]) -> Iterator[list[T]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
