"""What binds entries together: pure functions on bytes (design.md 7; measurements.md II.3).

Each message that is hashed or signed starts with its own versioned prefix, so that one can never pass for another.
`log/verify.py` holds the same formulas on purpose: the auditor's file stands alone, and a fault here can't hide there.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final
from uuid import UUID

from wijkwerk.log.entry import Logsoort

_KIND: Final = {Logsoort.INZAGE: b"", Logsoort.AANMELDING: b"-aanmelding"}
"""What a stream of this kind has in its prefixes, so that nobody can pass it off as one with a shorter term."""

_HEAD: Final = b"wijkwerk-log-kop/1\n"


def start_hash(soort: Logsoort, stroom: UUID, public_key: bytes) -> bytes:
    """The hash before the first entry: binds the chain to its stream, the kind of that, and the key (raw, 32 bytes) that signs it."""
    return sha256(b"wijkwerk-log-stroom" + _KIND[soort] + b"/1\n" + stroom.hex.encode() + b"\n" + public_key).digest()


def entry_hash(previous: bytes, body: bytes) -> bytes:
    """`SHA256(0x00 ‖ previous ‖ body)`; `previous` is 32 bytes, `body` the exact stored bytes."""
    return sha256(b"\x00" + previous + body).digest()


def certificate_message(soort: Logsoort, stroom: UUID, public_key: bytes) -> bytes:
    """What the log's identity key signs when a stream of this kind is opened."""
    return b"wijkwerk-log-certificaat" + _KIND[soort] + b"/1\n" + stroom.hex.encode() + b"\n" + public_key


def head_message(stroom: UUID, seq: int, hash_: bytes) -> bytes:
    """What the stream's key signs at each commit: the last number (from 0) and the last hash."""
    return _HEAD + stroom.hex.encode() + b"\n" + seq.to_bytes(8, "big") + hash_
