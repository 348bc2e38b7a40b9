"""A file sealed in parts with a key of its own, so that nobody has to hold it whole: not who seals it, not who opens it.

Each part is AES-256-GCM. The nonce is its number, which is safe because a key seals one file, once. A part is bound to its
municipality, its file, its number, and whether it is the last: nothing can be cut off, left out, swapped or put into another file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkwerk.crypto.envelope import NONCE_BYTES, TAG_BYTES
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.wrapping import SECRET_BYTES, wiped

PART_BYTES: Final = 64 * 1024
"""Plain bytes in each part but the last, which has as many or fewer."""

SEALED_BYTES: Final = PART_BYTES + TAG_BYTES
"""What such a part is when it is sealed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which file it is, of which municipality. A part of another one does not open."""

    gemeente: UUID
    file: UUID

    def data(self, number: int, last: bool) -> bytes:
        """What a part is bound to: a CBOR array, so that no two parts have the same bytes."""
        return cbor2.dumps([self.gemeente.bytes, self.file.bytes, number, last])


def new_key() -> str:
    """A key for one file, as text, because it is kept in a sealed column."""
    return os.urandom(SECRET_BYTES).hex()


def parts_of(size: int) -> int:
    """In how many parts a file of so many bytes is; one that is empty has one, for its end has to be marked too."""
    return max(1, -(-size // PART_BYTES))


class Sealer:
    """Seals one file, once: feed it the bytes as they come, and finish. It holds less than two parts."""

    _finished = False

    def __init__(self, key: str, place: Place) -> None:
        self._key, self._place = _opened(key), place
        self._held = bytearray()
        self._number = 0

    def feed(self, plain: bytes) -> Iterator[bytes]:
        """The parts that these bytes fill. One is held back, for it could be the last."""
        self._held += plain
        while len(self._held) > PART_BYTES:
            part, self._held = bytes(self._held[:PART_BYTES]), self._held[PART_BYTES:]
            yield self._seal(part, last=False)

    def finish(self) -> bytes:
        """The last part."""
        return self._seal(bytes(self._held), last=True)

    def _seal(self, plain: bytes, *, last: bool) -> bytes:
        if self._finished:
            raise ValueError("a nonce would be used twice: the file is finished, and a key seals one file")
        number, self._number, self._finished = self._number, self._number + 1, last
        return self._key.encrypt(_nonce(number), plain, self._place.data(number, last))


class Opener:
    """Opens the parts of one file of `size` bytes, one at a time. Raises `Vervalst` for a key that is none."""

    def __init__(self, key: str, place: Place, size: int) -> None:
        self._key, self._place, self._size = _opened(key), place, size
        self._last = parts_of(size) - 1

    def open(self, number: int, sealed: bytes) -> bytes:
        """The plain bytes of this part. Raises `Vervalst` when it is not exactly what was sealed as this part of this file."""
        last = number == self._last
        expected = self._size - number * PART_BYTES if last else PART_BYTES
        if len(sealed) != expected + TAG_BYTES:
            raise Vervalst
        try:
            return self._key.decrypt(_nonce(number), sealed, self._place.data(number, last))
        except InvalidTag:
            raise Vervalst from None


def _opened(key: str) -> AESGCM:
    try:
        with wiped(bytearray.fromhex(key)) as secret:
            if len(secret) != SECRET_BYTES:
                raise Vervalst
            return AESGCM(secret)
    except ValueError:
        raise Vervalst from None


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES)  # big-endian
