"""A mail as it waits in the outbox: where it goes and its whole text, sealed. Only `bezorgen.py` opens one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import Connection

from wijkwerk.crypto.envelope import Binding
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.post.verzending import Verzending
from wijkwerk.records.opening import binding


@dataclass(frozen=True, slots=True)
class Envelop:
    """`aan` is the address of the envelope (RFC 5321), `mime` the message as it is sent (RFC 5322), Message-ID and all."""

    aan: str
    mime: str


def verzegel(keyring: Keyring, connection: Connection, gemeente: UUID, van_wie: UUID, verzending: UUID, envelop: Envelop) -> bytes:
    """The envelope under the key of whom it is for (a resident or a user): who is erased takes the waiting mail along."""
    key = keyring.data_key(connection, gemeente, van_wie)
    plain = orjson.dumps({"aan": envelop.aan, "mime": envelop.mime})
    return keyring.seal(connection, key, plain, _plaats(gemeente, verzending))


def ontzegel(keyring: Keyring, connection: Connection, gemeente: UUID, inhoud: Mapping[UUID, bytes]) -> dict[UUID, Envelop | None]:
    """The envelopes of these sendings; None where the key was destroyed. One statement for all keys. Raises Vervalst."""
    plain = keyring.open(connection, [(blob, _plaats(gemeente, id)) for id, blob in inhoud.items()])
    return {id: None if text is None else Envelop(**orjson.loads(text)) for id, text in zip(inhoud, plain, strict=True)}


def _plaats(gemeente: UUID, verzending: UUID) -> Binding:
    return binding(Verzending.__tablename__, gemeente, verzending, "inhoud", 1)
