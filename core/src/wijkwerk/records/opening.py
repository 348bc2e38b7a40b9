"""Opening sealed columns: a column at a time, keys in one statement, only what the level left (design.md 2, "open")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row

from wijkwerk.crypto.envelope import Binding

if TYPE_CHECKING:
    from wijkwerk.records.plan import Plan
    from wijkwerk.records.read import Reader


def binding(table: str, gemeente: UUID, row: UUID, column: str, version: int) -> Binding:
    """What a sealed value is bound to: it can't be moved to another row, column, version or municipality."""
    return Binding(table, gemeente, row, column, version)


def open_column(reader: Reader, made: Plan, found: Sequence[Row[Any]], table: list[list[Any]], at: int) -> None:
    """Replace the sealed values of one column by their plain values; None where the key was destroyed."""
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


def to_plain(value: Any) -> bytes:
    """The bytes of a value that is to be sealed: text, or a value type with `waarde`."""
    return str(getattr(value, "waarde", value)).encode()


def from_plain(kind: type, value: bytes) -> Any:
    """The value that was sealed."""
    text = value.decode()
    return text if kind is str else kind.lees(text)  # type: ignore[attr-defined] # sealed() asks for `lees`
