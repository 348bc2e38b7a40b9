"""The tables of wrapped keys, and the few statements on them. On SQLite they are in a file of their own (design.md 6)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import cbor2
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Select,
    Table,
    Text,
    UniqueConstraint,
    delete,
    exists,
    select,
)

from wijkwerk.storage.base import READS_ONLY
from wijkwerk.storage.columns import Tijdstip, Uuid16, among
from wijkwerk.storage.insert import insert_where
from wijkwerk.storage.metadata import metadata

OWNER = {"owner": "sleutels"}
SYSTEEM = UUID(int=0)
"""The gemeente_id of keys that belong to no gemeente: the identity of the log, the MAC of cursors."""

dienstsleutel = Table(
    "dienstsleutel",
    metadata,
    Column("id", Uuid16, nullable=False),
    Column("gemeente_id", Uuid16, nullable=False),
    Column("doel", Text, nullable=False),
    Column("generatie", Integer, nullable=False),
    Column("provider_sleutel", Text, nullable=False),
    Column("ingepakt", LargeBinary, nullable=False),
    Column("gemaakt", Tijdstip, nullable=False),
    PrimaryKeyConstraint("id", "gemeente_id"),
    UniqueConstraint("gemeente_id", "doel", "generatie"),
    info=OWNER,
)

# No foreign keys: on SQLite the data is in another file, and a key must be able to go before and after what it opens.
gegevenssleutel = Table(
    "gegevenssleutel",
    metadata,
    Column("id", Uuid16, nullable=False),
    Column("gemeente_id", Uuid16, nullable=False),
    Column("persoon_id", Uuid16, nullable=False),
    Column("dossier_id", Uuid16),
    Column("generatie", Integer, nullable=False),
    Column("kek_id", Uuid16, nullable=False),
    Column("ingepakt", LargeBinary, nullable=False),
    Column("gemaakt", Tijdstip, nullable=False),
    PrimaryKeyConstraint("id", "gemeente_id"),
    info=OWNER,
)
vernietigde_sleutel = Table(
    "vernietigde_sleutel",
    metadata,
    Column("id", Uuid16, nullable=False),
    Column("gemeente_id", Uuid16, nullable=False),
    Column("plek", LargeBinary, nullable=False),
    Column("vernietigd", Tijdstip, nullable=False),
    PrimaryKeyConstraint("id", "gemeente_id"),
    info=OWNER,
)
"""Data keys that were destroyed. A backup of keys from before is made to forget them again when it is put back (`tombstones.py`).

Only what was destroyed: a key that a rotation replaced is still the key of older backups.
"""
vernietigde_hoofdsleutel = Table(
    "vernietigde_hoofdsleutel",
    metadata,
    Column("id", Text, primary_key=True),
    Column("vernietigd", Tijdstip, nullable=False),
    info=OWNER,
)
"""Root keys that were destroyed, or are about to be: nothing is stored any more that one of these wrapped."""
_D, _G = dienstsleutel.c, gegevenssleutel.c
_IN_DOSSIER, _OUTSIDE = _G.dossier_id.is_not(None), _G.dossier_id.is_(None)
Index("ix_gegevenssleutel_kek_id", _G.gemeente_id, _G.kek_id, _G.id)
"""The next keys of a rotation. Without it PostgreSQL may sort all that is left for each step of a thousand."""
Index(
    "uq_gegevenssleutel_dossier",
    _G.gemeente_id, _G.persoon_id, _G.dossier_id, _G.generatie,
    unique=True, sqlite_where=_IN_DOSSIER, postgresql_where=_IN_DOSSIER,
)  # fmt: skip
Index(
    "uq_gegevenssleutel_persoon",
    _G.gemeente_id, _G.persoon_id, _G.generatie,
    unique=True, sqlite_where=_OUTSIDE, postgresql_where=_OUTSIDE,
)  # fmt: skip


class Dienstsleutel(NamedTuple):
    """A wrapped key of the service itself: a key-encryption key, an index key, a signing key."""

    id: UUID
    gemeente_id: UUID
    doel: str
    generatie: int
    provider_sleutel: str
    ingepakt: bytes


class Gegevenssleutel(NamedTuple):
    """A wrapped data key of a person (within a dossier), with the key-encryption key that opens it."""

    id: UUID
    gemeente_id: UUID
    persoon_id: UUID
    dossier_id: UUID | None
    ingepakt: bytes
    kek: Dienstsleutel


class Sleutelplek(NamedTuple):
    """Of whom a data key is, and in which dossier."""

    id: UUID
    persoon_id: UUID
    dossier_id: UUID | None


def service_context(key_id: UUID, gemeente: UUID, doel: str, generatie: int) -> bytes:
    """What a wrapped service key is bound to."""
    return cbor2.dumps(["dienst", key_id.bytes, gemeente.bytes, doel, generatie])


def data_context(key_id: UUID, gemeente: UUID, persoon: UUID, dossier: UUID | None) -> bytes:
    """What a wrapped data key is bound to: moved to another person's row, it does not open."""
    return stored_context(key_id.bytes, gemeente.bytes, persoon.bytes, None if dossier is None else dossier.bytes)


def stored_context(*ids: bytes | None) -> bytes:
    """`data_context`, of the bytes of the same ids."""
    return cbor2.dumps(["gegevens", *ids])


_SERVICE_COLUMNS = (_D.id, _D.gemeente_id, _D.doel, _D.generatie, _D.provider_sleutel, _D.ingepakt)
_DATA_COLUMNS = (_G.id, _G.gemeente_id, _G.persoon_id, _G.dossier_id, _G.ingepakt)
_DATA = select(*_DATA_COLUMNS, *_SERVICE_COLUMNS).join_from(
    gegevenssleutel, dienstsleutel, (_G.kek_id == _D.id) & (_G.gemeente_id == _D.gemeente_id)
)
_DATA_BY_ID = _DATA.where(among(_G.id, "ids"))


def can_hold(connection: Connection) -> bool:
    """Whether rows can be locked here: on PostgreSQL, outside a snapshot."""
    name, options = connection.dialect.name, connection.get_execution_options()
    return name == "postgresql" and not options.get(READS_ONLY)  # pragma: no mutate - PostgreSQL alone


def held(keys: Connection, wanted: Select[Any], table: Table) -> Select[Any]:
    """In a unit, what is found in this table is not destroyed before it ends. On SQLite that is so anyway: one process writes at a time."""
    lock = wanted.with_for_update(read=True, key_share=True, of=table)  # pragma: no mutate - a lock of PostgreSQL
    return lock if can_hold(keys) else wanted  # pragma: no mutate - SQLite leaves it out


def all_service(keys: Connection) -> list[Dienstsleutel]:
    """Every service key, of all generations, in an order that is the same for everybody."""
    return [Dienstsleutel(*row) for row in keys.execute(select(*_SERVICE_COLUMNS).order_by(_D.id))]


def newest_service(keys: Connection, gemeente: UUID, doel: str) -> Dienstsleutel | None:
    """The newest generation of a service key."""
    return next(reversed(service_rows(keys, gemeente, doel)), None)


def service_rows(keys: Connection, gemeente: UUID, doel: str) -> list[Dienstsleutel]:
    """All generations of a service key, oldest first."""
    wanted = select(*_SERVICE_COLUMNS).where(_D.gemeente_id == gemeente, _D.doel == doel)
    wanted = wanted.order_by(_D.generatie)  # pragma: no mutate - the index through which SQLite finds them is in this order
    return [Dienstsleutel(*row) for row in keys.execute(wanted)]


def add_service(keys: Connection, row: Dienstsleutel, gemaakt: datetime) -> None:
    """Store a service key, unless another process stored this generation first, or destroyed the root key that wrapped it."""
    destroyed = exists().where(vernietigde_hoofdsleutel.c.id == row.provider_sleutel)
    insert_where(keys, dienstsleutel, {**row._asdict(), "gemaakt": gemaakt}, select().where(~destroyed))


def newest_data(keys: Connection, gemeente: UUID, persoon: UUID, dossier: UUID | None) -> Gegevenssleutel | None:
    """The newest generation of the data key of a person within a dossier, or outside any dossier. In a unit it is held."""
    wanted = _DATA.where(_G.gemeente_id == gemeente, _G.persoon_id == persoon, _G.dossier_id.is_not_distinct_from(dossier))
    wanted = wanted.order_by(_G.generatie.desc())
    newest = held(keys, wanted.limit(1), gegevenssleutel)  # pragma: no mutate - of more the first is the same; PostgreSQL holds it
    return next(iter(_data_rows(keys, newest)), None)


def data_by_id(keys: Connection, ids: Collection[UUID]) -> list[Gegevenssleutel]:
    """The data keys that still exist, in one statement."""
    return _data_rows(keys, _DATA_BY_ID, {"ids": list(ids)})


def data_ids(keys: Connection, gemeente: UUID, persoon: UUID) -> set[UUID]:
    """The ids of all data keys of a person."""
    return set(keys.execute(select(_G.id).where(_G.gemeente_id == gemeente, _G.persoon_id == persoon)).scalars())


def add_data(keys: Connection, row: Gegevenssleutel, generatie: int, gemaakt: datetime) -> None:
    """Store a data key, unless there is this generation or a newer one, or its key-encryption key was destroyed: then it opens nothing.

    On PostgreSQL the key-encryption key can't be destroyed any more before this transaction ends.
    """
    values = {**row._asdict(), "generatie": generatie, "kek_id": row.kek.id, "gemaakt": gemaakt}
    del values["kek"]
    same = _G.gemeente_id == row.gemeente_id, _G.persoon_id == row.persoon_id, _G.dossier_id.is_not_distinct_from(row.dossier_id)
    newer = exists().where(*same, _G.generatie > generatie)  # pragma: no mutate - the same one is kept out by the table, too
    kek = select().select_from(dienstsleutel).where(_D.id == row.kek.id, _D.gemeente_id == row.gemeente_id, ~newer)
    lasting = held(keys, kek, dienstsleutel)  # pragma: no mutate - a lock of PostgreSQL
    insert_where(keys, gegevenssleutel, values, lasting)


def live_data(keys: Connection, gemeente: UUID, persoon: UUID | None, dossier: UUID | None) -> list[Sleutelplek]:
    """All generations of a person, of everybody within a dossier, or of a person within a dossier. Raises ValueError without either."""
    wanted = select(_G.id, _G.persoon_id, _G.dossier_id).where(*_whose(gemeente, persoon, dossier))
    return [Sleutelplek(*row) for row in keys.execute(wanted.order_by(_G.id))]


def delete_data(keys: Connection, gemeente: UUID, persoon: UUID | None, dossier: UUID | None) -> list[Sleutelplek]:
    """Delete what `live_data` gives, and return it."""
    gone = delete(gegevenssleutel).where(*_whose(gemeente, persoon, dossier))
    return [Sleutelplek(*row) for row in keys.execute(gone.returning(_G.id, _G.persoon_id, _G.dossier_id))]


def _whose(gemeente: UUID, persoon: UUID | None, dossier: UUID | None) -> list[ColumnElement[bool]]:
    named = [column == value for column, value in ((_G.persoon_id, persoon), (_G.dossier_id, dossier)) if value is not None]
    if not named:
        raise ValueError("whose keys: name a person, a dossier or both")
    return [_G.gemeente_id == gemeente, *named]


def _data_rows(keys: Connection, wanted: Select[Any], parameters: dict[str, Any] | None = None) -> list[Gegevenssleutel]:
    return [
        Gegevenssleutel(row[0], row[1], row[2], row[3], row[4], kek=Dienstsleutel(*row[len(_DATA_COLUMNS) :]))
        for row in keys.execute(wanted, parameters)
    ]
