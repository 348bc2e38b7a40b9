"""A stream: one life of one writer, with contiguous numbers, a hash chain and a signing key that lives in memory only.

The state of the chain is read from `log_kop` in the transaction that appends. So a rollback, or a commit of which nobody knows
whether it happened, leaves nothing stale behind; and a stream is opened by its first entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, insert, select, update

from wijkwerk.klok import Klok
from wijkwerk.log.chain import certificate_message, entry_hash, head_message, start_hash
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Logsoort, Resultaat
from wijkwerk.log.index import betrokkenen, kolommen
from wijkwerk.log.tables import log_betrokkene, log_checkpoint, log_kop, log_regel, log_stroom
from wijkwerk.storage.columns import nieuw_id

SYSTEEM: Final = "wijkwerk"
"""Who wrote a stream, in its first entry with the version (NEN 7513: the source of the log)."""


class Kop(NamedTuple):
    """Where a stream is: the number and hash of its last entry (number -1: none yet)."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Stroom:
    """A stream that this process may append to: entries of one kind."""

    id: UUID
    soort: Logsoort
    sleutel: Ed25519PrivateKey
    certificaat: bytes

    @classmethod
    def nieuw(cls, identity: Ed25519PrivateKey, soort: Logsoort) -> Self:
        """A stream with a fresh key, certified by the log's identity key. Nothing is written until its first entry."""
        stroom, sleutel = nieuw_id(), Ed25519PrivateKey.generate()
        message = certificate_message(soort, stroom, sleutel.public_key().public_bytes_raw())
        return cls(stroom, soort, sleutel, identity.sign(message))

    @property
    def publiek(self) -> bytes:
        return self.sleutel.public_key().public_bytes_raw()


def append(connection: Connection, stroom: Stroom, regels: Sequence[Logregel], klok: Klok) -> None:
    """Add entries to the stream in the connection's transaction: entries, index of subjects, signed head; three statements.

    Raises whatever the database raises; the transaction must then be rolled back.
    """
    if not regels:
        return
    kop = _head(connection, stroom.id)
    if kop is None:
        kop = Kop(-1, start_hash(stroom.soort, stroom.id, stroom.publiek))
        _insert_stream(connection, stroom, klok)
        regels = [_opened(connection, klok), *regels]
    rows, subjects = chained(stroom.id, kop, regels)
    connection.execute(insert(log_regel), rows)
    if subjects:
        connection.execute(insert(log_betrokkene), subjects)
    _sign_head(connection, stroom, kop, Kop(rows[-1]["seq"], rows[-1]["hash"]))


def close(connection: Connection, stroom: Stroom, klok: Klok) -> None:
    """End a stream with an entry that says so. One that never had an entry leaves no trace; one that is closed already stays as it is."""
    ended = update(log_stroom).where(log_stroom.c.id == stroom.id, ~log_stroom.c.gesloten).values(gesloten=True)
    if connection.execute(ended).rowcount:
        append(connection, stroom, [_event(Gebeurtenis.STROOM_GESLOTEN, klok)], klok)


def _head(connection: Connection, stroom: UUID) -> Kop | None:
    row = connection.execute(select(log_kop.c.seq, log_kop.c.hash).where(log_kop.c.stroom == stroom).with_for_update()).one_or_none()
    return None if row is None else Kop(row.seq, row.hash)


def _insert_stream(connection: Connection, stroom: Stroom, klok: Klok) -> None:
    values = {"id": stroom.id, "soort": stroom.soort, "sleutel": stroom.publiek, "certificaat": stroom.certificaat}
    connection.execute(insert(log_stroom).values({**values, "geopend": klok.nu(), "gesloten": False}))


def _opened(connection: Connection, klok: Klok) -> Logregel:
    """The first entry of a stream names the newest checkpoint, so that what was before it can't be cut off unseen."""
    newest = select(log_checkpoint.c.note).where(log_checkpoint.c.omvang == select(func.max(log_checkpoint.c.omvang)).scalar_subquery())
    note = connection.execute(newest).scalar_one_or_none()
    details = {"systeem": SYSTEEM, "versie": version(SYSTEEM)}
    return _event(Gebeurtenis.STROOM_GEOPEND, klok, details if note is None else {**details, "checkpoint": note})


def _event(gebeurtenis: Gebeurtenis, klok: Klok, details: dict[str, Any] | None = None) -> Logregel:
    return Logregel(
        gebeurtenis=gebeurtenis,
        actie=Actie.EXECUTE,
        resultaat=Resultaat.GESLAAGD,
        tijdstip=klok.nu(),
        onderdeel="log",
        details=details or {},
    )


def chained(stroom: UUID, kop: Kop, regels: Sequence[Logregel]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `log_regel` and of `log_betrokkene` of these entries, as the next ones after `kop`."""
    rows: list[dict[str, Any]] = []
    subjects: list[dict[str, Any]] = []
    hash_ = kop.hash
    for seq, regel in enumerate(regels, start=kop.seq + 1):
        body = regel.body(stroom.hex, seq)
        inhoud, hash_ = orjson.loads(body), entry_hash(hash_, body)
        rows.append({"stroom": stroom, "seq": seq, "hash": hash_, "body": body, **kolommen(inhoud)})
        subjects += betrokkenen(inhoud)
    return rows, subjects


def _sign_head(connection: Connection, stroom: Stroom, old: Kop, new: Kop) -> None:
    values = {**new._asdict(), "handtekening": stroom.sleutel.sign(head_message(stroom.id, new.seq, new.hash))}
    if old.seq < 0:
        connection.execute(insert(log_kop).values(stroom=stroom.id, **values))
    else:
        connection.execute(update(log_kop).where(log_kop.c.stroom == stroom.id).values(values))
