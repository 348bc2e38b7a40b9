"""Many data keys at once, wrapped by another key-encryption key: a million of them is the work of a minute, not of ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, select, type_coerce, update
from sqlalchemy.types import UserDefinedType

from wijkwerk.crypto.keystore import Dienstsleutel, gegevenssleutel, stored_context
from wijkwerk.crypto.wrapping import rewrap


class _AsStored(UserDefinedType[Any]):
    """A value as the database has it: half of the time went into making ids of bytes, and the same bytes of those ids."""

    cache_ok = True


_G: Final = gegevenssleutel.c
_STORED: Final = [type_coerce(column, _AsStored()) for column in (_G.id, _G.gemeente_id, _G.persoon_id, _G.dossier_id, _G.ingepakt)]
_OWN: Final = (_G.id == bindparam("wie", type_=_AsStored()), _G.gemeente_id == bindparam("waar", type_=_AsStored()))


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step did: how many keys were wrapped anew, how many did not open, and after which id the next begins (None: it was all)."""

    gedaan: int
    dicht: int
    verder_na: UUID | None


def rewrap_batch(keys: Connection, old: tuple[Dienstsleutel, AESGCM], new: tuple[Dienstsleutel, AESGCM], na: UUID, size: int) -> Batch:
    """The next data keys of a key-encryption key, wrapped by the new one. What does not open stays as it is; who destroys goes first."""
    kek = old[0]
    next_ = select(*_STORED).where(_G.gemeente_id == kek.gemeente_id, _G.kek_id == kek.id, _G.id > na).limit(size)
    next_ = next_.order_by(_G.id)  # pragma: no mutate - the index through which SQLite finds them is in this order
    next_ = next_.with_for_update(key_share=True, skip_locked=True)  # pragma: no mutate - a lock of PostgreSQL
    rows = keys.execute(next_).all()
    blobs = rewrap(old[1], new[1], ((row[-1], stored_context(*map(_bytes, row[:-1]))) for row in rows))
    pairs = zip(rows, blobs, strict=True)  # pragma: no mutate - there is one for each row: `strict` can't be noticed
    done = [{"wie": row[0], "waar": row[1], "nieuw": blob} for row, blob in pairs if blob is not None]
    if done:
        keys.execute(update(gegevenssleutel).where(*_OWN).values(ingepakt=bindparam("nieuw"), kek_id=new[0].id), done)
    return Batch(len(done), len(rows) - len(done), UUID(bytes=_bytes(rows[-1][0])) if len(rows) == size else None)


def _bytes(id: Any) -> Any:
    """SQLite has an id as its bytes, PostgreSQL as a UUID."""
    if id is None or isinstance(id, bytes):
        return id
    return id.bytes
