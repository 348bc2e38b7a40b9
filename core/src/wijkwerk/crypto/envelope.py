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
KID_BYTES = 16
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
        return cbor2.dumps([self.table, self.gemeente.bytes, self.row.bytes, self.column, self.version])


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value, taken apart but not yet opened."""

    protected: bytes
    nonce: bytes
    ciphertext: bytes

    @property
    def key_id(self) -> UUID:
        return UUID(bytes=self.protected[-KID_BYTES:])

    def open(self, key: AESGCM, binding: Binding) -> bytes:
        """The plain bytes. Raises `Vervalst` when it was sealed for another place or by another key."""
        try:
            return key.decrypt(self.nonce, self.ciphertext, _authenticated(self.protected, binding))
        except InvalidTag:
            raise Vervalst from None

    def encode(self) -> bytes:
        return cbor2.dumps(cbor2.CBORTag(COSE_ENCRYPT0, [self.protected, {IV: self.nonce}, self.ciphertext]))


def seal(key: AESGCM, key_id: UUID, plain: bytes, binding: Binding) -> bytes:
    """Encrypt `plain` for the place `binding`, with a fresh random nonce. Raises `OngeldigeInvoer` above `MAX_BYTES`."""
    if len(plain) > MAX_BYTES:
        raise OngeldigeInvoer("Deze tekst of dit bestand is te groot. Verdeel het over meer delen.")
    protected, nonce = _protected(key_id.bytes), os.urandom(NONCE_BYTES)
    return Sealed(protected, nonce, key.encrypt(nonce, plain, _authenticated(protected, binding))).encode()


def parse(blob: bytes) -> Sealed:
    """Take `blob` apart. Raises `Vervalst` when it is not exactly what `seal` writes."""
    try:
        sealed = _decoded(blob)
    except Exception:  # whatever a forged blob makes a decoder raise, it is forged
        raise Vervalst from None
    # CBOR has longer forms of the same value: what we did not write so is not ours
    if sealed is None or len(sealed.nonce) != NONCE_BYTES or len(sealed.ciphertext) < TAG_BYTES or sealed.encode() != blob:
        raise Vervalst
    return sealed


def key_id_of(blob: bytes) -> UUID:
    """The id of the key that opens `blob`. Raises `Vervalst`."""
    return parse(blob).key_id


def beginning(key_id: UUID) -> bytes:
    """How every value begins that was sealed with this key, and no other: to find them in a database."""
    return b"\xd0\x83" + cbor2.dumps(_protected(key_id.bytes))  # tag 16, an array of three


def open_(key: AESGCM, blob: bytes, binding: Binding) -> bytes:
    """The plain bytes. Raises `Vervalst` when one bit of `blob` differs, or it was sealed for another place or by another key."""
    return parse(blob).open(key, binding)


def _protected(key_id: bytes) -> bytes:
    return cbor2.dumps({ALG: A256GCM, KID: key_id})


def _authenticated(protected: bytes, binding: Binding) -> bytes:
    """Enc_structure (RFC 9052, 5.3)."""
    return cbor2.dumps(["Encrypt0", protected, binding.data()])


def _decoded(blob: bytes) -> Sealed | None:
    match cbor2.loads(blob):
        case cbor2.CBORTag(tag=16, value=[bytes() as protected, {5: bytes() as nonce}, bytes() as ciphertext]):
            key_id = protected[-KID_BYTES:]
            return Sealed(protected, nonce, ciphertext) if protected == _protected(key_id) and len(key_id) == KID_BYTES else None
    return None
