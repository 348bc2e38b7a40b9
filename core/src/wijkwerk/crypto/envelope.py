"""One sealed value: COSE_Encrypt0 (RFC 9052, 5.2) with AES-256-GCM (RFC 9053, 4.1), bound to the place where it is stored."""

from __future__ import annotations

import os
from dataclasses import dataclass
from uuid import UUID

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkwerk.crypto.errors import Vervalst
from wijkwerk.errors import OngeldigeInvoer

COSE_ENCRYPT0 = 16
ALG, KID, IV = 1, 4, 5
A256GCM = 3
NONCE_BYTES = 12
TAG_BYTES = 16
MAX_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Binding:
    """The place of a sealed value. A blob that is moved to any other place does not open."""

    table: str
    gemeente: UUID
    row: UUID
    column: str
    version: int

    def data(self) -> bytes:
        """The external_aad of COSE: a CBOR array, so that no two places have the same bytes."""
        return cbor2.dumps([self.table, self.gemeente.bytes, self.row.bytes, self.column, self.version], canonical=True)


@dataclass(frozen=True, slots=True)
class _Parts:
    key_id: UUID
    nonce: bytes
    ciphertext: bytes

    def encode(self) -> bytes:
        value = [_protected(self.key_id), {IV: self.nonce}, self.ciphertext]
        return cbor2.dumps(cbor2.CBORTag(COSE_ENCRYPT0, value), canonical=True)


def seal(key: AESGCM, key_id: UUID, plain: bytes, binding: Binding) -> bytes:
    """Encrypt `plain` for the place `binding`, with a fresh random nonce. Raises `OngeldigeInvoer` above `MAX_BYTES`."""
    if len(plain) > MAX_BYTES:
        raise OngeldigeInvoer("Deze tekst of dit bestand is te groot. Verdeel het over meer delen.")
    nonce = os.urandom(NONCE_BYTES)
    return _Parts(key_id, nonce, key.encrypt(nonce, plain, _authenticated(key_id, binding))).encode()


def key_id_of(blob: bytes) -> UUID:
    """The id of the key that opens `blob`. Raises `Vervalst` when `blob` is not exactly what `seal` writes."""
    return _parse(blob).key_id


def open_(key: AESGCM, blob: bytes, binding: Binding) -> bytes:
    """The plain bytes. Raises `Vervalst` when one bit of `blob` differs, or it was sealed for another place or key."""
    parts = _parse(blob)
    try:
        return key.decrypt(parts.nonce, parts.ciphertext, _authenticated(parts.key_id, binding))
    except InvalidTag:
        raise Vervalst from None


def _protected(key_id: UUID) -> bytes:
    return cbor2.dumps({ALG: A256GCM, KID: key_id.bytes}, canonical=True)


def _authenticated(key_id: UUID, binding: Binding) -> bytes:
    """Enc_structure (RFC 9052, 5.3)."""
    return cbor2.dumps(["Encrypt0", _protected(key_id), binding.data()], canonical=True)


def _parse(blob: bytes) -> _Parts:
    parts = _decode(blob)
    # One encoding only: CBOR allows longer forms of the same value, and what we did not write is not ours.
    if parts is None or len(parts.nonce) != NONCE_BYTES or len(parts.ciphertext) < TAG_BYTES or parts.encode() != blob:
        raise Vervalst
    return parts


def _decode(blob: bytes) -> _Parts | None:
    try:
        match cbor2.loads(blob):
            case cbor2.CBORTag(tag=16, value=[bytes() as protected, {5: bytes() as nonce}, bytes() as ciphertext]):
                return _Parts(UUID(bytes=cbor2.loads(protected)[KID]), nonce, ciphertext)
    except Exception:  # whatever a forged blob makes a decoder raise, it is forged
        return None
    return None
