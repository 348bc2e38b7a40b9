"""Where the root key lives. A provider wraps a few keys per gemeente and generation; it never sees a data key or a value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkwerk.crypto.envelope import NONCE_BYTES
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.rootfile import open_root_file


class KeyProvider(Protocol):
    """A root key that never leaves its place: a file, OpenBao/Vault transit, an HSM. `context` is authenticated, not stored."""

    def wrap(self, plain: bytes, context: bytes) -> tuple[str, bytes]:
        """Encrypt with the current root key: its id, and the wrapped bytes."""
        ...

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises `Vervalst` for another context or changed bytes, `SleutelOntbreekt` for an unknown root key."""
        ...

    def current_id(self) -> str:
        """The id of the root key that `wrap` uses now."""
        ...


class FileProvider:
    """Root keys in a file that only this user can read; made at the first start.

    Raises `OpstartFout` when the file can't be trusted (see `rootfile`).
    """

    def __init__(self, path: Path) -> None:
        root = open_root_file(path)
        self._current = root.current
        self._keys = {key_id: AESGCM(key) for key_id, key in root.keys.items()}

    def wrap(self, plain: bytes, context: bytes) -> tuple[str, bytes]:
        nonce = os.urandom(NONCE_BYTES)
        return self._current, nonce + self._keys[self._current].encrypt(nonce, plain, context)

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        key = self._keys.get(key_id)
        if key is None:
            raise SleutelOntbreekt("De hoofdsleutel van deze gegevens ontbreekt. Zet het juiste sleutelbestand terug en start opnieuw.")
        try:
            return key.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise Vervalst from None

    def current_id(self) -> str:
        return self._current
