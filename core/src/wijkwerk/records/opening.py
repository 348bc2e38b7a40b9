"""Opening sealed columns: a column at a time, keys in one statement, only what the level left (design.md 2, "open")."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, select

from wijkwerk.crypto.envelope import Binding, key_id_of
from wijkwerk.errors import VersieVerouderd

if TYPE_CHECKING:
    from wijkwerk.records.declare import Record
    from wijkwerk.records.plan import Plan
    from wijkwerk.records.read import Reader
    from wijkwerk.records.session import Work


def binding(table: str, gemeente: UUID, row: UUID, column: str, version: int) -> Binding:
    """What a sealed value is bound to: it can't be moved to another row, column, version or municipality."""
    return Binding(table, gemeente, row, column, version)


def open_column(reader: Reader, made: Plan, found: Sequence[Row[Any]], table: list[list[Any]], at: int) -> Set[int]:
    """Replace the sealed values of one column by their plain values; None where the key was destroyed. Returns which rows those are."""
    name = made.columns[at]
    id_at, version_at = made.columns.index("id"), made.columns.index("versie")
    places = [n for n, values in enumerate(table) if values[at] is not None]
    tablename = made.record.__tablename__
    sealed = [
        (table[n][at], binding(tablename, found[n].gemeente, found[n][id_at], name, found[n][version_at])) for n in places
    ]  # fmt: skip
    plain = reader.keyring.open(reader.connection, sealed)
    kind = made.record.velden[name].sealed_type or str
    for n, value in zip(places, plain, strict=True):
        table[n][at] = None if value is None else from_plain(kind, value)
    return {n for n, value in zip(places, plain, strict=True) if value is None}


def open_stored(work: Work, record: Record, name: str, blob: bytes, held: UUID | None = None) -> bytes | None:
    """The plain bytes of a column of a record, as it was loaded; None when its key was destroyed, also by another process just now: it is
    going to be sealed again. `held`: a key that is there, for this transaction asked for it (`Keyring.data_key`).

    Raises VersieVerouderd when the row has another value by now: it was sealed with a new key in the meantime, and that one opens.
    """
    place = binding(record.__tablename__, record.gemeente_id, record.id, name, record.versie)
    if (key_id := key_id_of(blob)) != held:
        work.keyring.forget_destroyed(work.core_connection, key_id)
    [plain] = work.keyring.open(work.core_connection, [(blob, place)])
    if plain is None:
        t = record.tabel().c
        stored = work.core_connection.execute(select(t[name]).where(t.gemeente_id == record.gemeente_id, t.id == record.id)).scalar()
        if stored != blob:
            raise VersieVerouderd
    return plain


def to_plain(value: Any) -> bytes:
    """The bytes of a value that is to be sealed: text, or a value type with `waarde`."""
    return str(getattr(value, "waarde", value)).encode()


def from_plain(kind: type, value: bytes) -> Any:
    """The value that was sealed."""
    text = value.decode()
    return text if kind is str else kind.lees(text)  # type: ignore[attr-defined] # sealed() asks for `lees`
