"""The key ring: every key and sealed value of the core goes through here, and only through here (design.md 6)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from sqlalchemy import Connection

from wijkwerk.crypto import envelope
from wijkwerk.crypto.cache import Cache
from wijkwerk.crypto.envelope import Binding, Sealed
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.keystore import (
    SYSTEEM,
    Gegevenssleutel,
    Sleutelplek,
    data_by_id,
    data_context,
    data_ids,
    delete_data,
    live_data,
    newest_data,
)
from wijkwerk.crypto.provider import KeyProvider
from wijkwerk.crypto.rotation import KeyRotation
from wijkwerk.crypto.service_keys import BSN_INDEX, KEK, LOG_PSEUDONIEM, OF_A_GEMEENTE, ServiceKeys, mac, signing
from wijkwerk.crypto.tombstones import destroyed, mark
from wijkwerk.crypto.wrapping import unwrap
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.klok import Klok
from wijkwerk.storage.base import Database

MAX_TTL_SECONDS = 60.0
MAX_KEYS = 10_000
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class _DataKey:
    gemeente: UUID
    aead: AESGCM


class Keyring:
    """Opened keys of one process, and the way to the wrapped ones. Safe for threads.

    `ttl` (seconds, at most 60) and `size` (keys) bound how long and how many opened keys stay in memory. After a destruction in
    another process a key that was opened here lives on until `forget` is called or `ttl` is over.
    """

    def __init__(
        self,
        provider: KeyProvider,
        database: Database,
        klok: Klok,
        *,
        ttl: float = MAX_TTL_SECONDS,
        size: int = MAX_KEYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 0 < ttl <= MAX_TTL_SECONDS or size < 1:
            raise ValueError(f"ttl must be more than 0 and at most {MAX_TTL_SECONDS} seconds, size at least 1")
        self._database, self._klok = database, klok
        self._opened: Cache[UUID, _DataKey] = Cache(ttl, size, clock)
        service_cache: Cache[Any, Any] = Cache(ttl, size, clock)
        self._service = ServiceKeys(provider, database, self._klok, service_cache)
        self.rotation = KeyRotation(self._service, provider, database, klok)

    def prepare(self, connection: Connection, gemeente: UUID) -> None:
        """Make the service keys of a gemeente, in a unit: at the start, or when the gemeente is made. Twice does no harm."""
        for use in OF_A_GEMEENTE:
            self._service.current(connection, gemeente, use)

    def data_key(self, connection: Connection, gemeente: UUID, persoon: UUID, dossier: UUID | None = None) -> UUID:
        """The id of the newest data key of this person (within `dossier`), made when absent.

        What is sealed with it in the same transaction stays readable: a rotation destroys a key only when nobody is sealing with it.
        For many persons at once, call it inside one `with database.keys(connection)`: on SQLite that is one transaction
        in the file of keys, not one per person. Raises `SleutelOntbreekt` when it is absent in a snapshot.
        """
        with self._database.keys(connection) as keys:
            row = newest_data(keys, gemeente, persoon, dossier)
        if row is None:
            row = self.rotation.make_data(connection, gemeente, persoon, dossier)
        self._admit(row)
        return row.id

    def keys_of(self, connection: Connection, gemeente: UUID, persoon: UUID) -> set[UUID]:
        """The ids of all data keys of a person: whose key a sealed value has (`envelope.key_id_of`)."""
        with self._database.keys(connection) as keys:
            return data_ids(keys, gemeente, persoon)

    def seal(self, connection: Connection, key_id: UUID, plain: bytes, binding: Binding) -> bytes:
        """Encrypt for one place. Raises `SleutelOntbreekt` when the key was destroyed or is another gemeente's."""
        key = self._keys(connection, {key_id}).get(key_id)
        if key is None or key.gemeente != binding.gemeente:
            raise SleutelOntbreekt
        return envelope.seal(key.aead, key_id, plain, binding)

    def open(self, connection: Connection, blobs: Sequence[tuple[bytes, Binding]]) -> list[bytes | None]:
        """The plain bytes, in the order of `blobs`; None where the key was destroyed. At most one statement, and one when keys are gone.

        Raises `Vervalst` when any of them was changed or moved, and `SleutelOntbreekt` when a key is gone that nobody destroyed (a value
        can name another key, and a row of a key can be taken away): then nothing of the batch is given.
        """
        parsed = [(envelope.parse(blob), binding) for blob, binding in blobs]
        asked = {sealed.key_id for sealed, _ in parsed}
        keys = self._keys(connection, asked)
        self._check_destroyed(connection, asked - keys.keys())
        return [_open(keys.get(sealed.key_id), sealed, binding) for sealed, binding in parsed]

    def blind_indexer(self, connection: Connection, gemeente: UUID) -> Callable[[str], tuple[bytes, ...]]:
        """What gives the 16 bytes by which an encrypted value (a BSN) is found, under each key that there is, the oldest first.

        HMAC-SHA256 with a key for this alone (measurements.md II.2): one, and two while it is renewed. Which those are is never taken from
        memory: what is stored in this transaction is found afterwards.
        """
        rows = self.rotation.held_generations(connection, gemeente, BSN_INDEX)
        macs = [self._service.opened(row, BSN_INDEX) for row in rows]

        def index(value: str) -> tuple[bytes, ...]:
            try:
                content = value.encode()
            except UnicodeEncodeError:
                raise OngeldigeInvoer from None
            return tuple(_digest(mac, content) for mac in macs)

        return index

    def pseudonym(self, connection: Connection, gemeente: UUID, value: bytes) -> bytes:
        """16 bytes that stand for `value` in the log: the same within a gemeente, unrelated between two."""
        return _digest(self._service.current(connection, gemeente, LOG_PSEUDONIEM)[1], value)

    def signing_key(self, connection: Connection, name: str) -> Ed25519PrivateKey:
        """The signing key of the whole system with this name, such as the identity of the log; made at first use in a unit."""
        return self._service.current(connection, SYSTEEM, signing(name))[1]

    def mac_key(self, connection: Connection, name: str) -> bytes:
        """32 bytes for message authentication in the whole system, such as of cursors; made at first use in a unit."""
        return self._service.current(connection, SYSTEEM, mac(name))[1]

    def live(self, connection: Connection, gemeente: UUID, persoon: UUID | None, dossier: UUID | None = None) -> list[Sleutelplek]:
        """The data keys that `destroy` would take. Raises ValueError when neither a person nor a dossier is named."""
        with self._database.keys(connection) as keys:
            return live_data(keys, gemeente, persoon, dossier)

    def destroy(self, connection: Connection, gemeente: UUID, persoon: UUID | None, dossier: UUID | None = None) -> int:
        """Crypto-shredding: delete the wrapped data keys of a person, of everybody within a dossier, or of a person within a dossier.

        Each leaves a tombstone beside the keys (`tombstones.py`). Returns how many there were; raises ValueError when neither is named.
        On SQLite this is durable at once, also when the unit fails later: make it the last thing a unit does.
        """
        with self._database.keys(connection) as keys:
            gone = delete_data(keys, gemeente, persoon, dossier)
            mark(keys, gemeente, gone, self._klok.nu())
        for key in gone:
            self.forget(key.id)
        return len(gone)

    def forget(self, key_id: UUID) -> None:
        """Drop an opened data key from memory, and do not keep it again for `ttl` seconds."""
        self._opened.evict(key_id)

    def forget_destroyed(self, connection: Connection, key_id: UUID) -> None:
        """Forget this data key if another process destroyed it: what it still opens here must not be sealed again with a key that stays."""
        with self._database.keys(connection) as keys:
            if not data_by_id(keys, {key_id}):
                self.forget(key_id)

    def _keys(self, connection: Connection, ids: set[UUID]) -> dict[UUID, _DataKey]:
        found = {key_id: key for key_id in ids if (key := self._opened.get(key_id)) is not None}
        missing = ids - found.keys()
        if missing:
            with self._database.keys(connection) as keys:
                rows = data_by_id(keys, missing)
            found.update((row.id, self._admit(row)) for row in rows)
        return found

    def _check_destroyed(self, connection: Connection, gone: set[UUID]) -> None:
        if gone:
            with self._database.keys(connection) as keys:
                if gone - destroyed(keys, gone):
                    raise SleutelOntbreekt

    def _admit(self, row: Gegevenssleutel) -> _DataKey:
        key = self._opened.get(row.id)  # pragma: no mutate - without it a key is unwrapped again, and is the same
        if key is None:
            kek = self._service.opened(row.kek, KEK)
            context = data_context(row.id, row.gemeente_id, row.persoon_id, row.dossier_id)
            key = _DataKey(row.gemeente_id, unwrap(kek, row.ingepakt, context))
            self._opened.put(row.id, key)
        return key


def _open(key: _DataKey | None, sealed: Sealed, binding: Binding) -> bytes | None:
    if key is None:
        return None
    if key.gemeente != binding.gemeente:
        raise Vervalst
    return sealed.open(key.aead, binding)


def _digest(mac_of: HMAC, content: bytes) -> bytes:
    keyed = mac_of.copy()
    keyed.update(content)
    return keyed.finalize()[:DIGEST_BYTES]
