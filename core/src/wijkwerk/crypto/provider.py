"""Where the root key lives. A provider wraps a few keys per gemeente and generation; it never sees a data key or a value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol, runtime_checkable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkwerk.crypto.envelope import NONCE_BYTES
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.rootfile import NAAM, RootKeys, open_root_file
from wijkwerk.crypto.rootrotation import add_generation, remove_generation
from wijkwerk.errors import OpstartFout, SleutelsNietBereikbaar


class KeyProvider(Protocol):
    """A root key that never leaves its place: a file (below), a token (`pkcs11`). `context` is authenticated, not stored.

    These four are all that one needs to be. OpenBao or Vault (the transit engine, a key of type aes256-gcm96) fits: `wrap` is its encrypt
    with `associated_data`, the id is the name of the key with the version in the answer, `current_id` is `latest_version`.
    A new one is chosen in `sleutelbeheer/start.py`. It raises `OpstartFout` when it is made and can't work.
    """

    @property
    def plek(self) -> str:
        """Which file or token, as the beginning of a Dutch sentence."""
        ...

    def wrap(self, plain: bytes, context: bytes) -> tuple[str, bytes]:
        """Encrypt with the newest root key: its id, and the wrapped bytes. Raises `SleutelsNietBereikbaar`."""
        ...

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        """The plain bytes. Also with a key that another process made since.

        Raises `Vervalst` for another context or changed bytes, `SleutelOntbreekt` for an unknown root key, `SleutelsNietBereikbaar`.
        """
        ...

    def current_id(self) -> str:
        """The id of the root key that `wrap` uses now. Raises `SleutelsNietBereikbaar`."""
        ...


@runtime_checkable
class RenewableProvider(KeyProvider, Protocol):
    """A provider whose root key can be renewed and destroyed by Wijkwerk itself; of another one its own administrator does that."""

    def ids(self) -> tuple[str, ...]:
        """The ids of all generations, oldest first."""
        ...

    def renew(self) -> str:
        """Make a new generation that `wrap` uses from now on; its id."""
        ...

    def destroy(self, key_id: str) -> None:
        """Take an old generation away for good. Raises ValueError for the one that `wrap` uses."""
        ...


class FileProvider:
    """Root keys in a file that only this user can read; with `make`, made when it is not there.

    Raises `OpstartFout` when the file can't be trusted (see `rootfile`). What another process put in or took out of the file is noticed
    when a key is wrapped, and when one is asked for that is not known here: what is wrapped with a key that is not in the file any more
    would be lost. When the file can't be read then: `SleutelsNietBereikbaar`.
    """

    def __init__(self, path: Path, *, make: bool = True) -> None:
        self._path = path
        self._take(open_root_file(path, make=make))

    @property
    def plek(self) -> str:
        return f"{NAAM} {self._path}"

    def wrap(self, plain: bytes, context: bytes) -> tuple[str, bytes]:
        self._read_again()
        current, keys = self._root
        nonce = os.urandom(NONCE_BYTES)
        return current, nonce + keys[current].encrypt(nonce, plain, context)

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        if key_id not in self._root[1]:
            self._read_again()
        key = self._root[1].get(key_id)
        if key is None:
            raise SleutelOntbreekt("De hoofdsleutel van deze gegevens ontbreekt. Zet het juiste sleutelbestand terug en start opnieuw.")
        try:
            return key.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise Vervalst from None

    def current_id(self) -> str:
        return self._root[0]

    def ids(self) -> tuple[str, ...]:
        self._read_again()
        return tuple(self._root[1])

    def renew(self) -> str:
        self._take(add_generation(self._path))
        return self.current_id()

    def destroy(self, key_id: str) -> None:
        self._take(remove_generation(self._path, key_id))

    def _read_again(self) -> None:
        try:
            self._take(open_root_file(self._path))
        except OpstartFout as error:
            raise SleutelsNietBereikbaar from error

    def _take(self, root: RootKeys) -> None:
        self._root = root.current, {key_id: AESGCM(key) for key_id, key in root.keys.items()}
