"""Sealed values of rows that go back to the other resident: what was sealed for the survivor since is sealed for the other again.

A merge itself seals nothing anew: the key of a value stands in its envelope, and keys stay with the resident they were made for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from wijkwerk.crypto.envelope import key_id_of
from wijkwerk.records.declare import PersonRecord, kader_of
from wijkwerk.records.opening import binding
from wijkwerk.records.sealing import sealed_columns
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among


def verzegel_opnieuw(work: Work, rijen: Mapping[type[PersonRecord], Collection[UUID]], van: UUID, naar: UUID) -> None:
    """Seal what is under a key of `van` in these rows under the key of `naar`. A value whose key was destroyed stays closed."""
    keys = work.keyring.keys_of(work.core_connection, work.actor.gemeente, van)
    for record, ids in rijen.items():
        sealed = sealed_columns(record)
        if not sealed or not ids:
            continue
        t, kader = record.tabel(), kader_of(record)
        columns = [t.c.id, t.c.versie, *([t.c[kader]] if kader and kader != "id" else []), *[t.c[name] for name in sealed]]
        mine = select(*columns).where(t.c.gemeente_id == work.actor.gemeente, among(t.c.id, "rijen")).with_for_update()
        for row in work.core_connection.execute(mine, {"rijen": list(ids)}).all():
            blobs = {name: blob for name in sealed if (blob := getattr(row, name)) is not None and key_id_of(blob) in keys}
            _verzegel(work, record, row, blobs, naar)


def _verzegel(work: Work, record: type[PersonRecord], row: Row[Any], blobs: Mapping[str, bytes], naar: UUID) -> None:
    gemeente, t, kader = work.actor.gemeente, record.tabel(), kader_of(record)
    places = {name: binding(t.name, gemeente, row.id, name, row.versie) for name in blobs}
    plain = work.keyring.open(work.core_connection, [(blob, places[name]) for name, blob in blobs.items()])
    found = {name: value for name, value in zip(blobs, plain, strict=True) if value is not None}
    if found:
        key = work.keyring.data_key(work.core_connection, gemeente, naar, getattr(row, kader) if kader else None)
        values = {name: work.keyring.seal(work.core_connection, key, value, places[name]) for name, value in found.items()}
        work.core_connection.execute(update(t).where(t.c.gemeente_id == gemeente, t.c.id == row.id).values(values))
