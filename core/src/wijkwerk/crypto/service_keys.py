"""The keys of the service itself: one per gemeente (or for the whole system), purpose and generation, wrapped by the provider."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakSet

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from sqlalchemy import Connection, Transaction

from wijkwerk.crypto.cache import Cache
from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keystore import Dienstsleutel, add_service, newest_service, service_context
from wijkwerk.crypto.provider import KeyProvider
from wijkwerk.crypto.wrapping import SECRET_BYTES, wiped
from wijkwerk.klok import Klok
from wijkwerk.storage.base import READS_ONLY, Database
from wijkwerk.storage.columns import nieuw_id

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class KeyUse(Generic[T]):
    """What a service key is for, and the object that its 32 secret bytes become."""

    name: str
    make: Callable[[bytearray], T]


def _hmac(secret: bytearray) -> HMAC:
    return HMAC(secret, SHA256())


KEK = KeyUse("KEK", AESGCM)
BSN_INDEX = KeyUse("BSN_INDEX", _hmac)
LOG_PSEUDONIEM = KeyUse("LOG_PSEUDONIEM", _hmac)
OF_A_GEMEENTE: tuple[KeyUse[Any], ...] = (KEK, BSN_INDEX, LOG_PSEUDONIEM)


def mac(name: str) -> KeyUse[bytes]:
    """A key for message authentication; the prefix keeps any name apart from the purposes above."""
    return KeyUse(f"MAC:{name}", bytes)


def signing(name: str) -> KeyUse[Ed25519PrivateKey]:
    """An Ed25519 key; its secret bytes are the seed (RFC 8032, 5.1.5)."""
    return KeyUse(f"SIGN:{name}", Ed25519PrivateKey.from_private_bytes)


class ServiceKeys:
    """Finds, makes and opens service keys.

    A key that was made in a transaction is not remembered while that transaction runs: it may still be rolled back, and
    a data key wrapped by a key that never was can't be opened by anyone.
    """

    def __init__(self, provider: KeyProvider, database: Database, klok: Klok, cache: Cache[Any, Any]) -> None:
        self._provider, self._database, self._klok, self._cache = provider, database, klok, cache
        self._made_in: WeakSet[Transaction] = WeakSet()

    def current(self, connection: Connection, gemeente: UUID, use: KeyUse[T]) -> tuple[Dienstsleutel, T]:
        """The newest generation, made when absent. Raises `SleutelOntbreekt` when it is absent in a snapshot."""
        kept: Dienstsleutel | None = self._cache.get((gemeente, use.name))
        if kept is not None:
            try:
                return kept, self.opened(kept, use)
            except SleutelOntbreekt:  # wrapped by a root key that was destroyed since: another process wrapped it anew before that
                self.forget(gemeente, use)
        with self._database.keys(connection) as keys:
            row = newest_service(keys, gemeente, use.name) or self.make(connection, gemeente, use.name)
        if connection.get_transaction() not in self._made_in:
            self._cache.put((gemeente, use.name), row)
        return row, self.opened(row, use)

    def opened(self, row: Dienstsleutel, use: KeyUse[T]) -> T:
        """The key in `row`. Raises `Vervalst` when it was changed, or wrapped for another row or purpose."""
        found: T | None = self._cache.get((use.name, row))
        if found is None:
            context = service_context(row.id, row.gemeente_id, use.name, row.generatie)
            with wiped(bytearray(self._provider.unwrap(row.provider_sleutel, row.ingepakt, context))) as secret:
                found = use.make(secret)
            self._cache.put((use.name, row), found)
        return found

    def forget(self, gemeente: UUID, use: KeyUse[Any]) -> None:
        """Another process destroyed what was the newest generation here: ask again what it is."""
        self._cache.evict((gemeente, use.name))

    def make(self, connection: Connection, gemeente: UUID, doel: str, generatie: int = 1) -> Dienstsleutel:
        """The newest generation, after making this one if it was not there."""
        self._made_in.add(unit_of(connection))
        key_id = nieuw_id()
        context = service_context(key_id, gemeente, doel, generatie)
        with self._database.keys(connection) as keys:
            wrapped = self._provider.wrap(os.urandom(SECRET_BYTES), context)
            add_service(keys, Dienstsleutel(key_id, gemeente, doel, generatie, *wrapped), self._klok.nu())
            return existing(newest_service(keys, gemeente, doel))


def unit_of(connection: Connection) -> Transaction:
    """The transaction in which a key can be made. Raises `SleutelOntbreekt` in a snapshot and outside any transaction."""
    transaction = connection.get_transaction()
    if transaction is None or connection.get_execution_options().get(READS_ONLY):
        raise SleutelOntbreekt
    return transaction


def existing(row: R | None) -> R:
    """`row`; raises `SleutelOntbreekt` when it is not there after all."""
    if row is None:
        raise SleutelOntbreekt
    return row
