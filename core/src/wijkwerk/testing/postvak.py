"""What stands in the outbox, opened: for tests of who is told what."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from ..post.envelop import ontzegel
from ..post.verzending import Verzending, Verzendstatus
from .wijk import Wijk


@dataclass(frozen=True, slots=True)
class Gepost:
    """A mail of the outbox; `rij` is its row. Without `mail` the text is gone."""

    rij: Any
    aan: str | None
    mime: str | None

    @property
    def id(self) -> UUID:
        return UUID(str(self.rij.id))

    @property
    def status(self) -> Verzendstatus:
        return Verzendstatus(self.rij.status)

    @property
    def mail(self) -> EmailMessage:
        """As a mail program reads it."""
        assert self.mime is not None
        return message_from_string(self.mime, policy=policy.SMTP)

    def tekst(self, soort: str) -> str:
        """The part that is `plain` or `html`."""
        part = self.mail.get_body((soort,))
        assert part is not None
        return str(part.get_content())


async def post(wijk: Wijk) -> list[Gepost]:
    """The outbox, oldest first."""

    def open_all(connection: Connection) -> list[Gepost]:
        v = Verzending.tabel()
        rows = connection.execute(select(v).order_by(v.c.gemaakt_op, v.c.id)).all()
        inhoud = {row.id: row.inhoud for row in rows if row.inhoud is not None}
        found = ontzegel(wijk.wijkwerk.keyring, connection, wijk.gemeente, inhoud)
        return [Gepost(row, envelop.aan, envelop.mime) if (envelop := found.get(row.id)) else Gepost(row, None, None) for row in rows]

    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(open_all)
