"""Sealed columns at the moment of writing: encrypted for the version that comes (docs/decisions/0004). Opening them: `opening.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijkwerk.errors import NietGevonden
from wijkwerk.records.declare import PersonRecord, Record, kader_of, subject_of
from wijkwerk.records.opening import binding, to_plain

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
        plain = _plain(work, record, name)
        place = binding(record.__tablename__, record.gemeente_id, record.id, name, version)
        setattr(record, name, work.keyring.seal(work.core_connection, key, plain, place))


def _plain(work: Work, record: Record, name: str) -> bytes:
    value = getattr(record, name)
    if not isinstance(value, bytes):
        return to_plain(value)
    old = binding(record.__tablename__, record.gemeente_id, record.id, name, record.versie)
    [plain] = work.keyring.open(work.core_connection, [(value, old)])
    if plain is None:
        raise NietGevonden
    return plain
