"""Secrets on their way from wrapped bytes to a key object: held in one bytearray, and wiped.

What is promised is no more than that (measurements.md II.2, memory zeroing): a live key object holds copies of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkwerk.crypto.envelope import NONCE_BYTES
from wijkwerk.crypto.errors import Vervalst

SECRET_BYTES = 32


@contextmanager
def wiped(secret: bytearray) -> Iterator[bytearray]:
    """Lend `secret`; zeros when the block is left."""
    try:
        yield secret
    finally:
        secret[:] = bytes(len(secret))


def wrap_new(kek: AESGCM, context: bytes) -> bytes:
    """A new random data key, wrapped: 12 bytes nonce, 32 bytes key, 16 bytes tag."""
    nonce = os.urandom(NONCE_BYTES)
    with wiped(bytearray(os.urandom(SECRET_BYTES))) as secret:
        return nonce + kek.encrypt(nonce, secret, context)


def rewrap(van: AESGCM, naar: AESGCM, wrapped: Iterable[tuple[bytes, bytes]]) -> list[bytes | None]:
    """Of each (blob, context) the same data key, wrapped by another key-encryption key. None where `unwrap` would raise `Vervalst`."""
    with wiped(bytearray(SECRET_BYTES)) as secret:
        return [_rewrap(van, naar, blob, context, secret) for blob, context in wrapped]


def unwrap(kek: AESGCM, blob: bytes, context: bytes) -> AESGCM:
    """The data key in `blob`. Raises `Vervalst` when it was changed, or wrapped for another row."""
    with wiped(bytearray(SECRET_BYTES)) as secret:
        _open_into(kek, blob, context, secret)
        return AESGCM(secret)


def _open_into(kek: AESGCM, blob: bytes, context: bytes, secret: bytearray) -> None:
    try:
        kek.decrypt_into(blob[:NONCE_BYTES], blob[NONCE_BYTES:], context, secret)
    except (InvalidTag, ValueError):
        raise Vervalst from None


def _rewrap(van: AESGCM, naar: AESGCM, blob: bytes, context: bytes, secret: bytearray) -> bytes | None:
    try:
        _open_into(van, blob, context, secret)
    except Vervalst:
        return None
    nonce = os.urandom(NONCE_BYTES)
    return nonce + naar.encrypt(nonce, secret, context)
