"""Column types and one array construct that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, DateTime, Dialect, LargeBinary, String, Text, bindparam
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.sqltypes import Boolean
from sqlalchemy.types import TypeDecorator, TypeEngine
from uuid_utils.compat import uuid7


def nieuw_id() -> UUID:
    """A new UUIDv7: ordered by time, made in the application (measurements.md II.6)."""
    return uuid7()


class Uuid16(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, 16 bytes on SQLite (SQLAlchemy's own `Uuid` makes CHAR(32) there)."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(PgUuid(as_uuid=True) if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=value)


class Tijdstip(TypeDecorator[datetime]):
    """A moment in UTC, timezone-aware in Python on both engines. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime can't be stored: give it a timezone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def Gesorteerd(length: int) -> String:
    """Text that sorts by code point on both engines, whatever the locale of the database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Among(FunctionElement[bool]):
    """`column` is one of the values in one array parameter; made by `among`."""

    inherit_cache = True
    name = "among"
    type = Boolean()
    _is_implicitly_boolean = True  # or SQLite gets `x IN (...) = 1`, for which it can use no index


class _Array(TypeDecorator[Sequence[Any]]):
    """The parameter of `among`: a native array on PostgreSQL, JSON text on SQLite (uuids as hex)."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            item = PgUuid(as_uuid=True) if isinstance(self.item, Uuid16) else self.item
            return dialect.type_descriptor(ARRAY(item))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        items = list(value or ())
        if dialect.name == "postgresql":
            return items
        return orjson.dumps([v.hex if isinstance(v, UUID) else v for v in items]).decode()


def among(column: ColumnElement[Any], name: str) -> Among:
    """`column = any(:name)` with one array parameter, whatever its length: one cached statement, never an expanding IN."""
    return Among(column, bindparam(name, type_=_Array(column.type)))


@compiles(Among, "postgresql")
def _among_postgresql(element: Among, compiler: Any, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} = ANY({compiler.process(values, **kw)})"


@compiles(Among)
def _among_sqlite(element: Among, compiler: Any, **kw: Any) -> str:
    column, values = element.clauses
    value = "wijkwerk_uuid(value)" if isinstance(column.type, Uuid16) else "value"
    return f"{compiler.process(column, **kw)} IN (SELECT {value} FROM json_each({compiler.process(values, **kw)}))"  # noqa: S608 - SQLAlchemy's own parts
