"""What became of messages: for who may see the message of a resident. Who looks after the mail sees the outbox, and no person in it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from wijkwerk.access.register import CONTACT
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import Uuid16, among


def bezorging(reader: Reader, berichten: Sequence[UUID]) -> dict[UUID, Verzendstatus]:
    """What became of each of these messages, which the actor must have been shown. One statement, and noted as shown."""
    rows = reader.connection.execute(_BEZORGING, {"gemeente": reader.actor.gemeente, "ids": list(berichten)}).all()
    for row in rows:
        reader.shown.add(row.persoon_id, Bericht.__name__, (CONTACT.code,), ("bezorging",), ())
    return {row.id: row.status for row in rows}


_b, _v = Bericht.tabel(), Verzending.tabel()
_BEZORGING = (
    select(_b.c.id, _b.c.persoon_id, _v.c.status)
    .join_from(_b, _v, (_v.c.gemeente_id == _b.c.gemeente_id) & (_v.c.id == _b.c.verzending_id))
    .where(_b.c.gemeente_id == bindparam("gemeente", type_=Uuid16()), among(_b.c.id, "ids"))
)
