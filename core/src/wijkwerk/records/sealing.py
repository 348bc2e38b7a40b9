"""Sealed columns at the moment of writing: encrypted for the version that comes (docs/decisions/0004). Opening them: `opening.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam

from wijkwerk.crypto.envelope import key_id_of
from wijkwerk.records.declare import PersonRecord, Record, kader_of, subject_of
from wijkwerk.records.opening import binding, open_stored, to_plain

if TYPE_CHECKING:
    from wijkwerk.records.session import Work


def seal(work: Work, record: Record, new: bool) -> None:
    """Encrypt sealed columns for the version that is about to be written, so that an older value can't be put back."""
    names = [name for name, veld in record.velden.items() if veld.kind == "sealed" and getattr(record, name) is not None]
    if not names or not isinstance(record, PersonRecord):
        return
    kader = kader_of(type(record))
    persoon = getattr(record, subject_of(type(record)))
    key = work.keyring.data_key(work.core_connection, record.gemeente_id, persoon, getattr(record, kader) if kader else None)
    version = 1 if new else record.versie + 1
    for name in names:
        plain = _plain(work, record, name, key)
        if plain is not None:
            place = binding(record.__tablename__, record.gemeente_id, record.id, name, version)
            setattr(record, name, work.keyring.seal(work.core_connection, key, plain, place))


def _plain(work: Work, record: Record, name: str, key: UUID) -> bytes | None:
    """What is in the column; None when its key was destroyed: then it stays as it is, and the rest of the row can still be written."""
    value = getattr(record, name)
    return open_stored(work, record, name, value, key) if isinstance(value, bytes) else to_plain(value)


def sealed_columns(record: type[Record]) -> tuple[str, ...]:
    """The names of the columns of a record that are sealed."""
    return tuple(name for name, veld in record.velden.items() if veld.kind == "sealed")


def resealed_values(record: type[Record]) -> dict[str, BindParameter[Any]]:
    """What a direct update that raises `versie` sets in the sealed columns: the parameters that `reseal` fills in for each row."""
    return {name: bindparam(f"gesloten_{name}") for name in sealed_columns(record)}


def reseal(work: Work, record: type[Record], rows: Sequence[Row[Any]]) -> list[dict[str, bytes | None]]:
    """The sealed values of rows (with `id`, `versie` and the sealed columns) for the version after the one they have, under the key that
    each has, by the names of `resealed_values`. What can't be opened any more, because its key was destroyed, stays as it is.
    """
    table, gemeente = record.tabel().name, work.actor.gemeente
    names = sealed_columns(record)
    found: list[dict[str, bytes | None]] = [{f"gesloten_{name}": getattr(row, name) for name in names} for row in rows]
    filled = [(at, row, name) for at, row in enumerate(rows) for name in names if getattr(row, name) is not None]
    old = [(getattr(row, name), binding(table, gemeente, row.id, name, row.versie)) for _, row, name in filled]
    for (at, row, name), (blob, _), plain in zip(filled, old, work.keyring.open(work.core_connection, old), strict=True):
        if plain is not None:
            place = binding(table, gemeente, row.id, name, row.versie + 1)
            found[at][f"gesloten_{name}"] = work.keyring.seal(work.core_connection, key_id_of(blob), plain, place)
    return found
