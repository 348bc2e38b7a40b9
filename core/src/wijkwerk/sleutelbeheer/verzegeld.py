"""Every place in the database with sealed values, to find those of one key: the id of the key stands at the beginning of a value.

So it does not matter whose row it is by now: after a merge a value can stand with another resident than its key was made for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, Table, func, or_, select, update

from wijkwerk.crypto.envelope import Binding, beginning, key_id_of
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.partners.toegangsverzoek import Toegangsverzoek
from wijkwerk.post.verzending import Verzending
from wijkwerk.records.declare import PersonRecord, Record
from wijkwerk.records.opening import binding
from wijkwerk.records.sealing import sealed_columns
from wijkwerk.storage.columns import among

LOS: Final[tuple[tuple[type[Record], str], ...]] = ((Verzending, "inhoud"), (Toegangsverzoek, "inhoud"))
"""Sealed without being a field about a resident: bound to version 1 of its row, whatever its version."""


@dataclass(frozen=True, slots=True)
class Vak:
    """A table with sealed columns."""

    tabel: Table
    kolommen: tuple[str, ...]
    vast: bool = False

    def onder(self, gemeente: UUID, sleutel: UUID) -> list[ColumnElement[bool]]:
        """The rows with a value that this key sealed."""
        begin = beginning(sleutel)
        starts = (func.substr(self.tabel.c[name], 1, len(begin), type_=LargeBinary()) == begin for name in self.kolommen)
        return [self.tabel.c.gemeente_id == gemeente, or_(*starts)]

    def plaats(self, gemeente: UUID, row: Any, kolom: str) -> Binding:
        """What a value of a row is bound to."""
        return binding(self.tabel.name, gemeente, row.id, kolom, 1 if self.vast else row.versie)

    def rijen(self, gemeente: UUID) -> Select[Any]:
        """The rows with the ids that are given as `rijen`, with what is sealed in them."""
        t = self.tabel.c
        columns = (t.id, t.versie, *(t[name] for name in self.kolommen))
        return select(*columns).where(t.gemeente_id == gemeente, among(t.id, "rijen")).order_by(t.id)

    def waarden(self, row: Any, sleutel: UUID) -> Iterator[tuple[str, bytes]]:
        """The columns of a row with a value that this key sealed, and that value."""
        for kolom in self.kolommen:
            blob = getattr(row, kolom)
            if blob is not None and key_id_of(blob) == sleutel:
                yield kolom, blob


@dataclass(frozen=True, slots=True)
class Telling:
    """How many values open, and how many do not."""

    open: int
    dicht: int


def vakken(records: Sequence[type[Record]]) -> list[Vak]:
    """All of them, those of plugins included."""
    eigen = [Vak(record.tabel(), sealed_columns(record)) for record in records if issubclass(record, PersonRecord)]
    return [vak for vak in eigen if vak.kolommen] + [Vak(record.tabel(), (kolom,), True) for record, kolom in LOS]


def zoek_rijen(connection: Connection, vak: Vak, gemeente: UUID, sleutel: UUID, na: UUID, aantal: int) -> list[UUID]:
    """The next rows, in order of id, with a value under this key."""
    t = vak.tabel.c
    return list(connection.execute(select(t.id).where(*vak.onder(gemeente, sleutel), t.id > na).order_by(t.id).limit(aantal)).scalars())


def verzegel_anders(
    connection: Connection, keyring: Keyring, vak: Vak, gemeente: UUID, ids: Collection[UUID], van: UUID, naar: UUID
) -> Telling:
    """Seal what `van` sealed in these rows with `naar`, at its own place: nobody can tell that it happened, and no version changes."""
    gedaan = dicht = 0
    # those that somebody is writing are looked at again
    rijen = vak.rijen(gemeente).with_for_update(key_share=True, skip_locked=True)
    for row in connection.execute(rijen, {"rijen": list(ids)}).all():
        values: dict[str, bytes] = {}
        for kolom, blob in vak.waarden(row, van):
            plain = _open(connection, keyring, blob, vak.plaats(gemeente, row, kolom))
            if plain is None:
                dicht += 1
            else:
                values[kolom] = keyring.seal(connection, naar, plain, vak.plaats(gemeente, row, kolom))
        if values:
            connection.execute(update(vak.tabel).where(vak.tabel.c.gemeente_id == gemeente, vak.tabel.c.id == row.id).values(values))
        gedaan += len(values)
    return Telling(gedaan, dicht)


def tel(connection: Connection, keyring: Keyring, vak: Vak, gemeente: UUID, ids: Collection[UUID], sleutel: UUID) -> Telling:
    """How many values under this key in these rows open."""
    opens = [
        _open(connection, keyring, blob, vak.plaats(gemeente, row, kolom)) is not None
        for row in connection.execute(vak.rijen(gemeente), {"rijen": list(ids)})
        for kolom, blob in vak.waarden(row, sleutel)
    ]
    return Telling(sum(opens), len(opens) - sum(opens))


def is_ergens(connection: Connection, vakken: Collection[Vak], gemeente: UUID, sleutel: UUID) -> bool:
    """Whether anything in the database is sealed with this key."""
    return any(connection.execute(select(vak.tabel.c.id).where(*vak.onder(gemeente, sleutel)).limit(1)).first() for vak in vakken)


def _open(connection: Connection, keyring: Keyring, blob: bytes, place: Binding) -> bytes | None:
    try:
        return keyring.open(connection, [(blob, place)])[0]
    except Vervalst:
        return None
