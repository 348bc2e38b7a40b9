"""Values of columns as JSON can hold them, the same whichever database they came from; for what must be kept of a row that changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Enum, LargeBinary, Numeric, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.opening import from_plain, to_plain
from wijkwerk.storage.columns import Tijdstip, Uuid16

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # sqlalchemy leaves it out


def freeze(record: type[PersonRecord], name: str, value: Any) -> Any:
    """A value of a column as JSON can hold it; that of a sealed one is given as plain text."""
    kind = _kind(record, name)
    if value is None or record.velden[name].kind == "sealed":
        return None if value is None else to_plain(value).decode()
    if isinstance(kind, Enum):
        return str(getattr(value, "value", value))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return kind.process_bind_param(value, _DIALECT) if isinstance(kind, TypeDecorator) else value


def thaw(record: type[PersonRecord], name: str, value: Any) -> Any:
    """The value that `freeze` was given."""
    kind = _kind(record, name)
    if value is None or record.velden[name].kind == "sealed":
        return None if value is None else from_plain(record.velden[name].sealed_type or str, value.encode())
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    for of, read in _READ.items():
        if isinstance(kind, of):
            return read(value)
    return kind.process_result_value(value, _DIALECT) if isinstance(kind, TypeDecorator) else value


_READ: dict[type[TypeEngine[Any]], Callable[[Any], Any]] = {
    Uuid16: UUID, Tijdstip: datetime.fromisoformat, Date: date.fromisoformat, Numeric: Decimal, LargeBinary: bytes.fromhex,
}  # fmt: skip


def _kind(record: type[PersonRecord], name: str) -> TypeEngine[Any]:
    return record.tabel().c[name].type
